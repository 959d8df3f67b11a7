//! Everything that Healthie does, by the schema names it answers to: built once, shared by all sandboxes.

use super::{
    Area, Collection, Lifted, Reading, Records, SubscriptionRules, Viewer,
    area::{Class, DueRule, HowAsked, MutationRules, Predicate, QueryRules, Root},
    entity::{FieldRule, Rules},
    relations,
    row::table,
    subscription::{self, Happening},
};
use crate::schema::names::{Mutation, Query, Subscription};
use crate::schema::{Base, EventDef, Named, Slot, TypeId};
use crate::state::{Change, IndexSpec, Layout, Record, State, TableId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Finds who holds a key: the last part of the key, in a state. Whatever the time: a world remembers it.
pub type Identify = fn(Records<'_>, secret: &str) -> Option<Viewer>;

pub struct Catalogue {
    entities: Vec<Option<Box<Rules>>>,
    mutations: BTreeMap<Slot, MutationRules>,
    queries: BTreeMap<Slot, QueryRules>,
    subscriptions: BTreeMap<Slot, SubscriptionRules>,
    events: Vec<(&'static EventDef, Predicate)>,
    due: Vec<DueRule>,
    /// Of which tables only so many of the newest records are kept.
    logs: Vec<(TableId, usize)>,
    /// By root and slot: the area, and why.
    left_out: BTreeMap<(Root, Slot), (&'static str, &'static str)>,
    layout: Arc<Layout>,
    identify: Identify,
}

/// How a field of a record is answered.
#[derive(Clone)]
pub enum How {
    Stored(Slot),
    Computed(FieldRule),
    /// The record whose id this column holds.
    Reference(Slot, TypeId),
    /// The record whose id the first column holds, else the newest of those that point back.
    Partner(Slot, Collection),
    Collection(Collection),
    /// The records whose ids this column lists.
    Several(Slot, TypeId),
    /// Nothing fills it: null, an empty list, or the default of a type that cannot be null.
    Unfilled,
}

impl Catalogue {
    /// # Panics
    /// When two areas answer the same root field or describe the same type: a mistake in the program.
    pub fn new(areas: Vec<Area>, identify: Identify) -> Arc<Self> {
        let mut made = Self {
            entities: TypeId::all().map(|_| None).collect(),
            mutations: BTreeMap::new(),
            queries: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            events: vec![],
            due: vec![],
            logs: vec![],
            left_out: BTreeMap::new(),
            layout: Arc::default(),
            identify,
        };
        for area in areas {
            made.add(area);
        }
        for ty in TypeId::all().filter(|ty| relations::is_record(*ty)) {
            made.entities[ty.index()].get_or_insert_with(|| Box::new(Rules::usual(ty)));
        }
        made.logs = TypeId::all().filter_map(|ty| Some((table(ty), made.rules(ty)?.newest?))).collect();
        made.layout = Arc::new(made.layout());
        Arc::new(made)
    }

    fn add(&mut self, area: Area) {
        for (ty, rules) in area.entities {
            let taken = self.entities[ty.index()].replace(Box::new(rules));
            assert!(taken.is_none(), "{} describes {ty:?}, which another area describes", area.name);
        }
        for rules in area.mutations {
            let slot = rules.slot;
            let taken = self.mutations.insert(slot, rules);
            assert!(taken.is_none(), "{} answers Mutation.{} twice", area.name, Mutation::TYPE.shape().column(slot).name());
        }
        for rules in area.queries {
            let slot = rules.slot;
            let taken = self.queries.insert(slot, rules);
            assert!(taken.is_none(), "{} answers Query.{} twice", area.name, Query::TYPE.shape().column(slot).name());
        }
        for rules in area.subscriptions {
            let slot = rules.slot;
            let taken = self.subscriptions.insert(slot, rules);
            assert!(taken.is_none(), "{} answers Subscription.{} twice", area.name, Subscription::TYPE.shape().column(slot).name());
        }
        for (root, slot, reason) in area.left_out {
            let taken = self.left_out.insert((root, slot), (area.name, reason));
            assert!(taken.is_none(), "{} leaves out a field of {root:?} that is left out already", area.name);
        }
        self.events.extend(area.events);
        self.due.extend(area.due);
    }

    fn layout(&self) -> Layout {
        let mut layout = Layout::default();
        let mut taken = BTreeSet::new();
        for ty in TypeId::all().filter(|ty| self.is_stored(*ty)) {
            let ranges = (0..RANGES).map(|further| (range(ty.name()) + further) % RANGES);
            let free = ranges.into_iter().find(|range| taken.insert(*range)).expect("there are more ranges than types");
            layout.first_ids.insert(table(ty), 10_000_001 + free * 10_000);
            let Some(rules) = self.rules(ty) else { continue };
            layout.indexes.entry(table(ty)).or_default().extend(rules.indexes.iter().cloned());
        }
        let by_collections = self.pointed_at().map(|collection| (collection.of, IndexSpec { equal: vec![collection.by], order: vec![] }));
        let by_due = self.due.iter().map(|due| (due.of, IndexSpec { equal: vec![], order: vec![due.at] }));
        for (of, spec) in by_collections.chain(by_due).collect::<Vec<_>>() {
            let specs = layout.indexes.entry(table(of)).or_default();
            if !specs.contains(&spec) {
                specs.push(spec);
            }
        }
        layout
    }

    /// What is found by the column that points back.
    fn pointed_at(&self) -> impl Iterator<Item = Collection> {
        let stored = TypeId::all().filter(|ty| self.is_stored(*ty));
        stored.flat_map(move |ty| {
            let columns = ty.shape().columns().iter().enumerate().filter(|(_, column)| column.base == Base::Record);
            columns.filter_map(move |(slot, _)| match self.how(ty, slot as Slot) {
                How::Collection(collection) | How::Partner(_, collection) => Some(collection),
                _ => None,
            })
        })
    }

    /// A state without records.
    pub fn empty(&self) -> State {
        State::new(self.layout.clone())
    }

    pub fn rules(&self, ty: TypeId) -> Option<&Rules> {
        self.entities[ty.index()].as_deref()
    }

    pub fn mutation(&self, slot: Slot) -> Option<&MutationRules> {
        self.mutations.get(&slot)
    }

    pub fn query(&self, slot: Slot) -> Option<&QueryRules> {
        self.queries.get(&slot)
    }

    pub fn subscription(&self, slot: Slot) -> Option<&SubscriptionRules> {
        self.subscriptions.get(&slot)
    }

    /// What `changes` mean to those who subscribe, each thing once.
    pub fn happenings(&self, changes: &[Change], on: Reading<'_>) -> Vec<Happening> {
        subscription::happenings(self.subscriptions.values(), changes, on)
    }

    /// The answered fields of `Query`.
    pub fn queries(&self) -> impl Iterator<Item = &QueryRules> {
        self.queries.values()
    }

    /// The answered fields of `Mutation`.
    pub fn mutations(&self) -> impl Iterator<Item = &MutationRules> {
        self.mutations.values()
    }

    /// The area that answers for a root field, and how far it does. None for a field that no area lists.
    ///
    /// # Panics
    /// When an area answers what another leaves out: a mistake in the program.
    pub fn class(&self, root: Root, slot: Slot) -> Option<(&'static str, Class)> {
        let answered = match root {
            Root::Query => self.query(slot).map(|rules| (rules.area, rules.accepted)),
            Root::Mutation => self.mutation(slot).map(|rules| (rules.area, rules.accepted)),
            Root::Subscription => self.subscription(slot).map(|rules| (rules.area, false)),
        };
        let left_out = self.left_out.get(&(root, slot));
        assert!(answered.is_none() || left_out.is_none(), "{root:?} {slot} is answered and left out");
        match (answered, left_out) {
            (Some((area, accepted)), _) => Some((area, if accepted { Class::Accepted } else { Class::Emulated })),
            (None, Some((area, reason))) => Some((area, Class::NotEmulated(reason))),
            (None, None) => None,
        }
    }

    /// The list that a field shows or counts.
    pub fn list(&self, slot: Slot) -> Option<&super::listing::ListRules> {
        match &self.query(slot)?.how {
            HowAsked::List(list) => Some(list),
            HowAsked::Count(of) => self.list(*of),
            HowAsked::Get(_) | HowAsked::Own(_) => None,
        }
    }

    pub fn events(&self) -> &[(&'static EventDef, Predicate)] {
        &self.events
    }

    pub fn due(&self) -> &[DueRule] {
        &self.due
    }

    pub fn logs(&self) -> &[(TableId, usize)] {
        &self.logs
    }

    pub fn identify(&self, state: &State, secret: &str) -> Option<Viewer> {
        (self.identify)(Records(state), secret)
    }

    /// How the field in `slot` of a record of type `ty` is answered.
    pub fn how(&self, ty: TypeId, slot: Slot) -> How {
        let column = ty.shape().column(slot);
        if let Some(rules) = self.rules(ty) {
            if let Some(rule) = rules.computed.get(&slot) {
                return How::Computed(rule.clone());
            }
            if let Some(key) = rules.references.get(&slot) {
                return How::Reference(*key, column.target);
            }
            if let Some(collection) = rules.collections.get(&slot) {
                return How::Collection(*collection);
            }
        }
        if column.base != Base::Record {
            return How::Stored(slot);
        }
        if !self.is_stored(column.target) {
            return How::Unfilled;
        }
        let pointing = || relations::pointer(column.target, ty).map(|by| Collection { of: column.target, by });
        if column.list {
            let pointing = if column.target == ty { None } else { pointing() };
            return pointing.map_or(How::Several(slot, column.target), How::Collection);
        }
        let key = ty.shape().slot(&format!("{}_id", column.name()));
        match key {
            Some(key) => How::Reference(key, column.target),
            None if relations::is_the_one_that_points(ty, column) => {
                pointing().map_or(How::Reference(slot, column.target), |pointing| How::Partner(slot, pointing))
            }
            None => How::Reference(slot, column.target),
        }
    }

    /// True for types whose records are kept.
    pub fn is_stored(&self, ty: TypeId) -> bool {
        self.rules(ty).is_some()
    }

    /// Who may see a record: the entity's rule; else the members of its organization, as far as they may see the person
    /// it is about, and that person.
    pub fn may_see(&self, ty: TypeId, on: Reading<'_>, record: &Arc<Record>) -> bool {
        let Some(rules) = self.rules(ty) else { return on.viewer().is_member() };
        if rules.deleted_at.is_some_and(|slot| !record.get(slot).is_null()) {
            return false;
        }
        if let Some(visible) = &rules.visible {
            return visible(on, record);
        }
        if rules.public {
            return true;
        }
        let about = rules.about.and_then(|slot| record.get(slot).as_id());
        match about {
            Some(person) if on.viewer().is(person) => true,
            Some(_) if rules.personal && !on.viewer().is_member() => false,
            Some(person) => {
                let known = on.state.get(table(crate::schema::names::User::TYPE), person);
                known.is_some_and(|person| self.may_see(crate::schema::names::User::TYPE, on, person))
            }
            None => on.viewer().reaches(record.tenant()) || on.viewer().is_member() && record.tenant() == 0,
        }
    }

    /// The arguments of `field` of `ty`, as nobody sent them.
    pub fn no_arguments(ty: TypeId) -> Lifted {
        Lifted::new(ty, &[], &jiff::tz::TimeZone::UTC)
    }
}

/// How many ranges of ten thousand ids there are.
const RANGES: u64 = 8_990;

/// Each table's ids start in a range of their own, so that a wrong id is noticed. By the type's name, so that new types
/// don't move the others', but for the few whose names say the same.
fn range(name: &str) -> u64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash % RANGES
}
