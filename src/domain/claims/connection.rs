//! The clearing houses that an organization is connected to. Nothing is sent to them: what is submitted counts as accepted.

use crate::engine::{Call, Entity, Reading, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CandidHealthConnection, ChangeClaimSubmitter, OfficeallySftpAccount, OrganizationMembership, User};

pub fn office_ally_entity() -> Entity<OfficeallySftpAccount> {
    Entity::usual()
        .defaults(OfficeallySftpAccount::is_enabled, true)
        .refuses(|account| {
            refuse_long("username", account.get(OfficeallySftpAccount::username), 50)?;
            refuse_long("password", account.get(OfficeallySftpAccount::password), 25)
        })
        // Assumed: it works when everything is there that a connection takes.
        .computed(OfficeallySftpAccount::is_valid, |account| Some(is_complete(account)))
}

pub fn candid_entity() -> Entity<CandidHealthConnection> {
    Entity::usual().defaults(CandidHealthConnection::is_enabled, true)
}

pub fn change_entity() -> Entity<ChangeClaimSubmitter> {
    Entity::usual().defaults(ChangeClaimSubmitter::is_enabled, false)
}

/// Documented: the lengths. Assumed: the text, Rails' own.
fn refuse_long(field: &'static str, text: Option<&str>, most: usize) -> Result<(), Refusal> {
    match text.is_some_and(|text| text.chars().count() > most) {
        true => Err(Refusal::named(field, format!("is too long (maximum is {most} characters)"))),
        false => Ok(()),
    }
}

fn is_complete(account: &Row<OfficeallySftpAccount>) -> bool {
    let parts = [OfficeallySftpAccount::ftp_url, OfficeallySftpAccount::username, OfficeallySftpAccount::password];
    parts.into_iter().all(|part| account.get(part).is_some_and(|part| !part.trim().is_empty()))
}

pub const CLAIM_MD: &str = "claim_md";
pub const OFFICE_ALLY: &str = "office_ally";
pub const CANDID: &str = "candid";

/// Where the viewer's claims can go. Assumed: Claim.MD, of which no record is published, is there for everybody.
pub fn destinations(on: Reading<'_>) -> Vec<&'static str> {
    let own = on.viewer().organization();
    let office_ally =
        on.of_organization::<OfficeallySftpAccount>(own).any(|one| one.is(OfficeallySftpAccount::is_enabled) && is_complete(&one));
    let candid = on.of_organization::<CandidHealthConnection>(own).any(|one| one.is(CandidHealthConnection::is_enabled));
    let known = [(candid, CANDID), (true, CLAIM_MD), (office_ally, OFFICE_ALLY)];
    known.into_iter().filter(|(connected, _)| *connected && on.viewer().is_member()).map(|(_, name)| name).collect()
}

/// Refuses a destination that the caller's organization isn't connected to, or the caller may not use.
pub fn refuse_unusable<I: Named>(call: &Call<'_, I>, destination: &str) -> Result<(), Refusal> {
    let flag = match destination {
        OFFICE_ALLY => Some(OrganizationMembership::can_submit_cms_1500s_to_office_ally),
        CANDID => Some(OrganizationMembership::can_submit_cms_1500s_to_candid_health),
        _ => None,
    };
    if let Some(flag) = flag {
        super::permission::refuse(call, flag)?;
    }
    // Assumed: no text is documented for what is not connected.
    match destinations(call.on()).contains(&destination) {
        true => Ok(()),
        false => Err(Refusal::base("is not connected to this integration")),
    }
}

/// What a member shows of this.
pub fn answer(entity: Entity<User>) -> Entity<User> {
    entity
        .answers(User::claim_destination_options, |user| {
            let all = if user.on.viewer().is(user.id()) { destinations(user.on) } else { vec![] };
            crate::engine::Value::List(all.into_iter().map(crate::engine::Value::from).collect()).into()
        })
        .answers(User::officeally_sftp_account, |user| {
            let mut all = user.on.of_organization::<OfficeallySftpAccount>(user.organization());
            all.find(|account| user.on.viewer().reaches(account.organization())).into()
        })
}
