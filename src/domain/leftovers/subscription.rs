//! What a practice pays Healthie: in a sandbox, one plan that has everything and never ends.

use crate::engine::{Answer, Call, Entity, Input as Args, Made, QueryError, Reading, Refusal, Value, View};
use crate::schema::names::{
    Organization, Plan, SubscriptionInstance, User, args, createSubscriptionInput, createSubscriptionPayload, updateSubscriptionInput,
    updateSubscriptionPayload,
};
use crate::schema::{Named, Slot};

const PLAN: &str = "1";
const NAME: &str = "Enterprise";

/// Documented: nobody has to sign in to see a plan.
pub fn plan(_: Reading<'_>, asked: &Args<'_, args::plan>) -> Result<Answer, QueryError> {
    let is_known = asked.get(args::plan::id).ok().flatten().is_some_and(|id| id.to_string() == PLAN);
    let values = [(Plan::id.slot, Value::from(PLAN)), (Plan::header.slot, Value::from(NAME))];
    let features = (Plan::features.slot, Value::List(["API access"].map(Value::from).into()));
    let shown = || Answer::Object(Plan::TYPE, values.into_iter().chain([features]).map(|(slot, value)| (slot, value.into())).collect());
    Ok(if is_known { shown() } else { Answer::NULL })
}

/// Documented: the owner's, for all members; patients have none.
pub fn subscription(on: Reading<'_>) -> Answer {
    if on.viewer().is_member() { of_organization(on, on.viewer().organization()) } else { Answer::NULL }
}

fn of_organization(on: Reading<'_>, organization: u64) -> Answer {
    type S = SubscriptionInstance;
    let Some(owner) = on.find_any::<Organization>(organization).and_then(|organization| organization.get(Organization::owner_id)) else {
        return Answer::NULL;
    };
    let values: Vec<(Slot, Value)> = vec![
        (S::id.slot, Value::Id(organization)),
        (S::plan_id.slot, Value::from(PLAN)),
        (S::plan_name.slot, Value::from(NAME)),
        (S::stripe_plan.slot, Value::from("enterprise")),
        (S::interval.slot, Value::from("year")),
        (S::is_trialing.slot, Value::Bool(false)),
        (S::set_to_cancel.slot, Value::Bool(false)),
        (S::card_expired.slot, Value::Bool(false)),
        (S::has_scheduled_change.slot, Value::Bool(false)),
        (S::has_enterprise_or_skipped_paywall.slot, Value::Bool(true)),
        (S::user_id.slot, Value::Id(owner)),
    ];
    let owner = on.find_any::<User>(owner);
    let values = values.into_iter().map(|(slot, value)| (slot, value.into()));
    Answer::Object(S::TYPE, values.chain([(S::user.slot, owner.into())]).collect())
}

/// Assumed: nobody pays for clients in a sandbox.
pub fn new_client_price_string(_: Reading<'_>, asked: &Args<'_, args::newClientPriceString>) -> Result<Answer, QueryError> {
    asked.accept(args::newClientPriceString::new_client_num);
    Ok(Answer::NULL)
}

/// What a person tells of the plan. Documented: patients have none.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    let is_member = |user: &View<'_, User>| Some(!user.is(User::is_patient));
    entity
        .answers(User::subscription, |user| match user.is(User::is_patient) {
            true => Answer::NULL,
            false => of_organization(user.on, user.organization()),
        })
        .computed(User::non_paid, |_| Some(false))
        .computed(User::has_enterprise_plan, is_member)
        .computed(User::has_plus_or_above_plan, is_member)
        .computed(User::requires_reactivation, |_| Some(false))
}

pub fn create_subscription(call: &mut Call<'_, createSubscriptionInput>) -> Result<Made, Refusal> {
    type Input = createSubscriptionInput;
    call.accept(Input::billing_address);
    call.accept(Input::plan_id);
    call.accept(Input::plan_name);
    call.accept(Input::stripe_idempotency_key);
    call.accept(Input::token);
    Ok(Made::nothing().also(createSubscriptionPayload::subscription, subscription(call.on())))
}

pub fn update_subscription(call: &mut Call<'_, updateSubscriptionInput>) -> Result<Made, Refusal> {
    type Input = updateSubscriptionInput;
    let texts = [Input::details, Input::new_plan_name, Input::reactivate_plan, Input::reason, Input::stripe_plan, Input::switch_plan];
    texts.into_iter().for_each(|text| call.accept(text));
    call.accept(Input::activate_short_trial);
    call.accept(Input::id);
    call.accept(Input::stripe_idempotency_key);
    call.accept(Input::token);
    call.accept(Input::wants_to_cancel);
    let current = call.viewer().user.clone();
    type Payload = updateSubscriptionPayload;
    Ok(Made::nothing().also(Payload::subscription, subscription(call.on())).also(Payload::currentUser, current))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn members_have_a_plan() {
        let clinic = Clinic::open();
        let asked = "{ subscription { plan_name is_trialing user { first_name } } plan(id: 1) { header } none: plan(id: 2) { id } }";
        let enterprise = json!({ "plan_name": "Enterprise", "is_trialing": false, "user": { "first_name": "Margaret" } });
        assert_eq!(
            clinic.as_role("provider").run(asked)["data"],
            json!({ "subscription": enterprise, "plan": { "header": "Enterprise" }, "none": null })
        );
        assert_eq!(clinic.as_role("patient").run(asked)["data"]["subscription"], serde_json::Value::Null);
    }
}
