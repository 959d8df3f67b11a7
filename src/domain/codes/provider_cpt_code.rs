//! What one provider charges for procedures: several lines at once.

use crate::engine::{CANT_BE_BLANK, Call, Entity, List, Nested, Refusal, Row, Within};
use crate::schema::Named;
use crate::schema::names::{CptCode, ProviderCptCodeInput as Line, ProviderCptCodeType, User, args};

const LINES: &str = "provider_cpt_codes";

pub fn entity() -> Entity<ProviderCptCodeType> {
    Entity::usual()
        .about_nobody()
        .indexed(ProviderCptCodeType::provider_id)
        .refuses(|row| super::refuse_other_than_amount(row.get(ProviderCptCodeType::price_per_unit)))
}

pub fn provider_cpt_codes() -> List<ProviderCptCodeType, args::providerCptCodes> {
    List::new().unpaged().within(|on, asked| {
        let asked = asked.get(args::providerCptCodes::provider_id).ok().flatten();
        let provider = asked.or(on.viewer().id());
        provider.map_or_else(Within::nothing, |provider| Within::having(ProviderCptCodeType::provider_id, provider))
    })
}

/// Makes a line for each that has no `id`, and changes those that have one.
pub fn write<I: Named>(call: &mut Call<'_, I>, provider: &Row<User>, lines: &[Nested<'_, Line>]) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::named(LINES, CANT_BE_BLANK));
    }
    lines.iter().try_for_each(|line| write_one(call, provider, line))
}

fn write_one<I: Named>(call: &mut Call<'_, I>, provider: &Row<User>, line: &Nested<'_, Line>) -> Result<(), Refusal> {
    let known = match line.get(Line::id) {
        Some(id) => Some(own(call, provider, id)?),
        None => None,
    };
    let mut draft = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft::<ProviderCptCodeType>().belongs_to(provider.organization()),
    };
    if let Some(price) = line.get(Line::price_per_unit) {
        draft.put(ProviderCptCodeType::price_per_unit, price.to_owned());
    }
    match line.get(Line::cpt_code_id) {
        Some(code) => {
            let code = call.find::<CptCode>(code).ok_or_else(|| Refusal::named(LINES, "CptCode not found"))?;
            draft.put(ProviderCptCodeType::cpt_code_id, code.id());
        }
        None if known.is_none() => return Err(Refusal::named("cpt_code_id", CANT_BE_BLANK)),
        None => {}
    }
    let draft = draft.set(ProviderCptCodeType::provider_id, provider.id());
    call.check(&draft)?;
    draft.save(call);
    Ok(())
}

fn own<I: Named>(call: &Call<'_, I>, provider: &Row<User>, id: u64) -> Result<Row<ProviderCptCodeType>, Refusal> {
    let found = call.find::<ProviderCptCodeType>(id);
    let own = found.filter(|row| row.get(ProviderCptCodeType::provider_id) == Some(provider.id()));
    own.ok_or_else(|| Refusal::named(LINES, "ProviderCptCode not found"))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_provider_s_prices_are_written_together() {
        let clinic = Clinic::open();
        let [provider, code] = [clinic.id("User", "provider2"), clinic.id("CptCode", "c90834")];
        let write = |mutation: &str, line: &str| {
            let answer = clinic.run(&format!(
                r#"mutation {{ {mutation}(input: {{provider_id: "{provider}", provider_cpt_codes: [{{{line}}}]}}) {{ messages {{ field message }} }} }}"#
            ));
            answer["data"][mutation]["messages"].clone()
        };
        let read = || {
            clinic.run(&format!(r#"{{ providerCptCodes(provider_id: "{provider}") {{ id cpt_code_id price_per_unit provider_id }} }}"#))["data"]["providerCptCodes"].clone()
        };
        let before = read().as_array().map_or(0, Vec::len);
        assert_eq!(write("createProviderCptCodes", &format!(r#"cpt_code_id: "{code}", price_per_unit: "150""#)), json!(null));
        let line = read()[before].clone();
        let id = line["id"].as_str().expect("made").to_owned();
        assert_eq!(write("updateProviderCptCodes", &format!(r#"id: "{id}", price_per_unit: "160""#)), json!(null));
        assert_eq!(read()[before], json!({"id": id, "cpt_code_id": code, "price_per_unit": "160", "provider_id": provider}));
        assert_eq!(write("createProviderCptCodes", "")[0], json!({"field": "cpt_code_id", "message": "can't be blank"}));
        assert_eq!(write("updateProviderCptCodes", r#"id: "1""#)[0]["message"], "ProviderCptCode not found");
    }
}
