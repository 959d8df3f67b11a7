//! What hangs on a plan, and how it is taken off again.

use super::activation::deactivate;
use crate::engine::{Answer, Call, Entity, Made, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    CarePlan, CarePlanConnection, Document, Goal, GroupCarePlanUserConnection, Recommendation, User,
    deleteCarePlanConnectionInput as Input, deleteCarePlanConnectionPayload as Payload, removeUserFromGroupCarePlanInput,
};

pub fn entity() -> Entity<GroupCarePlanUserConnection> {
    Entity::usual().defaults(GroupCarePlanUserConnection::active, false).indexed(GroupCarePlanUserConnection::care_plan_id)
}

/// No table keeps connections: a goal, a document or a recommendation says itself which plan it is in.
fn shown(plan: u64, connectable: u64, ty: &str) -> Answer {
    type C = CarePlanConnection;
    let mut fields = vec![
        (C::care_plan_id.slot, Value::Id(plan).into()),
        (C::connectable_id.slot, Value::Id(connectable).into()),
        (C::connectable_type.slot, Value::text(ty).into()),
        (C::id.slot, Value::Id(connectable).into()),
    ];
    fields.sort_by_key(|(slot, _)| *slot);
    Answer::Object(C::TYPE, fields)
}

/// Of what hangs on a plan, the first.
pub fn first_of<I: Named>(call: &Call<'_, I>, plan: u64) -> Option<Answer> {
    let goal = || call.having(Goal::care_plan_id, plan).first().map(|goal| shown(plan, goal.id(), "Goal"));
    let recommendation = call.having(Recommendation::care_plan_id, plan).first().map(|found| shown(plan, found.id(), "Recommendation"));
    let document = || call.having(Document::care_plan_id, plan).first().map(|document| shown(plan, document.id(), "Document"));
    recommendation.or_else(goal).or_else(document)
}

pub fn delete_care_plan_connection(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::care_plan_id)?;
    let ty = call.require(Input::connectable_type)?;
    let missing = || Refusal::not_found("connectable_id", "CarePlanConnection");
    let id = match ty {
        "Document" => {
            let document = call.target::<Document, _>(Input::connectable_id)?;
            let own = document.get(Document::care_plan_id) == Some(plan.id());
            let mut draft = call.change(&document);
            draft.clear(Document::care_plan_id);
            own.then(|| draft.save(call).id()).ok_or_else(missing)?
        }
        "Goal" => {
            let goal = call.target::<Goal, _>(Input::connectable_id)?;
            let own = goal.get(Goal::care_plan_id) == Some(plan.id());
            let mut draft = call.change(&goal);
            draft.clear(Goal::care_plan_id);
            own.then(|| draft.save(call).id()).ok_or_else(missing)?
        }
        "Recommendation" => {
            let recommendation = call.target::<Recommendation, _>(Input::connectable_id)?;
            if recommendation.get(Recommendation::care_plan_id) != Some(plan.id()) {
                return Err(missing());
            }
            call.delete(&recommendation);
            recommendation.id()
        }
        _ => return Err(Refusal::on(Input::connectable_type, "is not included in the list")),
    };
    Ok(Made::nothing().also(Payload::connection, shown(plan.id(), id, ty)))
}

pub fn remove_user_from_group_care_plan(call: &mut Call<'_, removeUserFromGroupCarePlanInput>) -> Result<Made, Refusal> {
    type Input = removeUserFromGroupCarePlanInput;
    let plan = call.target::<CarePlan, _>(Input::care_plan_id)?;
    let user = call.target::<User, _>(Input::user_id)?;
    let group = plan.get(CarePlan::user_group_id).ok_or_else(|| Refusal::on(Input::care_plan_id, "is not a group's"))?;
    deactivate(call, plan.id(), user.id());
    let known = call.having(GroupCarePlanUserConnection::care_plan_id, plan.id());
    let known = known.into_iter().find(|known| known.get(GroupCarePlanUserConnection::user_id) == Some(user.id()));
    let draft = match known {
        Some(known) => call.change(&known),
        None => call.blank_draft::<GroupCarePlanUserConnection>(),
    };
    let removed = draft
        .set(GroupCarePlanUserConnection::care_plan_id, plan.id())
        .set(GroupCarePlanUserConnection::user_group_id, group)
        .set(GroupCarePlanUserConnection::user_id, user.id())
        .set(GroupCarePlanUserConnection::active, false)
        .set(GroupCarePlanUserConnection::removed, true);
    Ok(removed.save(call).into())
}
