//! `createPreferredMedicalCode`: makes codes favourites of the caller.

use super::favourite::Kind;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{
    CptCode, IcdCode, PreferredMedicalCode, createPreferredMedicalCodeInput as Input, createPreferredMedicalCodePayload as Payload,
};

pub fn create_preferred_medical_code(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = Kind::required(call, Input::code_type)?;
    let ids: Vec<u64> = match kind {
        Kind::Cpt => call.targets::<CptCode>(Input::code_ids)?.iter().map(Row::id).collect(),
        Kind::Icd => call.targets::<IcdCode>(Input::code_ids)?.iter().map(Row::id).collect(),
    };
    if ids.is_empty() {
        return Err(Refusal::on(Input::code_ids, CANT_BE_BLANK));
    }
    let rows: Vec<_> = ids.into_iter().map(|id| favour(call, kind, id)).collect();
    Ok(Made::nothing().also(Payload::preferred_medical_codes, Answer::records(rows)))
}

/// Assumed: a code is a favourite once.
fn favour(call: &mut Call<'_, Input>, kind: Kind, code: u64) -> Row<PreferredMedicalCode> {
    if let Some(known) = kind.find(call.on(), code) {
        return known;
    }
    let own = call.viewer_id();
    call.blank_draft::<PreferredMedicalCode>().set(PreferredMedicalCode::user_id, own).set(kind.column(), code).save(call)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn favourites_come_and_go_by_the_code_s_id() {
        let clinic = Clinic::open();
        let id = clinic.id("IcdCode", "z71_3");
        let change = |mutation: &str| {
            let answer = clinic.run(&format!(
                r#"mutation {{ {mutation}(input: {{code_type: "ICD", code_ids: ["{id}"]}}) {{
                preferred_medical_codes {{ display_name code_indentifier cpt_code {{ id }} icd_code {{ id }} }} messages {{ message }} }} }}"#
            ));
            answer["data"][mutation].clone()
        };
        let one = json!({"preferred_medical_codes": [{"display_name": "Z71.3: Dietary counseling and surveillance", "code_indentifier": "Z71.3",
            "cpt_code": null, "icd_code": {"id": id}}], "messages": null});
        let favourites =
            r#"{ icdCodes(is_favorited: true) { code is_favorite } preferred_medical_codes(code_type: "icd") { code_identifier } }"#;
        assert_eq!(change("createPreferredMedicalCode"), one);
        assert_eq!(
            clinic.run(favourites)["data"],
            json!({"icdCodes": [{"code": "Z71.3", "is_favorite": true}], "preferred_medical_codes": [{"code_identifier": "Z71.3"}]})
        );
        assert_eq!(change("deletePreferredMedicalCode"), one);
        assert_eq!(clinic.run(favourites)["data"], json!({"icdCodes": [], "preferred_medical_codes": []}));
    }

    #[test]
    fn a_favourite_is_a_code() {
        let clinic = Clinic::open();
        clinic.refuses(r#"createPreferredMedicalCode(input: {code_type: "icd"})"#, &[("code_ids", "can't be blank")]);
        clinic.refuses(r#"createPreferredMedicalCode(input: {code_type: "cpt", code_ids: ["1"]})"#, &[("code_ids", "CptCode not found")]);
        clinic.refuses(r#"createPreferredMedicalCode(input: {code_type: "zip"})"#, &[("code_type", "is not included in the list")]);
    }
}
