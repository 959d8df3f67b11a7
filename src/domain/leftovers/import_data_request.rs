//! Data that somebody wants Healthie to import. The request is kept; nothing is imported.

use crate::engine::{Answer, CANT_BE_BLANK, Call, Entity, Input as Args, Made, QueryError, Reading, Refusal};
use crate::schema::names::{ImportDataRequest, User, args, createImportDataRequestInput as Input};

pub fn entity() -> Entity<ImportDataRequest> {
    Entity::usual().silent().about_only(ImportDataRequest::user_id)
}

/// Documented: the latest of a person; the caller's where nobody is named.
pub fn import_data_request(on: Reading<'_>, asked: &Args<'_, args::importDataRequest>) -> Result<Answer, QueryError> {
    let user = asked.get(args::importDataRequest::user_id).ok().flatten().or(on.viewer().id());
    let user = user.and_then(|user| on.find::<User>(user));
    Ok(user.and_then(|user| on.having(ImportDataRequest::user_id, user.id()).last()).into())
}

pub fn create_import_data_request(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer_id();
    let request = call.draft::<ImportDataRequest>().set(ImportDataRequest::user_id, own);
    if request.is_blank(ImportDataRequest::request_type) {
        return Err(Refusal::on(Input::request_type, CANT_BE_BLANK));
    }
    call.check(&request)?;
    Ok(request.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_request_is_kept() {
        let clinic = Clinic::open();
        clinic.refuses("createImportDataRequest(input: {})", &[("request_type", "can't be blank")]);
        let made = clinic.run(
            r#"mutation { createImportDataRequest(input: { request_type: "clients", display_name: "clients.csv" }) { importDataRequest { request_type created_at } messages { message } } }"#,
        );
        assert_eq!(
            made["data"]["createImportDataRequest"]["importDataRequest"],
            json!({ "request_type": "clients", "created_at": "2026-03-02 10:00:00 -0500" })
        );
        assert_eq!(clinic.run("{ importDataRequest { display_name } }")["data"]["importDataRequest"]["display_name"], "clients.csv");
    }
}
