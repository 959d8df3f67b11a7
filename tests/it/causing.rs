//! What no API call can do: records of third parties, and events that only they cause.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};

async fn add(server: &Server, records: Value) -> Value {
    let (status, answer) = server.control("POST", "/sandboxes/default/records", Some(records)).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn refused(server: &Server, path: &str, body: Value) -> String {
    let (status, answer) = server.control("POST", &format!("/sandboxes/default/{path}"), Some(body.clone())).await;
    assert_eq!(status, 400, "{body}: {answer}");
    answer["error"]["message"].as_str().expect("a sentence").to_owned()
}

#[tokio::test]
async fn a_received_fax_is_stored_and_told_of() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let sent = json!([
        { "type": "ReceivedFax", "handle": "referral", "fields": { "from_number": "+12125550100", "created_at": "-2d 09:30" } },
        { "type": "ReceivedFax", "fields": { "from_number": "+12125550101" }, "fire": false },
    ]);
    let added = add(&server, sent).await;
    let id = added["records"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(added["records"][0], json!({ "type": "ReceivedFax", "id": id, "handle": "referral" }));
    assert_eq!(added["records"][1]["handle"], Value::Null);
    let told = receiver.next().await;
    let expected = json!({
        "resource_id": id.parse::<u64>().expect("a number"), "resource_id_type": "ReceivedFax",
        "event_type": "received_fax.created", "changed_fields": [],
    });
    assert_eq!((told.json(), told.header("mock-commit")), (expected, &*added["commit"].to_string()));
    let settled = server.get("/sandboxes/default/settled?wait=10s").await;
    assert_eq!(settled["deliveries"].as_array().map(Vec::len), Some(1), "the other one is quiet: {settled}");
    assert_eq!(server.id("ReceivedFax", "referral").await, id, "its handle is known from now on");
}

#[tokio::test]
async fn records_are_stored_all_or_none_and_a_mistake_says_where_it_is() {
    let server = Server::start().await;
    let fine = json!({ "type": "Task", "fields": { "content": "Call back" } });
    let before = server.role("owner").run("{ tasksCount }").await;
    for (bad, told) in [
        (json!({ "type": "Tasks" }), "records[1].type: 'Tasks' is no type whose records are kept; did you mean Task?"),
        (json!({ "type": 5 }), "records[1].type: a text stands where the name of a type belongs"),
        (json!({ "tpye": "Task" }), "records[1]: 'tpye' is nothing that a record is sent with; did you mean type?"),
        (
            json!({ "type": "Task", "fields": { "contents": "x" } }),
            "records[1].fields.contents: Task has no column 'contents'; did you mean content?",
        ),
        (
            json!({ "type": "Task", "fields": { "due_date": "soon" } }),
            "records[1].fields.due_date: 'soon' cannot be read for Task.due_date",
        ),
        (json!({ "type": "Task", "fields": { "user": "avva" } }), "records[1].fields.user: no User has the handle 'avva'"),
        (json!({ "type": "Task", "fields": { "user": "12345" } }), "records[1].fields.user: no User has the id 12345"),
        (json!({ "type": "Task", "fields": [] }), "records[1].fields: a list stands where a map of columns belongs"),
        (json!({ "type": "Task", "fire": "no" }), "records[1].fire: a text stands where `true` or `false` belongs"),
        (json!({ "type": "Task", "remove": true, "fields": { "id": 1 } }), "records[1]: no Task has the id 1"),
        (json!("Task"), "records[1]: a text stands where a record with `type` and `fields` belongs"),
    ] {
        let message = refused(&server, "records", json!([fine, bad])).await;
        assert!(message.starts_with(told) && message.ends_with("nothing was stored"), "{message}");
    }
    assert!(refused(&server, "records", json!({ "type": "Task" })).await.contains("a list of records"));
    assert_eq!(server.role("owner").run("{ tasksCount }").await, before);
}

#[tokio::test]
async fn a_known_record_is_changed_or_removed_and_others_refer_to_it() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let made = add(
        &server,
        json!([
            { "type": "ChargeBack", "handle": "dispute", "fields": { "billing_item": "visit" } },
            { "type": "BillingItem", "handle": "visit", "fields": { "amount_paid": "80", "sender": "patient", "recipient": "provider" } },
        ]),
    )
    .await;
    let (dispute, paid) = (&made["records"][0]["id"], &made["records"][1]["id"]);
    add(&server, json!([{ "type": "ChargeBack", "handle": "dispute", "fields": { "status": "lost" } }])).await;
    add(&server, json!([{ "type": "ChargeBack", "fields": { "id": dispute }, "remove": true }])).await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    let number = |id: &Value| id.as_str().and_then(|id| id.parse::<u64>().ok());
    let told: Vec<_> = receiver.all().iter().map(|told| told.json()).filter(|told| told["resource_id_type"] == "ChargeBack").collect();
    let expected = |verb: &str, fields: &[&str]| {
        json!({
            "resource_id": number(dispute), "resource_id_type": "ChargeBack", "event_type": format!("charge_back.{verb}"),
            "changed_fields": fields, "billing_item_id": number(paid),
        })
    };
    assert_eq!(told, [expected("created", &[]), expected("updated", &["status"]), expected("deleted", &[])]);
    let nothing = add(&server, json!([{ "type": "BillingItem", "handle": "visit", "fields": { "amount_paid": "80" } }])).await;
    assert_eq!(nothing["commit"], Value::Null, "nothing has changed");
}

#[tokio::test]
async fn a_third_party_causes_an_event() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let visit: u64 = server.id("Appointment", "patient_next").await.parse().expect("a number");
    let host: u64 = server.id("User", "provider").await.parse().expect("a number");
    let wanted = json!({
        "event_type": "appointment.participant_joined", "resource_id": visit,
        "extra": { "host_user_id": host.to_string(), "user_name": "Ava", "event_ts": 1_772_463_600 },
    });
    let (status, answer) = server.control("POST", "/sandboxes/default/events", Some(wanted)).await;
    assert_eq!(status, 200, "{answer}");
    let told = receiver.next().await;
    assert_eq!(
        told.body,
        format!(
            r#"{{"resource_id":{visit},"resource_id_type":"Appointment","event_type":"appointment.participant_joined","changed_fields":[],"host_user_id":{host},"user_name":"Ava","user_email":null,"event_ts":1772463600}}"#
        )
    );
    assert_eq!(answer["deliveries"][0]["body"], json!(told.body));
    assert_eq!(told.header("mock-commit"), answer["commit"].to_string());
}

#[tokio::test]
async fn an_event_about_nothing_is_refused_with_the_mend() {
    let server = Server::start().await;
    let visit = server.id("Appointment", "patient_next").await;
    let owner = server.id("User", "owner").await;
    for (bad, told) in [
        (json!({ "event_type": "appointment.recording_finished", "resource_id": visit }), "appointment.recording_"),
        (json!({ "event_type": "appointment.updated", "resource_id": owner }), "appointment.updated is about a record of Appointment; "),
        (json!({ "event_type": "appointment.updated", "resource_id": owner }), "is the id of a record of User"),
        (json!({ "event_type": "appointment.updated", "resource_id": 7 }), "no record has the id 7"),
        (json!({ "event_type": "patient.updated", "resource_id": owner }), "announced as patient.*"),
        (json!({ "event_type": "appointment.updated", "resource_id": visit, "changed_fields": ["datum"] }), "no column \"datum\""),
        (json!({ "event_type": "appointment.created", "resource_id": visit, "changed_fields": ["date"] }), "tells of no changed fields"),
        (json!({ "event_type": "appointment.created", "resource_id": visit, "extra": { "zoom": 1 } }), "it has resource_organization_id"),
        (json!({ "event_type": "appointment.created", "resource_id": "patient_next" }), "is no id"),
    ] {
        let message = refused(&server, "events", bad).await;
        assert!(message.contains(told), "{message}");
    }
    assert_eq!(server.get("/sandboxes/default/commits").await["commits"], json!([]));
}
