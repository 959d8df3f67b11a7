//! What an organization charges for a procedure: its own price, and what each insurer pays.

use crate::domain::payments::money;
use crate::engine::{Answer, Call, Entity, Input, List, Nested, Page, QueryError, Reading, Refusal, Row, Value, View, Within};
use crate::schema::names::{
    CptCode, InsurancePlan, OrganizationCptCodeInsuranceFeeType as Fee, OrganizationCptCodeInsuranceFeesInput as FeeInput,
    OrganizationCptCodeType, OrganizationFeeScheduleCptCodeType as Scheduled, args,
};
use crate::schema::{Field, Named, Text};

pub fn entity() -> Entity<OrganizationCptCodeType> {
    Entity::usual()
        .about_nobody()
        .requires(OrganizationCptCodeType::cpt_code_id)
        .indexed(OrganizationCptCodeType::cpt_code_id)
        .ruled(OrganizationCptCodeType::organization_id)
        .ruled(OrganizationCptCodeType::organization_cpt_code_insurance_fees)
        .refuses(|row| super::refuse_other_than_amount(row.get(OrganizationCptCodeType::price_per_unit)))
        .answers(OrganizationCptCodeType::organization_cpt_code_insurance_fees_count, |row| {
            let count = row.on.count_having(Fee::organization_cpt_code_id, row.id());
            Value::from(count.to_string()).into()
        })
}

pub fn fee_entity() -> Entity<Fee> {
    Entity::usual().about_nobody().indexed(Fee::organization_cpt_code_id).indexed(Fee::insurance_plan)
}

/// The row of a procedure in an organization's fee schedule.
pub fn find(on: Reading<'_>, organization: u64, cpt_code: u64) -> Option<View<'_, OrganizationCptCodeType>> {
    on.having(OrganizationCptCodeType::cpt_code_id, cpt_code).find(|row| row.organization() == organization)
}

/// What the viewer's organization charges for a unit.
pub fn fee_cents(on: Reading<'_>, cpt_code: u64) -> Option<i64> {
    money::cents(find(on, on.viewer().organization(), cpt_code)?.get(OrganizationCptCodeType::price_per_unit)?)
}

/// One fee for each insurer: named again, it changes, or goes with `_destroy`.
pub fn write_fees<I: Named>(
    call: &mut Call<'_, I>,
    row: &Row<OrganizationCptCodeType>,
    fees: &[Nested<'_, FeeInput>],
) -> Result<(), Refusal> {
    const FEES: &str = "organization_cpt_code_insurance_fees";
    for fee in fees {
        let plan = fee.get(FeeInput::insurance_plan_id).and_then(|plan| call.find::<InsurancePlan>(plan));
        let plan = plan.ok_or_else(|| Refusal::named(FEES, "InsurancePlan not found"))?;
        let all = call.having(Fee::organization_cpt_code_id, row.id());
        let known = all.into_iter().find(|known| known.value(Fee::insurance_plan.slot).as_id() == Some(plan.id()));
        match (known, fee.get(FeeInput::_destroy) == Some(true)) {
            (Some(known), true) => call.delete(&known),
            (None, true) => {}
            (known, false) => {
                let mut draft = match &known {
                    Some(known) => call.change(known),
                    None => call.blank_draft::<Fee>().set(Fee::organization_cpt_code_id, row.id()).set(Fee::insurance_plan, plan.id()),
                };
                if let Some(cents) = fee.get(FeeInput::fee_per_unit) {
                    draft.put(Fee::fee_per_unit, cents);
                }
                draft.save(call);
            }
        }
    }
    Ok(())
}

/// A line of the fee schedule is a view of the procedure that it has the id of.
pub fn scheduled_entity() -> Entity<Scheduled> {
    Entity::new()
        .computed(Scheduled::code, |line| Some(text_of(line, CptCode::code)))
        .computed(Scheduled::description, |line| Some(text_of(line, CptCode::description)))
        .computed(Scheduled::display_name, |line| {
            let [code, description] = [CptCode::code, CptCode::description].map(|field| text_of(line, field));
            Some(super::catalogue::label(Some(&code), Some(&description), ": "))
        })
        .computed(Scheduled::fee_per_unit, |line| fee_cents(line.on, line.id()))
        .computed(Scheduled::fee_per_unit_cents, |line| fee_cents(line.on, line.id()))
}

fn text_of(line: &View<'_, Scheduled>, field: Field<CptCode, Text>) -> String {
    line.on.find_any::<CptCode>(line.id()).and_then(|code| code.get(field).map(str::to_owned)).unwrap_or_default()
}

/// Documented: by the procedure's id; assumed: without a fee where the organization has set none.
pub fn scheduled(on: Reading<'_>, asked: &Input<'_, args::organizationFeeScheduleCptCode>) -> Result<Answer, QueryError> {
    let id = asked.get(args::organizationFeeScheduleCptCode::cpt_code_id).ok().flatten();
    let code = id.filter(|_| on.viewer().is_member()).and_then(|id| on.find::<CptCode>(id));
    Ok(code.map_or(Answer::NULL, |code| Answer::Record(Scheduled::TYPE, code.record().clone())))
}

pub fn all_scheduled(on: Reading<'_>, asked: &Input<'_, args::organizationFeeScheduleCptCodes>) -> Result<Answer, QueryError> {
    let words = asked.get(args::organizationFeeScheduleCptCodes::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let matches = |code: &View<'_, CptCode>| {
        let searched = [CptCode::code, CptCode::description].map(|field| code.get(field).unwrap_or_default().to_lowercase());
        words.split_whitespace().all(|word| searched.iter().any(|text| text.contains(word)))
    };
    let rows = on.of_organization::<OrganizationCptCodeType>(on.viewer().organization()).filter(|_| on.viewer().is_member());
    let mut codes: Vec<_> = rows.filter_map(|row| row.follow::<CptCode, _>(OrganizationCptCodeType::cpt_code_id)).filter(matches).collect();
    codes.sort_by_key(|code| code.get(CptCode::code).map(str::to_owned));
    let page = Page::whole(Scheduled::TYPE, codes.iter().map(|code| code.record().clone()).collect());
    page.cut(on, asked.lifted, true).map(Answer::Page).map_err(|bad| QueryError(bad.0))
}

pub fn of_providers() -> List<crate::schema::names::ProviderCptCodeType, args::orgProvidersCptCodes> {
    List::new().unpaged().within(|on, asked| {
        let asked = asked.get(args::orgProvidersCptCodes::org_id).ok().flatten();
        Within::organization(asked.unwrap_or(on.viewer().organization()))
    })
}
