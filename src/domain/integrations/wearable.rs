//! Connections to what people wear: one of each kind for a person, without the wire.

use crate::engine::{Call, Entity, Refusal, Value};
use crate::schema::names::{
    AppleHealth, DexcomConnection, Fitbit, GoogleFit, MobileHealthDataIntegration, ShapaConnection, User, WithingsConnection,
};
use crate::schema::{Field, Id, Named};

/// A patient has connections of their own, and makes none for others.
fn entity<T: Named + 'static>() -> Entity<T> {
    Entity::usual().refuses(|connection| {
        let viewer = connection.on.viewer();
        let slot = T::TYPE.shape().slot("user_id").expect("each connection is somebody's");
        match viewer.is_patient() && connection.value(slot).as_id() != viewer.id() {
            true => Err(Refusal::no_permission("connect this user")),
            false => Ok(()),
        }
    })
}

pub fn apple_health() -> Entity<AppleHealth> {
    entity().defaults(AppleHealth::is_enabled, true)
}

pub fn google_fit() -> Entity<GoogleFit> {
    entity().defaults(GoogleFit::is_enabled, true)
}

pub fn fitbit() -> Entity<Fitbit> {
    entity().defaults(Fitbit::is_enabled, true)
}

pub fn dexcom() -> Entity<DexcomConnection> {
    entity()
}

pub fn shapa() -> Entity<ShapaConnection> {
    entity()
}

pub fn withings() -> Entity<WithingsConnection> {
    entity()
}

pub fn mobile() -> Entity<MobileHealthDataIntegration> {
    entity()
}

/// The connection that a person has, whoever may see it.
pub fn own<I: Named, T: Named + 'static>(call: &Call<'_, I>, by: Field<T, Id>, person: u64) -> Option<crate::engine::Row<T>> {
    call.having(by, person).pop()
}

/// The person whom an input names, or the caller.
pub fn person<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<u64, Refusal> {
    match call.is_blank(field) {
        true => Ok(call.viewer_id()),
        false => Ok(call.target::<User, _>(field)?.id()),
    }
}

/// What a person shows of the last data that a phone has sent.
pub fn answer(entity: Entity<User>) -> Entity<User> {
    use crate::schema::names::MobileHealthDataSnapshot as Snapshot;
    entity.answers(User::last_mobile_health_data_snapshot, |user| {
        let all = user.on.having(Snapshot::patient_id, user.id()).filter(|one| one.on.may_see(Snapshot::TYPE, one.record()));
        all.max_by_key(|snapshot| snapshot.id()).map_or(Value::Null.into(), crate::engine::Answer::from)
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_patient_connects_once_and_for_nobody_else() {
        let clinic = Clinic::open().as_role("patient2");
        let connect = |input: &str| {
            let answer = clinic.run(&format!(
                "mutation {{ createFitbit(input: {{{input}}}) {{ fitbit {{ id is_enabled last_sync_date }} messages {{ message }} }} }}"
            ));
            answer["data"]["createFitbit"].clone()
        };
        let first = connect(r#"access_token: "a""#);
        assert_eq!(first["fitbit"]["is_enabled"], true);
        assert_eq!(connect(r#"access_token: "b""#)["fitbit"]["id"], first["fitbit"]["id"]);
        let read = clinic.run("{ currentUser { fitbit { id } } }");
        assert_eq!(read["data"]["currentUser"]["fitbit"], json!({"id": first["fitbit"]["id"]}));
        let provider = clinic.id("User", "provider2");
        assert_eq!(connect(&format!(r#"user_id: "{provider}""#))["fitbit"], json!(null));
        let id = first["fitbit"]["id"].as_str().expect("made");
        let delete = format!(r#"mutation {{ deleteFitbit(input: {{id: "{id}"}}) {{ fitbit {{ id }} messages {{ message }} }} }}"#);
        assert_eq!(clinic.run(&delete)["data"]["deleteFitbit"]["messages"], json!(null));
        assert_eq!(clinic.run("{ currentUser { fitbit { id } } }")["data"]["currentUser"]["fitbit"], json!(null));
    }

    #[test]
    fn the_caller_s_apple_health_is_set_without_an_id() {
        let clinic = Clinic::open().as_role("patient2");
        for mutation in ["createAppleHealth", "updateAppleHealth"] {
            let answer = clinic.run(&format!(
                r#"mutation {{ {mutation}(input: {{last_sync_date: "2026-03-01"}}) {{ apple_health {{ last_sync_date }} messages {{ message }} }} }}"#
            ));
            let synced = answer["data"][mutation]["apple_health"]["last_sync_date"].as_str().unwrap_or_default().to_owned();
            assert!(synced.starts_with("2026-03-01"), "{answer}");
        }
    }
}
