//! `formAnswerGroups` and `chartNotes`: finished forms, and those of charting templates.

use super::form_answer_group::{is_chart_note, status};
use crate::engine::{List, Reading, View, Within};
use crate::schema::names::{
    FormAnswerGroup as Group, FormAnswerGroupUserConnection, OnboardingItem, Policy, RequestedFormCompletion, User, args,
};
use jiff::Timestamp;

type Groups = args::formAnswerGroups;
type Notes = args::chartNotes;

/// Documented: drafts are in no list.
pub fn form_answer_groups() -> List<Group, Groups> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let only = asked.get(Groups::user_id).ok().flatten().filter(|_| !asked.is(Groups::include_group_notes));
            about(on, only)
        })
        .keep(|group, _| group.is(Group::finished))
        .keep(|group, asked| {
            let user = asked.get(Groups::user_id).ok().flatten();
            user.is_none_or(|user| {
                group.get(Group::user_id) == Some(user) || asked.is(Groups::include_group_notes) && attended(group, user)
            })
        })
        .filter(Groups::form_answer_group_id, |group, id| group.id() == id)
        .filter(Groups::ids, |group, ids| ids.contains(&group.id()))
        .filter_eq(Groups::custom_module_form_id, Group::custom_module_form_id)
        .filter_eq(Groups::filler_id, Group::filler_id)
        .filter(Groups::name, |group, name| contains(group.get(Group::name), name))
        // Documented: the day of the service, on the viewer's calendar.
        .filter(Groups::date, |group, at| day(group, group.get(Group::created_at)) == day(group, Some(at)))
        .filter(Groups::start_date, |group, from| day(group, group.get(Group::created_at)) >= Some(from))
        .filter(Groups::end_date, |group, to| day(group, group.get(Group::created_at)).is_some_and(|day| day <= to))
        .filter(Groups::locked_status, |group, locked| group.get(Group::locked_at).is_some() == locked)
        .filter(Groups::signed_status, |group, signed| group.get(Group::signed_by_ids).is_some_and(|by| !by.is_empty()) == signed)
        .filter(Groups::updated_after, |group, at| group.get(Group::updated_at) > Some(at))
        .filter(Groups::updated_before, |group, at| group.get(Group::updated_at).is_some_and(|updated| updated < at))
        .filter(Groups::use_for_charting, |group, only| !only || is_chart_note(group))
        .default_order("CREATED_AT_DESC")
}

/// Documented: the notes that the viewer may see, of all patients. Assumed: the newest first.
pub fn chart_notes() -> List<Group, Notes> {
    List::new()
        .within(|on, asked| about(on, asked.get(Notes::user_id).ok().flatten()))
        .keep(|group, _| group.is(Group::finished) && is_chart_note(group))
        .filter_eq(Notes::user_id, Group::user_id)
        .filter(Notes::start_date, |group, from| day(group, group.get(Group::created_at)) >= Some(from))
        .filter(Notes::end_date, |group, to| day(group, group.get(Group::created_at)).is_some_and(|day| day <= to))
        .filter_eq(Notes::provider_ids, Group::filler_id)
        .filter_eq(Notes::custom_module_form_ids, Group::custom_module_form_id)
        .filter(Notes::chart_note_status, |group, wanted| status(group) == wanted)
        .filter(Notes::exclude_requested_and_intake_flow_forms, |group, exclude| !exclude || !is_asked_for(group))
        .filter(Notes::tag_ids, |group, tags| {
            let user = group.follow::<User, _>(Group::user_id);
            user.is_some_and(|user| crate::domain::tags::of_user(&user).iter().any(|tag| tags.contains(&tag.id())))
        })
        .filter(Notes::primary_payer_ids, |group, payers| {
            let policies = group.get(Group::user_id).into_iter().flat_map(|user| group.on.having(Policy::user_id, user));
            let mut primary =
                policies.filter(|policy| policy.get(Policy::priority_type).is_some_and(|kind| kind.eq_ignore_ascii_case("primary")));
            primary.any(|policy| policy.get(Policy::insurance_plan_id).is_some_and(|plan| payers.contains(&plan)))
        })
        .default_order("CREATED_AT_DESC")
}

/// The forms about one person, or those of the practice; for patients their own.
fn about(on: Reading<'_>, user: Option<u64>) -> Within {
    match (user, on.viewer().id()) {
        (_, None) => Within::nothing(),
        (Some(user), _) => Within::having(Group::user_id, user),
        (None, Some(own)) if on.viewer().is_patient() => Within::having(Group::user_id, own),
        (None, _) => Within::organization(on.viewer().organization()),
    }
}

fn attended(group: &View<'_, Group>, user: u64) -> bool {
    type Connection = FormAnswerGroupUserConnection;
    let mut connections = group.on.having(Connection::form_answer_group_id, group.id());
    connections.any(|connection| connection.get(Connection::user_id) == Some(user))
}

fn is_asked_for(group: &View<'_, Group>) -> bool {
    let step = group.follow::<OnboardingItem, _>(Group::onboarding_item_id);
    step.is_some() || group.on.count_having(RequestedFormCompletion::form_answer_group_id, group.id()) > 0
}

pub fn contains(text: Option<&str>, part: &str) -> bool {
    text.unwrap_or_default().to_lowercase().contains(&part.trim().to_lowercase())
}

pub fn day(group: &View<'_, Group>, at: Option<Timestamp>) -> Option<jiff::civil::Date> {
    Some(group.on.viewer().zone.to_datetime(at?).date())
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    fn names(clinic: &Clinic, arguments: &str) -> serde_json::Value {
        let answer = clinic.run(&format!("{{ formAnswerGroups{arguments} {{ name }} }}"));
        let groups = answer["data"]["formAnswerGroups"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        groups.into_iter().map(|group| group["name"].clone()).collect()
    }

    #[test]
    fn finished_forms_are_filtered() {
        let clinic = Clinic::open();
        let (patient, provider, form) =
            (clinic.id("User", "patient"), clinic.id("User", "provider"), clinic.id("CustomModuleForm", "progress"));
        let both = json!(["Progress Note", "Welcome Questionnaire"]);
        let note = json!(["Progress Note"]);
        for (arguments, expected) in [
            (format!("(user_id: \"{patient}\")"), both.clone()),
            (format!("(user_id: \"{patient}\", order_by: CREATED_AT_ASC)"), json!(["Welcome Questionnaire", "Progress Note"])),
            (format!("(user_id: \"{patient}\", filler_id: \"{provider}\")"), note.clone()),
            (format!("(user_id: \"{patient}\", custom_module_form_id: \"{form}\")"), note.clone()),
            (format!("(user_id: \"{patient}\", locked_status: true)"), note.clone()),
            (format!("(user_id: \"{patient}\", signed_status: false)"), json!(["Welcome Questionnaire"])),
            (format!("(user_id: \"{patient}\", use_for_charting: true)"), note.clone()),
            (format!("(user_id: \"{patient}\", name: \"welcome\")"), json!(["Welcome Questionnaire"])),
            (format!("(user_id: \"{patient}\", date: \"2026-01-01\")"), note.clone()),
            (format!("(user_id: \"{patient}\", start_date: \"2026-01-01\", end_date: \"2026-01-31\")"), note.clone()),
            (format!("(user_id: \"{patient}\", include_group_notes: true)"), json!(["Class", "Progress Note", "Welcome Questionnaire"])),
            (format!("(user_id: \"{patient}\", updated_after: \"2026-03-02T00:00:00Z\")"), json!([])),
            (format!("(user_id: \"{patient}\", offset: 1, page_size: 1, should_paginate: true)"), json!(["Welcome Questionnaire"])),
        ] {
            assert_eq!(names(&clinic, &arguments), expected, "{arguments}");
        }
        assert_eq!(names(&clinic.as_role("patient"), ""), both);
        assert_eq!(names(&clinic.as_role("outsider"), ""), json!([]));
        assert_eq!(names(&clinic.as_role("nobody"), ""), json!([]));
        assert_eq!(clinic.run(&format!("{{ formAnswerGroupsCount(user_id: \"{patient}\") }}"))["data"]["formAnswerGroupsCount"], 2);
        let dated =
            format!("{{ formAnswerGroups(user_id: {patient}, date: \"2026-01-01T12:00:00Z\") {{ nodes {{ name }} total_count }} }}");
        assert_eq!(
            clinic.in_version(Version::V2026_01_01).run(&dated)["data"]["formAnswerGroups"],
            json!({"nodes": [{"name": "Progress Note"}], "total_count": 1})
        );
    }

    #[test]
    fn chart_notes_are_those_of_charting_templates() {
        let clinic = Clinic::open();
        let (tag, provider) = (clinic.id("Tag", "vip"), clinic.id("User", "provider"));
        let document = format!(
            "{{ all: chartNotes {{ name }} chartNotesCount tagged: chartNotes(tag_ids: [\"{tag}\"]) {{ name }}
                signed: chartNotes(chart_note_status: SIGNED_AND_LOCKED, provider_ids: [\"{provider}\"]) {{ name }}
                of_january: chartNotes(start_date: \"2026-01-01\", end_date: \"2026-01-31\", should_paginate: false) {{ name }}
                own: chartNotes(exclude_requested_and_intake_flow_forms: true) {{ name }} }}"
        );
        let (class, note) = (json!({"name": "Class"}), json!({"name": "Progress Note"}));
        let expected = json!({
            "all": [class, note], "chartNotesCount": 2, "tagged": [note], "signed": [note], "of_january": [note], "own": [class, note],
        });
        assert_eq!(clinic.run(&document)["data"], expected);
    }
}
