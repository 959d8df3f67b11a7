//! What an organization has switched on.

use crate::engine::Entity;
use crate::schema::names::{Organization, OrganizationConfigurationType as Configuration};

pub fn entity() -> Entity<Configuration> {
    Entity::new().silent().flags_default_to_no()
}

/// `Organization.configuration`: the one of its own.
pub fn on_organization(entity: Entity<Organization>) -> Entity<Organization> {
    entity.answers(Organization::configuration, |organization| {
        organization.on.of_organization::<Configuration>(organization.id()).next().into()
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_organization_has_one_configuration() {
        let clinic = Clinic::open();
        let set = |fields: &str| {
            let answer = clinic.run(&format!(
                "mutation {{ updateOrganizationConfiguration(input: {{ {fields} }}) {{ organization_configuration {{ internal_care_alerts_enabled internal_care_alerts_require_acknowledgement }} messages {{ message }} }} }}"
            ));
            answer["data"]["updateOrganizationConfiguration"]["organization_configuration"].clone()
        };
        set("internal_care_alerts_enabled: true, internal_care_alerts_require_acknowledgement: false");
        let both = json!({ "internal_care_alerts_enabled": true, "internal_care_alerts_require_acknowledgement": true });
        assert_eq!(set("internal_care_alerts_require_acknowledgement: true"), both);
        let seen =
            clinic.run("{ organization { configuration { internal_care_alerts_enabled internal_care_alerts_require_acknowledgement } } }");
        assert_eq!(seen["data"]["organization"]["configuration"], both);
    }
}
