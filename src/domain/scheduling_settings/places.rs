//! Where visits take place: the locations of a setting, and the rooms there.

use super::setting::of_provider;
use crate::domain::appointments::is_active;
use crate::engine::{Answer, Input, List, QueryError, Reading, Value, View, Within, moment};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentLocation, AppointmentSetting, AppointmentType, Availability, LocationResourceType, Room, User, args,
};

type L = AppointmentLocation;
type Asked = args::appointmentLocations;

/// Documented: public; what the viewer, a provider or the organization can use. Assumed: clients see what they can book.
pub fn appointment_locations() -> List<L, Asked> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let provider = asked.get(Asked::provider_id).ok().flatten().and_then(|provider| on.find_any::<User>(provider));
            match provider.map_or(on.viewer().organization(), |provider| provider.organization()) {
                0 => Within::nothing(),
                organization => Within::organization(organization),
            }
        })
        .keep(|place, asked| place.on.viewer().is_member() && asked.is(Asked::org_level) || is_of_those_asked(place, asked))
        .keep(|place, _| place.on.viewer().is_member() || place.is(L::clients_can_book))
        .keep(has_room)
        .reads(Asked::provider_ids)
        .reads(Asked::org_level)
        .filter(Asked::ids, |place, ids| ids.is_empty() || ids.contains(&(place.id() as i64)))
        .filter(Asked::location_ids, |place, ids| ids.is_empty() || ids.contains(&place.id()))
        .keywords(Asked::keywords)
        // Documented: of no effect unless hours are by place.
        .filter(Asked::with_availability, |place, with| {
            let setting = place.follow::<AppointmentSetting, _>(L::appointment_setting_id);
            let matters = setting.is_some_and(|setting| setting.is(AppointmentSetting::times_by_location));
            let mut hours = place.on.all::<Availability>();
            !matters || hours.any(|hours| hours.get(Availability::appointment_location_id) == Some(place.id())) == with
        })
}

fn is_of_those_asked(place: &View<'_, L>, asked: &Input<'_, Asked>) -> bool {
    let several: Vec<u64> = asked.get(Asked::provider_ids).ok().flatten().unwrap_or_default().into_iter().collect();
    let one = asked.get(Asked::provider_id).ok().flatten();
    let providers: Vec<u64> = match several.is_empty() {
        true => one.or(super::setting::whom(place.on)).into_iter().collect(),
        false => several,
    };
    providers.is_empty() || providers.into_iter().any(|provider| is_of(place, provider))
}

fn is_of(place: &View<'_, L>, provider: u64) -> bool {
    of_provider(place.on, provider).is_some_and(|setting| place.get(L::appointment_setting_id) == Some(setting.id()))
}

/// Documented: a place all of whose rooms are taken then is left out.
fn has_room(place: &View<'_, L>, asked: &Input<'_, Asked>) -> bool {
    let on = place.on;
    let kind = asked.get(Asked::appointment_type_id).ok().flatten().and_then(|kind| on.find_any::<AppointmentType>(kind));
    let at = asked.get(Asked::appointment_date).ok().flatten().and_then(|at| moment::parse_instant(at, asked.zone()));
    let (Some(kind), Some(at)) = (kind, at) else { return true };
    let until = moment::later(at, kind.get(AppointmentType::length).unwrap_or(60) * 60);
    let rooms: Vec<View<'_, Room>> = on.having(Room::appointment_location_id, place.id()).collect();
    let is_taken = |room: &View<'_, Room>| {
        room.is(Room::limit_to_one)
            && on.all::<Appointment>().any(|visit| {
                let overlaps = visit.get(Appointment::date) < Some(until) && visit.get(Appointment::ends_at) > Some(at);
                overlaps && visit.value(Appointment::room_id.slot).as_id() == Some(room.id()) && is_active(&visit)
            })
    };
    rooms.is_empty() || !rooms.iter().all(is_taken)
}

pub fn provider_appointment_locations() -> List<L, args::providerAppointmentLocations> {
    List::new().unpaged().keep(|place, asked| {
        let provider = asked.get(args::providerAppointmentLocations::provider_id).ok().flatten().or(place.on.viewer().id());
        provider.is_none_or(|provider| is_of(place, provider))
    })
}

/// The rooms of the locations, as a calendar lists them.
pub fn location_resources(on: Reading<'_>, asked: &Input<'_, args::locationResources>) -> Result<Answer, QueryError> {
    type R = LocationResourceType;
    let ids: Vec<u64> = asked.get(args::locationResources::location_ids).ok().flatten().unwrap_or_default();
    let rooms = on.all::<Room>().filter(|room| {
        let place = room.get(Room::appointment_location_id);
        on.may_see(Room::TYPE, room.record()) && (ids.is_empty() || place.is_some_and(|place| ids.contains(&place)))
    });
    let shown = rooms.map(|room| {
        let title = Value::from(room.get(Room::name).map(str::to_owned));
        Answer::Object(
            R::TYPE,
            vec![(R::resourceId.slot, Value::from(room.id().to_string()).into()), (R::resourceTitle.slot, title.into())],
        )
    });
    Ok(Answer::List(if on.viewer().is_member() { shown.collect() } else { vec![] }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_booking_page_sees_the_places_that_clients_can_book() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        let document = format!(r#"{{ appointmentLocations(provider_id: "{provider}") {{ location has_rooms rooms {{ name }} }} }}"#);
        let new_york = json!({ "location": "480 Alder Street, Suite 3, New York", "has_rooms": true, "rooms": [{ "name": "Room 1" }, { "name": null }] });
        assert_eq!(clinic.as_role("nobody").run(&document)["data"]["appointmentLocations"], json!([new_york]));
        assert_eq!(clinic.as_role("provider").run(&document)["data"]["appointmentLocations"].as_array().map(Vec::len), Some(2));
        assert_eq!(clinic.as_role("outsider").run(&document)["data"]["appointmentLocations"], json!([]));
    }
}
