//! What stands above the pages that are printed.

use crate::engine::{Answer, Call, Entity, Input as Args, Made, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::names::{
    Organization, PdfLetterheadTemplate, PdfLetterheadTemplateAddressSource, PdfLetterheadTemplateBrandLogoSource,
    PdfLetterheadTemplateEmailSource, PdfLetterheadTemplatePhoneNumberSource, PdfLetterheadTemplateTeamMemberNameSource, args,
    createPdfLetterheadTemplateInput as Input, createPdfLetterheadTemplatePayload as Payload, destroyPdfLetterheadTemplateInput,
    resetDefaultPdfLetterheadTemplateInput, resetDefaultPdfLetterheadTemplatePayload, setDefaultPdfLetterheadTemplateInput,
    updatePdfLetterheadTemplateInput,
};
use crate::schema::{Field, Named};

type Template = PdfLetterheadTemplate;

/// Documented by the defaults of the input.
pub fn entity() -> Entity<Template> {
    let shown = [
        Template::include_address,
        Template::include_appointment_details,
        Template::include_brand_logo,
        Template::include_email,
        Template::include_organization_name,
        Template::include_phone_number,
        Template::include_team_member_name,
        Template::include_team_member_npi,
        Template::include_team_member_qualifications,
    ];
    let entity = Entity::new()
        .silent()
        .requires(Template::title)
        .defaults(Template::address_source, PdfLetterheadTemplateAddressSource::ORGANIZATION)
        .defaults(Template::brand_logo_source, PdfLetterheadTemplateBrandLogoSource::ORGANIZATION)
        .defaults(Template::email_source, PdfLetterheadTemplateEmailSource::ORGANIZATION)
        .defaults(Template::phone_number_source, PdfLetterheadTemplatePhoneNumberSource::ORGANIZATION)
        .defaults(Template::team_member_name_source, PdfLetterheadTemplateTeamMemberNameSource::CURRENT_USER)
        .defaults(Template::is_default, false)
        .ruled(Template::is_default)
        .ruled(Template::organization_id)
        .answers(Template::organization, |template| template.on.find_any::<Organization>(template.organization()).into());
    shown.into_iter().fold(entity, |entity, shown: Field<Template, crate::schema::Bool>| entity.defaults(shown, true))
}

/// What an organization tells of its letterheads.
pub fn on_organization(entity: Entity<Organization>) -> Entity<Organization> {
    entity
        .answers(Organization::pdf_letterhead_templates, |organization| {
            let on = organization.on;
            let all = of(organization).filter(|template| on.may_see(Template::TYPE, template.record()));
            Answer::records(all.map(|template| template.row().clone()))
        })
        .answers(Organization::default_pdf_letterhead_template, |organization| default_of(organization).into())
        .computed(Organization::is_using_system_default_pdf_letterhead_template, |organization| Some(default_of(organization).is_none()))
}

fn of<'s>(organization: &View<'s, Organization>) -> Box<dyn Iterator<Item = View<'s, Template>> + 's> {
    organization.on.of_organization::<Template>(organization.id())
}

fn default_of<'s>(organization: &View<'s, Organization>) -> Option<View<'s, Template>> {
    of(organization).find(|template| template.is(Template::is_default))
}

pub fn create_pdf_letterhead_template(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let template = call.draft::<Template>();
    call.check(&template)?;
    let template = template.save(call);
    Ok(with_organization(call, template))
}

pub fn update_pdf_letterhead_template(call: &mut Call<'_, updatePdfLetterheadTemplateInput>) -> Result<Made, Refusal> {
    let template = call.target::<Template, _>(updatePdfLetterheadTemplateInput::id)?;
    let template = call.edit(&template);
    call.check(&template)?;
    let template = template.save(call);
    Ok(with_organization(call, template))
}

pub fn destroy_pdf_letterhead_template(call: &mut Call<'_, destroyPdfLetterheadTemplateInput>) -> Result<Made, Refusal> {
    let template = call.target::<Template, _>(destroyPdfLetterheadTemplateInput::id)?;
    call.delete(&template);
    Ok(with_organization(call, template))
}

/// Documented: an organization has one default.
pub fn set_default_pdf_letterhead_template(call: &mut Call<'_, setDefaultPdfLetterheadTemplateInput>) -> Result<Made, Refusal> {
    let template = call.target::<Template, _>(setDefaultPdfLetterheadTemplateInput::id)?;
    clear_default(call, template.organization());
    let template = call.change(&template).set(Template::is_default, true).save(call);
    Ok(with_organization(call, template))
}

/// Documented: the system's own is the default again, whatever the argument says.
pub fn reset_default_pdf_letterhead_template(call: &mut Call<'_, resetDefaultPdfLetterheadTemplateInput>) -> Result<Made, Refusal> {
    call.accept(resetDefaultPdfLetterheadTemplateInput::reset_letterhead_template);
    let own = call.viewer().organization();
    clear_default(call, own);
    let organization = call.find_any::<Organization>(own);
    Ok(Made::nothing().also(resetDefaultPdfLetterheadTemplatePayload::organization, organization))
}

fn clear_default<I: Named>(call: &mut Call<'_, I>, organization: u64) {
    let on = call.on();
    let defaults: Vec<Row<Template>> = on
        .of_organization::<Template>(organization)
        .filter(|template| template.is(Template::is_default))
        .map(|template| template.row().clone())
        .collect();
    for template in defaults {
        call.change(&template).set(Template::is_default, false).save(call);
    }
}

fn with_organization<I: Named>(call: &Call<'_, I>, template: Row<Template>) -> Made {
    let organization = call.find_any::<Organization>(template.organization());
    Made::from(template).also(Payload::organization, organization)
}

/// Assumed: the page has no more than the organization's name.
pub fn pdf_letterhead_template_preview(
    on: Reading<'_>,
    asked: &Args<'_, args::pdfLetterheadTemplatePreview>,
) -> Result<Answer, QueryError> {
    type Asked = args::pdfLetterheadTemplatePreview;
    asked.accept(Asked::patient_id);
    asked.accept(Asked::pdf_letterhead_template_id);
    let organization = on.find::<Organization>(on.viewer().organization());
    let info = organization.and_then(|organization| crate::domain::organizations::name_of(&organization));
    Ok(Value::from(format!("<header>{}</header>", info.unwrap_or_default())).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn one_letterhead_is_the_default() {
        let clinic = Clinic::open();
        let make = |title: &str| {
            let made = clinic.run(&format!(
                r#"mutation {{ createPdfLetterheadTemplate(input: {{ title: "{title}" }}) {{ pdf_letterhead_template {{ id title include_email email_source is_default organization {{ id }} }} organization {{ id }} messages {{ message }} }} }}"#
            ));
            made["data"]["createPdfLetterheadTemplate"]["pdf_letterhead_template"]["id"].as_str().expect("made").to_owned()
        };
        let (plain, fancy) = (make("Plain"), make("Fancy"));
        for id in [&plain, &fancy] {
            clinic.run(&format!("mutation {{ setDefaultPdfLetterheadTemplate(input: {{ id: {id} }}) {{ messages {{ message }} }} }}"));
        }
        let seen = || {
            clinic.run("{ organization { default_pdf_letterhead_template { title } is_using_system_default_pdf_letterhead_template } }")["data"]["organization"].clone()
        };
        assert_eq!(
            seen(),
            json!({ "default_pdf_letterhead_template": { "title": "Fancy" }, "is_using_system_default_pdf_letterhead_template": false })
        );
        clinic.run("mutation { resetDefaultPdfLetterheadTemplate(input: {}) { organization { id } messages { message } } }");
        assert_eq!(seen(), json!({ "default_pdf_letterhead_template": null, "is_using_system_default_pdf_letterhead_template": true }));
        clinic.refuses("createPdfLetterheadTemplate(input: {})", &[("title", "can't be blank")]);
    }
}
