//! Runs the rules of root fields on the clinic, with every input that they have.

use crate::engine::{Catalogue, Marks, Root, Scene, World, table};
use crate::env::Clock;
use crate::schema::names::{Mutation, Query, User};
use crate::schema::{Base, Column, Named, ShapeKind, Slot, TypeId, Version};
use crate::seeds::Seeds;
use crate::state::{File, Value};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

pub struct Prober {
    world: World,
    /// Who may do everything, and a patient.
    scenes: Vec<Scene>,
}

/// The names of inputs, and whether each has an effect; and what has none below them.
type Inputs = (Vec<(&'static str, bool)>, Vec<String>);

/// Noon of a Monday.
const NOW: Timestamp = Timestamp::constant(1_772_467_200, 0);
/// How often what was refused is left out, to get further.
const TRIES: usize = 6;

impl Prober {
    pub fn new(catalogue: &Arc<Catalogue>) -> Self {
        let seeded = Seeds::builtin().state(catalogue, NOW).expect("the built-in seed is sound");
        let world = World::new("coverage", "coverage", catalogue.clone(), seeded.state, Clock::Frozen(NOW));
        let viewers = ["owner", "patient"].iter().filter_map(|role| world.identify(role));
        let scenes = viewers.map(|viewer| world.scene(viewer, Version::V2026_01_01, "http://127.0.0.1:4010".into())).collect();
        Self { world, scenes }
    }

    pub fn inputs(&self, root: Root, slot: Slot) -> Inputs {
        let of = match root {
            Root::Query => Query::TYPE.shape().column(slot).args(),
            Root::Mutation => input_of(slot),
            Root::Subscription => None,
        };
        let Some(of) = of else { return (vec![], vec![]) };
        let (mut used, mut below) = (BTreeSet::new(), BTreeSet::new());
        for scene in &self.scenes {
            self.probe(root, slot, of, scene, &mut used, &mut below);
        }
        let names = of.shape().columns().iter().map(|column| (column.name(), used.contains(column.name())));
        (names.collect(), below.into_iter().collect())
    }

    fn probe(&self, root: Root, slot: Slot, of: TypeId, scene: &Scene, used: &mut BTreeSet<&'static str>, below: &mut BTreeSet<String>) {
        let about = about(root, slot);
        let columns = of.shape().columns();
        let value = |column: &Column, yes: bool| self.value(column, about, yes, 3);
        let all = |yes: bool| -> Vec<(Slot, Value)> {
            columns.iter().enumerate().map(|(slot, column)| (slot as Slot, value(column, yes))).collect()
        };
        let mut told = |marks: Option<Marks>| {
            let marks = marks.unwrap_or_default();
            used.extend(marks.used);
            below.extend(marks.ignored_below);
            marks.refused
        };
        let run = |sent: &[(Slot, Value)]| match root {
            Root::Mutation => self.world.probe_mutation(slot, &Value::Object(sent.into()), scene),
            _ => self.world.probe_query(slot, sent, scene),
        };
        for yes in [true, false] {
            let mut sent = all(yes);
            for _ in 0..TRIES {
                let refused = told(run(&sent));
                let before = sent.len();
                sent.retain(|(slot, _)| !refused.contains(&columns[*slot as usize].name()));
                if sent.len() == before {
                    break;
                }
            }
        }
        // Some inputs are looked at only where others aren't sent.
        let needed = told(run(&[]));
        let is_needed = |column: &Column| column.name() == "id" || needed.contains(&column.name());
        for yes in [true, false] {
            let needed: Vec<(Slot, Value)> = all(yes).into_iter().filter(|(slot, _)| is_needed(&columns[*slot as usize])).collect();
            for (own, column) in columns.iter().enumerate() {
                let mut sent = needed.clone();
                sent.retain(|(slot, _)| *slot != own as Slot);
                sent.push((own as Slot, value(column, yes)));
                sent.sort_by_key(|(slot, _)| *slot);
                told(run(&sent));
                told(run(&[(own as Slot, value(column, yes))]));
            }
        }
    }

    /// Something that a caller would send for it.
    fn value(&self, column: &Column, about: Option<TypeId>, yes: bool, depth: usize) -> Value {
        let one = match column.base {
            Base::Id => self.id(column.name(), about, yes).map_or_else(|| Value::text("1"), Value::Id),
            Base::Text => Value::text(text(column.name())),
            Base::Upload => Value::File(Arc::new(File::new(Some("a.txt"), "text/plain", b"a".as_slice().into()))),
            Base::Int => Value::Int(1),
            Base::Float => Value::Float(1.0),
            Base::Bool => Value::Bool(yes),
            Base::Date => Value::text("2026-03-09"),
            Base::Instant => Value::text("2026-03-09T15:00:00Z"),
            Base::Json => Value::Json("{}".into()),
            Base::Choice => column.target.shape().values().next().map_or(Value::Null, Value::text),
            Base::Record if column.target.shape().kind == ShapeKind::Input && depth > 0 => self.nested(column.target, yes, depth - 1),
            Base::Record => Value::Null,
        };
        if column.list && column.base != Base::Json { Value::List([one].into()) } else { one }
    }

    fn nested(&self, of: TypeId, yes: bool, depth: usize) -> Value {
        let fields = of.shape().columns().iter().enumerate().filter(|(_, column)| !["id", "_destroy"].contains(&column.name()));
        Value::Object(fields.map(|(slot, column)| (slot as Slot, self.value(column, None, yes, depth))).collect())
    }

    /// The id of a record that an input of this name may mean. People are patients and members; `yes` says which come first.
    fn id(&self, name: &str, about: Option<TypeId>, yes: bool) -> Option<u64> {
        let stem = name.trim_end_matches("_ids").trim_end_matches("_id");
        let of = if ["id", "ids"].contains(&stem) { about } else { TypeId::named(&camel(stem)) };
        let state = &self.world.snapshot().state;
        let organization = self.scenes[0].viewer.organization();
        let mut own = state.all(table(of.unwrap_or(User::TYPE))).filter(|record| record.tenant() == organization);
        if of.is_some_and(|of| of != User::TYPE) {
            return own.next().map(|record| record.id());
        }
        let is_patient = ["id", "ids", "patient", "client", "user", "recipient"].contains(&stem) == yes;
        own.find(|record| record.get(User::is_patient.slot).as_bool() == Some(is_patient)).map(|record| record.id())
    }
}

fn input_of(slot: Slot) -> Option<TypeId> {
    let args = Mutation::TYPE.shape().column(slot).args()?.shape();
    args.slot("input").map(|slot| args.column(slot).target)
}

/// The type that `id` names a record of.
fn about(root: Root, slot: Slot) -> Option<TypeId> {
    match root {
        Root::Query => Some(Query::TYPE.shape().column(slot).target),
        Root::Subscription => None,
        Root::Mutation => {
            let payload = Mutation::TYPE.shape().column(slot).target;
            let mut records = payload.shape().columns().iter().filter(|column| column.base == Base::Record);
            records.find(|column| column.target.shape().slot("id").is_some()).map(|column| column.target)
        }
    }
}

fn camel(stem: &str) -> String {
    let upper = |word: &str| word.chars().next().map(|c| c.to_ascii_uppercase().to_string() + &word[c.len_utf8()..]).unwrap_or_default();
    stem.split('_').map(upper).collect()
}

fn text(name: &str) -> &'static str {
    match name {
        name if name.contains("email") => "somebody@clinic.example",
        name if name.contains("phone") => "212-555-0100",
        name if name.contains("timezone") => "America/New_York",
        name if name.ends_with("_string") => "data:text/plain;base64,YQ==",
        name if ["amount", "price", "cost", "fee", "total", "units"].iter().any(|word| name.contains(word)) => "10.00",
        name if ["date", "time", "_at", "start", "end", "day", "month", "dob"].iter().any(|word| name.contains(word)) => {
            "2026-03-09 10:00:00"
        }
        _ => "a",
    }
}
