//! What an organization has automated about billing insurers: one setting, made on first use.

use crate::engine::{Answer, Call, Entity, Input, Made, QueryError, Reading, Refusal, View};
use crate::schema::Named;
use crate::schema::names::{
    AutomatedInsuranceBillingSetting as Setting, User, args, updateAutomatedInsuranceBillingSettingInput as Update,
};

pub fn entity() -> Entity<Setting> {
    Entity::new().flags_default_to_no()
}

pub fn of(on: Reading<'_>, organization: u64) -> Option<View<'_, Setting>> {
    on.of_organization::<Setting>(organization).next()
}

/// Documented: that of the caller's organization, or of the organization that `user_id` belongs to.
pub fn setting(on: Reading<'_>, asked: &Input<'_, args::automatedInsuranceBillingSetting>) -> Result<Answer, QueryError> {
    let user = asked.get(args::automatedInsuranceBillingSetting::user_id).ok().flatten();
    let organization = match user {
        Some(user) => on.find::<User>(user).map(|user| user.organization()),
        None => Some(on.viewer().organization()),
    };
    Ok(organization.and_then(|own| of(on, own)).filter(|setting| on.viewer().reaches(setting.organization())).into())
}

/// `createAutomatedInsuranceBillingSetting`, and an update, which says no more about which it is: there is but one.
pub fn set<I: Named>(call: &mut Call<'_, I>) -> Result<Made, Refusal> {
    let known = of(call.on(), call.viewer().organization()).map(|setting| setting.row().clone());
    let draft = match known {
        Some(known) => call.edit(&known),
        None => call.draft::<Setting>(),
    };
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// Documented for 2026-01-01, assumed for both: the `id` is of no effect.
pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    call.accept(Update::id);
    set(call)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_organization_has_one_setting() {
        let clinic = Clinic::open();
        let set = |mutation: &str, input: &str| {
            let answer = clinic.run(&format!(
                "mutation {{ {mutation}(input: {{{input}}}) {{ automated_insurance_billing_setting {{ id auto_create_cms1500s insurance_billing_enabled }} }} }}"
            ));
            answer["data"][mutation]["automated_insurance_billing_setting"].clone()
        };
        let made = set("createAutomatedInsuranceBillingSetting", "insurance_billing_enabled: true");
        let changed = set("updateAutomatedInsuranceBillingSetting", "auto_create_cms1500s: true");
        assert_eq!(made["id"], changed["id"]);
        assert_eq!(changed, json!({"id": made["id"], "auto_create_cms1500s": true, "insurance_billing_enabled": true}));
        let read = clinic.run("{ automatedInsuranceBillingSetting { id } organization { automated_insurance_billing_setting { id } } }");
        let one = json!({"id": made["id"]});
        assert_eq!(
            read["data"],
            json!({"automatedInsuranceBillingSetting": one, "organization": {"automated_insurance_billing_setting": one}})
        );
        assert_eq!(
            clinic.as_role("outsider").run("{ automatedInsuranceBillingSetting { id } }")["data"],
            json!({"automatedInsuranceBillingSetting": null})
        );
    }
}
