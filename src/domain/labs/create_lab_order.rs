//! `createLabOrder` and what else is done with orders: a result that is known already, or an order on its way to a lab.

use crate::engine::{Call, Made, Nested, Refusal, Row, Value};
use crate::schema::names::{
    Document, LabObservationRequest, LabObservationRequestInput as RequestInput, LabObservationResult, LabOrder, LabOrderIntegration,
    LabResult, RefetchChangeHealthLabOrderInput, RefetchChangeHealthLabOrderPayload as Refetched, SubmissionInput, User,
    createLabOrderInput as Create, createRupaOrderInput as Rupa, createRupaOrderPayload as RupaMade, resyncRupaLabOrdersInput,
    resyncRupaLabOrdersPayload as Resynced, updateLabOrderInput as Update,
};

pub fn create_lab_order(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    if let Some(submission) = call.get(Create::submission)? {
        return submit(call, &submission);
    }
    // Documented: all five, and the document exists.
    let blank = |blank: bool, field| blank.then(|| Refusal::named(field, crate::engine::CANT_BE_BLANK));
    Refusal::all(
        [
            blank(call.is_blank(Create::document_id), "document_id"),
            blank(call.is_blank(Create::lab), "lab"),
            blank(call.is_blank(Create::lab_company), "lab_company"),
            blank(call.is_blank(Create::orderer_id), "orderer_id"),
            blank(call.is_blank(Create::patient_id), "patient_id"),
        ]
        .into_iter()
        .flatten(),
    )?;
    let patient = call.target::<User, _>(Create::patient_id)?;
    let document = call.target::<Document, _>(Create::document_id)?;
    if document.get(Document::rel_user_id) != Some(patient.id()) {
        return Err(Refusal::on(Create::document_id, "must be related to the patient"));
    }
    let mut order = call.draft::<LabOrder>().set(LabOrder::integration, LabOrderIntegration::CUSTOM);
    order.put(LabOrder::status, "completed".to_owned());
    order.put(LabOrder::normalized_status, "completed".to_owned());
    call.check(&order)?;
    let order = order.save(call);
    add_result(call, &order)?;
    Ok(order.into())
}

fn add_result(call: &mut Call<'_, Create>, order: &Row<LabOrder>) -> Result<(), Refusal> {
    let mut result = call.blank_draft::<LabResult>().belongs_to(order.organization()).set(LabResult::lab_order_id, order.id());
    for (to, from) in [
        (LabResult::patient_id.slot, LabOrder::patient_id.slot),
        (LabResult::document_id.slot, LabOrder::document_id.slot),
        (LabResult::ordering_physician_id.slot, LabOrder::orderer_id.slot),
    ] {
        result.set_value(to, order.value(from).clone());
    }
    let result = result.save(call);
    for sent in call.get(Create::lab_observation_requests)?.unwrap_or_default() {
        add_request(call, &result, &sent);
    }
    Ok(())
}

fn add_request(call: &mut Call<'_, Create>, result: &Row<LabResult>, sent: &Nested<'_, RequestInput>) {
    let mut request = call.blank_draft::<LabObservationRequest>().belongs_to(result.organization());
    request.put(LabObservationRequest::lab_result_id, result.id());
    call.fill_from(&mut request, sent);
    let request = request.save(call);
    if let Some(found) = sent.get(RequestInput::lab_observation_result) {
        let mut observation = call.blank_draft::<LabObservationResult>().belongs_to(result.organization());
        observation.put(LabObservationResult::lab_observation_request_id, request.id());
        call.fill_from(&mut observation, &found);
        observation.save(call);
    }
}

/// Documented: an order to a lab, of a patient, with tests. Assumed: without a lab to answer, it stays `ordered`.
fn submit(call: &mut Call<'_, Create>, submission: &Nested<'_, SubmissionInput>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Create::patient_id)?;
    let mut order = call.draft::<LabOrder>().set(LabOrder::integration, LabOrderIntegration::CUSTOM);
    order.put(LabOrder::status, "ordered".to_owned());
    order.put(LabOrder::normalized_status, "ordered".to_owned());
    order.put(LabOrder::patient_id, patient.id());
    for (to, from) in [
        (LabOrder::form_answer_group_id, submission.get(SubmissionInput::form_answer_group_id)),
        (LabOrder::reviewing_provider_id, submission.get(SubmissionInput::physician_id)),
    ] {
        if let Some(id) = from {
            order.put(to, id);
        }
    }
    if let Some(options) = submission.get(SubmissionInput::lab_option_ids) {
        order.set_value(LabOrder::lab_options.slot, Value::List(options.into_iter().map(Value::Id).collect()));
    }
    if order.is_blank(LabOrder::orderer_id) {
        order.put(LabOrder::orderer_id, call.viewer_id());
    }
    call.check(&order)?;
    Ok(order.save(call).into())
}

/// Documented: id and patient.
pub fn update_lab_order(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    call.require(Update::id)?;
    call.require(Update::patient_id)?;
    let order = call.target::<LabOrder, _>(Update::id)?;
    call.accept(Update::force_appointment_reload);
    let draft = call.edit(&order);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// Where an order would go on, at a vendor that isn't there.
pub fn create_rupa_order(call: &mut Call<'_, Rupa>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Rupa::client_id)?;
    let url = format!("{}/rupa/orders/new?patient={}", call.scene().origin, patient.id());
    Ok(Made::nothing().also(RupaMade::rupa_order_url, Value::from(url)))
}

pub fn refetch(_: &mut Call<'_, RefetchChangeHealthLabOrderInput>) -> Result<Made, Refusal> {
    Ok(Made::nothing().also(Refetched::success_string, Value::text("Lab orders were fetched")))
}

pub fn resync(_: &mut Call<'_, resyncRupaLabOrdersInput>) -> Result<Made, Refusal> {
    Ok(Made::nothing().also(Resynced::success, Value::Bool(true)))
}
