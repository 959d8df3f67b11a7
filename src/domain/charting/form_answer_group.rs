//! What a filled form is: intake answers and chart notes alike.

use super::{
    autoscore, condition, form_answer,
    permission::{self, Deed},
};
use crate::domain::forms;
use crate::engine::{Answer, Entity, Reading, TENANT, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentInclusionType, CustomModuleForm, FormAnswer, FormAnswerGroup as Group, FormAnswerGroupAuditEvent,
    FormAnswerGroupSigning, GeneratedSummary, IndividualClientType, User,
    args::{
        FormAnswerGroup_form_answers, FormAnswerGroup_individual_note, FormAnswerGroup_provider_can_add_addendum,
        FormAnswerGroup_provider_can_lock, FormAnswerGroup_provider_can_sign, FormAnswerGroup_provider_can_unlock,
    },
};

/// Documented: there is no event for updates; the others are in `events`.
pub fn entity() -> Entity<Group> {
    let by_date = [Group::created_at.slot];
    let entity = Entity::usual()
        .silent()
        .defaults(Group::finished, false)
        .defaults(Group::is_group_appt_note, false)
        .ruled(Group::appointment_id)
        .ruled(Group::appointment)
        .ruled(Group::custom_module_form_id)
        .ruled(Group::filler_id)
        .ruled(Group::filler)
        .ruled(Group::locked_at)
        .ruled(Group::record_created_at)
        .ruled(Group::requested_form_completion)
        .ruled(Group::user_id)
        .ordered(&[TENANT], &by_date)
        .ordered(&[Group::user_id.slot], &by_date)
        .indexed(Group::appointment_id)
        .indexed(Group::custom_module_form_id);
    permissions(links(entity))
        .computed(Group::is_locked, |group| Some(group.get(Group::locked_at).is_some()))
        .computed(Group::frozen, |group| Some(group.get(Group::locked_at).is_some()))
        .answers(Group::chart_note_status, |group| Value::text(status(group)).into())
        .answers(Group::autoscored_sections, autoscore::sections)
        .answers_to(Group::form_answers, FormAnswerGroup_form_answers, |group, asked| {
            let only = asked.get(FormAnswerGroup_form_answers::custom_module_ids).ok().flatten();
            let hidden_too = asked.is(FormAnswerGroup_form_answers::is_for_editing);
            let answers = form_answer::of_group(group.on, group.id());
            let wanted = |answer: &&View<'_, FormAnswer>| match &only {
                Some(only) => answer.get(FormAnswer::custom_module_id).is_some_and(|question| only.contains(&question)),
                None => true,
            };
            let shown = answers.iter().filter(wanted).filter(|answer| hidden_too || condition::is_shown(answer, &answers));
            Answer::List(shown.map(|answer| answer.row().clone().into()).collect())
        })
        // Documented: for staff and providers.
        .answers(Group::metadata, |group| match group.on.viewer().is_member() {
            true => group.value(Group::metadata.slot).clone().into(),
            false => Answer::NULL,
        })
}

fn links(entity: Entity<Group>) -> Entity<Group> {
    entity
        // Whatever became of the template, it is what was filled in; who filled it in is told to whoever sees it.
        .answers(Group::custom_module_form, |group| group.follow::<CustomModuleForm, _>(Group::custom_module_form_id).into())
        .answers(Group::filler, |group| group.follow::<User, _>(Group::filler_id).into())
        .answers(Group::locked_by, |group| group.follow::<User, _>(Group::locked_by_id).into())
        // Patients see that a note is locked, not its history.
        .answers(Group::form_answer_group_audit_events, |group| {
            let events =
                group.on.having(FormAnswerGroupAuditEvent::form_answer_group, group.id()).filter(|_| group.on.viewer().is_member());
            Answer::List(events.map(Into::into).collect())
        })
        .answers(Group::current_summary, |group| group.on.having(GeneratedSummary::form_answer_group_id, group.id()).last().into())
        .answers(Group::group_appointment_attendees, |group| {
            let visit = group.follow::<Appointment, _>(Group::appointment_id).filter(|visit| visit.is(Appointment::is_group));
            let came = visit.into_iter().flat_map(|visit| group.on.having(AppointmentInclusionType::appointment_id, visit.id()));
            let came = came.filter(|inclusion| inclusion.is(AppointmentInclusionType::attended));
            Answer::List(
                came.filter_map(|inclusion| group.on.find::<User>(inclusion.get(AppointmentInclusionType::user_id)?))
                    .map(Into::into)
                    .collect(),
            )
        })
        .answers_to(Group::individual_note, FormAnswerGroup_individual_note, |group, asked| {
            let user = asked.get(FormAnswerGroup_individual_note::user_id).ok().flatten();
            let mut notes = group.on.having(IndividualClientType::form_answer_group_id, group.id());
            notes.find(|note| user.is_some() && note.get(IndividualClientType::user_id) == user).into()
        })
}

fn permissions(entity: Entity<Group>) -> Entity<Group> {
    macro_rules! can {
        ($entity:expr, $field:ident, $args:ident, $deed:expr) => {
            $entity.answers_to(Group::$field, $args, |group, asked| {
                let provider = asked.get($args::provider_id).ok().flatten().or(group.on.viewer().id());
                Value::Bool(provider.is_some_and(|provider| permission::is_possible(group, $deed, provider))).into()
            })
        };
    }
    let entity = can!(entity, provider_can_lock, FormAnswerGroup_provider_can_lock, Deed::Lock);
    let entity = can!(entity, provider_can_unlock, FormAnswerGroup_provider_can_unlock, Deed::Unlock);
    let entity = can!(entity, provider_can_sign, FormAnswerGroup_provider_can_sign, Deed::Sign);
    can!(entity, provider_can_add_addendum, FormAnswerGroup_provider_can_add_addendum, Deed::AddAddendum)
}

/// Documented: the names. Assumed: two signatures are a co-signing.
pub fn status(group: &View<'_, Group>) -> &'static str {
    let signed = group.on.count_having(FormAnswerGroupSigning::form_answer_group_id, group.id());
    match (signed, group.get(Group::locked_at).is_some()) {
        (0, false) => "CREATED",
        (1, false) => "SIGNED",
        (_, false) => "CO_SIGNED",
        (0, true) => "LOCKED",
        (1, true) => "SIGNED_AND_LOCKED",
        (_, true) => "CO_SIGNED_AND_LOCKED",
    }
}

/// Documented: a chart note is what a charting template was filled in for.
pub fn is_chart_note(group: &View<'_, Group>) -> bool {
    let form = group.follow::<CustomModuleForm, _>(Group::custom_module_form_id);
    form.is_some_and(|form| forms::kind(&form) == "charting")
}

/// `formAnswerGroup` of a person: what is finished, as everywhere where nobody asks for a draft.
pub fn of_user(on: Reading<'_>, user: u64) -> Answer {
    let groups = on.having(Group::user_id, user).filter(|group| group.is(Group::finished));
    Answer::List(groups.filter(|group| on.may_see(Group::TYPE, group.record())).map(Into::into).collect())
}
