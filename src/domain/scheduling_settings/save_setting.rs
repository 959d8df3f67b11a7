//! `createAppointmentSetting` and `updateAppointmentSetting`.

use super::setting::{of_organization, of_provider, own, whom, with_defaults};
use crate::domain::{appointments, people::is_member};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{
    AppointmentSetting, Availability, ContactTypeOverrideInput, Organization, OrganizationMembership, User,
    createAppointmentSettingInput as Create, updateAppointmentSettingInput as Update,
};
use crate::schema::{Field, Many, Named, One};

type S = AppointmentSetting;

/// Assumed: without a provider it is the organization's, and a second one of the same is the first, changed.
pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    refuse_long_names(call, Create::contact_type_overrides)?;
    let owner = call.find_any::<Organization>(call.viewer().organization()).and_then(|own| own.get(Organization::owner_id));
    let whose = match call.is_blank(Create::user_id) {
        true => owner.unwrap_or(call.viewer_id()),
        false => call.target::<User, _>(Create::user_id)?.id(),
    };
    call.accept(Create::user_id);
    if !call.on().find_any::<User>(whose).is_some_and(|user| is_member(&user)) {
        return Err(Refusal::not_found(Create::user_id.name(), User::TYPE.name()));
    }
    let before = own(call.on(), whose).map(|setting| setting.row().clone());
    let draft = match &before {
        Some(known) => call.edit(known),
        None => call.draft::<S>(),
    };
    call.check(&draft)?;
    let saved = with_defaults(draft).set(S::user_id, whose).save(call);
    forget_hours(call, before.as_ref(), &saved);
    appointments::plan_reminders_anew(call, saved.organization());
    Ok(call.save_nested(&saved)?.into())
}

/// Assumed: without an id it is the one that the caller goes by.
pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    refuse_long_names(call, Update::contact_type_overrides)?;
    let before = match call.is_blank(Update::id) {
        true => {
            let found = whom(call.on()).and_then(|whom| of_provider(call.on(), whom)).map(|setting| setting.row().clone());
            found.ok_or_else(|| Refusal::not_found(Update::id.name(), S::TYPE.name()))?
        }
        false => call.target::<S, _>(Update::id)?,
    };
    call.accept(Update::id);
    let draft = call.edit(&before);
    call.check(&draft)?;
    let saved = draft.save(call);
    forget_hours(call, Some(&before), &saved);
    appointments::plan_reminders_anew(call, saved.organization());
    Ok(call.save_nested(&saved)?.into())
}

/// Documented: names have up to 25 characters.
fn refuse_long_names<I: Named>(call: &Call<'_, I>, field: Field<I, Many<One<ContactTypeOverrideInput>>>) -> Result<(), Refusal> {
    let ways = call.get(field)?.unwrap_or_default();
    let is_long = |name: &str| name.chars().count() > 25;
    match ways.iter().filter_map(|way| way.get(ContactTypeOverrideInput::name)).any(is_long) {
        true => Err(Refusal::on(field, "is too long (maximum is 25 characters)")),
        false => Ok(()),
    }
}

/// Documented: whoever has hours by type, place or way to meet from now on, or no more, sets them anew. Assumed: nobody is told.
fn forget_hours<I: Named>(call: &mut Call<'_, I>, before: Option<&Row<S>>, after: &Row<S>) {
    let scopes = [S::times_by_appointment_type, S::times_by_contact_type, S::times_by_location];
    let Some(before) = before.filter(|before| scopes.iter().any(|scope| before.is(*scope) != after.is(*scope))) else { return };
    let on = call.on();
    let is_of_all = of_organization(on, before.organization()).is_some_and(|of_all| of_all.id() == before.id());
    let owner = before.get(S::user_id);
    let members: Vec<u64> = match is_of_all {
        true => on
            .having(OrganizationMembership::organization_id, before.organization())
            .filter_map(|membership| membership.get(OrganizationMembership::user_id))
            .filter(|member| Some(*member) == owner || own(on, *member).is_none())
            .collect(),
        false => owner.into_iter().collect(),
    };
    for member in members {
        for hours in call.having(Availability::user_id, member) {
            call.silence(&hours);
            call.delete(&hours);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn a_provider_without_a_setting_goes_by_the_organizations() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        let document = format!(r#"{{ appointmentSetting(provider_id: "{provider}") {{ id buffer pm_statuses owner {{ first_name }} }} }}"#);
        let setting = json!({
            "id": clinic.id("AppointmentSetting", "clinic"), "buffer": "0",
            "pm_statuses": ["Occurred", "Cancelled", "No-Show", "Re-Scheduled", "Late Cancellation"], "owner": { "first_name": "Margaret" },
        });
        assert_eq!(clinic.as_role("provider2").run(&document)["data"]["appointmentSetting"], setting);
        let own = clinic.run(&format!(
            r#"mutation {{ createAppointmentSetting(input: {{user_id: "{provider}", buffer: "10", start_time: "8", end_time: "17"}}) {{
                appointmentSetting {{ buffer allow_clients_to_cancel_appt cant_cancel_message base_calendar_interval }} messages {{ field }} }} }}"#
        ));
        assert_eq!(
            own["data"]["createAppointmentSetting"],
            json!({ "appointmentSetting": { "buffer": "10", "allow_clients_to_cancel_appt": true,
                "cant_cancel_message": "Please contact provider to cancel", "base_calendar_interval": "FIFTEEN_MINUTES" }, "messages": null })
        );
        assert_eq!(clinic.as_role("nobody").run(&document)["data"]["appointmentSetting"]["buffer"], "10");
    }

    #[test]
    fn places_rooms_and_ways_to_meet_are_set_with_it() {
        let clinic = Clinic::open().in_version(Version::V2024_06_01);
        let [id, place] = [("AppointmentSetting", "clinic"), ("AppointmentLocation", "los_angeles")].map(|(ty, at)| clinic.id(ty, at));
        let answer = clinic.run(&format!(
            r#"mutation {{ updateAppointmentSetting(input: {{id: "{id}", appointment_locations: [
                {{location: "Annex", rooms: [{{name: "Blue", limit_to_one: true}}]}}, {{id: "{place}", _destroy: true}}],
                contact_type_overrides: [{{name: "Walk and talk", show: true, position: 4}}]}}) {{
                appointmentSetting {{ appointment_locations {{ location has_rooms rooms {{ name limit_to_one }} }} }} messages {{ field }} }} contactTypesOf: updateAppointmentSetting(input: {{}}) {{ messages {{ field }} }} }}"#
        ));
        let places = &answer["data"]["updateAppointmentSetting"]["appointmentSetting"]["appointment_locations"];
        assert_eq!(places.as_array().map(Vec::len), Some(2), "{answer}");
        assert_eq!(places[1], json!({ "location": "Annex", "has_rooms": true, "rooms": [{ "name": "Blue", "limit_to_one": true }] }));
        let ways = clinic.run("{ contactTypes }");
        assert_eq!(ways["data"]["contactTypes"], json!(["Healthie Video Call", "In Person", "Phone Call", "Walk and talk"]));
        let long = format!(
            r#"updateAppointmentSetting(input: {{id: "{id}", contact_type_overrides: [{{name: "A way to meet that is too long"}}]}})"#
        );
        clinic.refuses(&long, &[("contact_type_overrides", "is too long (maximum is 25 characters)")]);
    }

    #[test]
    fn hours_by_place_are_set_anew() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentSetting", "clinic");
        clinic.run(&format!(
            r#"mutation {{ updateAppointmentSetting(input: {{id: "{id}", times_by_location: true}}) {{ messages {{ field }} }} }}"#
        ));
        assert_eq!(clinic.as_role("provider").run("{ availabilitiesCount }")["data"]["availabilitiesCount"], 0);
        assert_eq!(clinic.as_role("outsider").run("{ availabilitiesCount }")["data"]["availabilitiesCount"], 1);
    }

    #[test]
    fn settings_take_a_flag() {
        Clinic::open()
            .as_role("limited")
            .refuses("updateAppointmentSetting(input: {})", &[("base", "You do not have permission to update this appointment setting.")]);
    }
}
