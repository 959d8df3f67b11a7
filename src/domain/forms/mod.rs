//! Form templates, their questions, and smart phrases.

mod copy_custom_module;
mod copy_custom_module_form;
mod custom_module;
mod custom_module_form;
mod default_template;
mod delete_custom_module;
mod file_attachment;
mod form_types;
mod set_scribe_instructions;
mod share_custom_module_form;
mod smart_phrase;
mod write_custom_module;
mod write_custom_module_form;

pub use custom_module::question_bank_modules;
pub use custom_module_form::{kind, own, questions};
pub use file_attachment::{Announced, announce, attach, remove, upload_url};
pub use form_types::GENERIC_FORMS;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("forms")
        .entity(custom_module_form::entity())
        .entity(custom_module::entity())
        .entity(custom_module::condition())
        .entity(file_attachment::entity())
        .entity(smart_phrase::entity())
        .query(Query::customModuleForm, default_template::custom_module_form)
        .public()
        .lists(Query::customModuleForms, custom_module_form::custom_module_forms())
        .counts(Query::customModuleFormsCount, Query::customModuleForms)
        .lists(Query::customModules, custom_module::custom_modules())
        .query(Query::formTypesToRequest, form_types::form_types_to_request)
        // Assumed of both: every plan has it.
        .question(Query::hasConditionalQuestionEditing, |_| crate::engine::Value::Bool(true).into())
        .question(Query::hasSubLabels, |_| crate::engine::Value::Bool(true).into())
        .lists(Query::smartPhrases, smart_phrase::smart_phrases())
        .counts(Query::smartPhrasesCount, Query::smartPhrases)
        .mutation(Mutation::copyCustomModule, copy_custom_module::copy_custom_module)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::copyCustomModuleForm, copy_custom_module_form::copy_custom_module_form)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createCustomModule, write_custom_module::create_custom_module)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createCustomModuleFileAttachment, file_attachment::create_custom_module_file_attachment)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createCustomModuleFileAttachmentUploadUrl, file_attachment::create_custom_module_file_attachment_upload_url)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createCustomModuleForm, write_custom_module_form::create_custom_module_form)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createSmartPhrase, smart_phrase::create_smart_phrase)
        .mutation(Mutation::deleteCustomModule, delete_custom_module::delete_custom_module)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::deleteCustomModuleFileAttachment, file_attachment::delete_custom_module_file_attachment)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::deleteCustomModuleForm, write_custom_module_form::delete_custom_module_form)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::deleteSmartPhrase, smart_phrase::delete_smart_phrase)
        .mutation(Mutation::setCustomModuleFormScribeInstructions, set_scribe_instructions::set_custom_module_form_scribe_instructions)
        .needs(OrganizationMembership::can_autogenerate_charting_notes_from_zoom_calls)
        .mutation(Mutation::shareCustomModuleForm, share_custom_module_form::share_custom_module_form)
        .mutation(Mutation::updateCustomModule, write_custom_module::update_custom_module)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::updateCustomModuleForm, write_custom_module_form::update_custom_module_form)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::updateSmartPhrase, smart_phrase::update_smart_phrase)
}
