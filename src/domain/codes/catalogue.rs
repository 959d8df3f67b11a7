//! The codes that everybody finds: procedures, diagnoses, places, specialties. Nobody changes them.

use super::{favourite, organization_cpt_code};
use crate::domain::payments::money;
use crate::engine::{Answer, Entity, List, Reading, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{CptCode, CptCodesCms1500, CptCodesSuperBill, IcdCode, PlaceOfService, TaxonomyCode, args};

/// What all catalogues have in common: whoever has a key reads them.
fn catalogue<T: Named + 'static>() -> Entity<T> {
    Entity::usual().silent().about_nobody().visible(|code| code.on.viewer().id().is_some())
}

pub fn cpt_code() -> Entity<CptCode> {
    catalogue()
        .computed(CptCode::display_name, |code| Some(label(code.get(CptCode::code), code.get(CptCode::description), ": ")))
        // Documented: always null.
        .answers(CptCode::category, |_| Answer::NULL)
        .answers_to(CptCode::is_favorite, args::CptCode_is_favorite, |code, asked| {
            let known = asked.get(args::CptCode_is_favorite::known_value).ok().flatten();
            Value::Bool(known.unwrap_or_else(|| favourite::has_cpt(code))).into()
        })
        .computed(CptCode::fee_per_unit, |code| organization_cpt_code::fee_cents(code.on, code.id()).map(|cents| cents as f64 / 100.0))
        .computed(CptCode::last_fee, last_fee)
}

pub fn icd_code() -> Entity<IcdCode> {
    catalogue()
        .searched_anew()
        .searched(IcdCode::code)
        .searched(IcdCode::description)
        .computed(IcdCode::display_name, |code| Some(label(code.get(IcdCode::code), code.get(IcdCode::description), ": ")))
        .answers_to(IcdCode::is_favorite, args::IcdCode_is_favorite, |code, asked| {
            let known = asked.get(args::IcdCode_is_favorite::known_value).ok().flatten();
            Value::Bool(known.unwrap_or_else(|| favourite::has_icd(code))).into()
        })
}

pub fn place_of_service() -> Entity<PlaceOfService> {
    let code_name = |place: &View<'_, PlaceOfService>| Some(label(place.get(PlaceOfService::code), place.get(PlaceOfService::name), " - "));
    catalogue().computed(PlaceOfService::code_name, code_name)
}

pub fn taxonomy_code() -> Entity<TaxonomyCode> {
    catalogue().defaults(TaxonomyCode::active, true).searched(TaxonomyCode::display_label)
}

/// Assumed, as a favourite's documented form shows it: `F19.20: psychotics unspecified`.
pub fn label(code: Option<&str>, text: Option<&str>, between: &str) -> String {
    [code, text].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// A code with its text, as it is shown.
pub fn label_of(code: Option<&str>, text: Option<&str>) -> String {
    label(code, text, ": ")
}

/// Documented: the last fee that the provider took for the code, on a claim or a superbill.
fn last_fee(code: &View<'_, CptCode>) -> Option<f64> {
    let own = code.on.viewer().organization();
    let claimed = code.on.having(CptCodesCms1500::cpt_code_id, code.id()).filter(|row| row.organization() == own);
    let claimed = claimed.filter_map(|row| Some((row.get(CptCodesCms1500::created_at)?, row.get(CptCodesCms1500::fee)?.to_owned())));
    let billed = code.on.having(CptCodesSuperBill::cpt_code_id, code.id()).filter(|row| row.organization() == own);
    let billed = billed.filter_map(|row| Some((row.get(CptCodesSuperBill::created_at)?, row.get(CptCodesSuperBill::fee)?.to_owned())));
    let (_, fee) = claimed.chain(billed).max_by_key(|(at, _)| *at)?;
    money::cents(&fee).map(|cents| cents as f64 / 100.0)
}

pub fn cpt_codes() -> List<CptCode, args::cptCodes> {
    type Asked = args::cptCodes;
    List::new()
        .unpaged()
        .page_size(20)
        .within(|_, _| Within::everything())
        .filter(Asked::is_favorited, |code, wanted| favourite::has_cpt(code) == wanted)
        // Assumed: whatever may be billed may be on a superbill.
        .accepts(Asked::for_superbill)
        .keywords(Asked::keywords)
}

pub fn icd_codes() -> List<IcdCode, args::icdCodes> {
    type Asked = args::icdCodes;
    List::new()
        .unpaged()
        .within(|_, _| Within::everything())
        .filter(Asked::is_billable, |code, wanted| is_billable(code) == wanted)
        .filter(Asked::is_favorited, |code, wanted| favourite::has_icd(code) == wanted)
        .filter(Asked::only_valid, |code, only| !only || code.get(IcdCode::is_valid_code) != Some(false))
        .keywords(Asked::keywords)
        .order_by("FAVORITES", |code| Value::Bool(favourite::has_icd(code)))
}

fn is_billable(code: &View<'_, IcdCode>) -> bool {
    code.get(IcdCode::is_billable) != Some(false)
}

pub fn billable_icd_codes(on: Reading<'_>) -> Answer {
    Answer::List(on.all::<IcdCode>().filter(is_billable).map(Answer::from).collect())
}

pub fn place_of_services() -> List<PlaceOfService, args::placeOfServices> {
    List::new().unpaged().within(|_, _| Within::everything()).default_order("CODE_ASC")
}

pub fn taxonomy_codes() -> List<TaxonomyCode, args::taxonomyCodes> {
    List::new().within(|_, _| Within::everything()).keywords(args::taxonomyCodes::keywords).default_order("CODE_ASC")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn codes_are_found_by_code_and_words() {
        let clinic = Clinic::open().as_role("provider");
        let answer = clinic.run(
            r#"{ cptCodes(keywords: "97802") { display_name category is_favorite fee_per_unit }
                icdCodes(keywords: "type 2", is_billable: false) { code display_name }
                found: icdCodes(keywords: "prediabetes", should_paginate: true) { code }
                taxonomyCodes(keywords: "dietitian") { nodes { code } }
                placeOfServices { code_name } }"#,
        );
        let data = &answer["data"];
        assert_eq!(
            data["cptCodes"],
            json!([{"display_name": "97802: Nutrition therapy, first assessment, each 15 minutes", "category": null, "is_favorite": true, "fee_per_unit": 45.0}])
        );
        assert_eq!(data["icdCodes"], json!([{"code": "E11", "display_name": "E11: Type 2 diabetes mellitus"}]));
        assert_eq!(data["found"], json!([{"code": "R73.03"}]));
        assert_eq!(data["taxonomyCodes"]["nodes"][0], json!({"code": "133V00000X"}));
        assert_eq!(data["placeOfServices"][0], json!({"code_name": "02 - Telehealth, not in the patient's home"}));
    }

    #[test]
    fn headings_and_old_codes_are_left_out_where_that_is_asked_for() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            "{ all: icdCodes { id } billable: icdCodes(is_billable: true) { id } icdCodesCount everything: icdCodesCount(is_billable: null)
            valid: icdCodesCount(is_billable: null, only_valid: true) billableIcdCodes { id } }",
        );
        let length = |name: &str| answer["data"][name].as_array().map_or(0, Vec::len);
        let all = length("all");
        assert_eq!((length("billable"), length("billableIcdCodes")), (all - 1, all - 1));
        assert_eq!(answer["data"]["icdCodesCount"], all - 1);
        assert_eq!((&answer["data"]["everything"], &answer["data"]["valid"]), (&json!(all), &json!(all - 1)));
    }
}
