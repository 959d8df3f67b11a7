//! A practice's looks: brands, letterheads, e-mail templates.

use crate::engine::Area;
use crate::schema::names::{
    AssumedBrand, Brand, CustomEmail, Mutation, OrganizationMembership, PdfLetterheadTemplate, Query, WhitelabelSetting,
};

pub fn area() -> Area {
    Area::new("branding")
        .gets(Query::assumedBrand, AssumedBrand)
        .gets(Query::brand, Brand)
        .gets(Query::brandFromCustomSignInPath, Brand)
        .leaves_out(Query::brandInfo, "not built yet")
        .gets(Query::customEmail, CustomEmail)
        .leaves_out(Query::customEmailPreview, "not built yet")
        .lists_all(Query::customEmails, CustomEmail)
        .counts(Query::customEmailsCount, Query::customEmails)
        .gets(Query::pdfLetterheadTemplate, PdfLetterheadTemplate)
        .leaves_out(Query::pdfLetterheadTemplatePreview, "not built yet")
        .gets(Query::whitelabelSetting, WhitelabelSetting)
        .creates(Mutation::createBrand, Brand)
        .needs(OrganizationMembership::has_own_branding)
        .creates(Mutation::createCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .creates(Mutation::createPdfLetterheadTemplate, PdfLetterheadTemplate)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::destroyPdfLetterheadTemplate, PdfLetterheadTemplate)
        .leaves_out(Mutation::resetDefaultPdfLetterheadTemplate, "not built yet")
        .leaves_out(Mutation::setDefaultPdfLetterheadTemplate, "not built yet")
        .updates(Mutation::updateBrand, Brand)
        .updates(Mutation::updateCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updatePdfLetterheadTemplate, PdfLetterheadTemplate)
        .needs(OrganizationMembership::can_edit_settings)
}
