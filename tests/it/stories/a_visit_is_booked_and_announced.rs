//! The main job: with the owner's key, a webhook, a patient and an appointment; two signed deliveries arrive.

use crate::{receiver::Receiver, server::Server};
use serde_json::json;

#[tokio::test]
async fn a_visit_is_booked_announced_and_read_back() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");

    let webhook = owner
        .answer(
            "mutation ($url: String) {
                createWebhook(input: { url: $url, webhook_events: [{ event_type: \"patient.created\" }, { event_type: \"appointment.created\" }] }) {
                    webhook { id url is_enabled should_retry signature_secret webhook_events { event_type } }
                    messages { field message }
                }
            }",
            json!({ "url": receiver.url("/healthie?practice=7") }),
        )
        .await;
    let webhook = &webhook["data"]["createWebhook"]["webhook"];
    assert_eq!(webhook["webhook_events"], json!([{ "event_type": "patient.created" }, { "event_type": "appointment.created" }]));
    let secret = webhook["signature_secret"].as_str().expect("shown on creation");
    assert!(secret.starts_with("whsec_"));

    let client = owner
        .run(r#"mutation { createClient(input: { first_name: "Nova", last_name: "Quill", email: "nova@patients.example" }) { user { id } messages { message } } }"#)
        .await;
    let client = client["createClient"]["user"]["id"].as_str().expect("made").to_owned();
    let (provider, ty) = (server.id("User", "provider").await, server.id("AppointmentType", "initial").await);
    let booked = owner
        .answer(
            "mutation ($client: String, $provider: String, $type: String) {
                createAppointment(input: { user_id: $client, other_party_id: $provider, appointment_type_id: $type,
                    contact_type: \"Phone Call\", datetime: \"2031-03-04 09:00:00\", timezone: \"America/New_York\" }) {
                    appointment { id }
                    messages { field message }
                }
            }",
            json!({ "client": client, "provider": provider, "type": ty }),
        )
        .await;
    assert_eq!(booked["data"]["createAppointment"]["messages"], json!(null), "{booked}");
    let appointment = booked["data"]["createAppointment"]["appointment"]["id"].as_str().expect("made").to_owned();

    let first = receiver.next().await;
    let second = receiver.next().await;
    for delivery in [&first, &second] {
        assert!(delivery.verifies_with(secret), "{delivery:?}");
        assert_eq!((delivery.path.as_str(), delivery.query.as_str()), ("/healthie", "practice=7"));
        assert_eq!(delivery.header("content-type"), "application/json");
    }
    assert_eq!(
        first.body,
        format!(r#"{{"resource_id":{client},"resource_id_type":"User","event_type":"patient.created","changed_fields":[]}}"#)
    );
    let organization = owner.run("{ organization { id } }").await["organization"]["id"].as_str().expect("the owner's").to_owned();
    assert_eq!(
        second.body,
        format!(
            r#"{{"resource_id":{appointment},"resource_id_type":"Appointment","event_type":"appointment.created","changed_fields":[],"resource_organization_id":{organization}}}"#
        )
    );

    let query = format!("{{ appointment(id: \"{appointment}\") {{ date contact_type user {{ full_name }} provider {{ id }} }} }}");
    let read = owner.run(&query).await;
    assert_eq!(
        read["appointment"],
        json!({ "date": "2031-03-04 09:00:00 -0500", "contact_type": "Phone Call", "user": { "full_name": "Nova Quill" }, "provider": { "id": provider } })
    );
    let read = owner.in_version("2026-01-01").run(&query).await;
    assert_eq!(read["appointment"]["date"], "2031-03-04T09:00:00-05:00");
}
