//! What a superbill is: a receipt that a patient sends to the insurer.

use super::permission;
use crate::domain::{payments::money, people};
use crate::engine::{Answer, Call, Draft, Entity, Given, Input, List, QueryError, Reading, Refusal, Row, Value, View, Within};
use crate::schema::names::{
    CptCode, CptCodesSuperBill, IcdCodesSuperBill, Location, OrganizationMembership, ReceiptLineItem, SuperBill, User, args,
};
use crate::schema::{Field, Instant, Named};

pub const NOT_SENT: &str = "Not Sent";
pub const SENT: &str = "Sent";
/// Documented.
const STATUSES: [&str; 4] = [NOT_SENT, SENT, "Fully Paid", "Rejected"];

pub fn entity() -> Entity<SuperBill> {
    Entity::usual()
        // Documented: required.
        .requires(SuperBill::patient_id)
        .requires(SuperBill::patient_dob)
        .requires(SuperBill::dietitian_id)
        .requires(SuperBill::provider_name)
        .requires(SuperBill::service_day)
        .defaults(SuperBill::status, NOT_SENT.to_owned())
        .ruled(SuperBill::service_date)
        .refuses(|bill| {
            super::refuse_other_than_amount("amount_paid", bill.get(SuperBill::amount_paid))?;
            match bill.get(SuperBill::status).is_none_or(|status| STATUSES.contains(&status)) {
                true => Ok(()),
                false => Err(Refusal::named("status", "is not included in the list")),
            }
        })
        .visible(is_visible)
        .refers(SuperBill::provider, SuperBill::dietitian_id)
        .answers(SuperBill::service_date, |bill| bill.value(SuperBill::service_day.slot).clone().into())
        .computed(SuperBill::total_fee, |bill| Some(money::show(total_cents(bill))))
        .computed(SuperBill::balance_due, |bill| Some(money::show(total_cents(bill) - money::of(bill.get(SuperBill::amount_paid)))))
        .computed(SuperBill::cpt_code_names, |bill| {
            let codes = lines(bill).filter_map(|line| line.follow::<CptCode, _>(CptCodesSuperBill::cpt_code_id));
            Some(codes.filter_map(|code| code.get(CptCode::code).map(str::to_owned)).collect::<Vec<_>>().join(", "))
        })
}

/// Documented: patients see what has been shared with them, which is, assumed, what is no longer to be sent.
fn is_visible(bill: &View<'_, SuperBill>) -> bool {
    let viewer = bill.on.viewer();
    let Some(patient) = bill.get(SuperBill::patient_id) else { return viewer.reaches(bill.organization()) };
    if viewer.is(patient) {
        return bill.get(SuperBill::status) != Some(NOT_SENT);
    }
    let sees_patient = || bill.on.find::<User>(patient).is_some();
    viewer.is_member() && viewer.may(OrganizationMembership::can_view_super_bills) && sees_patient()
}

fn lines<'s>(bill: &View<'s, SuperBill>) -> impl Iterator<Item = View<'s, CptCodesSuperBill>> {
    bill.on.having(CptCodesSuperBill::super_bill_id, bill.id())
}

/// Documented: units times fee, of all lines. Assumed: without units it is one.
fn total_cents(bill: &View<'_, SuperBill>) -> i64 {
    let cents = |line: View<'_, CptCodesSuperBill>| {
        money::of(line.get(CptCodesSuperBill::fee)).saturating_mul(line.get(CptCodesSuperBill::units).unwrap_or(1))
    };
    lines(bill).map(cents).sum()
}

pub fn cpt_entity() -> Entity<CptCodesSuperBill> {
    Entity::usual()
        .requires(CptCodesSuperBill::cpt_code_id)
        .indexed(CptCodesSuperBill::super_bill_id)
        .indexed(CptCodesSuperBill::cpt_code_id)
        .refuses(|line| super::refuse_other_than_amount("fee", line.get(CptCodesSuperBill::fee)))
        .visible(|line| shows_rows(line, line.get(CptCodesSuperBill::super_bill_id)))
}

pub fn icd_entity() -> Entity<IcdCodesSuperBill> {
    Entity::usual()
        .requires(IcdCodesSuperBill::icd_code_id)
        .indexed(IcdCodesSuperBill::super_bill_id)
        .visible(|row| shows_rows(row, row.get(IcdCodesSuperBill::super_bill_id)))
}

pub fn receipt_entity() -> Entity<ReceiptLineItem> {
    Entity::usual()
        .about_nobody()
        .indexed(ReceiptLineItem::super_bill_id)
        .visible(|item| shows_rows(item, item.get(ReceiptLineItem::super_bill_id)))
}

/// Whoever sees the superbill.
fn shows_rows<T: Named>(row: &View<'_, T>, bill: Option<u64>) -> bool {
    match bill {
        Some(bill) => row.on.find::<SuperBill>(bill).is_some(),
        None => row.on.viewer().reaches(row.organization()),
    }
}

/// The day of what was sent, where it was sent.
pub fn keep_day<I: Named>(call: &Call<'_, I>, draft: &mut Draft<SuperBill>, field: Field<I, Instant>) -> Result<(), Refusal> {
    match call.given(field)? {
        Given::Value(at) => draft.put(SuperBill::service_day, call.zone().to_datetime(at).date()),
        Given::Null => draft.clear(SuperBill::service_day),
        Given::Absent => {}
    }
    Ok(())
}

/// Documented: `service_date` is what the caller knows the day by.
pub fn refuse_unfit<I: Named>(call: &Call<'_, I>, draft: &Draft<SuperBill>) -> Result<(), Refusal> {
    let renamed = |mut refusal: Refusal| {
        for (field, _) in &mut refusal.entries {
            *field = if *field == Some("service_day") { Some("service_date") } else { *field };
        }
        refusal
    };
    call.check(draft).map_err(renamed)
}

/// Documented: what is left out of the patient and the provider is taken from their records.
pub fn prefill<I: Named>(call: &Call<'_, I>, draft: &mut Draft<SuperBill>) {
    let person = |field: Field<SuperBill, crate::schema::Id>| draft.get(field).and_then(|id| call.find_any::<User>(id));
    let (patient, provider) = (person(SuperBill::patient_id), person(SuperBill::dietitian_id));
    let on = call.on();
    let mut known: Vec<(u16, Value)> = vec![];
    if let Some(patient) = patient {
        known.push((SuperBill::patient_name.slot, people::full_name(&View::new(on, patient.record())).into()));
        known.push((SuperBill::patient_phone.slot, patient.value(User::phone_number.slot).clone()));
    }
    if let Some(provider) = provider {
        known.push((SuperBill::npi.slot, provider.value(User::npi.slot).clone()));
        known.push((SuperBill::prov_email.slot, provider.value(User::email.slot).clone()));
        known.push((SuperBill::prov_phone.slot, provider.value(User::phone_number.slot).clone()));
        if let Some(office) = on.having(Location::user_id, provider.id()).next() {
            for (of_bill, of_office) in [
                (SuperBill::prov_line1, Location::line1),
                (SuperBill::prov_line2, Location::line2),
                (SuperBill::prov_city, Location::city),
                (SuperBill::prov_state, Location::state),
                (SuperBill::prov_zip, Location::zip),
            ] {
                known.push((of_bill.slot, office.value(of_office.slot).clone()));
            }
        }
    }
    for (slot, value) in known.into_iter().filter(|(slot, _)| draft.value(*slot).is_null()).collect::<Vec<_>>() {
        draft.set_value(slot, value);
    }
}

pub fn super_bill(on: Reading<'_>, asked: &Input<'_, args::superBill>) -> Result<Answer, QueryError> {
    Ok(asked.get(args::superBill::id).ok().flatten().and_then(|id| on.find::<SuperBill>(id)).into())
}

pub fn super_bills() -> List<SuperBill, args::superBills> {
    type Asked = args::superBills;
    List::new()
        .page_size(20)
        .default_order("CREATED_AT_DESC")
        .filter_eq(Asked::client_id, SuperBill::patient_id)
        .filter_eq(Asked::provider_id, SuperBill::dietitian_id)
        .filter(Asked::status, |bill, wanted| {
            wanted.eq_ignore_ascii_case("all") || bill.get(SuperBill::status).is_some_and(|status| status.eq_ignore_ascii_case(wanted))
        })
        .filter(Asked::keywords, |bill, words| matches(bill, words))
        .order_by("NAME", patient_name)
        .order("SERVICE_DATE", &[SuperBill::service_day.slot])
        .order("BILLED_DATE", &[SuperBill::service_day.slot])
        .order_by("AMOUNT_PAID", |bill| Value::Int(money::of(bill.get(SuperBill::amount_paid))))
        .order_by("AMOUNT_BILLED", |bill| Value::Int(total_cents(bill)))
        .order("CREATED_DATE", &[SuperBill::created_at.slot])
        .order("OLDEST", &[SuperBill::created_at.slot])
        .order_by("NEWEST", |bill| Value::Int(bill.get(SuperBill::created_at).map_or(0, |at| -at.as_microsecond())))
}

fn patient_name(bill: &View<'_, SuperBill>) -> Value {
    let patient = bill.follow::<User, _>(SuperBill::patient_id);
    patient.map_or(Value::Null, |patient| patient.value(User::sort_name.slot).clone())
}

/// Documented: in the status, and the names of patient and provider.
fn matches(bill: &View<'_, SuperBill>, words: &str) -> bool {
    let texts = [SuperBill::status, SuperBill::patient_name, SuperBill::provider_name]
        .map(|field| bill.get(field).unwrap_or_default().to_lowercase());
    words.to_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}

pub fn receipt_line_items() -> List<ReceiptLineItem, args::receiptLineItems> {
    List::new().unpaged().within(|_, asked| {
        let bill = asked.get(args::receiptLineItems::super_bill_id).ok().flatten();
        bill.map_or_else(Within::nothing, |bill| Within::having(ReceiptLineItem::super_bill_id, bill))
    })
}

/// Assumed: a new superbill starts with what is on the patient's last one.
pub fn starting_cpt_codes(on: Reading<'_>, asked: &Input<'_, args::startingSuperBillCptCodes>) -> Result<Answer, QueryError> {
    asked.accept(args::startingSuperBillCptCodes::form_answer_group_id);
    asked.accept(args::startingSuperBillCptCodes::form_answer_group_ids);
    let user = asked.get(args::startingSuperBillCptCodes::user_id).ok().flatten();
    let bill = user.and_then(|user| last_of(on, user));
    Ok(Answer::List(bill.map(|bill| lines(&bill).map(Answer::from).collect()).unwrap_or_default()))
}

pub fn starting_icd_codes(on: Reading<'_>, asked: &Input<'_, args::startingSuperBillIcd10s>) -> Result<Answer, QueryError> {
    asked.accept(args::startingSuperBillIcd10s::form_answer_group_id);
    let user = asked.get(args::startingSuperBillIcd10s::user_id).ok().flatten();
    let bill = user.and_then(|user| last_of(on, user));
    Ok(Answer::List(
        bill.map(|bill| on.having(IcdCodesSuperBill::super_bill_id, bill.id()).map(Answer::from).collect()).unwrap_or_default(),
    ))
}

fn last_of(on: Reading<'_>, patient: u64) -> Option<View<'_, SuperBill>> {
    on.having(SuperBill::patient_id, patient).filter(|bill| on.may_see(SuperBill::TYPE, bill.record())).last()
}

/// The superbill that an input names.
pub fn target<I: Named>(call: &Call<'_, I>, field: Field<I, crate::schema::Id>) -> Result<Row<SuperBill>, Refusal> {
    permission::refuse_super_bills(call)?;
    call.target(field)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn create(clinic: &Clinic, more: &str) -> String {
        let [patient, provider] = [clinic.id("User", "patient"), clinic.id("User", "provider")];
        format!(
            r#"createSuperBill(input: {{patient_id: "{patient}", patient_dob: "1984-05-17", dietitian_id: "{provider}", provider_name: "Priya Raman", service_date: "2026-02-27"{more}}})"#
        )
    }

    #[test]
    fn a_superbill_adds_up_and_reaches_the_patient() {
        let clinic = Clinic::open();
        let cpt = clinic.id("CptCode", "c97803");
        let create = create(
            &clinic,
            &format!(
                r#", amount_paid: "50", cpt_codes_super_bills: [{{cpt_code_id: "{cpt}", units: "3", fee: "40"}}], receipt_line_items: [{{description: "Deposit", price: "50"}}]"#
            ),
        );
        let fields = "superBill { id status total_fee balance_due cpt_code_names service_date patient_name patient_phone prov_city npi
            cpt_codes_super_bills { id units fee } receipt_line_items { description } } messages { message }";
        let answer = clinic.run(&format!("mutation {{ {create} {{ {fields} }} }}"));
        let bill = &answer["data"]["createSuperBill"]["superBill"];
        let id = bill["id"].as_str().unwrap_or_else(|| panic!("made: {answer}"));
        let line = bill["cpt_codes_super_bills"][0]["id"].as_str().expect("a line");
        assert_eq!(
            *bill,
            json!({"id": id, "status": "Not Sent", "total_fee": "120.00", "balance_due": "70.00", "cpt_code_names": "97803", "service_date": "2026-02-27",
                "patient_name": "Ava Thornton", "patient_phone": "212-555-0121", "prov_city": "New York", "npi": "1000000020",
                "cpt_codes_super_bills": [{"id": line, "units": "3", "fee": "40"}], "receipt_line_items": [{"description": "Deposit"}]})
        );
        let read = format!(r#"{{ superBill(id: "{id}") {{ status }} }}"#);
        assert_eq!(clinic.as_role("patient").run(&read)["data"]["superBill"], json!(null));
        let update = format!(
            r#"mutation {{ updateSuperBill(input: {{id: "{id}", should_email_to_client: true, cpt_codes_super_bills: [{{id: "{line}", _destroy: true}}]}}) {{
                superBill {{ status total_fee }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&update)["data"]["updateSuperBill"],
            json!({"superBill": {"status": "Sent", "total_fee": "0.00"}, "messages": null})
        );
        assert_eq!(clinic.as_role("patient").run(&read)["data"]["superBill"], json!({"status": "Sent"}));
        clinic.run(&format!(r#"mutation {{ deleteSuperBill(input: {{id: "{id}"}}) {{ superBill {{ deleted_at }} }} }}"#));
        assert_eq!(clinic.run(&read)["data"]["superBill"], json!(null));
        assert_eq!(clinic.events(), ["super_bill.created", "super_bill.updated", "super_bill.deleted"]);
    }

    #[test]
    fn what_a_superbill_needs_is_asked_for() {
        let clinic = Clinic::open();
        clinic.refuses(
            "createSuperBill(input: {})",
            &[
                ("patient_id", "can't be blank"),
                ("patient_dob", "can't be blank"),
                ("dietitian_id", "can't be blank"),
                ("provider_name", "can't be blank"),
                ("service_date", "can't be blank"),
            ],
        );
        clinic.refuses(&create(&clinic, r#", status: "Lost""#), &[("status", "is not included in the list")]);
        clinic.as_role("limited").refuses("createSuperBill(input: {})", &[("base", super::permission::DENIED)]);
    }

    #[test]
    fn superbills_are_found_and_ordered() {
        let clinic = Clinic::open();
        let names = |arguments: &str| {
            let answer = clinic.run(&format!("{{ superBills{arguments} {{ patient_name }} }}"));
            let rows = answer["data"]["superBills"].as_array().cloned().unwrap_or_default();
            rows.iter().map(|row| row["patient_name"].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("(status: \"Sent\")"), ["Ava Thornton"]);
        assert_eq!(names("(keywords: \"bell okafor\")"), ["Marcus Bell"]);
        assert_eq!(names("(order_by: NAME_ASC)"), ["Marcus Bell", "Ava Thornton"]);
        assert_eq!(names("(order_by: AMOUNT_BILLED_DESC)"), ["Ava Thornton", "Marcus Bell"]);
        assert_eq!(names("(client_id: \"1\")"), [] as [&str; 0]);
    }
}
