//! `createRequestedPayment`: makes an invoice. Nobody is sent anything yet.

use super::{money, requested_payer, requested_payment::settle, write_off};
use crate::domain::packages;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, Row};
use crate::schema::names::{
    Appointment, Offering, RequestedPayment as Invoice, User, UserPackageSelection, createRequestedPaymentInput as Input,
};

pub fn create_requested_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = call.require(Input::invoice_type)?;
    refuse_kind(kind)?;
    let patient = call.target_if_any::<User, _>(Input::recipient_id)?;
    let outsider = call.get(Input::requested_payer)?;
    if patient.is_none() && outsider.is_none() {
        return Err(Refusal::on(Input::recipient_id, CANT_BE_BLANK));
    }
    let sender = call.target_if_any::<User, _>(Input::sender_id)?.map_or(call.viewer_id(), |sender| sender.id());
    let package = call.target_if_any::<Offering, _>(Input::offering_id)?;
    call.target_if_any::<Appointment, _>(Input::appointment_id)?;
    call.target_if_any::<UserPackageSelection, _>(Input::user_package_selection_id)?;
    refuse_unfit(kind, call.is_blank(Input::services_provided), package.as_ref())?;
    refuse_long_metadata(call.get(Input::metadata)?)?;
    refuse_status(call.get(Input::status)?)?;
    write_off::refuse_unfit_rows(call.get(Input::write_offs)?.as_deref().unwrap_or_default())?;
    let price = price(call, package.as_ref())?;

    let mut invoice = call.draft::<Invoice>().set(Invoice::sender_id, sender).set(Invoice::price, money::show(price));
    if let Some(package) = package.and_then(|package| Some(package.get(Offering::price)?.to_owned())) {
        invoice.put(Invoice::offering_price_at_invoice_creation, package);
    }
    if let Some(outsider) = outsider {
        let payer = requested_payer::write(call, &outsider, None)?;
        invoice.put(Invoice::requested_payer_id, payer.id());
    }
    if let Some(patient) = patient {
        invoice.hand_to(patient.organization());
    }
    if let Some(status) = call.get(Input::status)?.filter(|status| !status.is_empty()) {
        set_status(call, &mut invoice, status);
    }
    let invoice = invoice.save(call);
    let invoice = call.save_nested(&invoice)?;
    settle(call, Some(invoice.id()));
    Ok(call.find_any::<Invoice>(invoice.id()).unwrap_or(invoice).into())
}

/// Documented: the three kinds.
pub fn refuse_kind(kind: &str) -> Result<(), Refusal> {
    match kind {
        "cms1500" | "offering" | "other" => Ok(()),
        _ => Err(Refusal::named("invoice_type", "is not included in the list")),
    }
}

/// Documented: what is provided is named for `other` alone, a package for `offering`. Observed: a package that comes with
/// `other` is no mistake.
fn refuse_unfit(kind: &str, nothing_provided: bool, package: Option<&Row<Offering>>) -> Result<(), Refusal> {
    match kind {
        "other" if nothing_provided => Err(Refusal::named("services_provided", CANT_BE_BLANK)),
        "offering" if package.is_none() => Err(Refusal::named("offering_id", CANT_BE_BLANK)),
        "offering" | "cms1500" if !nothing_provided => Err(Refusal::named("services_provided", "must be blank")),
        _ => Ok(()),
    }
}

/// Documented: 2,000 characters. Assumed: Rails' text.
pub fn refuse_long_metadata(metadata: Option<&str>) -> Result<(), Refusal> {
    match metadata {
        Some(metadata) if metadata.chars().count() > 2_000 => Err(Refusal::named("metadata", "is too long (maximum is 2000 characters)")),
        _ => Ok(()),
    }
}

pub fn refuse_status(status: Option<&str>) -> Result<(), Refusal> {
    use super::requested_payment::{NOT_PAID, PAID, PARTIAL};
    match status {
        Some(status) if !["", NOT_PAID, PARTIAL, PAID].contains(&status) => Err(Refusal::named("status", "is not included in the list")),
        _ => Ok(()),
    }
}

/// Documented: a status that was set is the invoice's, whatever was paid. Assumed: anything but paid goes by payments again.
pub fn set_status<I: crate::schema::Named>(call: &Call<'_, I>, invoice: &mut Draft<Invoice>, status: &str) {
    let paid = status == super::requested_payment::PAID;
    invoice.put(Invoice::status, status.to_owned());
    invoice.put(Invoice::status_by_hand, paid);
    if paid && invoice.is_blank(Invoice::paid_at) {
        invoice.put(Invoice::paid_at, call.now());
    }
}

/// Documented: the package's, where none is sent.
fn price(call: &Call<'_, Input>, package: Option<&Row<Offering>>) -> Result<i64, Refusal> {
    match (money::sent(call, Input::price)?, package) {
        (Some(price), _) => Ok(price),
        (None, Some(package)) => Ok(packages::first_price(package)),
        (None, None) => Err(Refusal::on(Input::price, CANT_BE_BLANK)),
    }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn an_invoice_is_settled_by_payments_and_write_offs() {
        let clinic = Clinic::open();
        let [rosa, provider] = ["rosa", "provider"].map(|handle| clinic.id("User", handle));
        let answer = clinic.run(&format!(
            r#"mutation {{ createRequestedPayment(input: {{ recipient_id: "{rosa}", sender_id: "{provider}", invoice_type: "other",
                services_provided: "Meal plan", price: "100" }}) {{ requestedPayment {{ id price status balance_due details is_preview
                requested_payer {{ id name }} other_requested_payer {{ id }} sender {{ first_name }} recipient {{ first_name }} billing_items {{ id }} }} messages {{ message }} }} }}"#
        ));
        let mut invoice = answer["data"]["createRequestedPayment"]["requestedPayment"].clone();
        let id = invoice["id"].take().as_str().expect("an id").to_owned();
        assert_eq!(
            invoice,
            json!({ "id": null, "price": "100.00", "status": "Not Yet Paid", "balance_due": 100.0, "details": "Other: Meal plan",
                "is_preview": false, "requested_payer": { "id": rosa, "name": "Rosa Delgado" }, "other_requested_payer": null,
                "sender": { "first_name": "Priya" }, "recipient": { "first_name": "Rosa" }, "billing_items": [] })
        );
        assert_eq!(clinic.events(), ["requested_payment.created"]);
        let shown = || {
            let shown = clinic
                .run(&format!("{{ requestedPayment(id: {id}) {{ status balance_due paid_percent billing_items {{ amount_paid }} }} }}"));
            shown["data"]["requestedPayment"].clone()
        };
        let pay = |amount: &str| {
            clinic.run(&format!(
                r#"mutation {{ createBillingItem(input: {{ requested_payment_id: "{id}", amount_paid: "{amount}", payment_medium: "Cash" }}) {{
                    billingItem {{ item_position_number sender {{ id }} }} messages {{ field message }} }} }}"#
            ))["data"]["createBillingItem"]
                .clone()
        };
        assert_eq!(pay("30"), json!({ "billingItem": { "item_position_number": 1, "sender": { "id": rosa } }, "messages": null }));
        assert_eq!(
            shown(),
            json!({ "status": "Partial", "balance_due": 70.0, "paid_percent": 30, "billing_items": [{ "amount_paid": "30.00" }] })
        );
        assert_eq!(clinic.events(), ["billing_item.created", "requested_payment.updated"]);
        let off = format!(r#"createWriteOff(input: {{ requested_payment_id: "{id}", write_off_type: DISCOUNT, amount: 20 }})"#);
        clinic.run(&format!("mutation {{ {off} {{ writeOff {{ id }} messages {{ message }} }} }}"));
        pay("50");
        assert_eq!(shown()["status"], json!("Paid"));
        assert_eq!(shown()["balance_due"], json!(0.0));
        clinic.refuses(&off, &[("amount", "must be less than or equal to the balance due")]);
    }

    #[test]
    fn an_outside_payer_opens_the_invoice_without_an_account() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            r#"mutation { createRequestedPayment(input: { invoice_type: "other", services_provided: "Talk", price: "80.00",
                requested_payer: { name: "Harbor School", email: "office@school.example" } }) {
                requestedPayment { id invoice_id recipient { id } requested_payer { name email } } messages { field message } } }"#,
        );
        let invoice = &answer["data"]["createRequestedPayment"]["requestedPayment"];
        assert_eq!(invoice["requested_payer"], json!({ "name": "Harbor School", "email": "office@school.example" }), "{answer}");
        let nobody = clinic.as_role("nobody").in_version(Version::V2026_01_01);
        let invoice = invoice["invoice_id"].as_str().expect("an invoice id");
        assert!(invoice.starts_with("HS-"), "{invoice}");
        let answer = nobody.run(&format!(r#"{{ requestedPayment(invoice_id: "{invoice}", uuid: "guess") {{ price }} }}"#));
        assert_eq!(answer["data"]["requestedPayment"], json!(null));
    }

    #[test]
    fn an_invoice_needs_what_its_kind_needs() {
        let clinic = Clinic::open();
        let rosa = clinic.id("User", "rosa");
        let create = |rest: &str| format!(r#"createRequestedPayment(input: {{ {rest} }})"#);
        clinic.refuses(&create(""), &[("invoice_type", "can't be blank")]);
        clinic.refuses(&create(r#"invoice_type: "other", price: "5""#), &[("recipient_id", "can't be blank")]);
        let to_rosa = format!(r#"recipient_id: "{rosa}""#);
        clinic.refuses(&create(&format!(r#"{to_rosa}, invoice_type: "other", price: "5""#)), &[("services_provided", "can't be blank")]);
        clinic.refuses(&create(&format!(r#"{to_rosa}, invoice_type: "offering""#)), &[("offering_id", "can't be blank")]);
        clinic.refuses(
            &create(&format!(r#"{to_rosa}, invoice_type: "other", services_provided: "x", price: "much""#)),
            &[("price", "is not a number")],
        );
    }
}
