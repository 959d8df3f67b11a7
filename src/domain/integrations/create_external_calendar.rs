//! `createExternalCalendar`: stores the tokens of a calendar elsewhere; nothing is called with them.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{ExternalCalendar, User, createExternalCalendarInput as Input};

/// Documented: for another member only by administrators. Assumed: a member has one calendar of a kind, which a second
/// one replaces.
pub fn create_external_calendar(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let owner = match call.is_blank(Input::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::user_id)?.id(),
    };
    if !call.viewer().is(owner) && !call.viewer().is_admin() {
        return Err(Refusal::no_permission("create this external calendar"));
    }
    let kind = call.require(Input::external_type)?;
    let known = call.having(ExternalCalendar::user_id, owner).into_iter();
    let known =
        known.into_iter().find(|known| known.get(ExternalCalendar::external_type).is_some_and(|own| own.eq_ignore_ascii_case(kind)));
    let draft = match known {
        Some(known) => call.edit(&known),
        None => call.draft::<ExternalCalendar>(),
    };
    let draft = draft.set(ExternalCalendar::user_id, owner).set(ExternalCalendar::is_errored, false);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_calendar_is_connected_changed_and_dropped() {
        let clinic = Clinic::open().as_role("provider2");
        let made = clinic.run(
            r#"mutation { createExternalCalendar(input: {external_type: "Google", email: "cal@clinic.example", refresh_token: "r"}) {
                external_calendar { id external_type add_to_calendar pull_from_calendar has_refresh_token has_ran_first_sync user_id } messages { message } } }"#,
        );
        let calendar = &made["data"]["createExternalCalendar"]["external_calendar"];
        let id = calendar["id"].as_str().unwrap_or_else(|| panic!("made: {made}"));
        assert_eq!(
            *calendar,
            json!({"id": id, "external_type": "Google", "add_to_calendar": true, "pull_from_calendar": true, "has_refresh_token": true,
                "has_ran_first_sync": false, "user_id": clinic.id("User", "provider2")})
        );
        let read = "{ externalCalendars(calendar_type: google) { nodes { id } } currentUser { google_calendar { id } outlook { id } has_synced_cal } }";
        assert_eq!(
            clinic.run(read)["data"],
            json!({"externalCalendars": {"nodes": [{"id": id}]}, "currentUser": {"google_calendar": {"id": id}, "outlook": null, "has_synced_cal": true}})
        );
        let update = format!(r#"updateExternalCalendar(input: {{id: "{id}", pull_from_calendar: false}})"#);
        clinic.as_role("provider").refuses(&update, &[("id", "ExternalCalendar not found")]);
        let changed = clinic.run(&format!("mutation {{ {update} {{ external_calendar {{ pull_from_calendar }} }} }}"));
        assert_eq!(changed["data"]["updateExternalCalendar"]["external_calendar"]["pull_from_calendar"], false);
        clinic.run(&format!(r#"mutation {{ deleteExternalCalendar(input: {{id: "{id}"}}) {{ messages {{ message }} }} }}"#));
        assert_eq!(clinic.run(read)["data"]["currentUser"]["google_calendar"], json!(null));
    }

    #[test]
    fn others_calendars_are_the_administrators_business() {
        let clinic = Clinic::open();
        let owner = clinic.id("User", "owner");
        let create = format!(r#"createExternalCalendar(input: {{external_type: "Outlook", user_id: "{owner}"}})"#);
        clinic.as_role("provider").refuses(&create, &[("base", "You do not have permission to create this external calendar.")]);
        clinic.refuses(r#"createExternalCalendar(input: {external_type: "Paper"})"#, &[("external_type", "is not included in the list")]);
    }
}
