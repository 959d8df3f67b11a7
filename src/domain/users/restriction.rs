//! Restricted patients, and who is let in to them.

use super::visibility;
use crate::domain::members;
use crate::engine::{Call, Entity, Made, Reading, Refusal};
use crate::schema::names::{
    ClientRestrictionAuthorization, OrganizationMembership, User, createClientRestrictionAuthorizationInput as Input,
};

type Authorization = ClientRestrictionAuthorization;

/// Members of the organization see who is let in.
pub fn entity() -> Entity<Authorization> {
    Entity::usual().about_nobody().requires(Authorization::reason).indexed(Authorization::client_id).indexed(Authorization::provider_id)
}

/// What a person says of authorizations.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity
        .collects(User::client_restriction_authorizations, Authorization::client_id)
        .collects(User::provider_restriction_authorizations, Authorization::provider_id)
}

/// True for a member who was let in to the patient.
pub fn is_let_in(on: Reading<'_>, patient: u64, member: u64) -> bool {
    on.having(Authorization::client_id, patient).any(|authorization| authorization.get(Authorization::provider_id) == Some(member))
}

/// Documented: it says why somebody is let in. Assumed: who could open the patient if the patient were not restricted may let
/// themselves in; others are let in by those who restrict patients.
pub fn create(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let client = call.require(Input::client_id)?;
    let provider = call.target::<User, _>(Input::provider_id)?;
    let on = call.on();
    let known = on.find_any::<User>(client).filter(|client| client.is(User::is_patient) && call.viewer().reaches(client.organization()));
    let reachable = known.filter(|client| visibility::is_visible(client) || visibility::may_search(call.viewer()));
    let client = reachable.ok_or_else(|| Refusal::not_found("client_id", "User"))?.id();
    if members::of_user(on, provider.id()).is_none() {
        return Err(Refusal::not_found("provider_id", "User"));
    }
    if !call.viewer().is(provider.id()) {
        call.needs(OrganizationMembership::can_restrict_clients, "create this client restriction authorization")?;
    }
    // Not the usual check, which would refuse a patient whom the caller can't see yet.
    call.require(Input::reason)?;
    Ok(call.draft::<Authorization>().set(Authorization::client_id, client).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_restricted_patient_opens_to_who_is_let_in() {
        let clinic = Clinic::open();
        let (patient, own) = (clinic.id("User", "patient2"), clinic.id("User", "integration"));
        clinic.run(&format!("mutation {{ updateClient(input: {{ id: {patient}, restricted: true }}) {{ messages {{ message }} }} }}"));
        let integration = clinic.as_role("integration");
        let seen = || integration.run(&format!("{{ user(id: {patient}) {{ first_name }} }}"))["data"]["user"].clone();
        assert_eq!(seen(), serde_json::Value::Null);
        let made = integration.run(&format!(
            r#"mutation {{ createClientRestrictionAuthorization(input: {{ client_id: {patient}, provider_id: {own}, reason: "Nightly import" }}) {{
                client_restriction_authorization {{ id reason client {{ first_name }} provider {{ first_name }} }} messages {{ field message }} }} }}"#
        ));
        let made = &made["data"]["createClientRestrictionAuthorization"]["client_restriction_authorization"];
        assert_eq!(
            (&made["reason"], &made["client"]["first_name"], &made["provider"]["first_name"]),
            (&json!("Nightly import"), &json!("Marcus"), &json!("Juniper"))
        );
        assert_eq!(seen(), json!({ "first_name": "Marcus" }));
        let id = made["id"].as_str().expect("made");
        clinic.run(&format!("mutation {{ deleteClientRestrictionAuthorization(input: {{ id: {id} }}) {{ messages {{ message }} }} }}"));
        assert_eq!(seen(), serde_json::Value::Null);
    }

    #[test]
    fn nobody_lets_themselves_in_to_whom_they_could_never_open() {
        let clinic = Clinic::open();
        let (patient, own) = (clinic.id("User", "patient2"), clinic.id("User", "limited"));
        clinic.as_role("limited").refuses(
            &format!(r#"createClientRestrictionAuthorization(input: {{ client_id: {patient}, provider_id: {own}, reason: "x" }})"#),
            &[("client_id", "User not found")],
        );
        clinic.refuses(
            &format!(r#"createClientRestrictionAuthorization(input: {{ client_id: {patient}, provider_id: {own}, reason: " " }})"#),
            &[("reason", "can't be blank")],
        );
    }
}
