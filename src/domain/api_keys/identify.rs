//! Who is behind a key, and what that lets them do.

use crate::engine::{Records, Row, Viewer, ViewerKind};
use crate::schema::names::{ApiKey, Organization, OrganizationMembership, User};
use jiff::tz::TimeZone;

/// Documented: where neither the caller nor the caller's provider has a time zone.
const ZONE: &str = "America/New_York";

/// Who holds the key whose last part is `secret`. None for a key that is unknown, deleted or revoked, and for one of a
/// member who was deactivated (inferred: nothing says so); an archived patient's still works.
pub fn identify(on: Records<'_>, secret: &str) -> Option<Viewer> {
    // The index knows no case, a key does.
    let key = on.having(ApiKey::secret, secret.to_owned()).find(|key| key.get(ApiKey::secret) == Some(secret))?;
    let user = on.get::<User>(key.get(ApiKey::user_id)?)?;
    let viewer = if user.is(User::is_patient) { patient(on, user) } else { member(on, user)? };
    Some(Viewer { key: Some(key.id()), ..viewer })
}

fn patient(on: Records<'_>, user: Row<User>) -> Viewer {
    let zone = zone(on, &user);
    let organizations = vec![user.organization()];
    Viewer { kind: ViewerKind::Patient, user: Some(user), membership: None, organizations, key: None, zone }
}

fn member(on: Records<'_>, user: Row<User>) -> Option<Viewer> {
    if user.get(User::active) == Some(false) {
        return None;
    }
    let mut memberships = on.having(OrganizationMembership::user_id, user.id());
    let membership = memberships.find(|membership| membership.get(OrganizationMembership::is_active) != Some(false))?;
    let organization = membership.get(OrganizationMembership::organization_id).unwrap_or(membership.organization());
    let kind = kind(on, &user, &membership, organization);
    let zone = zone(on, &user);
    Some(Viewer { kind, user: Some(user), membership: Some(membership), organizations: reach(on, organization), key: None, zone })
}

fn kind(on: Records<'_>, user: &Row<User>, membership: &Row<OrganizationMembership>, organization: u64) -> ViewerKind {
    let owner = on.get::<Organization>(organization).and_then(|organization| organization.get(Organization::owner_id));
    match membership.get(OrganizationMembership::org_role) {
        _ if owner == Some(user.id()) => ViewerKind::Owner,
        _ if membership.is(OrganizationMembership::is_admin) => ViewerKind::Admin,
        Some("Support") => ViewerKind::Support,
        _ if membership.is(OrganizationMembership::is_provider) => ViewerKind::Provider,
        _ => ViewerKind::Standard,
    }
}

/// Documented: a parent's members reach its sub-organizations, nobody reaches a sibling's.
fn reach(on: Records<'_>, organization: u64) -> Vec<u64> {
    let mut reached = vec![organization];
    let mut at = 0;
    while let Some(parent) = reached.get(at).copied() {
        let below = on.having(Organization::parent_organization_id, parent).map(|below| below.id());
        let new: Vec<u64> = below.filter(|below| !reached.contains(below)).collect();
        reached.extend(new);
        at += 1;
    }
    reached
}

/// Documented: the caller's own; a patient without one has the provider's.
fn zone(on: Records<'_>, user: &Row<User>) -> TimeZone {
    let named = |user: &Row<User>| TimeZone::get(user.get(User::timezone)?).ok();
    let provider = || on.get::<User>(user.get(User::dietitian_id)?).and_then(|provider| named(&provider));
    named(user).or_else(provider).or_else(|| TimeZone::get(ZONE).ok()).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn everybody_is_who_their_key_says() {
        let clinic = Clinic::open();
        let kinds = ["owner", "admin", "provider", "integration", "support", "patient", "outsider"].map(|role| {
            let viewer = clinic.world.identify(role).expect("every role has a key");
            format!("{role}: {:?}, {}", viewer.kind, viewer.zone.iana_name().unwrap_or_default())
        });
        insta::assert_debug_snapshot!(kinds, @r#"
        [
            "owner: Owner, America/New_York",
            "admin: Admin, America/New_York",
            "provider: Provider, America/New_York",
            "integration: Standard, UTC",
            "support: Support, America/New_York",
            "patient: Patient, America/New_York",
            "outsider: Owner, America/New_York",
        ]
        "#);
    }

    #[test]
    fn a_key_is_told_apart_by_case() {
        assert!(Clinic::open().world.identify("Owner").is_none());
    }

    #[test]
    fn a_deactivated_member_is_nobody() {
        let clinic = Clinic::open();
        let membership = clinic.id("OrganizationMembership", "limited");
        clinic.run(&format!(
            "mutation {{ updateOrganizationMembership(input: {{ id: {membership}, active: false, bypass_api_key_warning: true }}) {{ messages {{ message }} }} }}"
        ));
        assert!(clinic.world.identify("limited").is_none());
    }

    #[test]
    fn an_archived_patient_still_calls() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "patient");
        clinic.run(&format!("mutation {{ updateClient(input: {{ id: {id}, active: false }}) {{ messages {{ message }} }} }}"));
        insta::assert_json_snapshot!(clinic.as_role("patient").run("{ currentUser { full_name active } }"), @r#"
        {
          "data": {
            "currentUser": {
              "full_name": "Ava Thornton",
              "active": false
            }
          }
        }
        "#);
    }
}
