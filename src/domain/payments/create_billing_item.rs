//! `createBillingItem`: charges a patient, or writes down what was paid elsewhere.

use super::{
    billing_item, money, pay, processor, receipt, recurring_payment,
    requested_payment::{row_balance, settle},
    schedule,
};
use crate::domain::packages::{self, coupon};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, Row, Value};
use crate::schema::names::{
    BillingItem as Item, BillingItemState as State, Offering, OfferingCoupon, RequestedPayer, RequestedPayment, StripeCustomerDetail, User,
    UserPackageSelection, createBillingItemInput as Input, createBillingItemPayload as Payload,
};
use jiff::Timestamp;

/// What the payment is for.
struct For {
    invoice: Option<Row<RequestedPayment>>,
    package: Option<Row<Offering>>,
    coupon: Option<Row<OfferingCoupon>>,
    selection: Option<Row<UserPackageSelection>>,
}

pub fn create_billing_item(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let key = idempotency_key(call);
    if let Some(before) = key.as_deref().and_then(|key| made_before(call, key)) {
        return Ok(before.into());
    }
    let paid_for = paid_for(call)?;
    let (payer, payee) = parties(call, &paid_for)?;
    call.target_if_any::<RequestedPayer, _>(Input::requested_payer_id)?;
    refuse_long_metadata(call.get(Input::metadata)?)?;
    let later = later(call, &paid_for)?;
    let (price, original) = price(call, &paid_for)?;

    let mut item = call.draft::<Item>();
    item.put(Item::amount_paid, money::show(price));
    item.put(Item::recipient_id, payee);
    item.put(Item::created_by_id, call.viewer_id());
    if let Some(payer) = &payer {
        item.put(Item::sender_id, payer.id());
        item.hand_to(payer.organization());
    }
    if original != price {
        item.put(Item::original_price, money::show(original));
    }
    if let Some(key) = key {
        item.put(Item::stripe_idempotency_key, key);
    }
    take_over(&mut item, &paid_for);
    match later {
        Some(at) => {
            item.put(Item::state, State::SCHEDULED);
            item.put(Item::due_at, at);
        }
        None if call.is(Input::should_charge) || !call.is_blank(Input::payment_due_date) => {
            let card = call.target_if_any::<StripeCustomerDetail, _>(Input::stripe_customer_detail_id)?;
            // Documented: only who has a stored method can be charged. Assumed: the text.
            let card = card.or_else(|| pay::method(call, &item));
            let card = card.ok_or_else(|| Refusal::base("Client does not have a payment method on file"))?;
            if let Err(text) = pay::charge(call, &mut item, &card) {
                return Ok(turned_down(&text));
            }
        }
        None => {}
    }
    if later.is_none() {
        buy(call, &mut item, &paid_for);
    }
    let item = item.save(call);
    settle(call, item.get(Item::requested_payment_id));
    receipt::tell(call, &item);
    Ok(item.into())
}

fn idempotency_key(call: &Call<'_, Input>) -> Option<String> {
    call.accept(Input::stripe_idempotency_key);
    let sent = call.input.lifted.sent(Input::stripe_idempotency_key.slot).and_then(Option::as_ref)?;
    sent.as_str().map(str::to_owned).or_else(|| sent.as_id().map(|id| id.to_string())).filter(|key| !key.trim().is_empty())
}

/// Assumed, as Stripe has it: the same key gives the same payment.
fn made_before(call: &Call<'_, Input>, key: &str) -> Option<Row<Item>> {
    let same = call.having(Item::stripe_idempotency_key, key.to_owned());
    same.into_iter().find(|item| item.get(Item::created_by_id) == Some(call.viewer_id()))
}

fn paid_for(call: &Call<'_, Input>) -> Result<For, Refusal> {
    let found = For {
        invoice: call.target_if_any(Input::requested_payment_id)?,
        package: call.target_if_any(Input::offering_id)?,
        coupon: call.target_if_any(Input::offering_coupon_id)?,
        selection: call.target_if_any(Input::user_package_selection_id)?,
    };
    if let Some(coupon) = &found.coupon {
        coupon::refuse_invalid(call, coupon, found.package.as_ref())?;
    }
    Ok(found)
}

/// Documented: the sender is the patient who pays, the recipient who is paid, by default the patient's provider. Observed:
/// most calls name the patient as the recipient and no sender, and the caller is paid.
fn parties(call: &Call<'_, Input>, paid_for: &For) -> Result<(Option<Row<User>>, u64), Refusal> {
    let sender = call.target_if_any::<User, _>(Input::sender_id)?;
    let recipient = call.target_if_any::<User, _>(Input::recipient_id)?;
    match (sender, recipient) {
        (Some(sender), Some(recipient)) => Ok((Some(sender), recipient.id())),
        (None, Some(patient)) if patient.is(User::is_patient) => Ok((Some(patient), call.viewer_id())),
        (sender, recipient) => {
            let invoice = paid_for.invoice.as_ref();
            let asked = invoice.and_then(|invoice| invoice.get(RequestedPayment::recipient_id));
            let bought = paid_for.selection.as_ref().and_then(|bought| bought.get(UserPackageSelection::user)?.id());
            let sender = sender.or_else(|| asked.or(bought).and_then(|id| call.find_any::<User>(id)));
            if sender.is_none() && invoice.is_none() && call.is_blank(Input::requested_payer_id) {
                return Err(Refusal::on(Input::sender_id, CANT_BE_BLANK));
            }
            let asks = invoice.and_then(|invoice| invoice.get(RequestedPayment::sender_id));
            let cares = sender.as_ref().and_then(|sender| sender.get(User::dietitian_id));
            let payee = recipient.map(|recipient| recipient.id()).or(asks).or(cares).unwrap_or(call.viewer_id());
            Ok((sender, payee))
        }
    }
}

/// Documented: 128,000 characters. Assumed: Rails' text.
pub fn refuse_long_metadata(metadata: Option<&str>) -> Result<(), Refusal> {
    match metadata {
        Some(metadata) if metadata.chars().count() > 128_000 => {
            Err(Refusal::named("metadata", "is too long (maximum is 128000 characters)"))
        }
        _ => Ok(()),
    }
}

/// When it is charged, where that is another day. Documented: such a payment is of no invoice. Assumed: the text.
fn later(call: &Call<'_, Input>, paid_for: &For) -> Result<Option<Timestamp>, Refusal> {
    let Some(due) = call.get(Input::payment_due_date)? else { return Ok(None) };
    let zone = &call.viewer().zone;
    let day = zone.to_datetime(due).date();
    if day <= zone.to_datetime(call.now()).date() {
        return Ok(None);
    }
    match paid_for.invoice.is_some() {
        true => Err(Refusal::on(Input::requested_payment_id, "Scheduled payments can not be attached to an invoice")),
        false => Ok(Some(schedule::morning(day, zone))),
    }
}

/// What is paid, and what would be without the promo code. Documented: without an amount the package's price, or what the
/// invoice leaves open.
fn price(call: &Call<'_, Input>, paid_for: &For) -> Result<(i64, i64), Refusal> {
    let open = || paid_for.invoice.as_ref().map(|invoice| row_balance(call, invoice).max(0));
    let package = || paid_for.package.as_ref().map(packages::first_price);
    let full = money::sent(call, Input::amount_paid)?.or_else(package).or_else(open);
    let full = full.ok_or_else(|| Refusal::on(Input::amount_paid, CANT_BE_BLANK))?;
    Ok((paid_for.coupon.as_ref().map_or(full, |coupon| coupon::reduced(coupon, full)), full))
}

/// What the invoice or the purchase says of the payment too.
fn take_over(item: &mut Draft<Item>, paid_for: &For) {
    if let Some(invoice) = &paid_for.invoice {
        for (kept, told) in [
            (Item::requested_payer.slot, RequestedPayment::requested_payer_id.slot),
            (Item::user_package_selection.slot, RequestedPayment::user_package_selection.slot),
        ] {
            if item.value(kept).is_null() {
                item.set_value(kept, invoice.value(told).clone());
            }
        }
    }
    if let Some(selection) = &paid_for.selection {
        item.put(Item::user_package_selection, selection.id());
    }
}

/// Documented: the package is the client's at once, and a package that is paid for more than once goes on, unless the
/// payment has a date of its own.
fn buy(call: &mut Call<'_, Input>, item: &mut Draft<Item>, paid_for: &For) {
    let Some(package) = &paid_for.package else { return };
    if paid_for.selection.is_none() {
        packages::buy(call, item);
    }
    if call.is_blank(Input::payment_due_date) {
        let each = money::of(package.get(Offering::price));
        let each = paid_for.coupon.as_ref().map_or(each, |coupon| coupon::reduced(coupon, each));
        recurring_payment::begin(call, item, package, each);
    }
}

/// Documented: what Stripe says is in `stripeError` too. Assumed: nothing is kept of it.
fn turned_down(text: &str) -> Made {
    Made::nothing().also(Payload::stripeError, Value::text(text)).also(Payload::messages, processor::messages(text))
}

/// True for a payment that can be tried again.
pub fn has_failed(item: &crate::engine::View<'_, Item>) -> bool {
    !billing_item::has_succeeded(item) && !billing_item::is_scheduled(item)
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use jiff::SignedDuration;
    use serde_json::json;

    fn pay(clinic: &Clinic, input: &str) -> serde_json::Value {
        let answer = clinic.run(&format!(
            "mutation {{ createBillingItem(input: {{ {input} }}) {{ billingItem {{
                id amount_paid amount_paid_string net_payment state is_outside_payment is_recurring payment_medium note shown_note card_brand card_last4
                sender {{ first_name }} recipient {{ first_name }} provider {{ first_name }} }} stripeError messages {{ field message }} }} }}"
        ));
        answer["data"]["createBillingItem"].clone()
    }

    fn with_card(clinic: &Clinic, patient: &str, token: &str) {
        let stored = clinic.run(&format!(
            r#"mutation {{ createStripeCustomerDetail(input: {{ user_id: "{patient}", token: "{token}", is_default: true }}) {{ messages {{ message }} }} }}"#
        ));
        assert!(stored["data"]["createStripeCustomerDetail"]["messages"].is_null(), "{stored}");
        clinic.events();
    }

    #[test]
    fn a_payment_from_elsewhere_is_written_down() {
        let clinic = Clinic::open().as_role("provider");
        let [rosa, provider] = ["rosa", "provider"].map(|handle| clinic.id("User", handle));
        let mut answer = pay(
            &clinic,
            &format!(
                r#"sender_id: "{rosa}", recipient_id: "{provider}", amount_paid: "75.5", payment_medium: "Cash", note: "Paid at the desk""#
            ),
        );
        answer["billingItem"]["id"].take();
        assert_eq!(
            answer,
            json!({
                "billingItem": {
                    "id": null, "amount_paid": "75.50", "amount_paid_string": "75.50", "net_payment": "75.50", "state": "succeeded",
                    "is_outside_payment": true, "is_recurring": false, "payment_medium": "Cash", "note": "Paid at the desk",
                    "shown_note": "Paid at the desk", "card_brand": null, "card_last4": null,
                    "sender": { "first_name": "Rosa" }, "recipient": { "first_name": "Priya" }, "provider": { "first_name": "Priya" },
                },
                "stripeError": null, "messages": null,
            })
        );
        assert_eq!(clinic.events(), ["billing_item.created"]);
    }

    #[test]
    fn a_patient_named_as_the_recipient_alone_pays_the_caller() {
        let clinic = Clinic::open().as_role("provider");
        let rosa = clinic.id("User", "rosa");
        with_card(&clinic, &rosa, "tok_visa");
        let answer = pay(&clinic, &format!(r#"recipient_id: "{rosa}", amount_paid: "20", should_charge: true"#));
        let item = &answer["billingItem"];
        assert_eq!(
            json!([
                item["sender"]["first_name"],
                item["recipient"]["first_name"],
                item["card_brand"],
                item["card_last4"],
                item["is_outside_payment"]
            ]),
            json!(["Rosa", "Priya", "Visa", "4242", false]),
            "{answer}"
        );
        let listed = clinic
            .run(&format!(r#"{{ billingItems(client_id: "{rosa}", status: ["paid"]) {{ id }} billingItemsCount(client_id: "{rosa}") }}"#));
        assert_eq!(listed["data"]["billingItems"][0]["id"], item["id"]);
    }

    #[test]
    fn a_declined_card_leaves_nothing_behind() {
        let clinic = Clinic::open();
        let noor = clinic.id("User", "noor");
        let charge = format!(r#"sender_id: "{noor}", amount_paid: "20", should_charge: true"#);
        with_card(&clinic, &noor, "tok_chargeCustomerFail");
        let answer = pay(&clinic, &charge);
        let told = json!([{ "field": "base", "message": "Your card was declined." }]);
        assert_eq!(answer, json!({ "billingItem": null, "stripeError": "Your card was declined.", "messages": told }));
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_payment_needs_a_payer_and_an_amount() {
        let clinic = Clinic::open();
        let rosa = clinic.id("User", "rosa");
        clinic.refuses("createBillingItem(input: {})", &[("sender_id", "can't be blank")]);
        clinic.refuses(&format!(r#"createBillingItem(input: {{ sender_id: "{rosa}" }})"#), &[("amount_paid", "can't be blank")]);
        clinic.refuses(
            &format!(r#"createBillingItem(input: {{ sender_id: "{rosa}", amount_paid: "-1" }})"#),
            &[("amount_paid", "must be greater than or equal to 0")],
        );
    }

    #[test]
    fn a_scheduled_payment_is_charged_on_its_day() {
        let clinic = Clinic::open().in_version(Version::V2026_01_01);
        let rosa = clinic.id("User", "rosa");
        with_card(&clinic, &rosa, "tok_visa");
        let answer =
            pay(&clinic, &format!(r#"sender_id: "{rosa}", amount_paid: "40", should_charge: true, payment_due_date: "2026-03-05""#));
        assert_eq!(answer["billingItem"]["state"], "SCHEDULED", "{answer}");
        clinic.events();
        clinic.advance(SignedDuration::from_hours(96));
        let id = answer["billingItem"]["id"].as_str().expect("an id");
        let shown = clinic.run(&format!("{{ billingItem(id: {id}) {{ state card_last4 }} }}"));
        assert_eq!(shown["data"]["billingItem"], json!({ "state": "SUCCEEDED", "card_last4": "4242" }));
        let told = clinic.events().into_iter().filter(|event| event.starts_with("billing_item"));
        assert_eq!(told.collect::<Vec<_>>(), ["billing_item.updated"]);
    }

    /// Kind and address of the mails about payments.
    fn mailed(clinic: &Clinic) -> Vec<String> {
        let about = clinic.mails().into_iter().filter(|(kind, _)| ["receipt", "payment_failed"].contains(&kind.as_str()));
        about.map(|(kind, to)| format!("{kind} {}", to.split('@').next().unwrap_or_default())).collect()
    }

    #[test]
    fn a_charge_has_a_receipt_and_a_later_failure_is_told() {
        let clinic = Clinic::open();
        let [ava, noor, provider] = ["patient", "noor", "provider"].map(|handle| clinic.id("User", handle));
        pay(&clinic, &format!(r#"sender_id: "{ava}", recipient_id: "{provider}", amount_paid: "20""#));
        assert_eq!(mailed(&clinic), [""; 0], "what was paid elsewhere");
        with_card(&clinic, &ava, "tok_visa");
        let paid = pay(&clinic, &format!(r#"sender_id: "{ava}", recipient_id: "{provider}", amount_paid: "20", should_charge: true"#));
        assert_eq!(mailed(&clinic), ["receipt patient"]);
        let again = format!("updateBillingItem(input: {{ id: {}, resend_receipt: true }})", paid["billingItem"]["id"]);
        clinic.run(&format!("mutation {{ {again} {{ messages {{ message }} }} }}"));
        assert_eq!(mailed(&clinic), ["receipt patient", "receipt patient"]);
        with_card(&clinic, &noor, "tok_chargeCustomerFail");
        let later = r#"amount_paid: "40", should_charge: true, payment_due_date: "2026-03-05""#;
        pay(&clinic, &format!(r#"sender_id: "{noor}", recipient_id: "{provider}", {later}"#));
        pay(&clinic, &format!(r#"sender_id: "{ava}", recipient_id: "{provider}", {later}"#));
        assert_eq!(mailed(&clinic).len(), 2, "not before it is charged");
        clinic.advance(SignedDuration::from_hours(96));
        let mut told = mailed(&clinic).split_off(2);
        told.sort();
        assert_eq!(told.iter().filter(|told| *told == "payment_failed provider").count(), 1, "{told:?}");
        assert!(told.contains(&"receipt patient".to_owned()), "{told:?}");
    }

    #[test]
    fn the_same_idempotency_key_charges_once() {
        let clinic = Clinic::open();
        let rosa = clinic.id("User", "rosa");
        let once = format!(r#"sender_id: "{rosa}", amount_paid: "40", stripe_idempotency_key: "order-1""#);
        assert_eq!(pay(&clinic, &once)["billingItem"]["id"], pay(&clinic, &once)["billingItem"]["id"]);
        assert_eq!(clinic.events(), ["billing_item.created"]);
    }

    #[test]
    fn the_own_payments_are_seen_and_with_the_flag_all() {
        let clinic = Clinic::open();
        let [patient2, provider2] = ["patient2", "provider2"].map(|handle| clinic.id("User", handle));
        let paid = pay(&clinic, &format!(r#"sender_id: "{patient2}", recipient_id: "{provider2}", amount_paid: "9""#));
        let id = paid["billingItem"]["id"].as_str().expect("an id");
        let seen = ["owner", "admin", "provider", "provider2", "integration", "limited", "patient", "patient2", "outsider"].map(|role| {
            let answer = clinic.as_role(role).run(&format!("{{ billingItem(id: {id}) {{ id }} }}"));
            format!("{role} {}", !answer["data"]["billingItem"].is_null())
        });
        let expected = [
            "owner true",
            "admin true",
            "provider false",
            "provider2 true",
            "integration true",
            "limited false",
            "patient false",
            "patient2 true",
            "outsider false",
        ];
        assert_eq!(seen, expected);
    }
}
