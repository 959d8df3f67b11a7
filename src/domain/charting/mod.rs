//! Filled forms: chart notes and intake answers, drafted, locked, signed and amended.

mod addendum;
mod answers;
mod appointment_link;
mod audit;
mod autoscore;
mod charting_items;
mod condition;
mod create_client_via_form;
mod create_form_answer_group;
mod delete_form_answer_group;
mod dsi_comment;
mod events;
mod file_attachment;
mod finish;
mod form_answer;
mod form_answer_group;
mod generated;
mod generated_summary;
mod group_note;
mod initial;
mod list;
mod lock;
mod permission;
mod service_time;
mod share;
mod sign;
mod single;
mod smart_fields;
mod subscriptions;
mod update_form_answer_group;
mod visit;

pub use form_answer_group::of_user;
pub use visit::answer;

use crate::domain::forms;
use crate::engine::Area;
use crate::schema::names::{ChartingNoteAddendumType, Mutation, OrganizationMembership, Query, Subscription, WebhookEventType};

pub fn area() -> Area {
    Area::new("charting")
        .entity(form_answer_group::entity())
        .entity(form_answer::entity())
        .entity(audit::entity())
        .entity(sign::entity())
        .entity(addendum::entity())
        .entity(appointment_link::entity())
        .entity(group_note::entity())
        .entity(generated::entity())
        .entity(generated::answers())
        .entity(generated_summary::entity())
        .entity(dsi_comment::entity())
        .event(WebhookEventType::FORM_ANSWER_GROUP_CREATED, events::created)
        .event(WebhookEventType::FORM_ANSWER_GROUP_DELETED, events::deleted)
        .event(WebhookEventType::FORM_ANSWER_GROUP_LOCKED, events::locked)
        .event(WebhookEventType::FORM_ANSWER_GROUP_UNLOCKED, events::unlocked)
        .event(WebhookEventType::FORM_ANSWER_GROUP_SIGNED, events::signed)
        .event(WebhookEventType::GENERATED_FORM_ANSWER_GROUP_CREATED, events::proposed)
        .event(WebhookEventType::GENERATED_FORM_ANSWER_GROUP_UPDATED, events::proposal_updated)
        .event(WebhookEventType::GENERATED_FORM_ANSWER_GROUP_DELETED, events::proposal_deleted)
        .event(WebhookEventType::GENERATED_FORM_ANSWER_GROUP_CONVERTED, events::converted)
        .event(WebhookEventType::GENERATED_FORM_ANSWER_GROUP_REJECTED, events::rejected)
        .lists(Query::chartNotes, list::chart_notes())
        .counts(Query::chartNotesCount, Query::chartNotes)
        .query(Query::chartingItems, charting_items::charting_items)
        .query(Query::chartingItemsCount, charting_items::charting_items_count)
        .gets(Query::chartingNoteAddendum, ChartingNoteAddendumType)
        .query(Query::dsiComment, dsi_comment::dsi_comment)
        .query(Query::formAnswerGroup, single::form_answer_group)
        .leaves(single::is_tracked, single::track)
        .lists(Query::formAnswerGroups, list::form_answer_groups())
        .counts(Query::formAnswerGroupsCount, Query::formAnswerGroups)
        .query(Query::initialFormAnswers, initial::initial_form_answers)
        .query(Query::initialServiceDate, initial::initial_service_date)
        .query(Query::intitialServiceDate, initial::intitial_service_date)
        .query(Query::questionBankModules, forms::question_bank_modules)
        .query(Query::shareNotePreview, share::share_note_preview)
        .mutation(Mutation::convertGeneratedFormAnswerGroup, generated::convert_generated_form_answer_group)
        .needs(OrganizationMembership::can_autogenerate_charting_notes_from_zoom_calls)
        .mutation(Mutation::createAddendum, addendum::create_addendum)
        .mutation(Mutation::createAppointmentFormAnswerGroupConnection, appointment_link::create_appointment_form_answer_group_connection)
        .mutation(Mutation::createClientViaForm, create_client_via_form::create_client_via_form)
        .public()
        .mutation(Mutation::createDsiComment, dsi_comment::create_dsi_comment)
        .mutation(Mutation::createEncounterSummary, generated_summary::create_encounter_summary)
        .mutation(Mutation::createFormAnswerFileAttachment, file_attachment::create_form_answer_file_attachment)
        .patients_too()
        .mutation(Mutation::createFormAnswerFileAttachmentUploadUrl, file_attachment::create_form_answer_file_attachment_upload_url)
        .patients_too()
        .mutation(Mutation::createFormAnswerGroup, create_form_answer_group::create_form_answer_group)
        .patients_too()
        .mutation(Mutation::createFormAnswerGroupSigning, sign::create_form_answer_group_signing)
        .mutation(Mutation::createGeneratedSummary, generated_summary::create_generated_summary)
        .mutation(Mutation::deleteAppointmentFormAnswerGroupConnection, appointment_link::delete_appointment_form_answer_group_connection)
        .needs(OrganizationMembership::can_unlink_chart_note_from_appointment)
        .mutation(Mutation::deleteFormAnswerFileAttachment, file_attachment::delete_form_answer_file_attachment)
        .patients_too()
        .mutation(Mutation::deleteFormAnswerGroup, delete_form_answer_group::delete_form_answer_group)
        .patients_too()
        .mutation(Mutation::deleteFormAnswerGroupSigning, sign::delete_form_answer_group_signing)
        .mutation(Mutation::generateChartingPdf, share::generate_charting_pdf)
        .accepted()
        .mutation(Mutation::lockFormAnswerGroup, lock::lock_form_answer_group)
        .mutation(Mutation::rejectGeneratedFormAnswerGroup, generated::reject_generated_form_answer_group)
        .needs(OrganizationMembership::can_autogenerate_charting_notes_from_zoom_calls)
        .mutation(Mutation::shareAnswersAsDocument, share::share_answers_as_document)
        .mutation(Mutation::signFormAnswerGroup, sign::sign_form_answer_group)
        .mutation(Mutation::unlockFormAnswerGroup, lock::unlock_form_answer_group)
        .mutation(Mutation::updateAddendum, addendum::update_addendum)
        .accepted()
        .mutation(Mutation::updateAppointmentFormAnswerGroupConnection, appointment_link::update_appointment_form_answer_group_connection)
        .mutation(Mutation::updateDsiComment, dsi_comment::update_dsi_comment)
        .mutation(Mutation::updateFormAnswerGroup, update_form_answer_group::update_form_answer_group)
        .patients_too()
        .mutation(Mutation::updateGeneratedFormAnswerGroupFeedback, generated::update_generated_form_answer_group_feedback)
        .mutation(Mutation::updateGeneratedSummary, generated_summary::update_generated_summary)
        .subscription(Subscription::formAnswerGroupModifiedSubscription, subscriptions::modified())
}
