//! Goals to start from: one's own, those that others share, and those that everybody has.

use crate::domain::members;
use crate::engine::{Call, Entity, List, Row, View};
use crate::schema::Named;
use crate::schema::names::{Goal, GoalTemplate, OrganizationMembership, args};

pub fn entity() -> Entity<GoalTemplate> {
    Entity::usual()
        .indexed(GoalTemplate::goal_id)
        .defaults(GoalTemplate::is_healthie_default, false)
        .collects(GoalTemplate::subgoal_templates, GoalTemplate::parent_id)
        .visible(|template| {
            let viewer = template.on.viewer();
            template.is(GoalTemplate::is_healthie_default) && viewer.user.is_some() || is_own(template) || is_shared(template)
        })
}

/// Assumed, from the names of the two flags: the one who made it shares, the other may look. Administrators see all.
fn is_shared(template: &View<'_, GoalTemplate>) -> bool {
    let viewer = template.on.viewer();
    let maker = || template.get(GoalTemplate::user_id).and_then(|maker| members::of_user(template.on, maker));
    let shares = || maker().is_none_or(|maker| maker.is(OrganizationMembership::share_goal_templates));
    let looks = || viewer.may(OrganizationMembership::can_view_goal_templates) && shares();
    viewer.reaches(template.organization()) && (viewer.is_admin() || looks())
}

fn is_own(template: &View<'_, GoalTemplate>) -> bool {
    template.get(GoalTemplate::user_id).is_some_and(|own| template.on.viewer().is(own))
}

pub fn goal_templates() -> List<GoalTemplate, args::goalTemplates> {
    type Asked = args::goalTemplates;
    List::new()
        .within(|_, _| crate::engine::Within::everything())
        .keep(|template, _| template.get(GoalTemplate::parent_id).is_none())
        .filter(Asked::category, |template, category| match category {
            "personal" => is_own(template),
            "organizational" => !is_own(template) && !template.is(GoalTemplate::is_healthie_default),
            "default" => template.is(GoalTemplate::is_healthie_default),
            _ => true,
        })
        .filter_eq(Asked::user_id, GoalTemplate::user_id)
        .keywords(Asked::keywords)
}

/// Keeps what the goal says, for the next one like it; its subgoals with it.
pub fn keep<I: Named>(call: &mut Call<'_, I>, goal: &Row<Goal>, parent: Option<u64>) {
    let known = call.having(GoalTemplate::goal_id, goal.id()).into_iter().next();
    let mut template = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft::<GoalTemplate>().belongs_to(goal.organization()),
    };
    template.put(GoalTemplate::goal_id, goal.id());
    if template.is_blank(GoalTemplate::user_id) {
        template.put(GoalTemplate::user_id, call.viewer_id());
    }
    for (to, from) in [
        (GoalTemplate::name, Goal::name),
        (GoalTemplate::description, Goal::description),
        (GoalTemplate::repeat, Goal::repeat),
        (GoalTemplate::title_link, Goal::title_link),
    ] {
        template.set_value(to.slot, goal.value(from.slot).clone());
    }
    if let Some(parent) = parent {
        template.put(GoalTemplate::parent_id, parent);
    }
    let template = template.save(call);
    for subgoal in call.having(Goal::parent_id, goal.id()) {
        keep(call, &subgoal, Some(template.id()));
    }
}

/// It is one no longer.
pub fn drop<I: Named>(call: &mut Call<'_, I>, goal: &Row<Goal>) {
    for template in call.having(GoalTemplate::goal_id, goal.id()) {
        call.delete(&template);
    }
}
