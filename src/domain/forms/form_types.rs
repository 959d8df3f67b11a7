//! `formTypesToRequest`: what patients can be asked to fill in.

use super::custom_module_form::kind;
use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{CustomModuleForm, FormTypesToRequest, args};

type Asked = args::formTypesToRequest;

/// What can be requested besides templates: how it is named, and what it is called.
///
/// Documented: the first one. Assumed: the others, after the screens of an intake flow.
pub const GENERIC_FORMS: [(&str, &str); 3] =
    [("billing_info", "Billing Information"), ("insurance_info", "Insurance Information"), ("photo_id", "Photo ID")];

/// Documented: a template is a `cmf`.
pub fn form_types_to_request(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let keywords = asked.get(Asked::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let sort_by = asked.get(Asked::sort_by).ok().flatten().unwrap_or_default().to_lowercase();
    let own = on.viewer().organization();
    let templates = on.of_organization::<CustomModuleForm>(own).filter(|form| {
        let hidden = form.is(CustomModuleForm::is_archived) || form.is(CustomModuleForm::uploaded_by_healthie_team);
        !hidden && kind(form) != "charting" && on.may_see(CustomModuleForm::TYPE, form.record())
    });
    let templates = templates.map(|form| {
        let name = form.get(CustomModuleForm::name).unwrap_or_default().to_owned();
        (form.id().to_string(), "cmf", name, form.is(CustomModuleForm::is_video))
    });
    let generic = GENERIC_FORMS.iter().map(|(id, name)| ((*id).to_owned(), *id, (*name).to_owned(), false));
    let mut all: Vec<_> = templates.chain(generic).filter(|(_, _, name, _)| name.to_lowercase().contains(keywords.trim())).collect();
    if sort_by.starts_with("name") {
        all.sort_by_key(|(_, _, name, _)| name.to_lowercase());
    }
    if sort_by.ends_with("_desc") {
        all.reverse();
    }
    let shown = all.into_iter().map(|(id, item_type, name, is_video)| {
        let values = vec![
            (FormTypesToRequest::id.slot, Value::from(id).into()),
            (FormTypesToRequest::item_type.slot, Value::text(item_type).into()),
            (FormTypesToRequest::name.slot, Value::from(name).into()),
            (FormTypesToRequest::is_video.slot, Value::Bool(is_video).into()),
        ];
        Answer::Object(FormTypesToRequest::TYPE, values)
    });
    Ok(Answer::List(if on.viewer().is_member() { shown.collect() } else { vec![] }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn intake_templates_and_generic_forms_can_be_requested() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModuleForm", "checkin");
        let answer = clinic.run(
            r#"{ formTypesToRequest(keywords: "check") { id item_type name is_video }
            all: formTypesToRequest(sort_by: "name_desc") { name } }"#,
        );
        assert_eq!(
            answer["data"]["formTypesToRequest"],
            json!([{"id": id, "item_type": "cmf", "name": "Quick Check-in", "is_video": false}])
        );
        assert_eq!(answer["data"]["all"][0], json!({"name": "Welcome Questionnaire"}));
    }
}
