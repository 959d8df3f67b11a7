//! What a commit announces: events worked out from its changes, in the order the changes were made.

use super::{Answer, Lifted, Reading, entity::Rules, relations, row::table};
use crate::schema::{Base, Column, EventDef, TypeId};
use crate::state::{Change, TableId, Value};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// One announcement, before anybody who wants it is known.
#[derive(Clone, Debug)]
pub struct Event {
    pub def: &'static EventDef,
    pub resource_id: u64,
    /// The columns that changed, for events that end in `updated`.
    pub changed_fields: Vec<Cow<'static, str>>,
    /// The fields that this event's deliveries have besides the four that all have.
    pub extra: Vec<(&'static str, Value)>,
    /// Whose it is: its webhooks, and those of the parent, hear of it.
    pub organization: u64,
    /// The one webhook that hears of it, whatever it listens to. None: all that listen to it.
    pub only: Option<u64>,
}

impl Event {
    /// What `sendTestWebhook` sends. Documented: about a record that doesn't exist.
    pub(super) fn test(webhook: u64, organization: u64) -> Self {
        const NO_RECORD: u64 = 1;
        Self { def: EventDef::test(), resource_id: NO_RECORD, changed_fields: vec![], extra: vec![], organization, only: Some(webhook) }
    }

    /// An event about a record that nothing happened to here; Err says which records it could be about. It is heard of in the
    /// record's organization, or in `otherwise`.
    pub fn about(on: Reading<'_>, def: &'static EventDef, id: u64, otherwise: u64) -> Result<Self, String> {
        let none = Self { def, resource_id: id, changed_fields: vec![], extra: vec![], organization: otherwise, only: None };
        let Some(ty) = kept_as(def) else { return Ok(none) };
        let rules = on.scene.catalogue.rules(ty);
        let unfit = |what: &str| format!("{} is about {what}", def.name());
        let record = on.state.get(table(ty), id).ok_or_else(|| unfit(&format!("a record of {}", ty.name())))?;
        let change = Change { table: table(ty), id, before: Some(record.clone()), after: Some(record.clone()) };
        let mut families = rules.into_iter().flat_map(|rules| &rules.families);
        let own = families.find(|family| {
            ["created", "updated", "deleted"].iter().any(|verb| family.event(verb).is_some_and(|of| of.name() == def.name()))
        });
        if own.is_some_and(|family| !(family.when)(&change, &on.scene.settings)) {
            let (family, _) = def.name().split_once('.').unwrap_or_default();
            return Err(unfit(&format!("records of {} that are announced as {family}.*", ty.name())));
        }
        let mut event = event(on, ty, rules, def, &change);
        if event.organization == 0 {
            event.organization = otherwise;
        }
        Ok(event)
    }

    /// The column that `name` says has changed, by the API's name or the one in deliveries.
    pub fn changed(&self, name: &str) -> Result<Cow<'static, str>, String> {
        if !has_changed_fields(self.def) {
            return Err(format!("{} tells of no changed fields", self.def.name()));
        }
        let shape = kept_as(self.def).map(TypeId::shape);
        let column = shape.and_then(|shape| {
            let reference = || shape.slot(name.strip_suffix("_id")?).filter(|slot| is_reference(shape.column(*slot)));
            shape.slot(name).or_else(reference).map(|slot| key(shape.column(slot)))
        });
        column.ok_or_else(|| format!("{} has no column {name:?}", self.def.resource_type()))
    }
}

/// The type whose records an event is about. None: what it is about is not kept.
fn kept_as(def: &EventDef) -> Option<TypeId> {
    let name = def.resource_type();
    // Documented: the id of `organization_member.updated` is a user's, though no type is called so.
    let name = if name == "OrganizationMember" { "User" } else { name };
    [name, &format!("{name}Type")].iter().find_map(|name| TypeId::named(name)).filter(|ty| relations::is_record(*ty))
}

/// Documented: which events tell of changed fields.
fn has_changed_fields(def: &EventDef) -> bool {
    def.name().ends_with("updated")
}

/// Events of `changes`. Changes of `silenced` records announce nothing.
pub fn events(on: Reading<'_>, changes: &[Change], silenced: &[(TypeId, u64)]) -> Vec<Event> {
    let mut events = Vec::new();
    for change in changes {
        if silenced.iter().any(|(ty, id)| table(*ty) == change.table && *id == change.id) {
            continue;
        }
        let Some(ty) = type_of(change.table) else { continue };
        let rules = on.scene.catalogue.rules(ty);
        for family in rules.into_iter().flat_map(|rules| &rules.families) {
            let Some(def) = family.event(verb(change, rules)) else { continue };
            if (family.when)(change, &on.scene.settings) && !(has_changed_fields(def) && changed_fields(ty, change).is_empty()) {
                events.push(event(on, ty, rules, def, change));
            }
        }
        for (def, happened) in on.scene.catalogue.events() {
            if happened(change, on.state) {
                events.push(event(on, ty, rules, def, change));
            }
        }
    }
    events
}

/// A record that is kept when it is deleted is deleted all the same.
fn verb(change: &Change, rules: Option<&Rules>) -> &'static str {
    let deleted_at = rules.and_then(|rules| rules.deleted_at);
    let gone = |slot| {
        change.after.as_ref().is_some_and(|after| !after.get(slot).is_null())
            && change.before.as_ref().is_some_and(|before| before.get(slot).is_null())
    };
    if deleted_at.is_some_and(gone) { "deleted" } else { change.verb() }
}

fn event(on: Reading<'_>, ty: TypeId, rules: Option<&Rules>, def: &'static EventDef, change: &Change) -> Event {
    let record = change.record();
    let extra = |field: &'static str| {
        if let Some(rule) = rules.and_then(|rules| rules.extra.get(field)) {
            let none = Lifted::new(ty, &[], &TimeZone::UTC);
            return if let Answer::Value(value) = rule(on, record, &none) { value } else { Value::Null };
        }
        ty.shape().slot(field).map_or(Value::Null, |slot| record.get(slot).clone())
    };
    Event {
        def,
        resource_id: record.id(),
        changed_fields: if has_changed_fields(def) { changed_fields(ty, change) } else { vec![] },
        extra: def.extra().map(|field| (field, extra(field))).collect(),
        organization: record.tenant(),
        only: None,
    }
}

/// Documented: never `created_at` and `updated_at`; names are columns, not always fields of the API.
fn changed_fields(ty: TypeId, change: &Change) -> Vec<Cow<'static, str>> {
    let columns = change.slots().into_iter().map(|slot| ty.shape().column(slot));
    let told = columns.filter(|column| !column.unannounced && !["created_at", "updated_at"].contains(&column.name()));
    let mut names: Vec<_> = told.map(key).collect();
    names.dedup();
    names
}

/// What the database calls a column. Assumed of what the API shows as a record, such as `active_care_plan`: `active_care_plan_id`, as
/// the documented `last_updated_by_id` is called that the API shows as `last_updated_by`.
fn key(column: &Column) -> Cow<'static, str> {
    if is_reference(column) { format!("{}_id", column.name()).into() } else { column.name().into() }
}

fn is_reference(column: &Column) -> bool {
    column.base == Base::Record && !column.list
}

fn type_of(of: TableId) -> Option<TypeId> {
    TypeId::at(of as usize)
}
