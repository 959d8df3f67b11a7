//! `createOffering`, `updateOffering`, `copyOffering` and `deleteOffering`.

use super::{children, frequency, offering};
use crate::domain::payments::{self, money};
use crate::engine::{Call, Draft, Made, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    Offering, OfferingCourse, OfferingGroupVisibility, OfferingImage, OfferingLabOption, RecurringPayment, User, UserGroup,
    copyOfferingInput, createOfferingInput, deleteOfferingInput, updateOfferingInput,
};

/// Documented: the frequencies and the three ways to be seen.
fn refuse_unfit(package: &Draft<Offering>) -> Result<(), Refusal> {
    let listed = |value: Option<&str>, all: &[&str]| value.is_none_or(|value| value.is_empty() || all.contains(&value));
    let unlisted = |name, fits: bool| (!fits).then(|| Refusal::named(name, "is not included in the list"));
    let ways = ["hidden", "visible_to_all", "visible_to_specific_groups"];
    Refusal::all(
        [
            unlisted("billing_frequency", listed(package.get(Offering::billing_frequency), &frequency::ALL)),
            unlisted("visibility_status", listed(package.get(Offering::visibility_status), &ways)),
        ]
        .into_iter()
        .flatten(),
    )
}

/// Documented: amounts as numbers are written (`100.0`).
fn put_prices<I: Named>(
    call: &Call<'_, I>,
    package: &mut Draft<Offering>,
    price: crate::schema::Field<I, crate::schema::Text>,
    first: crate::schema::Field<I, crate::schema::Text>,
) -> Result<(), Refusal> {
    if let Some(price) = money::sent(call, price)? {
        package.put(Offering::price, offering::plain(price));
    }
    match money::sent(call, first)? {
        Some(first) => package.put(Offering::first_time_payment, offering::plain(first)),
        None if call.given(first)?.is_sent() => package.clear(Offering::first_time_payment),
        None => {}
    }
    Ok(())
}

pub fn create_offering(call: &mut Call<'_, createOfferingInput>) -> Result<Made, Refusal> {
    type Input = createOfferingInput;
    let owner = call.target_if_any::<User, _>(Input::user_id)?.map_or(call.viewer_id(), |owner| owner.id());
    call.target_if_any::<UserGroup, _>(Input::user_group_id)?;
    call.targets::<UserGroup>(Input::user_group_ids)?;
    let includes = call.get(Input::offering_includes)?.unwrap_or_default();
    children::refuse_unknown_kinds(call, &includes)?;
    let mut package = call.draft::<Offering>().set(Offering::user_id, owner);
    // Documented: hidden unless something else is said.
    let status = call.get(Input::visibility_status)?.filter(|status| !status.is_empty());
    let shown = call.get(Input::show_offering)? == Some(true);
    let status = if shown && status.is_none_or(|status| status == "hidden") { "visible_to_all" } else { status.unwrap_or("hidden") };
    package.put(Offering::visibility_status, status.to_owned());
    put_prices(call, &mut package, Input::price, Input::first_time_payment)?;
    if let Some(image) = call.target_if_any::<OfferingImage, _>(Input::selected_image_id)? {
        package.put(Offering::offering_image_id, image.id());
    }
    call.check(&package)?;
    refuse_unfit(&package)?;
    let package = package.save(call);
    children::write_includes(call, &package, &includes);
    let products = call.get(Input::offering_products)?.unwrap_or_default();
    children::write_products(call, &package, &products)?;
    children::connect(call, &package, Input::course_ids, OfferingCourse::offering_id, OfferingCourse::course_id)?;
    children::connect(call, &package, Input::lab_option_ids, OfferingLabOption::offering_id, OfferingLabOption::lab_option_id)?;
    children::connect(call, &package, Input::user_group_ids, OfferingGroupVisibility::offering_id, OfferingGroupVisibility::user_group_id)?;
    Ok(package.into())
}

pub fn update_offering(call: &mut Call<'_, updateOfferingInput>) -> Result<Made, Refusal> {
    type Input = updateOfferingInput;
    let package = call.target::<Offering, _>(Input::id)?;
    call.target_if_any::<User, _>(Input::user_id)?;
    call.target_if_any::<UserGroup, _>(Input::user_group_id)?;
    call.targets::<UserGroup>(Input::user_group_ids)?;
    let includes = call.get(Input::offering_includes)?;
    children::refuse_unknown_kinds(call, includes.as_deref().unwrap_or_default())?;
    let mut draft = call.edit(&package);
    for kept in [Offering::user_id.slot, Offering::visibility_status.slot] {
        if draft.value(kept).is_null() {
            draft.set_value(kept, package.value(kept).clone());
        }
    }
    if let Some(order) = call.get(Input::row_order)? {
        draft.put(Offering::row_order, order.to_string());
    }
    put_prices(call, &mut draft, Input::price, Input::first_time_payment)?;
    // Assumed: without a first payment of its own there is none.
    if call.get(Input::has_first_payment)? == Some(false) {
        draft.clear(Offering::first_time_payment);
    }
    if let (true, Some(shown)) = (call.is_blank(Input::visibility_status), call.get(Input::show_offering)?) {
        draft.put(Offering::visibility_status, if shown { "visible_to_all" } else { "hidden" }.to_owned());
    }
    if let Some(image) = call.target_if_any::<OfferingImage, _>(Input::selected_image_id)? {
        draft.put(Offering::offering_image_id, image.id());
    }
    call.check(&draft)?;
    refuse_unfit(&draft)?;
    let saved = draft.save(call);
    if let Some(includes) = includes {
        children::write_includes(call, &saved, &includes);
    }
    let products = call.get(Input::offering_products)?.unwrap_or_default();
    children::write_products(call, &saved, &products)?;
    children::connect(call, &saved, Input::course_ids, OfferingCourse::offering_id, OfferingCourse::course_id)?;
    children::connect(call, &saved, Input::lab_option_ids, OfferingLabOption::offering_id, OfferingLabOption::lab_option_id)?;
    children::connect(call, &saved, Input::user_group_ids, OfferingGroupVisibility::offering_id, OfferingGroupVisibility::user_group_id)?;
    Ok(saved.into())
}

/// Assumed: the copy's name says that it is one.
pub fn copy_offering(call: &mut Call<'_, copyOfferingInput>) -> Result<Made, Refusal> {
    let package = call.target::<Offering, _>(copyOfferingInput::id)?;
    let mut copy = call.blank_draft::<Offering>();
    for (slot, column) in Offering::TYPE.shape().columns().iter().enumerate() {
        if !["id", "created_at", "updated_at", "row_order"].contains(&column.name()) {
            copy.set_value(slot as u16, package.value(slot as u16).clone());
        }
    }
    copy.put(Offering::name, format!("{} (copy)", package.get(Offering::name).unwrap_or_default()));
    let copy = copy.belongs_to(package.organization()).save(call);
    children::copy(call, &package, &copy);
    Ok(copy.into())
}

/// Documented: who bought it is charged no more, and keeps the credits and programs.
pub fn delete_offering(call: &mut Call<'_, deleteOfferingInput>) -> Result<Made, Refusal> {
    let package = call.target::<Offering, _>(deleteOfferingInput::id)?;
    for recurring in call.having(RecurringPayment::offering_id, package.id()) {
        payments::cancel_recurring(call, &recurring);
    }
    let now = Value::Instant(call.now().as_microsecond());
    let mut draft = call.change(&package);
    draft.set_value(Offering::deleted_at.slot, now);
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use jiff::SignedDuration;
    use serde_json::json;

    fn create(clinic: &Clinic, more: &str) -> String {
        let kind = clinic.id("AppointmentType", "follow_up");
        let answer = clinic.run(&format!(
            r#"mutation {{ createOffering(input: {{ name: "Steady", price: "100", billing_frequency: "Monthly",
                offering_includes: [{{ appointment_type_id: "{kind}", quantity: "2", is_repeating: true }}] {more} }}) {{
                offering {{ id price visibility_status offering_includes {{ quantity appointment_type {{ name }} }} frequency_times_string initial_payment_amount }}
                messages {{ field message }} }} }}"#
        ));
        let mut made = answer["data"]["createOffering"]["offering"].clone();
        let id = made["id"].take().as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let includes = json!([{ "quantity": "2", "appointment_type": { "name": "Follow-up" } }]);
        assert_eq!(
            json!([made["price"], made["offering_includes"], made["frequency_times_string"]]),
            json!(["100.0", includes, "a month"])
        );
        id
    }

    #[test]
    fn a_package_that_is_bought_goes_on_until_it_is_cancelled() {
        let clinic = Clinic::open();
        let rosa = clinic.id("User", "rosa");
        let package = create(&clinic, "");
        clinic.run(&format!(
            r#"mutation {{ createStripeCustomerDetail(input: {{ user_id: "{rosa}", token: "tok_visa", is_default: true }}) {{ messages {{ message }} }} }}"#
        ));
        clinic.events();
        let answer = clinic.run(&format!(
            r#"mutation {{ createBillingItem(input: {{ sender_id: "{rosa}", offering_id: "{package}", should_charge: true }}) {{
                billingItem {{ id amount_paid is_recurring shown_description recurring_payment {{ amount_to_pay payments_remaining }}
                user_package_selection {{ offering {{ name }} user {{ id }} }} }} messages {{ message }} }} }}"#
        ));
        let mut item = answer["data"]["createBillingItem"]["billingItem"].clone();
        let id = item["id"].take().as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        assert_eq!(
            item,
            json!({ "id": null, "amount_paid": "100.00", "is_recurring": true, "shown_description": "Steady",
                "recurring_payment": { "amount_to_pay": "100.00", "payments_remaining": "Until Canceled" },
                "user_package_selection": { "offering": { "name": "Steady" }, "user": { "id": rosa } } })
        );
        let told = clinic.events();
        assert!(told.contains(&"billing_item.created".to_owned()) && told.contains(&"recurring_payment.created".to_owned()), "{told:?}");
        let credits = || {
            let kind = clinic.id("AppointmentType", "follow_up");
            let answer =
                clinic.run(&format!("{{ user(id: {rosa}) {{ appointment_type_credits(appointment_type_id: {kind}) {{ quantity }} }} }}"));
            answer["data"]["user"]["appointment_type_credits"].clone()
        };
        assert_eq!(credits(), json!([{ "quantity": "2" }]));
        clinic.advance(SignedDuration::from_hours(24 * 32));
        assert_eq!(credits(), json!([{ "quantity": "4" }]));
        let count = || clinic.run(&format!("{{ billingItemsCount(client_id: {rosa}) }}"))["data"]["billingItemsCount"].as_i64();
        let before = count();
        let cancelled = clinic.run(&format!(
            r#"mutation {{ cancelRecurringPayment(input: {{ billing_item_id: "{id}" }}) {{ billingItem {{ is_canceled }} messages {{ message }} }} }}"#
        ));
        assert_eq!(cancelled["data"]["cancelRecurringPayment"], json!({ "billingItem": { "is_canceled": true }, "messages": null }));
        clinic.advance(SignedDuration::from_hours(24 * 62));
        assert_eq!(count(), before);
    }

    #[test]
    fn a_promo_code_is_checked_by_everybody() {
        let clinic = Clinic::open();
        let package = create(&clinic, r#", visibility_status: "visible_to_all""#);
        clinic.run(&format!(
            r#"mutation {{ createOfferingCoupon(input: {{ code: "SPRING30", amount_off: "30", offering_ids: "{package}" }}) {{ offeringCoupon {{ id }} messages {{ message }} }} }}"#
        ));
        let nobody = clinic.as_role("nobody").in_version(Version::V2026_01_01);
        let check = |code: &str| {
            nobody.run(&format!(
                r#"{{ validateCoupon(coupon_code: "{code}", offering_id: "{package}") {{ new_price fail_reason still_ask_for_cc }} offering(id: "{package}") {{ name }} }}"#
            ))["data"]
                .clone()
        };
        assert_eq!(
            check("spring30"),
            json!({ "validateCoupon": { "new_price": "70.00", "fail_reason": null, "still_ask_for_cc": true }, "offering": { "name": "Steady" } })
        );
        assert_eq!(check("WINTER")["validateCoupon"]["fail_reason"], "Promo code is not valid");
        clinic.refuses(r#"createOfferingCoupon(input: { code: "spring30", amount_off: "5" })"#, &[("code", "has already been taken")]);
    }

    #[test]
    fn a_package_needs_a_name_a_price_and_a_frequency() {
        let clinic = Clinic::open();
        let blank = "can't be blank";
        clinic.refuses("createOffering(input: {})", &[("name", blank), ("price", blank), ("billing_frequency", blank)]);
        clinic.refuses(
            r#"createOffering(input: { name: "A", price: "1", billing_frequency: "Daily" })"#,
            &[("billing_frequency", "is not included in the list")],
        );
    }
}
