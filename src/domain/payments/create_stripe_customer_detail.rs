//! `createStripeCustomerDetail`: stores a payment method that the client's browser made a token of.

use super::{card, processor};
use crate::engine::{Call, Made, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{
    StripeCustomerDetail as Card, User, createStripeCustomerDetailInput as Input, createStripeCustomerDetailPayload as Payload,
};
use jiff::ToSpan;

pub fn create_stripe_customer_detail(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let patient = whose(call)?;
    let token = call.require(Input::token)?;
    let label = call.get(Input::card_type_label)?.filter(|label| !label.is_empty()).map(str::to_lowercase);
    refuse_label(label.as_deref())?;
    let source = match processor::read(token) {
        Ok(source) => source,
        Err(text) => return Ok(turned_down(&text)),
    };
    let is_default = call.is(Input::is_default);
    let card = store(call, patient, &source, label);
    Ok(if is_default { make_default(call, &card) } else { card }.into())
}

/// Assumed: a patient adds the own methods alone.
fn whose(call: &Call<'_, Input>) -> Result<u64, Refusal> {
    let viewer = call.viewer();
    if viewer.is_patient() && call.is_blank(Input::user_id) {
        return Ok(call.viewer_id());
    }
    call.require(Input::user_id)?;
    let patient = call.target::<User, _>(Input::user_id)?;
    match viewer.is_patient() && !viewer.is(patient.id()) {
        true => Err(Refusal::no_permission("create this stripe customer detail")),
        false => Ok(patient.id()),
    }
}

/// Documented: the three labels.
pub fn refuse_label(label: Option<&str>) -> Result<(), Refusal> {
    match label {
        None | Some("personal" | "hsa" | "fsa") => Ok(()),
        Some(_) => Err(Refusal::named("card_type_label", "is not included in the list")),
    }
}

/// Documented: what Stripe says is in `stripeError` too.
fn turned_down(text: &str) -> Made {
    Made::nothing().also(Payload::stripeError, Value::text(text)).also(Payload::messages, processor::messages(text))
}

/// Assumed: the first method is the default one. Test cards end three years on.
pub fn store<I: Named>(call: &mut Call<'_, I>, patient: u64, source: &processor::Source, label: Option<String>) -> Row<Card> {
    let is_first = card::stored(call.on(), patient).next().is_none();
    let customer = format!("cus_{}", call.random().alphanumeric(14));
    let zone = call.viewer().zone.clone();
    let end = zone.to_datetime(call.now()).date().saturating_add(3.years()).last_of_month();
    let mut card = call
        .blank_draft::<Card>()
        .set(Card::user_id, patient)
        .set(Card::card_type, source.brand.to_owned())
        .set(Card::last_four, source.last_four.to_owned())
        .set(Card::source_type, if source.is_bank { "Bank Account" } else { "Card" }.to_owned())
        // Assumed: Stripe's words; a bank account is verified by two small deposits.
        .set(Card::source_status, if source.is_bank { "new" } else { "chargeable" }.to_owned())
        .set(Card::country, "US".to_owned())
        .set(Card::is_default, is_first);
    if let Some(label) = label {
        card.put(Card::card_type_label, label);
    }
    if source.is_bank {
        card.put(Card::bank_type, source.brand.to_owned());
        card.clear(Card::card_type);
    } else if let Ok(end) = zone.to_timestamp(end.at(12, 0, 0, 0)) {
        card.put(Card::expiration, end);
    }
    if let Some(error) = source.charge_error {
        card.put(Card::charge_error, error.to_owned());
    }
    card.set_value(Card::stripe_id.slot, Value::from(customer));
    let home = call.on().find_any::<User>(patient).map(|patient| patient.organization());
    if let Some(home) = home {
        card.hand_to(home);
    }
    card.save(call)
}

/// The one before is no longer it, which nobody is told.
pub fn make_default<I: Named>(call: &mut Call<'_, I>, card: &Row<Card>) -> Row<Card> {
    let patient = card.get(Card::user_id).unwrap_or(0);
    let others: Vec<_> =
        card::stored(call.on(), patient).filter(|other| other.id() != card.id()).map(|other| other.row().clone()).collect();
    for other in others.iter().filter(|other| other.is(Card::is_default)) {
        call.change(other).set(Card::is_default, false).save(call);
        call.silence(other);
    }
    call.change(card).set(Card::is_default, true).save(call)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_first_card_is_the_default_and_a_token_says_which_it_is() {
        let clinic = Clinic::open();
        let liam = clinic.id("User", "liam");
        let store = |token: &str, more: &str| {
            clinic.run(&format!(
                r#"mutation {{ createStripeCustomerDetail(input: {{ user_id: "{liam}", token: "{token}" {more} }}) {{
                    stripe_customer_detail {{ id card_type last_four card_type_label source_type expiring_next_month user_id }}
                    stripeError messages {{ field message }} }} }}"#
            ))["data"]["createStripeCustomerDetail"]
                .clone()
        };
        let first = store("tok_visa", "");
        assert_eq!(first["messages"], json!(null));
        let second = store("tok_amex", r#", card_type_label: "HSA", is_default: true"#)["stripe_customer_detail"].clone();
        assert_eq!(
            json!([second["card_type"], second["last_four"], second["card_type_label"], second["expiring_next_month"]]),
            json!(["American Express", "8431", "hsa", false])
        );
        assert_eq!(clinic.events(), ["stripe_customer_detail.created", "stripe_customer_detail.created"]);
        let shown = clinic.run(&format!(
            "{{ user(id: {liam}) {{ default_stripe_customer_detail_id stripe_customer_detail {{ last_four }} stripe_customer_details {{ last_four }} }} }}"
        ));
        assert_eq!(
            shown["data"]["user"],
            json!({
                "default_stripe_customer_detail_id": second["id"],
                "stripe_customer_detail": { "last_four": "8431" },
                "stripe_customer_details": [{ "last_four": "4242" }, { "last_four": "8431" }],
            })
        );
        let refused = store("tok_chargeDeclined", "");
        let told = json!([{ "field": "base", "message": "Your card was declined." }]);
        assert_eq!(json!([refused["stripeError"], refused["messages"]]), json!(["Your card was declined.", told]));
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_patient_adds_the_own_card_alone() {
        let clinic = Clinic::open().as_role("patient");
        let answer = clinic.run(
            r#"mutation { createStripeCustomerDetail(input: { token: "tok_visa" }) { stripe_customer_detail { user { first_name } } } }"#,
        );
        assert_eq!(answer["data"]["createStripeCustomerDetail"]["stripe_customer_detail"]["user"]["first_name"], "Ava");
        let provider = clinic.id("User", "provider");
        clinic.refuses(
            &format!(r#"createStripeCustomerDetail(input: {{ user_id: "{provider}", token: "tok_visa" }})"#),
            &[("base", "You do not have permission to create this stripe customer detail.")],
        );
    }
}
