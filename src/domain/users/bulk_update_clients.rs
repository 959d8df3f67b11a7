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
