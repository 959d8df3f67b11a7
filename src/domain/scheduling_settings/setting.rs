//! How visits are booked, moved and cancelled: one setting for the organization, which providers and types may have their own
//! beside.

use crate::domain::insurance;
use crate::engine::{Answer, Draft, Entity, Input, Kind, QueryError, Reading, Value, View};
use crate::schema::names::{
    AppointmentLocation, AppointmentSetting, AppointmentType, BaseCalendarInterval, CalendarColorScheme, ContactType, Organization, Room,
    User, args,
};
use crate::schema::{Bool, Field};

type S = AppointmentSetting;

/// Documented: these are there from the start.
const STATUSES: [&str; 4] = ["Occurred", "Cancelled", "No-Show", "Re-Scheduled"];
pub const CONTACT_TYPES: [&str; 3] = ["Healthie Video Call", "In Person", "Phone Call"];

pub fn entity() -> Entity<S> {
    insurance::answer_of_setting(Entity::new())
        .indexed(S::user_id)
        .visible(|setting| is_open(setting, setting.organization()))
        .refers(S::owner, S::user_id)
        .collects(S::appointment_locations, AppointmentLocation::appointment_setting_id)
        .collects(S::contact_type_overrides, ContactType::appointment_setting_id)
        .collects(S::calendar_color_schemes, CalendarColorScheme::appointment_setting_id)
        .ruled(S::user_id)
        .ruled(S::pm_statuses)
        .answers(S::pm_statuses, |setting| Answer::Value(Value::List(statuses(setting).into_iter().map(Value::from).collect())))
        // Documented (sample): clients may move their visits; a type's setting that says nothing leaves it so.
        .computed(S::allow_clients_to_reschedule_appt, |setting| Some(setting.get(S::allow_clients_to_reschedule_appt).unwrap_or(true)))
        .answers(S::base_calendar_interval, |setting| {
            let said = setting.value(S::base_calendar_interval.slot).clone();
            if said.is_null() { Value::text(BaseCalendarInterval::FIFTEEN_MINUTES.name).into() } else { said.into() }
        })
        .computed(S::auto_charge_enabled, |setting| {
            Some(setting.is(S::auto_schedule_charges_for_late_cancellation_no_show) || setting.is(S::charge_for_occurred_appts))
        })
        .answers(S::charge_for_occured_appts, |setting| setting.value(S::charge_for_occurred_appts.slot).clone().into())
}

pub fn location() -> Entity<AppointmentLocation> {
    Entity::new()
        .indexed(AppointmentLocation::appointment_setting_id)
        .searched(AppointmentLocation::location)
        .defaults(AppointmentLocation::clients_can_book, true)
        .visible(|location| is_open(location, location.organization()))
        .collects(AppointmentLocation::rooms, Room::appointment_location_id)
        .ruled(AppointmentLocation::has_rooms)
        .computed(AppointmentLocation::has_rooms, |location| {
            Some(location.on.count_having(Room::appointment_location_id, location.id()) > 0)
        })
}

pub fn room() -> Entity<Room> {
    Entity::new()
        .indexed(Room::appointment_location_id)
        .defaults(Room::limit_to_one, false)
        .visible(|room| is_open(room, room.organization()))
}

pub fn contact_type() -> Entity<ContactType> {
    Entity::new()
        .indexed(ContactType::appointment_setting_id)
        .defaults(ContactType::show, true)
        .visible(|way| is_open(way, way.organization()))
        .answers(ContactType::form_id, |way| Value::Id(way.id()).into())
}

/// Documented: public. Assumed: an organization's members have no business with another's.
fn is_open<T>(view: &View<'_, T>, organization: u64) -> bool {
    !view.on.viewer().is_member() || view.on.viewer().reaches(organization)
}

/// Documented (sample of a setting): what a new one for the organization or a provider says.
pub fn with_defaults(mut setting: Draft<S>) -> Draft<S> {
    const YES: [Field<S, Bool>; 4] =
        [S::allow_clients_to_cancel_appt, S::allow_clients_to_reschedule_appt, S::clients_have_billing, S::send_booking_notice];
    const NO: [Field<S, Bool>; 12] = [
        S::allow_past_appointment_rescheduling,
        S::confirm_by_default,
        S::ask_clients_to_confirm,
        S::ask_to_confirm_via_text,
        S::auto_invoicing,
        S::client_should_call_provider,
        S::always_send_confirm_notification,
        S::same_day_appointments,
        S::prevent_client_booking,
        S::times_by_appointment_type,
        S::times_by_contact_type,
        S::times_by_location,
    ];
    for (fields, said) in [(&YES[..], true), (&NO[..], false)] {
        for field in fields.iter().filter(|field| setting.is_blank(**field)).copied().collect::<Vec<_>>() {
            setting.put(field, said);
        }
    }
    for (field, said) in [
        (S::buffer, "0"),
        (S::calendar_interval, "30"),
        (S::default_video_service, "internal"),
        (S::zoom_open_preference, "embedded_zoom"),
        (S::cant_cancel_message, "Please contact provider to cancel"),
        (S::cant_reschedule_message, "Please contact provider to reschedule"),
    ] {
        if setting.is_blank(field) {
            setting.put(field, said.to_owned());
        }
    }
    setting
}

/// What goes for the visits of one type with one provider. Documented: a type's own setting comes first, then the provider's,
/// then the organization's.
pub struct Settings<'s> {
    layers: Vec<View<'s, S>>,
}

impl Settings<'_> {
    pub fn get<K: Kind>(&self, field: Field<S, K>) -> Option<K::Read<'_>> {
        self.layers.iter().find_map(|layer| layer.get(field))
    }

    pub fn is(&self, field: Field<S, Bool>) -> bool {
        self.get(field) == Some(true)
    }

    /// A number that the API keeps in a String.
    pub fn number(&self, field: Field<S, crate::schema::Text>) -> Option<i64> {
        self.get(field)?.trim().parse().ok()
    }

    /// The ways to meet that are shown. Documented: a setting that lists none has the usual ones.
    pub fn contact_types(&self) -> Vec<String> {
        let listed = self.layers.iter().map(overrides).find(|listed| !listed.is_empty());
        let shown = |ways: Vec<View<'_, ContactType>>| {
            let shown = ways.iter().filter(|way| way.is(ContactType::show));
            shown.filter_map(|way| way.get(ContactType::name).map(str::to_owned)).collect()
        };
        listed.map_or_else(|| CONTACT_TYPES.map(str::to_owned).to_vec(), shown)
    }
}

fn overrides<'s>(setting: &View<'s, S>) -> Vec<View<'s, ContactType>> {
    let mut all: Vec<_> = setting.on.having(ContactType::appointment_setting_id, setting.id()).collect();
    all.sort_by_key(|way| (way.get(ContactType::position).unwrap_or(i64::MAX), way.id()));
    all
}

pub fn effective(on: Reading<'_>, provider: Option<u64>, kind: Option<u64>) -> Settings<'_> {
    let of_type = kind.and_then(|kind| on.having(S::appointment_type_id, kind).next());
    Settings { layers: of_type.into_iter().chain(provider.and_then(|provider| of_provider(on, provider))).collect() }
}

/// The provider's own, else the organization's.
pub fn of_provider(on: Reading<'_>, provider: u64) -> Option<View<'_, S>> {
    let organization = on.find_any::<User>(provider)?.organization();
    own(on, provider).or_else(|| of_organization(on, organization))
}

/// The one that is the provider's alone.
pub fn own(on: Reading<'_>, provider: u64) -> Option<View<'_, S>> {
    on.having(S::user_id, provider).find(|setting| setting.get(S::appointment_type_id).is_none())
}

/// Documented: the organization's is its owner's.
pub fn of_organization(on: Reading<'_>, organization: u64) -> Option<View<'_, S>> {
    let owner = on.find_any::<Organization>(organization)?.get(Organization::owner_id)?;
    own(on, owner)
}

/// Whose settings the viewer goes by: a patient by those of the primary provider.
pub fn whom(on: Reading<'_>) -> Option<u64> {
    let viewer = on.viewer();
    match viewer.is_patient() {
        true => viewer.user.as_ref()?.get(User::dietitian_id),
        false => viewer.id(),
    }
}

pub fn appointment_setting(on: Reading<'_>, asked: &Input<'_, args::appointmentSetting>) -> Result<Answer, QueryError> {
    let (id, provider) = (asked.get(args::appointmentSetting::id), asked.get(args::appointmentSetting::provider_id));
    Ok(match (id.ok().flatten(), provider.ok().flatten()) {
        (Some(id), _) => on.find::<S>(id).into(),
        (None, Some(provider)) => of_provider(on, provider).and_then(|found| on.find::<S>(found.id())).into(),
        (None, None) => whom(on).and_then(|whom| of_provider(on, whom)).into(),
    })
}

pub fn contact_types(on: Reading<'_>) -> Answer {
    let names = effective(on, whom(on), None).contact_types();
    Value::List(names.into_iter().map(Value::from).collect()).into()
}

/// Documented: the usual ones, what is switched on besides, then those of the organization's own.
fn statuses(setting: &View<'_, S>) -> Vec<String> {
    let more = [("Late Cancellation", S::enable_late_cancellation_status), ("Checked-In", S::enable_checked_in_status)];
    let mut all: Vec<String> = STATUSES.map(str::to_owned).to_vec();
    all.extend(more.into_iter().filter(|(_, flag)| setting.is(*flag)).map(|(name, _)| name.to_owned()));
    let own = setting.get(S::pm_statuses).unwrap_or_default();
    all.extend(own.into_iter().filter(|own| !STATUSES.contains(own)).map(str::to_owned));
    all
}

/// What a person's calendar goes by.
pub fn of_person(entity: Entity<User>) -> Entity<User> {
    entity
        .answers(User::appointment_setting, |user| {
            let provider = if user.is(User::is_patient) { user.get(User::dietitian_id) } else { Some(user.id()) };
            let found = provider.and_then(|provider| of_provider(user.on, provider));
            found.and_then(|found| user.on.find::<S>(found.id())).into()
        })
        .computed(User::has_own_appointment_setting, |user| Some(own(user.on, user.id()).is_some()))
}

/// True where the type has a setting that overrides the others.
pub fn has_own(kind: &View<'_, AppointmentType>) -> bool {
    kind.on.count_having(S::appointment_type_id, kind.id()) > 0
}
