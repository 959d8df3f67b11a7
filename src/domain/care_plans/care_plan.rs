//! What brings goals, documents and recommendations together for a patient or a group; or a template of such.

use crate::domain::people;
use crate::engine::{Answer, Call, Entity, Input, List, Made, QueryError, Reading, Refusal, Value, View};
use crate::schema::Named;
use crate::schema::names::deleteCarePlanInput;
use crate::schema::names::{CarePlan, GroupCarePlanUserConnection, OrganizationMembership, Recommendation, User, UserGroup, args};

pub fn entity() -> Entity<CarePlan> {
    Entity::usual()
        .requires(CarePlan::name)
        .defaults(CarePlan::is_hidden, true)
        .defaults(CarePlan::is_template, false)
        .indexed(CarePlan::user_group_id)
        .visible(is_visible)
        .ruled(CarePlan::is_active)
        .computed(CarePlan::is_active, |plan| Some(is_active(plan)))
        .computed(CarePlan::is_group, |plan| Some(plan.get(CarePlan::user_group_id).is_some()))
        .computed(CarePlan::assigned_to, assigned_to)
        .computed(CarePlan::has_users_with_real_emails, |plan| {
            Some(patients(plan).iter().any(|user| user.get(User::email).is_some_and(|email| email.contains('@'))))
        })
        .answers_to(CarePlan::group_plan_is_active_for_given_user, args::CarePlan_group_plan_is_active_for_given_user, |plan, asked| {
            let patient = asked.get(args::CarePlan_group_plan_is_active_for_given_user::patient_id).ok().flatten();
            let active = plan.get(CarePlan::active_for_ids).unwrap_or_default();
            Value::Bool(patient.is_some_and(|patient| active.contains(&patient))).into()
        })
        .collects(CarePlan::recommendations, Recommendation::care_plan_id)
}

/// Documented: a patient sees the own plans and those of the own group, unless they are hidden; nobody's templates.
fn is_visible(plan: &View<'_, CarePlan>) -> bool {
    let (on, viewer) = (plan.on, plan.on.viewer());
    if viewer.is_member() {
        let patient = plan.follow::<User, _>(CarePlan::patient_id);
        return viewer.reaches(plan.organization()) && patient.is_none_or(|patient| on.may_see(User::TYPE, patient.record()));
    }
    let own = viewer.user.as_ref();
    let is_own = own.is_some_and(|own| plan.get(CarePlan::patient_id) == Some(own.id()));
    let group = own.and_then(|own| own.get(User::user_group_id));
    let is_groups = group.is_some() && plan.get(CarePlan::user_group_id) == group;
    (is_own || is_groups) && !plan.is(CarePlan::is_hidden)
}

pub fn is_active(plan: &View<'_, CarePlan>) -> bool {
    let active = plan.get(CarePlan::active_for_ids).unwrap_or_default();
    match plan.get(CarePlan::patient_id) {
        Some(patient) => active.contains(&patient),
        None => !active.is_empty(),
    }
}

/// The patient, or the group's.
pub fn patients<'s>(plan: &View<'s, CarePlan>) -> Vec<View<'s, User>> {
    match (plan.follow::<User, _>(CarePlan::patient_id), plan.get(CarePlan::user_group_id)) {
        (Some(patient), _) => vec![patient],
        (None, Some(group)) => {
            let removed = |user: &View<'_, User>| {
                let connections = plan.on.having(GroupCarePlanUserConnection::care_plan_id, plan.id());
                let mut own = connections.filter(|connection| connection.get(GroupCarePlanUserConnection::user_id) == Some(user.id()));
                own.any(|connection| connection.is(GroupCarePlanUserConnection::removed))
            };
            plan.on.having(User::user_group_id, group).filter(|user| !removed(user)).collect()
        }
        (None, None) => vec![],
    }
}

fn assigned_to(plan: &View<'_, CarePlan>) -> Option<String> {
    let patient = || plan.follow::<User, _>(CarePlan::patient_id).map(|patient| people::full_name(&patient));
    plan.follow::<UserGroup, _>(CarePlan::user_group_id).and_then(|group| group.get(UserGroup::name).map(str::to_owned)).or_else(patient)
}

/// The plans of one patient, or all that the caller may see; templates only where they are asked for.
pub fn care_plans() -> List<CarePlan, args::carePlans> {
    type A = args::carePlans;
    List::new()
        .page_size(20)
        .keep(|plan, asked| {
            let templates = asked.is(A::templates_only);
            let words = asked.get(A::template_search_keywords).ok().flatten().unwrap_or_default().to_lowercase();
            let is_found = || plan.get(CarePlan::name).unwrap_or_default().to_lowercase().contains(&words);
            plan.is(CarePlan::is_template) == templates && (!templates || is_found())
        })
        .reads(A::templates_only)
        .reads(A::template_search_keywords)
        .filter(A::patient_id, |plan, patient| {
            let group = plan.on.find_any::<User>(patient).and_then(|patient| patient.get(User::user_group_id));
            plan.get(CarePlan::patient_id) == Some(patient) || group.is_some() && plan.get(CarePlan::user_group_id) == group
        })
        // Assumed: what is active comes first.
        .order_by("STATUS", |plan| Value::Bool(!is_active(plan)))
        .order_by("CLIENT_FIRST_NAME", |plan| {
            plan.follow::<User, _>(CarePlan::patient_id).map_or(Value::Null, |patient| patient.value(User::first_name.slot).clone())
        })
        .order("DEACTIVATED", &[CarePlan::deactivated_at.slot])
        .default_order("STATUS_ASC")
}

pub fn care_plans_templates_count(on: Reading<'_>, asked: &Input<'_, args::carePlansTemplatesCount>) -> Result<Answer, QueryError> {
    let words = asked.get(args::carePlansTemplatesCount::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let all = on.of_organization::<CarePlan>(on.viewer().organization()).filter(|plan| is_visible(plan));
    let templates = all.filter(|plan| plan.is(CarePlan::is_template));
    let found = templates.filter(|plan| plan.get(CarePlan::name).unwrap_or_default().to_lowercase().contains(&words));
    Ok(Value::Int(found.count() as i64).into())
}

/// Documented: templates take a flag.
pub fn refuse_template<I: Named>(call: &Call<'_, I>, is_template: bool, to: &str) -> Result<(), Refusal> {
    if is_template { call.needs(OrganizationMembership::can_manage_care_plan_templates, to) } else { Ok(()) }
}

pub fn delete_care_plan(call: &mut Call<'_, deleteCarePlanInput>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(deleteCarePlanInput::id)?;
    refuse_template(call, plan.is(CarePlan::is_template), "delete this care plan")?;
    for patient in plan.get(CarePlan::active_for_ids).unwrap_or_default() {
        super::activation::deactivate(call, plan.id(), patient);
    }
    call.delete(&plan);
    Ok(plan.into())
}
