//! `updateStripeCustomerDetail`: labels a payment method, makes it the default one, verifies a bank account.

use super::create_stripe_customer_detail::{make_default, refuse_label};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{StripeCustomerDetail as Card, updateStripeCustomerDetailInput as Input};

pub fn update_stripe_customer_detail(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let card = call.target::<Card, _>(Input::id)?;
    // Documented: the method's own id says whose it is.
    call.accept(Input::user_id);
    let label = call.get(Input::card_type_label)?.filter(|label| !label.is_empty()).map(str::to_lowercase);
    refuse_label(label.as_deref())?;
    let mut draft = call.change(&card);
    if let Some(label) = label {
        draft.put(Card::card_type_label, label);
    }
    if !call.is_blank(Input::first_microdeposit) || !call.is_blank(Input::second_microdeposit) {
        if card.get(Card::source_type) != Some("Bank Account") {
            return Err(Refusal::base("Only bank accounts can be verified with microdeposits"));
        }
        // Stripe's test deposits are 32 and 45 cents.
        let deposits = [Input::first_microdeposit, Input::second_microdeposit].map(|field| call.get(field).ok().flatten());
        let sent = deposits.map(|sent| sent.map(|sent| sent.trim().trim_start_matches("0.").to_owned()));
        if sent != [Some("32".to_owned()), Some("45".to_owned())] {
            return Err(Refusal::base("The amounts provided do not match the amounts that were sent to the bank account."));
        }
        draft.put(Card::source_status, "verified".to_owned());
    }
    let saved = draft.save(call);
    Ok(if call.is(Input::is_default) { make_default(call, &saved) } else { saved }.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_bank_account_is_verified_by_its_deposits() {
        let clinic = Clinic::open();
        let rosa = clinic.id("User", "rosa");
        let answer = clinic.run(&format!(
            r#"mutation {{ createStripeCustomerDetail(input: {{ user_id: "{rosa}", token: "btok_us" }}) {{ stripe_customer_detail {{ id source_status }} }} }}"#
        ));
        let stored = &answer["data"]["createStripeCustomerDetail"]["stripe_customer_detail"];
        assert_eq!(stored["source_status"], "new");
        let id = stored["id"].as_str().expect("an id");
        let update = |second: &str| {
            format!(r#"updateStripeCustomerDetail(input: {{ id: "{id}", first_microdeposit: "32", second_microdeposit: "{second}" }})"#)
        };
        clinic.refuses(&update("44"), &[("base", "The amounts provided do not match the amounts that were sent to the bank account.")]);
        let answer = clinic.run(&format!("mutation {{ {} {{ stripe_customer_detail {{ source_status }} }} }}", update("45")));
        assert_eq!(answer["data"]["updateStripeCustomerDetail"]["stripe_customer_detail"]["source_status"], "verified");
    }
}
