//! `createAllergySensitivity` and `updateAllergySensitivity`: once for each patient, category and name.

use super::create_medication::{custom, refuse_mirrored};
use crate::engine::{Call, Draft, Made, Refusal};
use crate::schema::names::{
    AllergySensitivity, AllergySensitivityStatus, createAllergySensitivityInput as Create, createAllergySensitivityPayload as Created,
    updateAllergySensitivityInput as Update, updateAllergySensitivityPayload as Updated,
};
use crate::schema::{Bool, Field, Named, Text};

pub fn create_allergy_sensitivity(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    call.accept(Create::id);
    let mut allergy = call.draft::<AllergySensitivity>();
    if !call.viewer().is_patient() {
        call.require(Create::user_id)?;
    }
    let (names, reactions) = ((Create::custom_name, Create::custom_reaction), Create::is_current);
    take_own_words(call, &mut allergy, names, reactions)?;
    call.check(&allergy)?;
    if let Some(known) = duplicate(call, &allergy) {
        return Ok(Made::nothing().also(Created::duplicate_allergy, known));
    }
    Ok(allergy.save(call).into())
}

pub fn update_allergy_sensitivity(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let allergy = call.target::<AllergySensitivity, _>(Update::id)?;
    refuse_mirrored(call, allergy.is(AllergySensitivity::mirrored), &["name"])?;
    let mut draft = call.edit(&allergy);
    take_own_words(call, &mut draft, (Update::custom_name, Update::custom_reaction), Update::is_current)?;
    call.check(&draft)?;
    if let Some(known) = duplicate(call, &draft) {
        return Ok(Made::nothing().also(Updated::duplicate_allergy, known));
    }
    Ok(draft.save(call).into())
}

/// What isn't chosen from a list, and the older word for the status.
fn take_own_words<I: Named>(
    call: &Call<'_, I>,
    allergy: &mut Draft<AllergySensitivity>,
    (name, reaction): (Field<I, Text>, Field<I, Text>),
    is_current: Field<I, Bool>,
) -> Result<(), Refusal> {
    for (column, own) in [(AllergySensitivity::name, name), (AllergySensitivity::reaction, reaction)] {
        if let Some(own) = custom(allergy.get(column), call.get(own)?) {
            allergy.put(column, own);
        }
    }
    if let Some(current) = call.get(is_current)? {
        let was = allergy.get(AllergySensitivity::status) == Some("ACTIVE");
        if was != current {
            let status = if current { AllergySensitivityStatus::ACTIVE } else { AllergySensitivityStatus::INACTIVE };
            allergy.put(AllergySensitivity::status, status);
        }
    }
    Ok(())
}

/// Inferred from the payload: what is known already isn't stored again, but shown.
fn duplicate<I: Named>(call: &Call<'_, I>, allergy: &Draft<AllergySensitivity>) -> Option<crate::engine::Row<AllergySensitivity>> {
    let own = call.having(AllergySensitivity::user_id, allergy.get(AllergySensitivity::user_id)?);
    let name = allergy.get(AllergySensitivity::name)?.trim();
    own.into_iter().find(|known| {
        known.id() != allergy.id()
            && known.get(AllergySensitivity::category) == allergy.get(AllergySensitivity::category)
            && known.get(AllergySensitivity::name).is_some_and(|known| known.trim().eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn an_allergy_is_active_and_known_once() {
        let clinic = Clinic::open().as_role("provider");
        let noor = clinic.id("User", "noor");
        let create = |name: &str| {
            clinic.run(&format!(
                r#"mutation {{ createAllergySensitivity(input: {{user_id: "{noor}", name: "{name}", severity: "mild", onset_date: "March 3, 2024"}}) {{
                    allergy_sensitivity {{ name category severity status is_current onset_date created_by {{ first_name }} }}
                    duplicate_allergy {{ name }} messages {{ message }}
                }} }}"#
            ))["data"]["createAllergySensitivity"]
                .clone()
        };
        let made = json!({
            "name": "Latex", "category": "allergy", "severity": "mild", "status": "active", "is_current": true,
            "onset_date": "2024-03-03", "created_by": {"first_name": "Priya"},
        });
        assert_eq!(create("Latex"), json!({"allergy_sensitivity": made, "duplicate_allergy": null, "messages": null}));
        assert_eq!(create("latex"), json!({"allergy_sensitivity": null, "duplicate_allergy": {"name": "Latex"}, "messages": null}));
        assert_eq!(clinic.events(), ["allergy_sensitivity.created"]);
        let listed = format!(r#"{{ user(id: "{noor}") {{ allergy_sensitivities(category: "allergy") {{ name category }} }} }}"#);
        let newer = clinic.in_version(Version::V2026_01_01);
        assert_eq!(newer.run(&listed)["data"]["user"]["allergy_sensitivities"], json!([{"name": "Latex", "category": "ALLERGY"}]));
    }
}
