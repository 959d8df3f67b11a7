//! For whom a plan is active. Inferred from the fields that show it: one plan of one's own at a time, and one of the group's.

use crate::engine::{Call, Changed, Row};
use crate::schema::Named;
use crate::schema::names::{CarePlan, GroupCarePlanUserConnection, User};

/// Makes it the patient's active plan instead of the one before.
pub fn activate<I: Named>(call: &mut Call<'_, I>, plan: u64, patient: u64) {
    let (Some(plan), Some(user)) = (call.find_any::<CarePlan>(plan), call.find_any::<User>(patient)) else { return };
    let is_group = plan.get(CarePlan::user_group_id).is_some();
    let column = if is_group { User::active_group_care_plan } else { User::active_care_plan };
    if let Some(before) = user.value(column.slot).as_id().filter(|before| *before != plan.id()) {
        deactivate(call, before, patient);
    }
    let mut active = plan.get(CarePlan::active_for_ids).unwrap_or_default();
    if !active.contains(&patient) {
        active.push(patient);
    }
    call.change(&plan).set(CarePlan::active_for_ids, active).save(call);
    let user = call.find_any::<User>(patient).unwrap_or(user);
    call.change(&user).set(column, plan.id()).save(call);
    connect(call, &plan, patient, true);
}

/// It is the patient's no more; nothing happens where it wasn't.
pub fn deactivate<I: Named>(call: &mut Call<'_, I>, plan: u64, patient: u64) {
    let Some(plan) = call.find_any::<CarePlan>(plan) else { return };
    let mut active = plan.get(CarePlan::active_for_ids).unwrap_or_default();
    if !active.contains(&patient) {
        return;
    }
    active.retain(|known| *known != patient);
    let now = call.now();
    call.change(&plan).set(CarePlan::active_for_ids, active).set(CarePlan::deactivated_at, now).save(call);
    if let Some(user) = call.find_any::<User>(patient) {
        let mut draft = call.change(&user);
        for column in [User::active_care_plan, User::active_group_care_plan] {
            if draft.value(column.slot).as_id() == Some(plan.id()) {
                draft.clear(column);
            }
        }
        draft.save(call);
    }
    connect(call, &plan, patient, false);
}

/// Each patient of a group has a row that says whether the group's plan is active.
fn connect<I: Named>(call: &mut Call<'_, I>, plan: &Row<CarePlan>, patient: u64, active: bool) {
    let Some(group) = plan.get(CarePlan::user_group_id) else { return };
    let known = call.having(GroupCarePlanUserConnection::care_plan_id, plan.id());
    let known = known.into_iter().find(|known| known.get(GroupCarePlanUserConnection::user_id) == Some(patient));
    let draft = match known {
        Some(known) => call.change(&known),
        None => call.blank_draft::<GroupCarePlanUserConnection>(),
    };
    draft
        .set(GroupCarePlanUserConnection::care_plan_id, plan.id())
        .set(GroupCarePlanUserConnection::user_group_id, group)
        .set(GroupCarePlanUserConnection::user_id, patient)
        .set(GroupCarePlanUserConnection::active, active)
        .save(call);
}

pub fn is_activated(changed: &Changed<CarePlan>) -> bool {
    count(changed.after.as_ref()) > count(changed.before.as_ref())
}

pub fn is_deactivated(changed: &Changed<CarePlan>) -> bool {
    changed.after.is_some() && count(changed.after.as_ref()) < count(changed.before.as_ref())
}

fn count(plan: Option<&Row<CarePlan>>) -> usize {
    plan.and_then(|plan| plan.get(CarePlan::active_for_ids)).map_or(0, |active| active.len())
}
