//! What a column points to, where only its name says so.

use crate::engine::pointer;
use crate::schema::{Base, Column, ShapeKind, Slot, TypeId};

/// Columns whose name does not say it.
const ODD: [(&str, &str, &str); 10] = [
    ("Announcement", "group_ids", "UserGroup"),
    ("AppointmentType", "provider_ids_for_appt_type_connections", "User"),
    ("CarePlan", "active_for_ids", "User"),
    ("CompletedOnboardingItem", "item_id", "FormAnswerGroup"),
    ("FormAnswerGroupAuditEvent", "addendum_id", "ChartingNoteAddendumType"),
    ("FormAnswerGroupAuditEvent", "signing_id", "FormAnswerGroupSigning"),
    ("FormHistory", "sourceable_id", "RequestedFormCompletion"),
    ("Goal", "parent_id", "Goal"),
    ("OnboardingItem", "item_id", "CustomModuleForm"),
    ("RecurringForm", "form_id", "CustomModuleForm"),
];

/// People, by what they do.
const WORDS: [(&str, &str); 13] = [
    ("author", "User"),
    ("creator", "User"),
    ("filler", "User"),
    ("provider", "User"),
    ("party", "User"),
    ("initiator", "User"),
    ("client", "User"),
    ("patient", "User"),
    ("dietitian", "User"),
    ("participant", "User"),
    ("by", "User"),
    ("recipient", "User"),
    ("sender", "User"),
];

/// The type of the records that `column` holds ids of.
pub fn target(ty: TypeId, column: &Column) -> Option<TypeId> {
    let name = column.name();
    if let Some((_, _, to)) = ODD.iter().find(|(of, odd, _)| *of == ty.name() && *odd == name) {
        return TypeId::named(to);
    }
    if column.base == Base::Record {
        return Some(column.target).filter(|ty| is_object(*ty));
    }
    if column.base != Base::Id {
        return None;
    }
    let stem = name.strip_suffix(if column.list { "_ids" } else { "_id" })?;
    let twin = if column.list { format!("{stem}s") } else { stem.to_owned() };
    let twin = ty.shape().slot(&twin).map(|slot| ty.shape().column(slot)).filter(|twin| twin.base == Base::Record);
    twin.map(|twin| twin.target).or_else(|| by_name(stem))
}

/// `home_organization` is an `Organization`.
fn by_name(mut stem: &str) -> Option<TypeId> {
    loop {
        if let Some((_, to)) = WORDS.iter().find(|(word, _)| *word == stem) {
            return TypeId::named(to);
        }
        let name = camel(stem);
        let named = [name.clone(), format!("{name}Type")].iter().find_map(|name| TypeId::named(name).filter(|ty| is_object(*ty)));
        if named.is_some() {
            return named;
        }
        stem = stem.split_once('_')?.1;
    }
}

fn is_object(ty: TypeId) -> bool {
    ty.shape().kind == ShapeKind::Object
}

fn camel(name: &str) -> String {
    name.split('_').flat_map(|word| word.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c })).collect()
}

/// The column that keeps what is written to `slot`: `dietitian: ada` is kept in `dietitian_id`. None for a list of
/// records that nothing keeps.
pub fn kept_in(ty: TypeId, slot: Slot) -> Option<Slot> {
    let shape = ty.shape();
    let column = shape.column(slot);
    if column.base != Base::Record || column.target.shape().kind != ShapeKind::Object {
        return Some(slot);
    }
    match (ty.name(), column.name(), column.list) {
        ("Appointment", "provider", _) => shape.slot("other_party_id"),
        ("RecurringForm", "users" | "userGroups", _) => Some(slot),
        (_, name, false) => Some(shape.slot(&format!("{name}_id")).unwrap_or(slot)),
        (_, name, true) => shape.slot(&format!("{}_ids", name.trim_end_matches('s'))).or_else(|| keeps_ids(ty, column).then_some(slot)),
    }
}

/// True where nothing of the listed records points back, so that the list itself keeps their ids.
fn keeps_ids(ty: TypeId, column: &Column) -> bool {
    column.target == ty || pointer(column.target, ty).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_column_points_to() {
        for (ty, name, to) in [
            ("User", "dietitian_id", "User"),
            ("User", "home_organization_id", "Organization"),
            ("User", "other_provider_ids", "User"),
            ("User", "user_group_id", "UserGroup"),
            ("Appointment", "other_party_id", "User"),
            ("Appointment", "appointment_type_id", "AppointmentType"),
            ("Appointment", "additional_provider_ids", "User"),
            ("Appointment", "attendee_ids", "User"),
            ("Appointment", "pm_status_last_changed_by_id", "User"),
            ("AppointmentType", "provider_ids_for_appt_type_connections", "User"),
            ("ApiKey", "user_id", "User"),
            ("WebhookEvent", "webhook_id", "Webhook"),
            ("Organization", "parent_organization_id", "Organization"),
            ("OrganizationInfo", "location", "Location"),
        ] {
            let ty = TypeId::named(ty).expect("a type");
            let column = ty.shape().column(ty.shape().slot(name).expect(name));
            assert_eq!(target(ty, column).map(TypeId::name), Some(to), "{ty:?}.{name}");
        }
    }
}
