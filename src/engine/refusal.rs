//! "No", said the way Healthie says it.

use crate::schema::{Field, Named};

/// Why a mutation changed nothing; its entries become the payload's `messages`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub entries: Vec<(Option<&'static str>, String)>,
}

pub const CANT_BE_BLANK: &str = "can't be blank";
pub const IS_INVALID: &str = "is invalid";
/// The texts that were observed or documented somewhere; any other is our own or Rails' usual one.
const KNOWN: [&str; 6] = [
    CANT_BE_BLANK,
    "has already been taken",
    "is not included in the list",
    "Organization Memberships cannot be destroyed",
    "You do not have permission to create this task.",
    "You don't have permission to perform this operation. Please reach out to support if the problem persists",
];
/// What [`Refusal::no_room`] says.
pub const NO_ROOM: &str = "Too many webhook deliveries are pending in this sandbox";

impl Refusal {
    /// About one field of the input.
    pub fn on<I: Named, K>(field: Field<I, K>, message: impl Into<String>) -> Self {
        Self::named(field.name(), message)
    }

    pub fn named(field: &'static str, message: impl Into<String>) -> Self {
        Self { entries: vec![(Some(field), message.into())] }
    }

    /// About the whole record.
    pub fn base(message: impl Into<String>) -> Self {
        Self::named("base", message)
    }

    /// Observed (createTask, refused): the sentence names what was tried.
    pub fn no_permission(to: &str) -> Self {
        Self::base(format!("You do not have permission to {to}."))
    }

    /// Assumed: no text is documented for an id that names nothing.
    pub fn not_found(field: &'static str, what: &str) -> Self {
        Self::named(field, format!("{what} not found"))
    }

    /// True where the record that the mutation is about is not there.
    pub fn is_unknown_id(&self) -> bool {
        matches!(&self.entries[..], [(Some("id"), message)] if message.ends_with(" not found"))
    }

    /// No rule's: what would follow from the commit has no room. The caller may try again later.
    pub fn no_room() -> Self {
        Self { entries: vec![(None, NO_ROOM.to_owned())] }
    }

    pub fn is_no_room(&self) -> bool {
        matches!(&self.entries[..], [(None, message)] if message == NO_ROOM)
    }

    /// The entries whose text is our assumption: `url: is invalid`.
    pub fn assumed(&self) -> impl Iterator<Item = String> {
        let assumed = self.entries.iter().filter(|(_, message)| !KNOWN.contains(&message.as_str()) && message != NO_ROOM);
        assumed.map(|(field, message)| format!("{}: {message}", field.unwrap_or("base")))
    }

    /// Adds what else is wrong, so that the caller sees everything at once.
    pub fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// All of them as one, where there are any.
    pub fn all(refusals: impl IntoIterator<Item = Self>) -> Result<(), Self> {
        match refusals.into_iter().reduce(Self::and) {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }
}
