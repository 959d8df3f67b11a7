//! `deleteStripeCustomerDetail`: forgets a payment method.

use super::{card, create_stripe_customer_detail::make_default};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationMembership, StripeCustomerDetail as Card, deleteStripeCustomerDetailInput as Input};

pub fn delete_stripe_customer_detail(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if call.viewer().is_member() {
        call.needs(OrganizationMembership::can_charge_clients, "delete this stripe customer detail")?;
    }
    let card = call.target::<Card, _>(Input::card_id)?;
    let patient = card.get(Card::user_id).unwrap_or(0);
    // Both say whose card it is.
    if call.get(Input::user_id)?.is_some_and(|user| user != patient) {
        return Err(Refusal::not_found(Input::card_id.name(), "StripeCustomerDetail"));
    }
    let now = call.now();
    let gone = call.change(&card).set(Card::deleted_at, now).set(Card::is_default, false).save(call);
    // Documented: the next one takes its place.
    let next = card::stored(call.on(), patient).next().map(|next| next.row().clone());
    if let Some(next) = next.filter(|_| card.is(Card::is_default)) {
        make_default(call, &next);
        call.silence(&next);
    }
    Ok(gone.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_next_card_takes_the_place_of_the_default_one() {
        let clinic = Clinic::open();
        let liam = clinic.id("User", "liam");
        let store = |token: &str| {
            let store = format!(r#"createStripeCustomerDetail(input: {{ user_id: "{liam}", token: "{token}" }})"#);
            let answer = clinic.run(&format!("mutation {{ {store} {{ stripe_customer_detail {{ id }} }} }}"));
            answer["data"]["createStripeCustomerDetail"]["stripe_customer_detail"]["id"].as_str().expect("an id").to_owned()
        };
        let [first, second] = ["tok_visa", "tok_mastercard"].map(store);
        clinic.events();
        let delete = format!(r#"deleteStripeCustomerDetail(input: {{ user_id: "{liam}", card_id: "{first}" }})"#);
        let answer = clinic.run(&format!("mutation {{ {delete} {{ stripe_customer_detail {{ id }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteStripeCustomerDetail"], json!({ "stripe_customer_detail": { "id": first }, "messages": null }));
        assert_eq!(clinic.events(), ["stripe_customer_detail.deleted"]);
        let left = clinic.run(&format!(
            "{{ stripeCustomerDetails(user_id: {liam}) {{ id }} user(id: {liam}) {{ default_stripe_customer_detail_id }} }}"
        ));
        assert_eq!(
            left["data"],
            json!({ "stripeCustomerDetails": [{ "id": second }], "user": { "default_stripe_customer_detail_id": second } })
        );
        clinic.refuses(&delete, &[("card_id", "StripeCustomerDetail not found")]);
    }
}
