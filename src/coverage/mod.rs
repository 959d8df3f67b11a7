//! How much of the API is emulated, root field by root field and argument by argument.
//!
//! What a root field is, its area says. Which of its arguments and input fields have an effect is measured: each rule is run on
//! the clinic, and an argument counts that the rule, or a convention, looked at. One that no run reached counts as accepted.

mod page;
mod probe;

pub use page::page;

use crate::engine::{Catalogue, Class, Root};
use crate::schema::{FieldDef, Version};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// One root field.
pub struct Covered {
    pub root: Root,
    pub name: &'static str,
    pub area: &'static str,
    pub class: Class,
    /// The arguments of a query, the input fields of a mutation, and whether each has an effect; both versions'.
    pub inputs: Vec<(&'static str, bool)>,
    /// Fields of nested inputs that have none.
    pub ignored_below: Vec<String>,
    versions: Vec<Version>,
}

/// What all areas say, and what was measured.
pub struct Coverage {
    pub fields: Vec<Covered>,
}

/// How many there are of each class.
#[derive(Default, Clone, Copy, PartialEq, Debug)]
pub struct Tally {
    pub emulated: usize,
    pub accepted: usize,
    pub not_emulated: usize,
}

impl Tally {
    pub fn all(self) -> usize {
        self.emulated + self.accepted + self.not_emulated
    }

    pub fn percent(self) -> f64 {
        100.0 * self.emulated as f64 / self.all().max(1) as f64
    }

    fn to_json(self) -> Json {
        json!({ "emulated": self.emulated, "accepted": self.accepted, "not_emulated": self.not_emulated })
    }
}

impl Covered {
    pub fn is_in(&self, version: Version) -> bool {
        self.versions.contains(&version)
    }

    /// The inputs that this version has.
    pub fn inputs_of(&self, version: Version) -> impl Iterator<Item = (&'static str, bool)> {
        let known: Vec<&str> = inputs(version, self.root, self.name).collect();
        self.inputs.iter().copied().filter(move |(name, _)| known.contains(name))
    }

    fn tally_inputs(&self, version: Version) -> Tally {
        let (with, without): (Vec<_>, Vec<_>) = self.inputs_of(version).partition(|(_, has_effect)| *has_effect);
        match self.class {
            Class::NotEmulated(_) => Tally { not_emulated: with.len() + without.len(), ..Tally::default() },
            Class::Emulated | Class::Accepted => Tally { emulated: with.len(), accepted: without.len(), not_emulated: 0 },
        }
    }

    fn to_json(&self, version: Version) -> Json {
        let class_of = |has_effect| match self.class {
            Class::NotEmulated(_) => "not_emulated",
            _ if has_effect => "emulated",
            _ => "accepted",
        };
        let inputs = self.inputs_of(version).map(|(name, has_effect)| json!({ "name": name, "class": class_of(has_effect) }));
        json!({
            "root": self.root.name(),
            "field": self.name,
            "area": self.area,
            "class": name(self.class),
            "reason": if let Class::NotEmulated(reason) = self.class { Some(reason) } else { None },
            "inputs": inputs.collect::<Vec<_>>(),
        })
    }
}

pub fn name(class: Class) -> &'static str {
    match class {
        Class::Emulated => "emulated",
        Class::Accepted => "accepted",
        Class::NotEmulated(_) => "not_emulated",
    }
}

impl Coverage {
    pub fn measure(catalogue: &Arc<Catalogue>) -> Self {
        let prober = probe::Prober::new(catalogue);
        let mut fields = Vec::new();
        for root in Root::ALL {
            let mut names: Vec<(&'static str, u16)> =
                Version::ALL.iter().flat_map(|version| roots(*version, root)).map(|def| (def.name(), def.slot)).collect();
            names.sort_unstable();
            names.dedup();
            for (name, slot) in names {
                let Some((area, class)) = catalogue.class(root, slot) else { continue };
                let (inputs, ignored_below) = prober.inputs(root, slot);
                let versions = Version::ALL.into_iter().filter(|version| roots(*version, root).any(|def| def.name() == name)).collect();
                fields.push(Covered { root, name, area, class, inputs, ignored_below, versions });
            }
        }
        Self { fields }
    }

    pub fn of(&self, version: Version) -> impl Iterator<Item = &Covered> {
        self.fields.iter().filter(move |field| field.is_in(version))
    }

    /// The root fields of a version, and their inputs.
    pub fn tally(&self, version: Version, wanted: impl Fn(&Covered) -> bool) -> (Tally, Tally) {
        let (mut fields, mut inputs) = (Tally::default(), Tally::default());
        for field in self.of(version).filter(|field| wanted(field)) {
            match field.class {
                Class::Emulated => fields.emulated += 1,
                Class::Accepted => fields.accepted += 1,
                Class::NotEmulated(_) => fields.not_emulated += 1,
            }
            let own = field.tally_inputs(version);
            inputs.emulated += own.emulated;
            inputs.accepted += own.accepted;
            inputs.not_emulated += own.not_emulated;
        }
        (fields, inputs)
    }

    /// What the control API and the command show.
    pub fn to_json(&self, version: Version) -> Json {
        let (fields, inputs) = self.tally(version, |_| true);
        json!({
            "version": version.date(),
            "totals": { "root_fields": fields.to_json(), "inputs": inputs.to_json() },
            "root_fields": self.of(version).map(|field| field.to_json(version)).collect::<Vec<_>>(),
        })
    }

    /// A line for each root field, with tabs between its root, name, class and area, and what there is to say.
    pub fn to_table(&self, version: Version) -> String {
        let line = |field: &Covered| {
            let without: Vec<&str> = field.inputs_of(version).filter(|(_, has_effect)| !has_effect).map(|(name, _)| name).collect();
            let said = match field.class {
                Class::NotEmulated(reason) => reason.to_owned(),
                _ if without.is_empty() => String::new(),
                _ => format!("without effect: {}", without.join(", ")),
            };
            format!("{}\t{}\t{}\t{}\t{said}\n", field.root.name(), field.name, name(field.class), field.area)
        };
        self.of(version).map(line).collect()
    }
}

fn roots(version: Version, root: Root) -> impl Iterator<Item = &'static FieldDef> {
    version.schema().named(root.name()).into_iter().flat_map(|root| root.fields())
}

/// The arguments of a query, the fields of a mutation's input.
fn inputs(version: Version, root: Root, name: &str) -> Box<dyn Iterator<Item = &'static str>> {
    let schema = version.schema();
    let Some(def) = schema.named(root.name()).and_then(|root| root.field(name)) else { return Box::new(std::iter::empty()) };
    match (root, def.arg(version, "input")) {
        (Root::Mutation, Some(input)) => Box::new(schema.of(input.ty).inputs().iter().map(|input| input.name())),
        _ => Box::new(def.args(version).iter().map(|arg| arg.name())),
    }
}
