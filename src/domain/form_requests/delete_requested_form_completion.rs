//! `deleteRequestedFormCompletion`: a form is asked for no more.

use super::recurring_form;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{RecurringForm, RequestedFormCompletion, deleteRequestedFormInput as Input};

/// Documented: with `recurringFormId` the recurrence goes too. Assumed: it may be named alone.
pub fn delete_requested_form_completion(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let recurring = match call.is_blank(Input::recurringFormId) {
        true => None,
        false => Some(call.target::<RecurringForm, _>(Input::recurringFormId)?),
    };
    let request = call.target::<RequestedFormCompletion, _>(Input::id)?;
    call.delete(&request);
    if let Some(recurring) = recurring {
        recurring_form::end(call, &recurring);
    }
    Ok(request.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_request_and_its_recurrence_go() {
        let clinic = Clinic::open();
        let (request, recurring) = (clinic.id("RequestedFormCompletion", "patient_open"), clinic.id("RecurringForm", "weekly"));
        let delete = format!("deleteRequestedFormCompletion(input: {{id: {request}, recurringFormId: {recurring}}})");
        let answer = clinic.run(&format!("mutation {{ {delete} {{ requestedFormCompletion {{ id }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteRequestedFormCompletion"]["requestedFormCompletion"]["id"], request, "{answer}");
        assert_eq!(clinic.events(), ["requested_form_completion.deleted"]);
        clinic.refuses(&format!("deleteRecurringForm(input: {{id: {recurring}}})"), &[("id", "RecurringForm not found")]);
        clinic.refuses(&format!("deleteRequestedFormCompletion(input: {{id: {request}}})"), &[("id", "RequestedFormCompletion not found")]);
    }
}
