//! What insurers paid an organization: entered by hand, or read from a remittance.

use crate::engine::{Call, Entity, List, Made, Reading, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{InsurancePayment, OrganizationMembership, args};

pub const MANUAL: &str = "manual";

pub fn entity() -> Entity<InsurancePayment> {
    Entity::usual()
        .about_nobody()
        .visible(|payment| denied(payment.on).is_none() && payment.on.viewer().reaches(payment.organization()))
        .defaults(InsurancePayment::source, MANUAL.to_owned())
        .refuses(|payment| {
            let npi = payment.get(InsurancePayment::npi).unwrap_or_default();
            let today = payment.on.viewer().zone.to_datetime(payment.on.now()).date();
            let checks = [
                // Documented: above zero, ten digits, not in the future. Assumed: the texts, in Rails' manner.
                (payment.get(InsurancePayment::paid_amount).is_none_or(|paid| paid <= 0.0), "paid_amount", "must be greater than 0"),
                (npi.len() != 10 || !npi.bytes().all(|b| b.is_ascii_digit()), "npi", "must be exactly 10 digits"),
                (payment.get(InsurancePayment::paid_date).is_some_and(|paid| paid > today), "paid_date", "can't be in the future"),
                (payment.get(InsurancePayment::payer_name).unwrap_or_default().trim().is_empty(), "payer_name", "can't be blank"),
                (payment.get(InsurancePayment::paid_date).is_none(), "paid_date", "can't be blank"),
                (payment.get(InsurancePayment::deposit_status).is_none(), "deposit_status", "can't be blank"),
            ];
            Refusal::all(checks.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, field, message)| Refusal::named(field, message)))
        })
        .searched_anew()
        .searched(InsurancePayment::npi)
        .searched(InsurancePayment::ach_check_number)
        .searched(InsurancePayment::payer_name)
}

/// Documented: both flags are needed, and `Unauthorized` is the answer to those who lack one.
pub fn denied(on: Reading<'_>) -> Option<&'static str> {
    let flags = [OrganizationMembership::can_see_billing, OrganizationMembership::sees_all_billing];
    let all = on.viewer().is_member() && flags.into_iter().all(|flag| on.viewer().may(flag));
    (!all).then_some("Unauthorized")
}

pub fn refuse_unauthorized<I: Named>(call: &Call<'_, I>) -> Result<(), Refusal> {
    denied(call.on()).map_or(Ok(()), |text| Err(Refusal::base(text)))
}

/// Documented: the text, on no field.
pub fn not_found() -> Refusal {
    Refusal { entries: vec![(None, "Payment not found".to_owned())] }
}

pub fn insurance_payments() -> List<InsurancePayment, args::insurancePayments> {
    type Asked = args::insurancePayments;
    List::new()
        .denied(denied)
        .default_order("PAID_DATE_DESC")
        .filter(Asked::start_paid_date, |payment, from| payment.get(InsurancePayment::paid_date).is_some_and(|paid| paid >= from))
        .filter(Asked::end_paid_date, |payment, to| payment.get(InsurancePayment::paid_date).is_some_and(|paid| paid <= to))
        .filter_eq(Asked::deposit_status, InsurancePayment::deposit_status)
        .filter_eq(Asked::payer, InsurancePayment::payer_name)
        .keywords(Asked::keywords)
}

/// What was entered by hand, by the id in `field`.
pub fn manual<I: Named>(call: &Call<'_, I>, id: u64) -> Result<Row<InsurancePayment>, Refusal> {
    let found = call.find::<InsurancePayment>(id);
    found.filter(|payment| payment.get(InsurancePayment::source) == Some(MANUAL)).ok_or_else(not_found)
}

/// Gone, but kept.
pub fn remove<I: Named>(call: &mut Call<'_, I>, payment: &Row<InsurancePayment>) -> Made {
    let mut draft = call.change(payment);
    draft.set_value(InsurancePayment::deleted_at.slot, Value::Instant(call.now().as_microsecond()));
    draft.save(call).into()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    const CREATE: &str = r#"createInsurancePayment(input: {paid_date: "2026-02-27", npi: "1000000020", paid_amount: 120.5,
        deposit_status: PENDING, payer_name: "Aetna", ach_check_number: "C-77"})"#;

    fn create(clinic: &Clinic) -> String {
        let answer = clinic.run(&format!("mutation {{ {CREATE} {{ insurance_payment {{ id }} }} }}"));
        answer["data"]["createInsurancePayment"]["insurance_payment"]["id"].as_str().expect("made").to_owned()
    }

    #[test]
    fn a_payment_is_entered_by_hand_changed_and_dropped() {
        let clinic = Clinic::open();
        let id = create(&clinic);
        let answer = clinic.run(&format!(
            r#"mutation {{ updateManualInsurancePayment(input: {{payment_id: "{id}", paid_amount: 99}}) {{
            insurance_payment {{ paid_amount source created_by_id organization_id deposit_status era_id }} messages {{ message }} }} }}"#
        ));
        assert_eq!(
            answer["data"]["updateManualInsurancePayment"],
            json!({"insurance_payment": {"paid_amount": 99.0, "source": "manual", "created_by_id": clinic.id("User", "owner"),
                "organization_id": clinic.id("Organization", "clinic"), "deposit_status": "PENDING", "era_id": null}, "messages": null})
        );
        let found = r#"{ insurancePayments(keywords: "c-77", start_paid_date: "2026-02-27", end_paid_date: "2026-02-27") { nodes { id } total_count } }"#;
        assert_eq!(clinic.run(found)["data"]["insurancePayments"], json!({"nodes": [{"id": id}], "total_count": 1}));
        clinic.run(&format!(r#"mutation {{ deleteManualInsurancePayment(input: {{payment_id: "{id}"}}) {{ messages {{ message }} }} }}"#));
        assert_eq!(clinic.run(found)["data"]["insurancePayments"]["total_count"], 0);
    }

    #[test]
    fn what_a_remittance_said_stays_but_for_its_deposit() {
        let clinic = Clinic::open();
        let id = clinic.id("InsurancePayment", "remitted");
        let not_found = json!({"insurance_payment": null, "messages": [{"field": null, "message": "Payment not found"}]});
        for mutation in ["updateManualInsurancePayment", "deleteManualInsurancePayment"] {
            let answer = clinic.run(&format!(
                r#"mutation {{ {mutation}(input: {{payment_id: "{id}"}}) {{ insurance_payment {{ id }} messages {{ field message }} }} }}"#
            ));
            assert_eq!(answer["data"][mutation], not_found);
        }
        let deposit = format!(
            r#"mutation {{ updateInsurancePaymentDepositStatus(input: {{payment_id: "{id}", deposit_status: PENDING}}) {{
                insurance_payment {{ deposit_status source }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&deposit)["data"]["updateInsurancePaymentDepositStatus"],
            json!({"insurance_payment": {"deposit_status": "PENDING", "source": "automatic"}, "messages": null})
        );
    }

    #[test]
    fn amounts_numbers_and_days_are_looked_at() {
        let clinic = Clinic::open();
        let wrong = CREATE.replace("120.5", "0").replace("1000000020", "12").replace("2026-02-27", "2026-03-09");
        clinic.refuses(
            &wrong,
            &[("paid_amount", "must be greater than 0"), ("npi", "must be exactly 10 digits"), ("paid_date", "can't be in the future")],
        );
    }

    #[test]
    fn both_flags_are_needed() {
        let clinic = Clinic::open();
        let limited = clinic.as_role("limited");
        limited.refuses(CREATE, &[("base", "Unauthorized")]);
        let answer = limited.run("{ insurancePayments { total_count } }");
        assert_eq!((&answer["errors"][0]["message"], &answer["data"]["insurancePayments"]), (&json!("Unauthorized"), &json!(null)));
    }
}
