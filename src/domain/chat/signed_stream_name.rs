//! `signedStreamName`: what a client subscribes by, without a subscription.

use crate::engine::{Answer, Input, QueryError, Reading, Value, password_digest};
use crate::schema::names::{Appointment, Conversation, args};
use base64::{Engine as _, engine::general_purpose::STANDARD};

type Asked = args::signedStreamName;

/// Assumed: signed in the manner of Rails, base64 of the name as JSON and a digest behind two dashes. None for a
/// conversation or visit that the caller may not see.
pub fn signed_stream_name(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let kind = asked.get(Asked::r#type).ok().flatten().unwrap_or_default().to_lowercase();
    let talk = asked.get(Asked::conversation_id).ok().flatten();
    let visit = asked.get(Asked::appointment_id).ok().flatten();
    let Some(viewer) = on.viewer().id() else { return Ok(Answer::NULL) };
    let whose = match kind.as_str() {
        "notes" => talk.and_then(|talk| on.find::<Conversation>(talk)).map(|talk| talk.id()),
        "appointment_user_devices" | "group_appointment_clients_added" => {
            visit.and_then(|visit| on.find::<Appointment>(visit)).map(|visit| visit.id())
        }
        _ => Some(viewer),
    };
    Ok(whose.map(|whose| signed(on, &format!("{kind}:{whose}"))).into())
}

fn signed(on: Reading<'_>, name: &str) -> Value {
    let payload = STANDARD.encode(serde_json::Value::from(name).to_string());
    let digest = password_digest(&format!("{}:{payload}", on.scene.sandbox));
    Value::from(format!("{payload}--{digest}"))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_stream_is_named_to_those_who_may_listen() {
        let clinic = Clinic::open().as_role("patient");
        let talk = clinic.id("Conversation", "patient");
        let document = format!("{{ signedStreamName(type: NOTES, conversation_id: {talk}) }}");
        let name = clinic.run(&document)["data"]["signedStreamName"].as_str().map(str::to_owned).expect("a name");
        assert!(name.split_once("--").is_some_and(|(_, digest)| digest.len() == 64), "{name}");
        assert!(clinic.as_role("patient2").run(&document)["data"]["signedStreamName"].is_null());
        assert!(clinic.run("{ signedStreamName(type: CONVERSATION_MEMBERSHIPS) }")["data"]["signedStreamName"].is_string());
    }
}
