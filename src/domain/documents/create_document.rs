//! `createDocument`: uploads a file, or has one made.

use super::{document, sharing::Shareable};
use crate::domain::invited::Invited;
use crate::engine::{CANT_BE_BLANK, Call, Draft, File, Made, Refusal, Row, files};
use crate::schema::Named;
use crate::schema::names::{Document, OrganizationMembership, User, createDocumentInput as Input, createDocumentPayload as Payload};
use std::sync::Arc;

const TO: &str = "create this document";

/// Documented: what `report_type` may say.
const REPORTS: [&str; 17] = [
    "Short Client List",
    "Long Client List",
    "Client Activity List",
    "Client Metrics",
    "Appointments",
    "Courses",
    "Program Forms",
    "Clients Credits",
    "Payments",
    "Transfers",
    "Transactions",
    "CMS1500s",
    "Superbills",
    "Referring Physicians",
    "Insurance Authorization",
    "Client Blood Sugar",
    "Requested Payments",
];

pub fn create_document(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // What a report covers, and which page of the web app the upload comes from, is not to be seen on the document.
    call.accept(Input::from_date);
    call.accept(Input::to_date);
    call.accept(Input::from_program_create);
    call.accept(Input::updated_at);
    let about = about(call)?;
    let file = file(call)?;
    document::refuse_unfit(call, call.get(Input::metadata)?, call.get(Input::folder_id)?)?;
    let (users, groups) = shared_with(call)?;
    let draft = call.draft::<Document>();
    call.check(&draft)?;

    let mut draft = named(draft, &file).set(Document::owner_id, call.viewer_id());
    if let Some(about) = about {
        draft.put(Document::rel_user_id, about);
    }
    if call.viewer().is_patient() {
        draft.put(Document::share_with_rel, true);
    }
    if call.is(Input::org_level) {
        draft.put(Document::shared_with_dietitians, true);
    }
    let made = document::settle(call, None, Document::share(draft, users, groups));
    let caller = call.find_any::<User>(call.viewer_id());
    Ok(Made::from(made).also(Payload::currentUser, caller))
}

/// The patient whom it is about. Assumed: a patient's own uploads are about the patient.
fn about(call: &Call<'_, Input>) -> Result<Option<u64>, Refusal> {
    let field = match (call.is_blank(Input::rel_user_id), call.is_blank(Input::on_form_for_user_id)) {
        (false, _) => Input::rel_user_id,
        (true, false) => Input::on_form_for_user_id,
        (true, true) => return Ok(call.viewer().id().filter(|_| call.viewer().is_patient())),
    };
    let about = call.target::<User, _>(field)?;
    match call.viewer().is_patient() && !call.viewer().is(about.id()) {
        true => Err(Refusal::no_permission(TO)),
        false => Ok(Some(about.id())),
    }
}

/// What is uploaded, or made. Documented: one of them is needed.
fn file(call: &Call<'_, Input>) -> Result<Arc<File>, Refusal> {
    if let Some(file) = call.file(Input::file)? {
        return Ok(file.clone());
    }
    let made = |content_type: &str, name: &str| Ok(Arc::new(File::new(Some(name), content_type, Arc::default())));
    if let Some(report) = call.get(Input::report_type)?.filter(|report| !report.is_empty()) {
        call.needs(OrganizationMembership::can_view_reports, TO)?;
        return match REPORTS.contains(&report) {
            true => made("text/csv", &format!("{report}.csv")),
            false => Err(Refusal::on(Input::report_type, "is invalid")),
        };
    }
    let (machine, human) = (Input::generate_ccda_for_rel_user_id, Input::generate_human_readable_ccda_for_rel_user_id);
    if call.is(machine) || call.is(human) {
        if call.is_blank(Input::rel_user_id) {
            return Err(Refusal::on(Input::rel_user_id, CANT_BE_BLANK));
        }
        return if call.is(human) { made("text/html", "CCDA.html") } else { made("application/xml", "CCDA.xml") };
    }
    Err(Refusal::on(Input::file, CANT_BE_BLANK))
}

/// Documented: it is called as the file is, where nothing else is said.
fn named(mut draft: Draft<Document>, file: &Arc<File>) -> Draft<Document> {
    let given = draft.get(Document::display_name).filter(|name| !name.trim().is_empty()).map(str::to_owned);
    let unknown = &*file.content_type == files::UNKNOWN;
    let by_name = given.as_deref().and_then(files::content_type_of).filter(|_| unknown);
    let content_type = by_name.map_or_else(|| file.content_type.to_string(), str::to_owned);
    let name = match &given {
        Some(given) if given.contains('.') => given.clone(),
        Some(given) => files::name_or(file, given),
        None => files::name_or(file, "document"),
    };
    if given.is_none() {
        draft.put(Document::display_name, name.clone());
    }
    if file.size > 0 {
        draft.put_file(Document::expiring_url, file);
    }
    draft.set(Document::file_name, name).set(Document::file_content_type, content_type).set(Document::file_size, file.size as i64)
}

/// The document that comes along with a message: its author's, and there for everybody who reads it.
pub fn of_message<I: Named>(call: &mut Call<'_, I>, file: &Arc<File>, author: u64, readers: Vec<u64>) -> Row<Document> {
    let draft = call.blank_draft::<Document>();
    let draft = named(draft, file).set(Document::owner_id, author);
    document::settle(call, None, Document::share(draft, readers, vec![]))
}

/// The people and the groups with whom it is shared from the start.
fn shared_with(call: &Call<'_, Input>) -> Result<(Vec<u64>, Vec<u64>), Refusal> {
    let mut invited = Invited::sent(call, Input::share_users)?.unwrap_or_default();
    for field in [Input::clients_ids, Input::provider_ids] {
        invited.users.extend(call.targets::<User>(field)?.iter().map(Row::id));
    }
    invited.users.dedup();
    Ok((invited.users, invited.groups))
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    fn create(rest: &str) -> String {
        format!(r#"createDocument(input: {{ file_string: "data:application/pdf;base64,aGVsbG8=", {rest} }})"#)
    }

    #[test]
    fn an_upload_to_a_chart_is_not_the_patient_s_to_see_until_it_is_shared() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let upload = create(&format!(r#"rel_user_id: "{patient}", display_name: "Lab report", metadata: "{{}}""#));
        let fields = "id display_name file_content_type extension friendly_type shared rel_user { first_name } owner { first_name } metadata users_count";
        let answer = clinic
            .run(&format!("mutation {{ {upload} {{ document {{ {fields} }} currentUser {{ first_name }} messages {{ message }} }} }}"));
        let id = answer["data"]["createDocument"]["document"]["id"].clone();
        assert_eq!(
            answer["data"]["createDocument"],
            json!({
                "document": {
                    "id": id, "display_name": "Lab report", "file_content_type": "application/pdf", "extension": "pdf", "friendly_type": "PDF",
                    "shared": false, "rel_user": {"first_name": "Ava"}, "owner": {"first_name": "Priya"}, "metadata": "{}", "users_count": 0
                },
                "currentUser": {"first_name": "Priya"},
                "messages": null
            })
        );
        assert_eq!(clinic.events(), ["document.created"]);
        let of_patient =
            || clinic.as_role("patient").run(&format!("{{ document(id: {id}) {{ display_name metadata }} }}"))["data"]["document"].clone();
        assert!(of_patient().is_null());
        clinic.run(&format!("mutation {{ updateDocument(input: {{ id: {id}, share_with_rel: true }}) {{ messages {{ message }} }} }}"));
        assert_eq!(clinic.events(), ["document.updated"]);
        assert_eq!(of_patient(), json!({"display_name": "Lab report", "metadata": null}));
    }

    #[test]
    fn the_link_is_at_the_server_that_was_asked() {
        let clinic = Clinic::open();
        let answer = clinic.run(&format!("mutation {{ {} {{ document {{ display_name expiring_url }} }} }}", create("description: \"x\"")));
        let document = &answer["data"]["createDocument"]["document"];
        assert_eq!(document["display_name"], "document.pdf");
        assert!(
            document["expiring_url"].as_str().is_some_and(|url| url.starts_with("http://localhost:4000/files/test/Document/")),
            "{answer}"
        );
    }

    #[test]
    fn it_is_shared_by_doc_share_ids() {
        let clinic = Clinic::open();
        let (patient, group) = (clinic.id("User", "patient2"), clinic.id("UserGroup", "heart"));
        let fields = "users { first_name } user_groups { name } shared_users_count shared_user_groups_count users_count shared";
        let made = |version, users: &str| {
            let upload = create(&format!("share_users: {users}"));
            let answer = clinic.in_version(version).run(&format!(
                "mutation {{ {upload} {{ document {{ {} }} messages {{ message }} }} }}",
                if version == Version::V2024_06_01 { fields } else { "shared_users_count shared_user_groups_count" }
            ));
            answer["data"]["createDocument"].clone()
        };
        assert_eq!(
            made(Version::V2024_06_01, &format!("\"user-{patient},group-{group}\""))["document"],
            json!({
                "users": [{"first_name": "Marcus"}, {"first_name": "Ava"}, {"first_name": "Rosa"}, {"first_name": "Edith"}],
                "user_groups": [{"name": "Heart Health"}], "shared_users_count": 1, "shared_user_groups_count": 1, "users_count": 4, "shared": true
            })
        );
        assert_eq!(
            made(Version::V2026_01_01, &format!("[\"user-{patient}\", \"group-{group}\"]"))["document"],
            json!({"shared_users_count": 1, "shared_user_groups_count": 1})
        );
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let clinic = Clinic::open();
        clinic.refuses(r#"createDocument(input: { display_name: "x" })"#, &[("file", "can't be blank")]);
        clinic.refuses(r#"createDocument(input: { file_string: "%%" })"#, &[("file_string", "is invalid")]);
        clinic.refuses(&create(r#"rel_user_id: "1""#), &[("rel_user_id", "User not found")]);
        clinic.refuses(&create(r#"folder_id: "1""#), &[("folder_id", "Folder not found")]);
        clinic.refuses(r#"createDocument(input: { report_type: "Everything" })"#, &[("report_type", "is invalid")]);
        let made = clinic.run(r#"mutation { createDocument(input: { report_type: "Appointments" }) { document { display_name } } }"#);
        assert_eq!(made["data"]["createDocument"]["document"]["display_name"], "Appointments.csv");
        let other = create(&format!(r#"rel_user_id: "{}""#, clinic.id("User", "provider")));
        clinic.as_role("patient").refuses(&other, &[("base", "You do not have permission to create this document.")]);
    }
}
