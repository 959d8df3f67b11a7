//! What a practice pays Healthie: in a sandbox, one plan that has everything and never ends.

use crate::engine::{Answer, Call, Entity, Input as Args, Made, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Organization, Plan, SubscriptionInstance, User, args, createSubscriptionInput, createSubscriptionPayload, updateSubscriptionInput,
    updateSubscriptionPayload,
};

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

/// Assumed: what nobody says otherwise.
pub fn entity() -> Entity<SubscriptionInstance> {
    type S = SubscriptionInstance;
    let off = [S::is_trialing, S::set_to_cancel, S::card_expired, S::has_scheduled_change];
    let entity = Entity::new()
        .silent()
        .defaults(S::plan_name, NAME.to_owned())
        .defaults(S::stripe_plan, "enterprise".to_owned())
        .defaults(S::interval, "year".to_owned())
        .defaults(S::has_enterprise_or_skipped_paywall, true)
        .ruled(S::user_id)
        .answers(S::plan_id, |_| Value::from(PLAN).into());
    off.into_iter().fold(entity, |entity, off| entity.defaults(off, false))
}

/// Documented: the owner's, for all members; patients have none.
pub fn subscription(on: Reading<'_>) -> Answer {
    if on.viewer().is_member() { of_organization(on, on.viewer().organization()).into() } else { Answer::NULL }
}

fn of_organization(on: Reading<'_>, organization: u64) -> Option<View<'_, SubscriptionInstance>> {
    on.of_organization(organization).next()
}

/// The one that the organization has; it is made where there is none yet.
fn kept<I: Named>(call: &mut Call<'_, I>) -> Row<SubscriptionInstance> {
    let organization = call.viewer().organization();
    let known = of_organization(call.on(), organization).map(|known| known.row().clone());
    known.unwrap_or_else(|| {
        let owner = call.find_any::<Organization>(organization).and_then(|organization| organization.get(Organization::owner_id));
        let owner = owner.unwrap_or_else(|| call.viewer_id());
        call.blank_draft::<SubscriptionInstance>().set(SubscriptionInstance::user_id, owner).save(call)
    })
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
            false => of_organization(user.on, user.organization()).into(),
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
    let subscription = kept(call);
    Ok(Made::nothing().also(createSubscriptionPayload::subscription, subscription))
}

pub fn update_subscription(call: &mut Call<'_, updateSubscriptionInput>) -> Result<Made, Refusal> {
    type Input = updateSubscriptionInput;
    let texts = [Input::details, Input::new_plan_name, Input::reactivate_plan, Input::reason, Input::stripe_plan, Input::switch_plan];
    for text in texts {
        call.accept(text);
    }
    call.accept(Input::activate_short_trial);
    call.accept(Input::id);
    call.accept(Input::stripe_idempotency_key);
    call.accept(Input::token);
    call.accept(Input::wants_to_cancel);
    let current = call.viewer().user.clone();
    let subscription = kept(call);
    Ok(Made::nothing().also(updateSubscriptionPayload::subscription, subscription).also(updateSubscriptionPayload::currentUser, current))
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
