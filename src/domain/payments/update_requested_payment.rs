//! `updateRequestedPayment`: changes an invoice, sends it, or keeps it as a template.

use super::{
    create_requested_payment::{refuse_kind, refuse_long_metadata, refuse_status, set_status},
    money, requested_payer,
    requested_payment::settle,
    write_off,
};
use crate::domain::mails::letters;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    Appointment, Offering, RequestedPayment as Invoice, RequestedPaymentTemplate as Template, User, updateRequestedPaymentInput as Input,
};

pub fn update_requested_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let invoice = call.target::<Invoice, _>(Input::id)?;
    if let Some(kind) = call.get(Input::invoice_type)?.filter(|kind| !kind.is_empty()) {
        refuse_kind(kind)?;
    }
    call.target_if_any::<User, _>(Input::recipient_id)?;
    call.target_if_any::<User, _>(Input::sender_id)?;
    call.target_if_any::<Offering, _>(Input::offering_id)?;
    call.target_if_any::<Appointment, _>(Input::appointment_id)?;
    refuse_long_metadata(call.get(Input::metadata)?)?;
    refuse_status(call.get(Input::status)?)?;
    write_off::refuse_unfit_rows(call.get(Input::write_offs)?.as_deref().unwrap_or_default())?;
    let price = money::sent(call, Input::price)?;

    let mut draft = call.edit(&invoice);
    for kept in [Invoice::recipient_id.slot, Invoice::sender_id.slot, Invoice::invoice_type.slot] {
        // Assumed: an invoice is never without what it was made with.
        if draft.value(kept).is_null() {
            draft.set_value(kept, invoice.value(kept).clone());
        }
    }
    if let Some(price) = price {
        draft.put(Invoice::price, money::show(price));
    }
    if let Some(payer) = call.get(Input::requested_payer)? {
        let payer = requested_payer::write(call, &payer, invoice.get(Invoice::requested_payer_id))?;
        draft.put(Invoice::requested_payer_id, payer.id());
    }
    if let Some(status) = call.get(Input::status)?.filter(|status| !status.is_empty()) {
        set_status(call, &mut draft, status);
    }
    if call.is(Input::send_request_email) {
        draft.put(Invoice::email_sent_at, call.now());
    }
    call.accept(Input::resend_receipt);
    let saved = draft.save(call);
    let saved = call.save_nested(&saved)?;
    if call.is(Input::send_request_email)
        && let Some(patient) = saved.get(Invoice::recipient_id).and_then(|id| call.find_any::<User>(id))
    {
        letters::invoice(call, &patient, &saved);
    }
    if call.is(Input::use_as_template) {
        let template = call.having(Template::requested_payment, saved.id()).into_iter().next();
        let mut template = match &template {
            Some(template) => call.change(template),
            None => call.blank_draft::<Template>().set(Template::requested_payment, saved.id()),
        };
        template.put(Template::active_template, true);
        template.save(call);
    }
    settle(call, Some(saved.id()));
    Ok(call.find_any::<Invoice>(saved.id()).unwrap_or(saved).into())
}
