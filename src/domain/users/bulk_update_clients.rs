//! `bulkUpdateClients`: one change to many patients.

use super::care_team;
use crate::domain::appointments::cancel_upcoming_of;
use crate::engine::{Answer, Call, Draft, Made, Refusal, Row, View};
use crate::schema::names::{OrganizationMembership, User, UserGroup, bulkUpdateClientsInput as Input, bulkUpdateClientsPayload as Payload};

/// What a call changes. Documented: a group comes before all else, then whether they are active.
enum Change {
    Group(Option<u64>),
    Active(bool),
    CareTeam { add: Vec<u64>, remove: Vec<u64> },
}

pub fn bulk_update_clients(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let change = change(call)?;
    let silent = call.is(Input::suppress_patient_updated_webhooks);
    let mut changed = Vec::new();
    for patient in patients(call)? {
        if silent {
            call.silence(&patient);
        }
        changed.push(apply(call, &patient, &change)?);
    }
    Ok(Made::nothing().also(Payload::users, Answer::records(changed)))
}

fn change(call: &Call<'_, Input>) -> Result<Change, Refusal> {
    if call.given(Input::user_group_id)?.is_sent() {
        let group = match call.is_blank(Input::user_group_id) {
            true => None,
            false => Some(call.target::<UserGroup, _>(Input::user_group_id)?.id()),
        };
        return Ok(Change::Group(group));
    }
    if let Some(active) = call.get(Input::active_status)? {
        call.needs(OrganizationMembership::can_remove_client, "archive these clients")?;
        return Ok(Change::Active(active));
    }
    let add = call.get(Input::other_provider_ids)?.unwrap_or_default();
    let remove = call.get(Input::provider_ids_to_remove)?.unwrap_or_default();
    Ok(Change::CareTeam { add, remove })
}

/// Documented: those named, or all of a status but those excepted (how the latter go together is inferred).
fn patients(call: &Call<'_, Input>) -> Result<Vec<Row<User>>, Refusal> {
    let Some(status) = call.get(Input::select_all_status)?.filter(|status| !status.is_empty()) else {
        let named = call.targets::<User>(Input::ids)?;
        let all_patients = named.iter().all(|user| user.is(User::is_patient));
        return if all_patients { Ok(named) } else { Err(Refusal::not_found("ids", "User")) };
    };
    let except = call.get(Input::select_all_excluded_ids)?.unwrap_or_default();
    let active = status.eq_ignore_ascii_case("active");
    let on = call.on();
    let wanted = |user: &View<'_, User>| {
        user.is(User::is_patient) && user.is(User::active) == active && !except.contains(&user.id()) && on.find::<User>(user.id()).is_some()
    };
    let reached = call.viewer().organizations.iter().flat_map(|organization| on.of_organization::<User>(*organization));
    Ok(reached.filter(wanted).map(|user| user.row().clone()).collect())
}

fn apply(call: &mut Call<'_, Input>, patient: &Row<User>, change: &Change) -> Result<Row<User>, Refusal> {
    let mut draft = call.change(patient);
    match change {
        Change::Group(Some(group)) => draft.put(User::user_group_id, *group),
        Change::Group(None) => draft.clear(User::user_group_id),
        Change::Active(active) => set_active(call, patient, &mut draft, *active),
        Change::CareTeam { add, remove } => {
            let mut team = patient.get(User::other_provider_ids).unwrap_or_default();
            team.retain(|provider| !remove.contains(provider));
            team.extend(add.iter().filter(|provider| !patient.get(User::other_provider_ids).unwrap_or_default().contains(provider)));
            draft.put(User::other_provider_ids, team);
            care_team::refuse_care_team(call, &draft)?;
        }
    }
    Ok(draft.save(call))
}

fn set_active(call: &mut Call<'_, Input>, patient: &Row<User>, draft: &mut Draft<User>, active: bool) {
    if patient.is(User::active) == active {
        return;
    }
    draft.put(User::active, active);
    if active {
        draft.clear(User::archived_at);
    } else {
        draft.put(User::archived_at, call.now());
        cancel_upcoming_of(call, patient.id());
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn update(clinic: &Clinic, input: &str) -> serde_json::Value {
        let ids = ["rosa", "liam"].map(|handle| clinic.id("User", handle)).join(", ");
        clinic.run(&format!(
            "mutation {{ bulkUpdateClients(input: {{ ids: [{ids}], {input} }}) {{
                users {{ first_name group_name active other_providers {{ last_name }} }} messages {{ message }}
            }} }}"
        ))
    }

    #[test]
    fn a_group_comes_before_all_else() {
        let clinic = Clinic::open();
        let group = clinic.id("UserGroup", "heart");
        insta::assert_json_snapshot!(update(&clinic, &format!(r#"user_group_id: "{group}", active_status: false"#)), @r#"
        {
          "data": {
            "bulkUpdateClients": {
              "users": [
                {
                  "first_name": "Rosa",
                  "group_name": "Heart Health",
                  "active": true,
                  "other_providers": [
                    {
                      "last_name": "Okafor"
                    }
                  ]
                },
                {
                  "first_name": "Liam",
                  "group_name": "Heart Health",
                  "active": true,
                  "other_providers": []
                }
              ],
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["patient.updated"]);
    }

    #[test]
    fn many_are_archived_in_silence() {
        let clinic = Clinic::open();
        let answer = update(&clinic, "active_status: false, suppress_patient_updated_webhooks: true");
        assert_eq!(answer["data"]["bulkUpdateClients"]["users"][1]["active"], false);
        assert!(!clinic.events().contains(&"patient.updated".to_owned()));
    }

    #[test]
    fn care_teams_grow_and_shrink() {
        let clinic = Clinic::open();
        let other = clinic.id("User", "provider2");
        let grown = update(&clinic, &format!(r#"other_provider_ids: "{other}""#));
        assert_eq!(grown["data"]["bulkUpdateClients"]["users"][0]["other_providers"][0]["last_name"], "Okafor", "{grown}");
        let shrunk = update(&clinic, &format!(r#"provider_ids_to_remove: "{other}""#));
        assert_eq!(shrunk["data"]["bulkUpdateClients"]["users"][0]["other_providers"], serde_json::json!([]));
    }

    #[test]
    fn all_of_a_status_are_meant_but_some() {
        let clinic = Clinic::open();
        let (group, spared) = (clinic.id("UserGroup", "heart"), clinic.id("User", "rosa"));
        let answer = clinic.run(&format!(
            r#"mutation {{ bulkUpdateClients(input: {{ select_all_status: "active", select_all_excluded_ids: [{spared}], user_group_id: "{group}" }}) {{ users {{ id }} }} }}"#
        ));
        assert_eq!(answer["data"]["bulkUpdateClients"]["users"].as_array().map(Vec::len), Some(10));
    }

    #[test]
    fn archiving_needs_permission() {
        let clinic = Clinic::open().as_role("provider");
        let refused = [("base", "You do not have permission to archive these clients.")];
        clinic.refuses("bulkUpdateClients(input: { active_status: false })", &refused);
    }
}
