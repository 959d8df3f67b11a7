//! Stripe intents: secrets in Stripe's form, with which the client's browser would go on.

use super::{money, processor};
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    Offering, User, createPaymentIntentInput, createPaymentIntentPayload, createSetupIntentInput, createSetupIntentPayload,
};

fn secret<I: Named>(call: &mut Call<'_, I>, prefix: &str) -> Value {
    let intent = processor::id(call, prefix, 23);
    Value::from(processor::id(call, &format!("{intent}_secret_"), 25))
}

/// `createPaymentIntent`: pays later by a method such as Klarna. Nothing is charged, nor kept.
pub fn create_payment_intent(call: &mut Call<'_, createPaymentIntentInput>) -> Result<Made, Refusal> {
    type Input = createPaymentIntentInput;
    for known in [Input::email, Input::first_name, Input::last_name, Input::legal_name, Input::phone_number, Input::timezone] {
        call.accept(known);
    }
    call.accept(Input::coupon_code);
    call.accept(Input::currency);
    call.accept(Input::stripe_idempotency_key);
    call.accept(Input::payment_method_types);
    if !call.is_blank(Input::recipient_id) {
        let payee = call.get(Input::recipient_id)?.and_then(|id| call.find_any::<User>(id));
        payee.filter(|payee| !payee.is(User::is_patient)).ok_or_else(|| Refusal::not_found("recipient_id", "User"))?;
    }
    let package = match call.is_blank(Input::offering_id) {
        true => None,
        false => Some(call.target::<Offering, _>(Input::offering_id)?),
    };
    if package.is_none() {
        call.require(Input::amount_to_pay)?;
    }
    money::sent(call, Input::amount_to_pay)?;
    let secret = secret(call, "pi_3");
    Ok(Made::nothing().also(createPaymentIntentPayload::intentClientSecret, secret))
}

/// `createSetupIntent`: stores a payment method without charging it.
pub fn create_setup_intent(call: &mut Call<'_, createSetupIntentInput>) -> Result<Made, Refusal> {
    type Input = createSetupIntentInput;
    for known in [Input::email, Input::first_name, Input::last_name, Input::legal_name, Input::phone_number, Input::timezone] {
        call.accept(known);
    }
    call.accept(Input::stripe_idempotency_key);
    call.accept(Input::organization_id);
    if !call.is_blank(Input::provider_id) {
        let provider = call.get(Input::provider_id)?.and_then(|id| call.find_any::<User>(id));
        provider.filter(|provider| !provider.is(User::is_patient)).ok_or_else(|| Refusal::not_found("provider_id", "User"))?;
    }
    let secret = secret(call, "seti_1");
    Ok(Made::nothing().also(createSetupIntentPayload::intentClientSecret, secret))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn secrets_have_stripe_s_form() {
        let nobody = Clinic::open().as_role("nobody");
        let answer = nobody.run(
            r#"mutation { a: createSetupIntent(input: { email: "a@b.example" }) { intentClientSecret messages { message } }
                b: createPaymentIntent(input: { amount_to_pay: "10.99", currency: "usd" }) { intentClientSecret messages { message } } }"#,
        );
        for (field, prefix) in [("a", "seti_1"), ("b", "pi_3")] {
            let secret = answer["data"][field]["intentClientSecret"].as_str().unwrap_or_else(|| panic!("{answer}"));
            assert!(secret.starts_with(prefix) && secret.contains("_secret_"), "{secret}");
        }
        nobody.refuses("createPaymentIntent(input: {})", &[("amount_to_pay", "can't be blank")]);
    }
}
