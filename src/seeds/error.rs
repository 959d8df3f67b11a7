//! What can be wrong with a seed: where, what, and what mends it.

use std::{fmt, sync::Arc};

/// A line of a file; line 0 is the file as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub file: Arc<str>,
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// A seed that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{at}: {mistake}")]
pub struct SeedError {
    pub at: Place,
    pub mistake: Mistake,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Mistake {
    #[error("there is no such seed: name one that is built in (clinic, clinic:10000), a folder with a seed.yaml, or an export's file")]
    NoSuchSeed,
    #[error("the folder has no seed.yaml: add one, if only with `extends: clinic`")]
    NoManifest,
    #[error("cannot be read: {0}")]
    Io(String),
    #[error("{0}")]
    Export(String),
    #[error("this seed extends itself: take one `extends:` out of {0}")]
    Circle(String),
    #[error("this is not YAML: {0}")]
    Yaml(String),
    #[error("{found} stands where {wanted} belongs")]
    Shape { found: &'static str, wanted: &'static str },
    #[error("'{name}' is no setting of a seed{} There are {known}", did_you_mean(nearest.as_deref()))]
    UnknownSetting { name: String, nearest: Option<String>, known: String },
    #[error("'{0}' is no time zone: write an IANA name such as America/New_York")]
    UnknownZone(String),
    #[error("'{name}' is no type whose records are kept{} It is named as the schema names it", did_you_mean(nearest.as_deref()))]
    UnknownType { name: String, nearest: Option<String> },
    #[error("{ty} has no column '{name}'{} Fields of the API and columns of schema/stored/ can be set", did_you_mean(nearest.as_deref()))]
    UnknownColumn { ty: &'static str, name: String, nearest: Option<String> },
    #[error("{ty}.{name} lists other records and is not kept: set the column of theirs that points here")]
    NotKept { ty: &'static str, name: String },
    #[error("the record has no handle: add `handle:` with a name that no other {0} has")]
    NoHandle(&'static str),
    #[error("the handle '{handle}' is taken by the {ty} at {first}: choose another")]
    DuplicateHandle { ty: &'static str, handle: String, first: Place },
    #[error("'{name}' is given twice in one record: take one out")]
    DuplicateColumn { name: String },
    #[error("the id {id} is taken by the {ty} '{handle}': choose another, or leave `id:` out")]
    DuplicateId { ty: &'static str, id: u64, handle: String },
    #[error("no {ty} has the handle '{handle}'{} There are {known}", did_you_mean(nearest.as_deref()))]
    UnknownHandle { ty: &'static str, handle: String, nearest: Option<String>, known: String },
    #[error("no {ty} has the id {id}: name one that is there, by its id or handle")]
    UnknownId { ty: &'static str, id: u64 },
    #[error("'{name}' is nothing that a record is sent with{} There are {known}", did_you_mean(nearest.as_deref()))]
    UnknownKey { name: String, nearest: Option<String>, known: String },
    #[error("'{text}' cannot be read for {column}: write {wanted}")]
    Unreadable { text: String, column: String, wanted: String },
    #[error("two records have the secret '{0}': give each key a secret of its own")]
    DuplicateSecret(String),
    #[error("patients can be generated only where a seeded patient has a provider and an individual appointment type exists")]
    NothingToGenerateFrom,
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or(".".to_owned(), |name| format!("; did you mean {name}?"))
}

impl Mistake {
    pub fn at(self, place: &Place) -> SeedError {
        SeedError { at: place.clone(), mistake: self }
    }
}

/// The known name that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    let distances = known.into_iter().map(|known| (distance(&lower, &known.to_lowercase()), known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.len() / 4).then(|| known.to_owned())
}

/// Insertions, deletions and replacements that turn one text into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, a) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

/// Enough of the known names to choose from.
pub fn listed<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match known.len() {
        0 => "none".to_owned(),
        1..=20 => known.join(", "),
        more => format!("{} and {} more", known[..20].join(", "), more - 20),
    }
}
