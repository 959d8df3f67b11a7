//! What an appointment type is, and whose it is.

use crate::domain::{availability, scheduling_settings};
use crate::engine::{Answer, Draft, Entity, Refusal, Value, View};
use crate::schema::Named;
use crate::schema::names::{AppointmentType, Organization, OrganizationMembership, ProviderApptTypeConnection, User};
use jiff::ToSpan;

/// The ways to meet, as inputs name them and as people read them. Documented: these three are there from the start.
const CONTACT_TYPES: [(&str, &str); 3] = [("video_chat", "Healthie Video Call"), ("in_person", "In Person"), ("phone_call", "Phone Call")];

pub fn entity() -> Entity<AppointmentType> {
    Entity::new()
        .requires(AppointmentType::name)
        .requires(AppointmentType::length)
        // Assumed: a plain type can be booked by everybody. No default but the position's is documented.
        .defaults(AppointmentType::clients_can_book, true)
        .defaults(AppointmentType::bookable_without_group, true)
        .defaults(AppointmentType::is_group, false)
        .defaults(AppointmentType::is_waitlist_enabled, false)
        .defaults(AppointmentType::require_specific_providers, false)
        .indexed(AppointmentType::user_id)
        // Documented: public. Assumed: an organization's members have no business with another's types.
        .visible(|kind| !kind.on.viewer().is_member() || kind.on.viewer().reaches(kind.organization()))
        .kept_when_deleted(AppointmentType::deleted_at)
        .searched(AppointmentType::name)
        .answers(AppointmentType::organization_id, |kind| Value::Id(kind.organization()).into())
        .computed(AppointmentType::client_display_name, |kind| Some(client_display_name(kind).to_owned()))
        .computed(AppointmentType::time_on_label, time_on_label)
        .computed(AppointmentType::available_contact_types, |kind| Some(available_contact_types(kind)))
        .computed(AppointmentType::has_specific_appointment_settings, |kind| Some(scheduling_settings::has_own(kind)))
        .computed(AppointmentType::availability_exists_for, |kind| Some(can_be_booked(kind)))
        .computed(AppointmentType::has_available_group_appts, |kind| Some(kind.is(AppointmentType::is_group) && can_be_booked(kind)))
        .answers(AppointmentType::provider_appt_type_connections, |kind| Answer::List(connections(kind)))
        // Documented: for staff only.
        .answers(AppointmentType::metadata, |kind| match kind.on.viewer().is_member() {
            true => kind.value(AppointmentType::metadata.slot).clone().into(),
            false => Answer::NULL,
        })
}

/// Assumed: a visit of this type would end before it begins.
pub fn refuse_no_length(kind: &Draft<AppointmentType>) -> Result<(), Refusal> {
    match kind.get(AppointmentType::length) {
        Some(minutes) if minutes <= 0 => Err(Refusal::named("length", "must be greater than 0")),
        _ => Ok(()),
    }
}

fn client_display_name<'a>(kind: &'a View<'_, AppointmentType>) -> &'a str {
    let facing = kind.get(AppointmentType::client_facing_display_name).filter(|name| !name.trim().is_empty());
    facing.or_else(|| kind.get(AppointmentType::name)).unwrap_or_default()
}

/// Assumed: name and length; how they are put together is not documented.
fn time_on_label(kind: &View<'_, AppointmentType>) -> Option<String> {
    let name = kind.get(AppointmentType::name)?;
    Some(match kind.get(AppointmentType::length) {
        Some(minutes) => format!("{name} - {minutes} Minutes"),
        None => name.to_owned(),
    })
}

/// The type's own choice; without one, what the settings show.
fn available_contact_types(kind: &View<'_, AppointmentType>) -> Vec<String> {
    let chosen = kind.get(AppointmentType::contact_type_overrides).unwrap_or_default();
    if chosen.is_empty() {
        return scheduling_settings::effective(kind.on, kind.get(AppointmentType::user_id), Some(kind.id())).contact_types();
    }
    let shown = CONTACT_TYPES.iter().filter(|(token, _)| chosen.contains(token));
    shown.map(|(_, name)| (*name).to_owned()).collect()
}

/// True where there is a free time in the next weeks, with whoever the type is of.
fn can_be_booked(kind: &View<'_, AppointmentType>) -> bool {
    let connected = kind.get(AppointmentType::provider_ids_for_appt_type_connections).unwrap_or_default();
    let providers = if connected.is_empty() { availability::providers_of(kind.on, kind.organization()) } else { connected };
    let zone = kind.on.viewer().zone.clone();
    let today = zone.to_datetime(kind.on.now()).date();
    let days = today..=today.checked_add(28.days()).unwrap_or(today);
    let search = availability::Search { providers, ..availability::Search::of(0, Some(kind.id()), days, zone) };
    !search.slots(kind.on).is_empty()
}

/// Assumed: a connection's id, which no root field takes.
fn connections(kind: &View<'_, AppointmentType>) -> Vec<Answer> {
    let providers = kind.get(AppointmentType::provider_ids_for_appt_type_connections).unwrap_or_default();
    let connection = |provider: u64| {
        let user = kind.on.find_any::<User>(provider);
        let name = user.map(|user| crate::domain::people::full_name(&user));
        let values = vec![
            (ProviderApptTypeConnection::id.slot, Value::from(format!("{}-{provider}", kind.id())).into()),
            (ProviderApptTypeConnection::appointment_type_id.slot, Value::Id(kind.id()).into()),
            (ProviderApptTypeConnection::user_id.slot, Value::Id(provider).into()),
            (ProviderApptTypeConnection::provider_name.slot, Value::from(name).into()),
        ];
        Answer::Object(ProviderApptTypeConnection::TYPE, values)
    };
    providers.into_iter().map(connection).collect()
}

/// True where `provider` has the type: made it, is connected to it, or belongs to an organization that it is shared with.
pub fn offers(kind: &View<'_, AppointmentType>, provider: u64) -> bool {
    let connected = kind.get(AppointmentType::provider_ids_for_appt_type_connections).unwrap_or_default().contains(&provider);
    let own = kind.get(AppointmentType::user_id) == Some(provider);
    let for_all = !kind.is(AppointmentType::require_specific_providers) && is_shared(kind);
    own || connected || for_all && kind.on.find_any::<User>(provider).is_some_and(|user| user.organization() == kind.organization())
}

/// Documented: types of members who share theirs are there for the whole organization; the owner's are too.
fn is_shared(kind: &View<'_, AppointmentType>) -> bool {
    let Some(maker) = kind.get(AppointmentType::user_id) else { return true };
    let owns = kind.on.find_any::<Organization>(kind.organization()).and_then(|own| own.get(Organization::owner_id)) == Some(maker);
    let mut memberships = kind.on.having(OrganizationMembership::user_id, maker);
    owns || memberships.any(|membership| membership.is(OrganizationMembership::share_appointment_types))
}
