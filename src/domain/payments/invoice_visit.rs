//! What a visit of a priced type costs, asked of whoever comes.

use super::money;
use crate::engine::{Call, Row};
use crate::schema::Named;
use crate::schema::names::{Appointment, AppointmentType, RequestedPayment as Invoice};

/// Observed: a type with a price makes an invoice when a visit is booked, without any other setting. Assumed: of the kind
/// `other`, for visits with one client.
pub fn invoice_visit<I: Named>(call: &mut Call<'_, I>, visit: &Row<Appointment>) {
    let kind = visit.get(Appointment::appointment_type_id).and_then(|kind| call.find_any::<AppointmentType>(kind));
    let (Some(kind), Some(client)) = (kind, visit.get(Appointment::user_id)) else { return };
    let price = kind.get(AppointmentType::pricing).and_then(money::cents).unwrap_or(0);
    if price <= 0 || visit.is(Appointment::is_group) {
        return;
    }
    let mut invoice = call
        .blank_draft::<Invoice>()
        .belongs_to(visit.organization())
        .set(Invoice::recipient_id, client)
        .set(Invoice::appointment_id, visit.id())
        .set(Invoice::invoice_type, "other".to_owned())
        .set(Invoice::services_provided, kind.get(AppointmentType::name).unwrap_or_default().to_owned())
        .set(Invoice::price, money::show(price));
    for (kept, told) in [(Invoice::sender_id.slot, Appointment::other_party_id.slot), (Invoice::service_date.slot, Appointment::date.slot)]
    {
        invoice.set_value(kept, visit.value(told).clone());
    }
    invoice.save(call);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn booking_a_priced_visit_makes_an_invoice() {
        let clinic = Clinic::open();
        let [client, provider] = ["patient2", "provider2"].map(|handle| clinic.id("User", handle));
        let kind = clinic.id("AppointmentType", "therapy");
        let answer = clinic.run(&format!(
            r#"mutation {{ createAppointment(input: {{ user_id: "{client}", other_party_id: "{provider}", appointment_type_id: "{kind}",
                contact_type: "Phone Call", datetime: "2026-03-20 10:00" }}) {{
                appointment {{ requested_payment {{ price status details recipient {{ id }} sender {{ id }} }} }} messages {{ message }} }} }}"#
        ));
        assert_eq!(
            answer["data"]["createAppointment"]["appointment"]["requested_payment"],
            json!({ "price": "150.00", "status": "Not Yet Paid", "details": "Other: Counseling Session",
                "recipient": { "id": client }, "sender": { "id": provider } }),
            "{answer}"
        );
        assert_eq!(clinic.events(), ["appointment.created", "requested_payment.created"]);
    }
}
