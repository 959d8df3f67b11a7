//! Summaries of visits, made by a machine and edited by people.

use crate::engine::{Call, Entity, Made, Refusal, Value};
use crate::schema::names::{
    Appointment, CreateEncounterSummaryInput as Encounter, CreateEncounterSummaryPayload as EncounterPayload,
    CreateGeneratedSummaryInput as Create, GeneratedSummary, OrganizationMembership, UpdateGeneratedSummaryInput as Update,
};

pub fn entity() -> Entity<GeneratedSummary> {
    Entity::usual().requires(GeneratedSummary::summary).visible(|summary| {
        let viewer = summary.on.viewer();
        viewer.reaches(summary.organization()) && viewer.may(OrganizationMembership::can_view_encounter_summaries)
    })
}

/// There is no machine here: the text says so, and where real ones would be.
pub fn create_encounter_summary(call: &mut Call<'_, Encounter>) -> Result<Made, Refusal> {
    let visit = call.target::<Appointment, _>(Encounter::appointment_id)?;
    call.needs(OrganizationMembership::can_generate_encounter_summaries, "create this encounter summary")?;
    let text = format!("Synthetic summary of appointment {}: no text was analyzed.", visit.id());
    let summary = call.blank_draft::<GeneratedSummary>().belongs_to(visit.organization());
    summary.set(GeneratedSummary::appointment_id, visit.id()).set(GeneratedSummary::summary, text).save(call);
    Ok(Made::nothing().also(EncounterPayload::enqueued, Value::Bool(true)))
}

pub fn create_generated_summary(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let visit = call.target::<Appointment, _>(Create::appointment_id)?;
    let summary = call.draft::<GeneratedSummary>().set(GeneratedSummary::appointment_id, visit.id()).belongs_to(visit.organization());
    call.check(&summary)?;
    Ok(summary.save(call).into())
}

/// Keeps who edited it when.
pub fn update_generated_summary(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    call.needs(OrganizationMembership::can_view_encounter_summaries, "update this generated summary")?;
    let summary = call.target::<GeneratedSummary, _>(Update::id)?;
    let (now, editor) = (call.now(), call.viewer_id());
    let draft = call.edit(&summary).set(GeneratedSummary::edited_at, now).set(GeneratedSummary::edited_by, editor);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_visit_is_summarized_and_the_summary_edited() {
        let clinic = Clinic::open();
        let visit = clinic.id("Appointment", "patient_first");
        let create =
            format!("mutation {{ createEncounterSummary(input: {{appointment_id: {visit}}}) {{ enqueued messages {{ message }} }} }}");
        assert_eq!(clinic.run(&create)["data"]["createEncounterSummary"], json!({"enqueued": true, "messages": null}));
        let refused = clinic.as_role("provider").run(&create);
        assert_eq!(refused["data"]["createEncounterSummary"]["enqueued"], false, "{refused}");
        let made = clinic.run(&format!(
            r#"mutation {{ createGeneratedSummary(input: {{appointment_id: {visit}, summary: "Went well"}}) {{ generated_summary {{ id summary edited_at }} messages {{ message }} }} }}"#
        ));
        let id = made["data"]["createGeneratedSummary"]["generated_summary"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let update = clinic.run(&format!(
            r#"mutation {{ updateGeneratedSummary(input: {{id: "{id}", summary: "Went very well"}}) {{ generated_summary {{ summary edited_at edited_by {{ first_name }} }} messages {{ message }} }} }}"#
        ));
        let expected =
            json!({"summary": "Went very well", "edited_at": "2026-03-02T10:00:00-05:00", "edited_by": {"first_name": "Margaret"}});
        assert_eq!(update["data"]["updateGeneratedSummary"]["generated_summary"], expected, "{update}");
    }
}
