//! A course of treatment for one diagnosis, and the encounters that belong to it.

use crate::engine::{Answer, Call, Draft, Entity, Made, Refusal, Row, Value};
use crate::schema::names::{
    Diagnosis, EpisodeOfCare, LinkUnlinkEncounterToEpisodeOfCare as Outcome, PatientEncounter, User, createEpisodeOfCareInput as Create,
    deleteEpisodeOfCareInput as Delete, linkEncounterToEpisodeOfCareInput as Link, linkEncounterToEpisodeOfCarePayload as Linked,
    unlinkEncounterToEpisodeOfCareInput as Unlink, unlinkEncounterToEpisodeOfCarePayload as Unlinked, updateEpisodeOfCareInput as Update,
};
use crate::schema::{Field, Id, Many, Named};

pub fn entity() -> Entity<EpisodeOfCare> {
    Entity::usual()
        .requires(EpisodeOfCare::patient_id)
        .requires(EpisodeOfCare::provider_id)
        .requires(EpisodeOfCare::diagnosis_id)
        .requires(EpisodeOfCare::start_date)
        .collects(EpisodeOfCare::patient_encounters, PatientEncounter::episode_of_care_id)
}

pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let episode = call.draft::<EpisodeOfCare>();
    call.check(&episode)?;
    refuse_unfit(call, &episode)?;
    Ok(episode.save(call).into())
}

/// Documented: all of it again.
pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let episode = call.target::<EpisodeOfCare, _>(Update::id)?;
    let draft = call.edit(&episode);
    call.check(&draft)?;
    refuse_unfit(call, &draft)?;
    Ok(draft.save(call).into())
}

pub fn delete(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let episode = call.target::<EpisodeOfCare, _>(Delete::id)?;
    for encounter in call.having(PatientEncounter::episode_of_care_id, episode.id()) {
        let mut draft = call.change(&encounter);
        draft.clear(PatientEncounter::episode_of_care_id);
        draft.save(call);
    }
    call.delete(&episode);
    Ok(episode.into())
}

/// Documented: it begins today or began before. Inferred: it doesn't end before. The texts are assumed.
fn refuse_unfit<I: Named>(call: &Call<'_, I>, episode: &Draft<EpisodeOfCare>) -> Result<(), Refusal> {
    let today = call.viewer().zone.to_datetime(call.now()).date();
    let start = episode.get(EpisodeOfCare::start_date);
    let future = start.is_some_and(|start| start > today).then(|| Refusal::named("start_date", "can't be in the future"));
    let ends_early = episode.get(EpisodeOfCare::end_date) < start && episode.get(EpisodeOfCare::end_date).is_some();
    let early = ends_early.then(|| Refusal::named("end_date", "can't be before the start date"));
    let patient = episode.get(EpisodeOfCare::patient_id);
    let diagnosis = episode.get(EpisodeOfCare::diagnosis_id).and_then(|id| call.find_any::<Diagnosis>(id));
    let others = diagnosis.is_some_and(|diagnosis| diagnosis.get(Diagnosis::user_id) != patient);
    let others = others.then(|| Refusal::named("diagnosis_id", "must be one of the patient's"));
    let provider = episode.get(EpisodeOfCare::provider_id).and_then(|id| call.find_any::<User>(id));
    let treated = provider.is_some_and(|provider| provider.is(User::is_patient));
    let treated = treated.then(|| Refusal::named("provider_id", "must be a provider"));
    Refusal::all([future, early, others, treated].into_iter().flatten())
}

pub fn link(call: &mut Call<'_, Link>) -> Result<Made, Refusal> {
    let episode = call.target::<EpisodeOfCare, _>(Link::episode_of_care_id)?;
    let results = each(call, Link::encounter_ids, episode.id(), |call, encounter| {
        if encounter.get(PatientEncounter::patient_id) != episode.get(EpisodeOfCare::patient_id) {
            return Err("The encounter is another patient's");
        }
        call.change(encounter).set(PatientEncounter::episode_of_care_id, episode.id()).save(call);
        Ok(())
    })?;
    Ok(Made::nothing().also(Linked::results, results))
}

pub fn unlink(call: &mut Call<'_, Unlink>) -> Result<Made, Refusal> {
    let episode = call.target::<EpisodeOfCare, _>(Unlink::episode_of_care_id)?;
    let results = each(call, Unlink::encounter_ids, episode.id(), |call, encounter| {
        if encounter.get(PatientEncounter::episode_of_care_id) != Some(episode.id()) {
            return Err("The encounter isn't linked to the episode of care");
        }
        let mut draft = call.change(encounter);
        draft.clear(PatientEncounter::episode_of_care_id);
        draft.save(call);
        Ok(())
    })?;
    Ok(Made::nothing().also(Unlinked::results, results))
}

/// Documented: each has a result of its own. The reasons' texts are assumed.
fn each<I: Named>(
    call: &mut Call<'_, I>,
    ids: Field<I, Many<Id>>,
    episode: u64,
    step: impl Fn(&mut Call<'_, I>, &Row<PatientEncounter>) -> Result<(), &'static str>,
) -> Result<Answer, Refusal> {
    let ids = call.get(ids)?.unwrap_or_default();
    let mut results = Vec::new();
    for id in ids {
        let done = match call.find::<PatientEncounter>(id) {
            Some(encounter) => step(call, &encounter),
            None => Err("The encounter was not found"),
        };
        let fields = vec![
            (Outcome::episode_of_care_id.slot, Value::Id(episode).into()),
            (Outcome::patient_encounter_id.slot, Value::Id(id).into()),
            (Outcome::success.slot, Value::Bool(done.is_ok()).into()),
            (Outcome::failed_reason.slot, done.err().map_or(Value::Null, Value::text).into()),
        ];
        results.push(Answer::Object(Outcome::TYPE, fields));
    }
    Ok(Answer::List(results))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_visit_that_took_place_is_an_encounter_of_an_episode() {
        let clinic = Clinic::open();
        let (patient, provider) = (clinic.id("User", "patient"), clinic.id("User", "provider"));
        let (visit, diagnosis) = (clinic.id("Appointment", "patient_next"), clinic.id("Diagnosis", "diabetes"));
        let encounter =
            format!(r#"{{ patientEncounter(appointment_id: "{visit}", patient_id: "{patient}") {{ id patient {{ first_name }} }} }}"#);
        assert_eq!(clinic.run(&encounter)["data"]["patientEncounter"], json!(null));
        clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{id: "{visit}", pm_status: "Occurred"}}) {{ messages {{ message }} }} }}"#
        ));
        let found = clinic.run(&encounter)["data"]["patientEncounter"].clone();
        assert_eq!(found["patient"]["first_name"], "Ava");
        let episode = |start: &str| {
            format!(
                r#"createEpisodeOfCare(input: {{patient_id: "{patient}", provider_id: "{provider}", diagnosis_id: "{diagnosis}", start_date: "{start}"}})"#
            )
        };
        clinic.refuses(&episode("2026-03-03"), &[("start_date", "can't be in the future")]);
        let made = clinic.run(&format!("mutation {{ {} {{ episode_of_care {{ id }} messages {{ message }} }} }}", episode("2026-03-02")));
        let made = made["data"]["createEpisodeOfCare"]["episode_of_care"]["id"].clone();
        let link = format!(
            r#"mutation {{ linkEncounterToEpisodeOfCare(input: {{episode_of_care_id: {made}, encounter_ids: [{}, "1"]}}) {{ results {{ success failed_reason }} messages {{ message }} }} }}"#,
            found["id"]
        );
        let results = json!([{"success": true, "failed_reason": null}, {"success": false, "failed_reason": "The encounter was not found"}]);
        assert_eq!(clinic.run(&link)["data"]["linkEncounterToEpisodeOfCare"], json!({"results": results, "messages": null}));
        let listed = format!(
            r#"{{ episodesOfCare(patient_id: "{patient}", ids: [{made}]) {{ nodes {{ patient_encounters {{ appointment {{ id }} }} }} }} }}"#
        );
        assert_eq!(
            clinic.run(&listed)["data"]["episodesOfCare"]["nodes"],
            json!([{"patient_encounters": [{"appointment": {"id": visit}}]}])
        );
    }
}
