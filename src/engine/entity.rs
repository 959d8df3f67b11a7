//! What is true of every record of one type, whichever mutation made it.

use super::{Answer, AnyInput, Call, Changed, Draft, Input, Kind, Lifted, Reading, Refusal, Settings, View, relations};
use crate::schema::{Base, EventDef, Field, Named, Slot, TypeId};
use crate::state::{Change, IndexSpec, Record, TENANT, Value};
use std::{collections::BTreeMap, marker::PhantomData, sync::Arc};

/// Works out a field whenever it is asked for.
pub type FieldRule = Arc<dyn Fn(Reading<'_>, &Arc<Record>, &Lifted) -> Answer + Send + Sync>;
type Visible = Box<dyn Fn(Reading<'_>, &Arc<Record>) -> bool + Send + Sync>;
type Derive = Box<dyn Fn(&mut Record, Reading<'_>) + Send + Sync>;
type Unfit = Box<dyn Fn(Reading<'_>, &Arc<Record>) -> Result<(), Refusal> + Send + Sync>;
/// The record's id, and who fetched its file; 0 for somebody without a key.
type Fetched = fn(&mut Call<'_, AnyInput>, id: u64, by: u64);
type Happened = Box<dyn Fn(&Change, &Settings) -> bool + Send + Sync>;

/// Where the items of a list field are found.
#[derive(Clone, Copy)]
pub struct Collection {
    pub of: TypeId,
    /// The item's column that points back.
    pub by: Slot,
}

/// An event family that the changes of a record announce: `location` for `location.created` and so on.
pub struct Family {
    name: String,
    created: Option<&'static EventDef>,
    updated: Option<&'static EventDef>,
    deleted: Option<&'static EventDef>,
    pub when: Happened,
}

impl Family {
    /// # Panics
    /// When the API publishes no event of that family: a mistake in the program.
    fn new(name: &str, when: Happened) -> Self {
        assert!(Self::is_published(name), "no webhook event starts with {name}");
        let find = |verb| EventDef::find(&format!("{name}.{verb}"));
        Self { name: name.to_owned(), created: find("created"), updated: find("updated"), deleted: find("deleted"), when }
    }

    fn is_published(name: &str) -> bool {
        ["created", "updated", "deleted"].iter().any(|verb| EventDef::find(&format!("{name}.{verb}")).is_some())
    }

    /// The event of a change that is told as `verb`, if the API has one.
    pub fn event(&self, verb: &str) -> Option<&'static EventDef> {
        match verb {
            "created" => self.created,
            "updated" => self.updated,
            _ => self.deleted,
        }
    }
}

/// The rules of one type, without the type.
#[derive(Default)]
pub struct Rules {
    pub required: Vec<Slot>,
    pub defaults: Vec<(Slot, Value)>,
    pub computed: BTreeMap<Slot, FieldRule>,
    pub references: BTreeMap<Slot, Slot>,
    pub collections: BTreeMap<Slot, Collection>,
    pub indexes: Vec<IndexSpec>,
    pub derived: Vec<Derive>,
    /// What no record may be.
    pub unfit: Vec<Unfit>,
    /// Columns that no input field fills.
    pub ruled: Vec<Slot>,
    pub visible: Option<Visible>,
    /// The column that names the person whom the record is about.
    pub about: Option<Slot>,
    /// A patient sees only those that are about the patient, not those about others whom the patient may see.
    pub personal: bool,
    /// Columns that name whoever made the record, where nothing else is said.
    pub makers: Vec<Slot>,
    /// Seen by callers without a key.
    pub public: bool,
    pub searched: Vec<Slot>,
    pub families: Vec<Family>,
    pub extra: BTreeMap<&'static str, FieldRule>,
    /// What a fetch of its file leaves behind.
    pub fetched: Option<Fetched>,
    /// Set when a record goes, instead of removing it.
    pub deleted_at: Option<Slot>,
    /// How many records a sandbox keeps at most, if not all.
    pub newest: Option<usize>,
}

impl Rules {
    fn new() -> Self {
        let by_tenant = IndexSpec { equal: vec![TENANT], order: vec![] };
        Self { indexes: vec![by_tenant], ..Self::default() }
    }

    /// What goes for a type of which nothing else is said: whom a record is about and who made it are told by the names of
    /// columns, so are the texts that `keywords` looks in; a record with a `deleted_at` is kept when it is deleted; changes are
    /// announced as the type is called.
    pub fn usual(ty: TypeId) -> Self {
        let shape = ty.shape();
        let about = relations::person(ty);
        let mut rules = Self {
            about,
            personal: true,
            makers: relations::makers(ty),
            searched: SEARCHED.iter().filter_map(|name| shape.slot(name)).filter(|slot| shape.column(*slot).base == Base::Text).collect(),
            deleted_at: shape.slot("deleted_at").filter(|slot| shape.column(*slot).base == Base::Instant),
            ..Self::new()
        };
        rules.indexes.extend(about.map(|slot| IndexSpec { equal: vec![slot], order: vec![] }));
        let family = relations::stems(ty).into_iter().find(|stem| Family::is_published(stem));
        rules.families.extend(family.map(|family| Family::new(&family, Box::new(|_, _| true))));
        rules
    }
}

/// Assumed for types of which nothing is said: `keywords` looks in what a person would call a record by.
const SEARCHED: [&str; 8] = ["code", "description", "display_name", "email", "first_name", "last_name", "name", "title"];

/// A builder for the rules of `T`.
pub struct Entity<T> {
    pub(super) rules: Rules,
    of: PhantomData<fn() -> T>,
}

impl<T: Named + 'static> Default for Entity<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Named + 'static> Entity<T> {
    pub fn new() -> Self {
        Self { rules: Rules::new(), of: PhantomData }
    }

    /// With what goes for the types of which nothing is said, see [`Rules::usual`].
    pub fn usual() -> Self {
        Self { rules: Rules::usual(T::TYPE), of: PhantomData }
    }

    /// Its changes announce nothing but what is said from here on.
    pub fn silent(mut self) -> Self {
        self.rules.families.clear();
        self
    }

    /// `field` names whoever made the record, where nothing else is said.
    pub fn made_by<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.makers.push(field.slot);
        self
    }

    /// `keywords` looks in nothing but what is said from here on.
    pub fn searched_anew(mut self) -> Self {
        self.rules.searched.clear();
        self
    }

    /// A create or update that leaves it blank is refused with "can't be blank".
    pub fn requires<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.required.push(field.slot);
        self
    }

    /// What a new record holds where nothing is said.
    pub fn defaults<K: Kind>(mut self, field: Field<T, K>, value: K::Write) -> Self {
        self.rules.defaults.push((field.slot, K::write(value)));
        self
    }

    /// Every yes-or-no column of the type starts as no, where nothing else is said.
    pub fn flags_default_to_no(mut self) -> Self {
        let flags = T::TYPE.shape().columns().iter().enumerate().filter(|(_, column)| column.base == Base::Bool && !column.list);
        // In front, so that a default of a field's own comes later and wins.
        let unset = flags.map(|(slot, _)| (slot as Slot, Value::Bool(false)));
        self.rules.defaults = unset.chain(self.rules.defaults).collect();
        self
    }

    /// `field` is not stored: `rule` works it out whenever it is asked for.
    pub fn computed<K: Kind>(self, field: Field<T, K>, rule: fn(&View<'_, T>) -> Option<K::Write>) -> Self
    where
        K::Write: 'static,
    {
        self.answers(field, move |view| rule(view).map_or(Answer::NULL, |value| Answer::Value(K::write(value))))
    }

    /// As [`Entity::computed`], for answers of any shape.
    pub fn answers<K>(self, field: Field<T, K>, rule: impl Fn(&View<'_, T>) -> Answer + Send + Sync + 'static) -> Self {
        self.rule(field.slot, Arc::new(move |on: Reading<'_>, record: &Arc<Record>, _: &Lifted| rule(&View::new(on, record))))
    }

    /// As [`Entity::answers`], for a field with arguments.
    pub fn answers_to<A: Named, K>(
        self,
        field: Field<T, K>,
        _args: A,
        rule: impl Fn(&View<'_, T>, &Input<'_, A>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let rule = move |on: Reading<'_>, record: &Arc<Record>, args: &Lifted| rule(&View::new(on, record), &Input::new(args));
        self.rule(field.slot, Arc::new(rule))
    }

    fn rule(mut self, slot: Slot, rule: FieldRule) -> Self {
        self.rules.computed.insert(slot, rule);
        self
    }

    /// `field` is the record whose id `key` holds, where the name doesn't say so (`x` and `x_id` need no word).
    pub fn refers<K, L>(mut self, field: Field<T, K>, key: Field<T, L>) -> Self {
        self.rules.references.insert(field.slot, key.slot);
        self
    }

    /// `field` lists the records whose `by` points to this one. Where a rule answers for the field, it still says where
    /// nested inputs leave their records.
    pub fn collects<K, C: Named, L>(mut self, field: Field<T, K>, by: Field<C, L>) -> Self {
        self.rules.collections.insert(field.slot, Collection { of: C::TYPE, by: by.slot });
        self
    }

    /// Finds records by `field` without looking at the others.
    pub fn indexed<K>(self, field: Field<T, K>) -> Self {
        self.ordered(&[field.slot], &[])
    }

    /// Keeps the records with equal values of `equal` in the order of `order`, so that a page of them costs its own size.
    pub fn ordered(mut self, equal: &[Slot], order: &[Slot]) -> Self {
        self.rules.indexes.push(IndexSpec { equal: equal.to_vec(), order: order.to_vec() });
        self
    }

    /// Sets what the record keeps about itself, each time it is saved.
    pub fn derives(mut self, rule: fn(&mut Draft<T>, Reading<'_>)) -> Self {
        self.rules.derived.push(Box::new(move |record, on| {
            let empty = Record::new(record.id(), record.tenant());
            let mut draft = Draft::of(std::mem::replace(record, empty));
            rule(&mut draft, on);
            *record = draft.into_record();
        }));
        self
    }

    /// No create or update leaves a record that `rule` refuses, by itself or below another.
    pub fn refuses(mut self, rule: fn(&View<'_, T>) -> Result<(), Refusal>) -> Self {
        self.rules.unfit.push(Box::new(move |on, record| rule(&View::new(on, record))));
        self
    }

    /// No create or update takes `field` from the input field of that name: a rule says what it holds.
    pub fn ruled<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.ruled.push(field.slot);
        self
    }

    /// Who may see a record; without a rule, the members of its organization, and of what it is [about](Entity::about).
    pub fn visible(mut self, rule: fn(&View<'_, T>) -> bool) -> Self {
        self.rules.visible = Some(Box::new(move |on, record| rule(&View::new(on, record))));
        self
    }

    /// Who may see the person that `field` names may see the record.
    pub fn about<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.about = Some(field.slot);
        self.rules.personal = false;
        self
    }

    /// As [`Entity::about`], but a patient sees only those about the patient.
    pub fn about_only<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.about = Some(field.slot);
        self.rules.personal = true;
        self.indexed(field)
    }

    /// About nobody: the members of its organization see it.
    pub fn about_nobody(mut self) -> Self {
        self.rules.about = None;
        self
    }

    /// Callers without a key see its records too.
    pub fn public(mut self) -> Self {
        self.rules.public = true;
        self
    }

    /// A fetch of its file runs `rule`.
    pub fn fetched(mut self, rule: fn(&mut Call<'_, AnyInput>, id: u64, by: u64)) -> Self {
        self.rules.fetched = Some(rule);
        self
    }

    /// A sandbox keeps the newest `most` records: a log, which nobody empties.
    pub fn keeps_newest(mut self, most: usize) -> Self {
        self.rules.newest = Some(most);
        self
    }

    /// What `keywords` looks in.
    pub fn searched<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.searched.push(field.slot);
        self
    }

    /// Deleting sets `field`, and the record is found no more.
    pub fn kept_when_deleted<K>(mut self, field: Field<T, K>) -> Self {
        self.rules.deleted_at = Some(field.slot);
        self
    }

    /// Changes announce `family.created`, `family.updated` and `family.deleted`, as far as the API publishes them.
    pub fn announces(self, family: &'static str) -> Self {
        self.announces_when(family, |_| true)
    }

    /// As [`Entity::announces`], for the records that `when` says yes to.
    pub fn announces_when(self, family: &'static str, when: fn(&Changed<T>) -> bool) -> Self {
        let happened = move |change: &Change, _: &Settings| Changed::new(change).is_some_and(|changed| when(&changed));
        self.announces_as(Family::new(family, Box::new(happened)))
    }

    /// As [`Entity::announces_when`], where it is a matter of settings too.
    pub fn announces_by(self, family: &'static str, when: fn(&Changed<T>, &Settings) -> bool) -> Self {
        let happened = move |change: &Change, settings: &Settings| Changed::new(change).is_some_and(|changed| when(&changed, settings));
        self.announces_as(Family::new(family, Box::new(happened)))
    }

    /// What was said of the family before no longer goes.
    fn announces_as(mut self, family: Family) -> Self {
        self.rules.families.retain(|known| known.name != family.name);
        self.rules.families.push(family);
        self
    }

    /// What an event's extra field says, where the record has no column of that name.
    pub fn extra(mut self, field: &'static str, rule: fn(&View<'_, T>) -> Value) -> Self {
        self.rules
            .extra
            .insert(field, Arc::new(move |on: Reading<'_>, record: &Arc<Record>, _: &Lifted| Answer::Value(rule(&View::new(on, record)))));
        self
    }
}
