//! A practice's looks: brands, letterheads, e-mail templates.

mod brand;
mod brand_info;
mod custom_email;
mod letterhead;
mod whitelabel;

pub use brand::on_user;
pub use letterhead::on_organization;

use crate::engine::Area;
use crate::schema::names::{CustomEmail, Mutation, OrganizationMembership, PdfLetterheadTemplate, Query};

pub fn area() -> Area {
    Area::new("branding")
        .entity(brand::entity())
        .entity(custom_email::entity())
        .entity(letterhead::entity())
        .entity(whitelabel::entity())
        .query(Query::assumedBrand, brand_info::assumed_brand)
        .public()
        .query(Query::brand, brand::brand)
        .public()
        .query(Query::brandFromCustomSignInPath, brand::brand_from_custom_sign_in_path)
        .public()
        .query(Query::brandInfo, brand_info::brand_info)
        .public()
        .gets(Query::customEmail, CustomEmail)
        .query(Query::customEmailPreview, custom_email::custom_email_preview)
        .lists(Query::customEmails, custom_email::custom_emails())
        .counts(Query::customEmailsCount, Query::customEmails)
        .gets(Query::pdfLetterheadTemplate, PdfLetterheadTemplate)
        .query(Query::pdfLetterheadTemplatePreview, letterhead::pdf_letterhead_template_preview)
        .query(Query::whitelabelSetting, whitelabel::whitelabel_setting)
        .public()
        .mutation(Mutation::createBrand, brand::create_brand)
        .needs(OrganizationMembership::has_own_branding)
        .creates(Mutation::createCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::createPdfLetterheadTemplate, letterhead::create_pdf_letterhead_template)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::destroyPdfLetterheadTemplate, letterhead::destroy_pdf_letterhead_template)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::resetDefaultPdfLetterheadTemplate, letterhead::reset_default_pdf_letterhead_template)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::setDefaultPdfLetterheadTemplate, letterhead::set_default_pdf_letterhead_template)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::updateBrand, brand::update_brand)
        .updates(Mutation::updateCustomEmail, CustomEmail)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::updatePdfLetterheadTemplate, letterhead::update_pdf_letterhead_template)
        .needs(OrganizationMembership::can_edit_settings)
}
