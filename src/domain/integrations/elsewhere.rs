//! What others keep: recordings, transcripts, dashboards, keys. None of it is here, and the answers say so.

use crate::engine::{Answer, Call, Input, List, Made, QueryError, Reading, Refusal, Value, Within};
use crate::schema::Named;
use crate::schema::names::{
    DeleteTranscriptInput, IntegrationCategoryType, RequestIntegrationInput, RequestIntegrationPayload, SDKConfig, args,
    deleteZoomRecordingFileInput,
};

/// Documented: Zoom works in production alone, so the sandbox has no tokens either.
pub fn nothing<A: Named>(_: Reading<'_>, _: &Input<'_, A>) -> Result<Answer, QueryError> {
    Ok(Answer::NULL)
}

/// Documented: null where no Living Plate account is connected, and none can be.
pub fn no_meal_plans(_: Reading<'_>) -> Answer {
    Answer::NULL
}

/// The key of a payment form, in Stripe's form and of no account.
pub fn sdk_config(_: Reading<'_>, asked: &Input<'_, args::sdkConfig>) -> Result<Answer, QueryError> {
    asked.accept(args::sdkConfig::version);
    Ok(Answer::Object(SDKConfig::TYPE, vec![(SDKConfig::stripe_publishable_key.slot, Value::from("pk_test_healthie_mock").into())]))
}

/// `integrationsList`: by the category's name.
pub fn integrations() -> List<IntegrationCategoryType, args::integrationsList> {
    List::new().unpaged().within(|_, _| Within::everything()).filter(args::integrationsList::category, |category, wanted| {
        category.get(IntegrationCategoryType::name).is_some_and(|name| name.eq_ignore_ascii_case(wanted.trim()))
    })
}

/// `requestIntegration` would write to Healthie's support. The text is assumed.
pub fn request_integration(call: &mut Call<'_, RequestIntegrationInput>) -> Result<Made, Refusal> {
    let name = call.require(RequestIntegrationInput::integration_name)?;
    call.accept(RequestIntegrationInput::enable_button_url);
    call.accept(RequestIntegrationInput::integration_option_id);
    let told = format!("Your request for {name} has been sent");
    Ok(Made::nothing().also(RequestIntegrationPayload::success_string, Value::from(told)))
}

/// `deleteTranscript`: there are none. The text is assumed, here and below.
pub fn delete_transcript(call: &mut Call<'_, DeleteTranscriptInput>) -> Result<Made, Refusal> {
    call.require(DeleteTranscriptInput::id)?;
    Err(Refusal::on(DeleteTranscriptInput::id, "Transcript not found"))
}

/// `deleteZoomRecordingFile`: there are none.
pub fn delete_zoom_recording_file(call: &mut Call<'_, deleteZoomRecordingFileInput>) -> Result<Made, Refusal> {
    call.accept(deleteZoomRecordingFileInput::appointment_id);
    call.accept(deleteZoomRecordingFileInput::zoom_id);
    Err(Refusal::on(deleteZoomRecordingFileInput::id, "Zoom recording file not found"))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn what_others_keep_is_not_here() {
        let clinic = Clinic::open();
        let visit = clinic.id("Appointment", "patient_next");
        let answer = clinic.run(&format!(
            r#"{{ zoomSdkJwt(mn: "1") embeddedZoomJwt(appointment_id: "{visit}") {{ jwt }} visualizeDashboard(dashboard_type: "x") {{ url }} meal_plan_options {{ id }}
                integrationsList(category: "calendars") {{ name options {{ name is_active }} }} }}"#
        ));
        assert_eq!(
            answer["data"],
            json!({"zoomSdkJwt": null, "embeddedZoomJwt": null, "visualizeDashboard": null, "meal_plan_options": null,
                "integrationsList": [{"name": "Calendars", "options": [{"name": "Google Calendar", "is_active": false}, {"name": "Outlook", "is_active": false}]}]})
        );
        let key = clinic.as_role("nobody").run("{ sdkConfig { stripe_publishable_key } }");
        assert_eq!(key["data"]["sdkConfig"]["stripe_publishable_key"], "pk_test_healthie_mock");
        clinic.refuses(r#"deleteTranscript(input: {id: "realtime_capture_1"})"#, &[("id", "Transcript not found")]);
        let asked =
            clinic.run(r#"mutation { requestIntegration(input: {integration_name: "Zoom"}) { success_string messages { message } } }"#);
        assert_eq!(asked["data"]["requestIntegration"], json!({"success_string": "Your request for Zoom has been sent", "messages": null}));
    }
}
