//! Health data that a phone sends in one go. The data itself is not kept.

use crate::engine::{Call, Entity, Made, Refusal, Row};
use crate::schema::names::{
    CancelMobileHealthDataSnapshotInput as Cancel, CreateMobileHealthDataSnapshotInput as Create, MobileHealthDataSnapshot as Snapshot,
    MobileHealthDataSnapshotStatus as Status, Organization, ProcessMobileHealthDataSnapshotInput as Process,
};
use crate::schema::{Field, Id, Named};

pub fn entity() -> Entity<Snapshot> {
    Entity::usual().defaults(Snapshot::current_status, Status::INITIALIZED).computed(Snapshot::s3_object_expiring_url, |snapshot| {
        // A link that leads nowhere: nothing is uploaded to the emulator.
        let waits = snapshot.get(Snapshot::current_status) == Some("INITIALIZED");
        waits.then(|| format!("{}/files/mobile_health/{}", snapshot.on.scene.origin, snapshot.id()))
    })
}

/// `createMobileHealthDataSnapshot`
pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let (person, own) = (call.viewer_id(), call.viewer().user.as_ref().map_or(0, |user| user.organization()));
    if call.get(Create::byte_size)?.is_some_and(|size| size <= 0) {
        return Err(Refusal::on(Create::byte_size, "must be greater than 0"));
    }
    let parent = call.find_any::<Organization>(own).and_then(|own| own.get(Organization::parent_organization_id)).unwrap_or(own);
    let draft = call.draft::<Snapshot>().belongs_to(own).set(Snapshot::patient_id, person);
    let key = format!("mobile_health_data/{person}/{}.json", draft.id());
    let draft = draft.set(Snapshot::s3_object_key, key).set(Snapshot::organization_id, own).set(Snapshot::parent_organization_id, parent);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// `cancelMobileHealthDataSnapshot`. Documented: with a reason. Assumed: it has failed then, since no status says cancelled.
pub fn cancel(call: &mut Call<'_, Cancel>) -> Result<Made, Refusal> {
    let snapshot = waiting(call, Cancel::snapshot_id)?;
    let reason = call.require(Cancel::cancellation_reason)?.to_owned();
    let draft = call.change(&snapshot).set(Snapshot::cancellation_reason, reason);
    Ok(draft.set(Snapshot::current_status, Status::FAILED).save(call).into())
}

/// `processMobileHealthDataSnapshot`: there is nothing to read, and so no entries come of it.
pub fn process(call: &mut Call<'_, Process>) -> Result<Made, Refusal> {
    let snapshot = waiting(call, Process::snapshot_id)?;
    Ok(call.change(&snapshot).set(Snapshot::current_status, Status::PROCESSED).save(call).into())
}

/// Assumed: what is over stays as it is.
fn waiting<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<Row<Snapshot>, Refusal> {
    let snapshot = call.target::<Snapshot, _>(field)?;
    match snapshot.get(Snapshot::current_status) {
        Some("PROCESSED" | "FAILED") => Err(Refusal::on(field, "has already been processed or cancelled")),
        _ => Ok(snapshot),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_snapshot_is_announced_and_processed_or_cancelled() {
        let clinic = Clinic::open().as_role("patient");
        let made = clinic.run(
            r#"mutation { createMobileHealthDataSnapshot(input: {integration_type: APPLE_HEALTH, sync_started_at: "2026-03-01T00:00:00Z",
                sync_ended_at: "2026-03-02T00:00:00Z", byte_size: 10, checksum: "abc="}) {
                snapshot { id current_status patient_id organization_id s3_object_key s3_object_expiring_url } messages { message } } }"#,
        );
        let snapshot = &made["data"]["createMobileHealthDataSnapshot"]["snapshot"];
        let id = snapshot["id"].as_str().unwrap_or_else(|| panic!("made: {made}"));
        assert_eq!((&snapshot["current_status"], &snapshot["patient_id"]), (&json!("INITIALIZED"), &json!(clinic.id("User", "patient"))));
        clinic.refuses(
            &format!(r#"cancelMobileHealthDataSnapshot(input: {{snapshot_id: "{id}", cancellation_reason: " "}})"#),
            &[("cancellation_reason", "can't be blank")],
        );
        let process = format!(r#"processMobileHealthDataSnapshot(input: {{snapshot_id: "{id}"}})"#);
        let done = clinic.run(&format!("mutation {{ {process} {{ snapshot {{ current_status }} }} }}"));
        assert_eq!(done["data"]["processMobileHealthDataSnapshot"]["snapshot"]["current_status"], "PROCESSED");
        clinic.refuses(&process, &[("snapshot_id", "has already been processed or cancelled")]);
        assert_eq!(
            clinic.run("{ currentUser { last_mobile_health_data_snapshot { id } } }")["data"]["currentUser"]["last_mobile_health_data_snapshot"]
                ["id"],
            id
        );
    }
}
