//! The fields of `Query` and `Mutation` that are emulated, and holding each of them to a promise.

use crate::{clinic::Clinic, selection::Below};
use healthie_mock::schema::{FieldDef, InputDef, Slot, TypeDef, TypeId, Version};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

/// A root field as one version publishes it.
pub struct RootField {
    pub version: Version,
    pub def: &'static FieldDef,
}

/// So many complaints are shown, and so much of each of their lines: there may be hundreds, of long documents.
const SHOWN: usize = 20;
const LONGEST: usize = 1_000;

impl RootField {
    /// The fields of `root` that are emulated, in both versions.
    pub fn all(root: &str, is_emulated: impl Fn(Slot) -> bool) -> Vec<Self> {
        let fields = |version: Version| {
            let fields = version.schema().named(root).expect("both versions have it").fields();
            fields.iter().map(move |def| Self { version, def })
        };
        Version::ALL.into_iter().flat_map(fields).filter(|field| is_emulated(field.def.slot)).collect()
    }

    pub fn args(&self) -> &'static [InputDef] {
        self.def.args(self.version)
    }

    /// The type that the field answers with, paging aside.
    pub fn answers_with(&self) -> &'static TypeDef {
        let schema = self.version.schema();
        let of = schema.of(self.def.ty);
        of.field("nodes").map_or(of, |nodes| schema.of(nodes.ty))
    }

    /// The type of record that the field is about: the one it answers with, or shows in its payload, or has in its name.
    pub fn about(&self, clinic: &Clinic) -> TypeId {
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        let of = self.answers_with();
        let in_payload = if of.field("messages").is_some() { of.fields() } else { &[] };
        let (named, others): (Vec<_>, Vec<_>) = in_payload.iter().partition(|field| plain(self.def.name()).contains(&plain(field.name())));
        let shown = named.into_iter().chain(others).map(|field| field.ty.base);
        // `sendTestWebhook` is about a `TestWebhook`, or else a `Webhook`.
        let name = self.def.name().trim_end_matches("Count").trim_end_matches('s');
        let in_name = name.char_indices().filter(|(_, letter)| letter.is_uppercase()).filter_map(|(at, _)| TypeId::named(&name[at..]));
        let likely = [of.id].into_iter().chain(shown).chain(in_name).find(|ty| clinic.catalogue.is_stored(*ty));
        likely.unwrap_or_else(|| TypeId::named("User").expect("both versions have users"))
    }

    /// A document whose variables are the field's arguments, by name: one plan, whatever is asked.
    pub fn document(&self, kind: &str, args: &[&InputDef], below: &Below) -> String {
        let declared = |arg: &&InputDef| match arg.default().filter(|_| arg.ty.is_non_null()) {
            Some(default) => format!("${}: {} = {default}", arg.name(), arg.ty),
            None => format!("${}: {}", arg.name(), arg.ty),
        };
        let declared: Vec<String> = args.iter().map(declared).collect();
        let passed: Vec<String> = args.iter().map(|arg| format!("{0}: ${0}", arg.name())).collect();
        let in_parentheses = |list: Vec<String>| if list.is_empty() { String::new() } else { format!("({})", list.join(", ")) };
        format!("{kind}{} {{ {}{}{below} }}", in_parentheses(declared), self.def.name(), in_parentheses(passed))
    }
}

/// Asks each field, on all cores, and complains of all at once.
pub fn all_hold(fields: &[RootField], hold: impl Fn(&RootField) -> Result<(), String> + Sync) {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((at, field)) = Some(next.fetch_add(1, Relaxed)).and_then(|at| Some((at, fields.get(at)?))) {
            if let Err(why) = hold(field) {
                let lines: Vec<String> = why.lines().map(|line| line.chars().take(LONGEST).collect()).collect();
                let complaint = format!("{} in {}: {}", field.def.name(), field.version.date(), lines.join("\n"));
                complaints.lock().unwrap_or_else(PoisonError::into_inner).push((at, complaint));
            }
        }
    };
    thread::scope(|scope| (0..thread::available_parallelism().map_or(1, usize::from)).for_each(|_| drop(scope.spawn(work))));
    let mut complaints = complaints.into_inner().unwrap_or_else(PoisonError::into_inner);
    complaints.sort();
    let shown: Vec<&str> = complaints.iter().take(SHOWN).map(|(_, complaint)| complaint.as_str()).collect();
    assert!(complaints.is_empty(), "{} of {} root fields:\n\n{}", complaints.len(), fields.len(), shown.join("\n\n"));
}
