//! Form templates, their questions, and smart phrases.

use crate::engine::Area;
use crate::schema::names::{
    CustomModule, CustomModuleForm, FileAttachment, FormTypesToRequest, Mutation, OrganizationMembership, Query, SmartPhrase,
};

pub fn area() -> Area {
    Area::new("forms")
        .gets(Query::customModuleForm, CustomModuleForm)
        .lists_all(Query::customModuleForms, CustomModuleForm)
        .counts(Query::customModuleFormsCount, Query::customModuleForms)
        .lists_all(Query::customModules, CustomModule)
        .lists_all(Query::formTypesToRequest, FormTypesToRequest)
        .leaves_out(Query::hasConditionalQuestionEditing, "not built yet")
        .leaves_out(Query::hasSubLabels, "not built yet")
        .lists_all(Query::smartPhrases, SmartPhrase)
        .counts(Query::smartPhrasesCount, Query::smartPhrases)
        .creates(Mutation::copyCustomModule, CustomModule)
        .creates(Mutation::copyCustomModuleForm, CustomModuleForm)
        .creates(Mutation::createCustomModule, CustomModule)
        .needs(OrganizationMembership::can_edit_forms)
        .creates(Mutation::createCustomModuleFileAttachment, FileAttachment)
        .leaves_out(Mutation::createCustomModuleFileAttachmentUploadUrl, "not built yet")
        .creates(Mutation::createCustomModuleForm, CustomModuleForm)
        .needs(OrganizationMembership::can_edit_forms)
        .creates(Mutation::createSmartPhrase, SmartPhrase)
        .deletes(Mutation::deleteCustomModule, CustomModule)
        .needs(OrganizationMembership::can_edit_forms)
        .deletes(Mutation::deleteCustomModuleFileAttachment, FileAttachment)
        .deletes(Mutation::deleteCustomModuleForm, CustomModuleForm)
        .needs(OrganizationMembership::can_edit_forms)
        .deletes(Mutation::deleteSmartPhrase, SmartPhrase)
        .updates(Mutation::setCustomModuleFormScribeInstructions, CustomModuleForm)
        .needs(OrganizationMembership::can_autogenerate_charting_notes_from_zoom_calls)
        .leaves_out(Mutation::shareCustomModuleForm, "not built yet")
        .updates(Mutation::updateCustomModule, CustomModule)
        .needs(OrganizationMembership::can_edit_forms)
        .updates(Mutation::updateCustomModuleForm, CustomModuleForm)
        .needs(OrganizationMembership::can_edit_forms)
        .updates(Mutation::updateSmartPhrase, SmartPhrase)
}
