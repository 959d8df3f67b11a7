//! A practice asks for a form, the patient fills it in, and the service that hears of it reads the answers; then a note is
//! written, locked and signed.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};

#[tokio::test]
async fn a_form_is_asked_for_and_met_and_a_note_is_locked() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let (owner, provider, patient, service) =
        (server.role("owner"), server.role("provider"), server.role("patient"), server.role("integration"));
    let events = ["requested_form_completion.created", "requested_form_completion.updated", "form_answer_group.created"];
    let more = ["form_answer_group.locked", "form_answer_group.signed"];
    let listed: Vec<String> = events.iter().chain(&more).map(|event| format!("{{ event_type: \"{event}\" }}")).collect();
    owner
        .run(&format!(
            "mutation {{ createWebhook(input: {{ url: \"{}\", webhook_events: [{}] }}) {{ webhook {{ id }} }} }}",
            receiver.url("/hook"),
            listed.join(", ")
        ))
        .await;
    let heard = async || {
        let delivery = receiver.next().await;
        let body: Value = serde_json::from_str(&delivery.body).expect("a delivery is JSON");
        (body["event_type"].as_str().unwrap_or_default().to_owned(), body["resource_id_type"].clone(), body["resource_id"].to_string())
    };

    let (user, form) = (server.id("User", "patient").await, server.id("CustomModuleForm", "checkin").await);
    provider
        .run(&format!(
            "mutation {{ createRequestedFormCompletion(input: {{ recipient_ids: \"{user}\", form: \"{form}\" }}) {{ messages {{ message }} }} }}"
        ))
        .await;
    let (event, ty, request) = heard().await;
    assert_eq!((event.as_str(), ty), (events[0], json!("RequestedFormCompletion")));
    let asked = service.run(&format!("{{ requestedFormCompletion(id: \"{request}\") {{ recipient_id status }} }}")).await;
    assert_eq!(asked["requestedFormCompletion"], json!({ "recipient_id": user, "status": "Open" }));

    let question = server.id("CustomModule", "feeling").await;
    let filled = patient
        .answer(
            "mutation ($input: createFormAnswerGroupInput) {
                createFormAnswerGroup(input: $input) { form_answer_group { id } messages { field message } }
            }",
            json!({ "input": {
                "custom_module_form_id": form, "requested_form_completion_id": request, "finished": true,
                "form_answers": [{ "custom_module_id": question, "answer": "Rested", "user_id": user }],
            } }),
        )
        .await;
    let group = &filled["data"]["createFormAnswerGroup"];
    assert_eq!(group["messages"], json!(null), "{filled}");
    let id = group["form_answer_group"]["id"].as_str().expect("made").to_owned();
    let mut told = [heard().await, heard().await];
    told.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told[0], (events[2].to_owned(), json!("FormAnswerGroup"), id.clone()));
    assert_eq!(told[1], (events[1].to_owned(), json!("RequestedFormCompletion"), request));

    let read = "{ name user { dietitian_id } form_answers { label displayed_answer } requested_form_completion { status } }";
    let read = service.run(&format!("{{ formAnswerGroup(id: \"{id}\") {read} }}")).await;
    let provider_id = server.id("User", "provider").await;
    let expected = json!({
        "name": "Quick Check-in", "user": { "dietitian_id": provider_id },
        "form_answers": [{ "label": "How are you feeling?", "displayed_answer": "Rested" }],
        "requested_form_completion": { "status": "Completed" },
    });
    assert_eq!(read["formAnswerGroup"], expected);

    for mutation in ["lockFormAnswerGroup", "signFormAnswerGroup"] {
        let fields = "form_answer_group { chart_note_status } messages { field message }";
        let done = owner.run(&format!("mutation {{ {mutation}(input: {{ id: \"{id}\" }}) {{ {fields} }} }}")).await;
        assert_eq!(done[mutation]["messages"], json!(null), "{done}");
    }
    for event in more {
        assert_eq!(heard().await, (event.to_owned(), json!("FormAnswerGroup"), id.clone()));
    }
}
