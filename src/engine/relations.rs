//! How records of one type lead to those of another, worked out from the schema's names.

use super::{Catalogue, Collection, How, Reading, Refusal, fill, row::table};
use crate::schema::{Base, Column, ShapeKind, Slot, TypeId};
use crate::state::Value;

/// True for the types whose records are kept though no area says a word about them: objects with an `id`.
pub fn is_record(ty: TypeId) -> bool {
    ty.shape().kind == ShapeKind::Object && !ty.name().starts_with("__") && ty.shape().slot("id").is_some()
}

/// The column of `of` that says to which `to` a record belongs: `goal_id` of a `GoalHistory`, else a single `goal`.
pub fn pointer(of: TypeId, to: TypeId) -> Option<Slot> {
    stems(to).iter().find_map(|stem| {
        let by_key = of.shape().slot(&format!("{stem}_id")).filter(|slot| of.shape().column(*slot).base == Base::Id);
        by_key.or_else(|| of.shape().slot(stem).filter(|slot| is_single(of.shape().column(*slot), to)))
    })
}

fn is_single(column: &Column, to: TypeId) -> bool {
    column.base == Base::Record && !column.list && column.target == to
}

/// True where the single record in `column` of `ty` is the one that points back: `User.notification_setting`.
pub fn is_the_one_that_points(ty: TypeId, column: &Column) -> bool {
    ty != column.target && stems(column.target).iter().any(|stem| stem == column.name()) && pointer(column.target, ty).is_some()
}

/// What a type is called in column names: `goal_history`, and without an ending that says no more than that it is a type.
pub fn stems(ty: TypeId) -> Vec<String> {
    let name = snake(ty.name());
    let short = name.strip_suffix("_type").map(str::to_owned);
    short.into_iter().chain([name]).collect()
}

/// `appointmentTypeId` and `AppointmentType` in the schema's usual way.
pub fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = None;
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_some_and(|before: char| before.is_ascii_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        before = Some(c);
    }
    snake
}

/// The columns that may name the person whom a record is about, the likeliest first.
pub const PERSONS: [&str; 3] = ["patient_id", "client_id", "user_id"];

/// The column that names the person whom a record is about.
pub fn person(ty: TypeId) -> Option<Slot> {
    PERSONS.iter().find_map(|name| ty.shape().slot(name)).filter(|slot| ty.shape().column(*slot).base == Base::Id)
}

/// The columns that name whoever made a record.
pub fn makers(ty: TypeId) -> Vec<Slot> {
    const NAMES: [&str; 12] = [
        "author",
        "author_id",
        "created_by",
        "created_by_id",
        "created_user_id",
        "creator",
        "creator_id",
        "initiator",
        "owner",
        "owner_id",
        "poster",
        "user",
    ];
    let shape = ty.shape();
    let keyed = |name: &str| shape.slot(&format!("{name}_id")).is_some();
    let found = NAMES.iter().filter(|name| !keyed(name)).filter_map(|name| shape.slot(name));
    found.filter(|slot| names_a_user(shape.column(*slot))).collect()
}

/// The columns that name people: by their type, by what stands beside them, or by what they are called.
pub fn people(ty: TypeId) -> Vec<Slot> {
    const NAMES: [&str; 8] = [
        "attendee_ids",
        "completed_by_id",
        "created_by_id",
        "filler_id",
        "linked_client_id",
        "other_party_id",
        "recipient_id",
        "sender_id",
    ];
    let shape = ty.shape();
    let of_user = |column: &Column| column.base == Base::Record && column.target.name() == "User";
    let beside = |name: &str| name.strip_suffix("_id").and_then(|name| shape.slot(name)).is_some_and(|slot| of_user(shape.column(slot)));
    let names_people = |column: &Column| {
        let name = column.name();
        of_user(column) || column.base == Base::Id && (PERSONS.contains(&name) || NAMES.contains(&name) || beside(name))
    };
    let columns = shape.columns().iter().enumerate();
    columns.filter(|(_, column)| names_people(column)).map(|(slot, _)| slot as Slot).collect()
}

fn names_a_user(column: &Column) -> bool {
    !column.list && (column.base == Base::Id || column.base == Base::Record && column.target.name() == "User")
}

/// What fields of an input refer to without the caller being able to see it: a refusal each.
///
/// Assumed, as for the id that a mutation is about: what may not be seen can't be referred to either.
pub fn strangers<'v>(
    ty: TypeId,
    on: Reading<'_>,
    of: TypeId,
    sent: impl Iterator<Item = (Slot, &'v Value)>,
) -> impl Iterator<Item = Refusal> {
    sent.filter_map(move |(slot, value)| {
        let name = of.shape().column(slot).name();
        let column = fill::column(ty, name, value, &on.scene.catalogue)?;
        let target = refers_to(ty, column, &on.scene.catalogue)?;
        let is_known = |value: &Value| {
            let found = value.as_id().and_then(|id| on.state.get(table(target), id));
            value.is_null() || found.is_some_and(|record| on.may_see(target, record))
        };
        let all_known = value.as_list().map_or_else(|| is_known(value), |items| items.iter().all(is_known));
        (!all_known).then(|| Refusal::not_found(name, target.name()))
    })
}

/// The type of the records whose ids are in `column`.
fn refers_to(ty: TypeId, column: Slot, catalogue: &Catalogue) -> Option<TypeId> {
    let shape = ty.shape();
    let is_about = catalogue.rules(ty).is_some_and(|rules| rules.about == Some(column));
    let partner = match shape.column(column).base {
        _ if is_about => return TypeId::named("User"),
        Base::Record => Some(column),
        Base::Id => shape.column(column).name().strip_suffix("_id").and_then(|name| shape.slot(name)),
        _ => None,
    };
    match catalogue.how(ty, partner?) {
        How::Reference(_, target) | How::Partner(_, Collection { of: target, .. }) | How::Several(_, target) => Some(target),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(name: &str) -> TypeId {
        TypeId::named(name).expect(name)
    }

    #[test]
    fn a_name_says_what_points_where() {
        for (of, to, by) in [
            ("GoalHistory", "Goal", Some("goal_id")),
            ("ChartingNoteAddendumType", "FormAnswerGroup", Some("form_answer_group")),
            ("AppointmentRequestSlotType", "AppointmentRequestType", Some("appointment_request_id")),
            ("Goal", "GoalHistory", None),
        ] {
            let found = pointer(ty(of), ty(to)).map(|slot| ty(of).shape().column(slot).name());
            assert_eq!(found, by, "{of} to {to}");
        }
    }

    #[test]
    fn names_are_read_as_the_schema_writes_them() {
        for (camel, expected) in [("EpisodeOfCare", "episode_of_care"), ("Cms1500", "cms1500"), ("recurringFormId", "recurring_form_id")] {
            assert_eq!(snake(camel), expected);
        }
        assert_eq!(stems(ty("MedicationType")), ["medication", "medication_type"]);
    }

    #[test]
    fn records_are_what_has_an_id() {
        assert!(
            is_record(ty("Goal"))
                && !is_record(ty("createGoalPayload"))
                && !is_record(ty("createGoalInput"))
                && !is_record(ty("GoalDataType"))
        );
    }
}
