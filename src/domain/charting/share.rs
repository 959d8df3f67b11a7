//! Notes as documents: `shareAnswersAsDocument`, `generateChartingPdf` and `shareNotePreview`.

use super::form_answer;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Input, Made, QueryError, Reading, Refusal, Value};
use crate::schema::names::{
    Document, FormAnswer, FormAnswerGroup as Group, Organization, PdfLetterheadTemplate, User, args, generateChartingPdfInput as Pdf,
    shareAnswersAsDocumentInput as Share,
};

/// Documented: the patient sees the document. It has no bytes here; nor is a mail sent.
pub fn share_answers_as_document(call: &mut Call<'_, Share>) -> Result<Made, Refusal> {
    for looks in [Share::letterhead, Share::include_header_on_every_page, Share::email_notification] {
        call.accept(looks);
    }
    let group = call.target::<Group, _>(Share::form_answer_group_id)?;
    let patient = match call.is_blank(Share::user_id) {
        true => {
            group.get(Group::user_id).and_then(|user| call.find::<User>(user)).ok_or_else(|| Refusal::on(Share::user_id, CANT_BE_BLANK))?
        }
        false => call.target::<User, _>(Share::user_id)?,
    };
    if !call.is_blank(Share::pdf_letterhead_template_id) {
        call.target::<PdfLetterheadTemplate, _>(Share::pdf_letterhead_template_id)?;
    }
    let known: Vec<u64> = form_answer::of_group(call.on(), group.id()).iter().map(|answer| answer.id()).collect();
    let wanted = ids(call.get(Share::answers)?.unwrap_or_default());
    if wanted.iter().any(|id| !known.contains(id)) {
        return Err(Refusal::not_found("answers", "FormAnswer"));
    }
    let name = call.get(Share::name)?.filter(|name| !name.trim().is_empty()).or(group.get(Group::name)).unwrap_or("Note").to_owned();
    let owner = call.viewer_id();
    let document = call
        .blank_draft::<Document>()
        .belongs_to(group.organization())
        .set(Document::display_name, if name.to_lowercase().ends_with(".pdf") { name } else { format!("{name}.pdf") })
        .set(Document::file_content_type, "application/pdf".to_owned())
        .set(Document::extension, "pdf".to_owned())
        .set(Document::rel_user_id, patient.id())
        .set(Document::owner, owner)
        .set(Document::shared, true)
        .save(call);
    let mut documents: Vec<Value> = group.value(Group::documents.slot).as_list().unwrap_or_default().to_vec();
    documents.push(Value::Id(document.id()));
    let mut linked = call.change(&group);
    linked.set_value(Group::documents.slot, Value::List(documents.into()));
    linked.save(call);
    let mut document = call.change(&document);
    document.set_value(Document::form_answer_groups.slot, Value::List(vec![Value::Id(group.id())].into()));
    Ok(document.save(call).into())
}

/// Documented: answers with the patient; the file is made later. It isn't here.
pub fn generate_charting_pdf(call: &mut Call<'_, Pdf>) -> Result<Made, Refusal> {
    call.accept(Pdf::include_header_on_every_page);
    let patient = call.target::<User, _>(Pdf::id)?;
    if !call.is_blank(Pdf::pdf_letterhead_template_id) {
        call.target::<PdfLetterheadTemplate, _>(Pdf::pdf_letterhead_template_id)?;
    }
    let wanted = ids(call.require(Pdf::form_answer_group_array)?);
    if wanted.is_empty() || wanted.into_iter().any(|id| call.find::<Group>(id).is_none()) {
        return Err(Refusal::not_found("form_answer_group_array", "FormAnswerGroup"));
    }
    Ok(patient.into())
}

/// Documented: ids with commas between them.
fn ids(list: &str) -> Vec<u64> {
    let parts = list.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().unwrap_or(0)).collect()
}

/// Assumed: plain HTML, under the practice's name where a letterhead is asked for.
pub fn share_note_preview(on: Reading<'_>, asked: &Input<'_, args::shareNotePreview>) -> Result<Answer, QueryError> {
    type Asked = args::shareNotePreview;
    asked.accept(Asked::user_id);
    asked.accept(Asked::include_header_on_every_page);
    asked.accept(Asked::pdf_letterhead_template_id);
    let group = asked.get(Asked::form_answer_group_id).ok().flatten().and_then(|group| on.find::<Group>(group));
    let Some(group) = group else { return Ok(Answer::NULL) };
    let wanted = ids(asked.get(Asked::answers).ok().flatten().unwrap_or_default());
    let answers = form_answer::of_group(on, group.id());
    let chosen = answers.iter().filter(|answer| wanted.is_empty() || wanted.contains(&answer.id()));
    let practice = on.find_any::<Organization>(group.organization()).filter(|_| asked.is(Asked::letterhead));
    let head = practice.and_then(|practice| practice.get(Organization::name).map(|name| format!("<header>{}</header>", escaped(name))));
    let body: String = chosen.map(|answer| paragraph(answer)).collect();
    let title = escaped(group.get(Group::name).unwrap_or_default());
    Ok(Value::from(format!("{}<h1>{title}</h1>{body}", head.unwrap_or_default())).into())
}

/// An answer may be HTML already.
fn paragraph(answer: &crate::engine::View<'_, FormAnswer>) -> String {
    let label = escaped(answer.get(FormAnswer::label).unwrap_or_default());
    format!("<p><strong>{label}</strong></p><div>{}</div>", answer.get(FormAnswer::answer).unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn answers_become_a_document_of_the_patient() {
        let clinic = Clinic::open();
        let (id, user) = (clinic.id("FormAnswerGroup", "patient_note"), clinic.id("User", "patient"));
        let answer = clinic.run(&format!(
            r#"mutation {{ shareAnswersAsDocument(input: {{form_answer_group_id: {id}, user_id: {user}, name: "Visit summary"}}) {{
                document {{ display_name file_content_type rel_user {{ first_name }} form_answer_groups {{ name }} }} messages {{ message }} }} }}"#
        ));
        let expected = json!({
            "display_name": "Visit summary.pdf", "file_content_type": "application/pdf", "rel_user": {"first_name": "Ava"},
            "form_answer_groups": [{"name": "Progress Note"}],
        });
        assert_eq!(answer["data"]["shareAnswersAsDocument"]["document"], expected, "{answer}");
        clinic.refuses(
            &format!(r#"shareAnswersAsDocument(input: {{form_answer_group_id: {id}, answers: "1"}})"#),
            &[("answers", "FormAnswer not found")],
        );
    }

    #[test]
    fn a_pdf_is_of_notes_that_are_there() {
        let clinic = Clinic::open();
        let (id, user) = (clinic.id("FormAnswerGroup", "patient_note"), clinic.id("User", "patient"));
        let pdf = |groups: &str| format!(r#"generateChartingPdf(input: {{id: {user}, form_answer_group_array: "{groups}"}})"#);
        let answer = clinic.run(&format!("mutation {{ {} {{ user {{ first_name }} messages {{ message }} }} }}", pdf(&id)));
        assert_eq!(answer["data"]["generateChartingPdf"], json!({"user": {"first_name": "Ava"}, "messages": null}));
        clinic.refuses(&pdf("1"), &[("form_answer_group_array", "FormAnswerGroup not found")]);
        clinic.refuses(&pdf(""), &[("form_answer_group_array", "can't be blank")]);
    }

    #[test]
    fn a_preview_is_html() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "patient_note");
        let answer =
            clinic.run(&format!("{{ shareNotePreview(form_answer_group_id: \"{id}\", letterhead: true) none: shareNotePreview }}"));
        let html = answer["data"]["shareNotePreview"].as_str().unwrap_or_default();
        assert!(html.starts_with("<header>Juniper Family Nutrition</header><h1>Progress Note</h1><p><strong>Subjective"), "{answer}");
        assert!(answer["data"]["none"].is_null());
    }
}
