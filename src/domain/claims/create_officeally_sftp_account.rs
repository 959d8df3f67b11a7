//! `createOfficeallySftpAccount`: connects the organization to Office Ally; nothing is called.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OfficeallySftpAccount, createOfficeallySftpAccountInput as Input};

/// Assumed: an organization has one connection, which a second one replaces.
pub fn create_officeally_sftp_account(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().organization();
    let known = call.on().of_organization::<OfficeallySftpAccount>(own).next().map(|account| account.row().clone());
    let draft = match known {
        Some(known) => call.edit(&known),
        None => call.draft::<OfficeallySftpAccount>(),
    };
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_connection_is_stored_without_being_tried() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            r#"mutation { createOfficeallySftpAccount(input: {ftp_url: "ftp.clinic.example", username: "juniper", password: "s3cret"}) {
                officeally_sftp_account { username is_valid is_enabled } messages { message } } }"#,
        );
        assert_eq!(
            answer["data"]["createOfficeallySftpAccount"],
            json!({"officeally_sftp_account": {"username": "juniper", "is_valid": true, "is_enabled": true}, "messages": null})
        );
        let long = "x".repeat(26);
        clinic.refuses(
            &format!(r#"createOfficeallySftpAccount(input: {{password: "{long}"}})"#),
            &[("password", "is too long (maximum is 25 characters)")],
        );
    }
}
