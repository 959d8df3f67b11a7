//! Every event of the catalogue, caused as `healthie-mock trigger` causes it, and received whole.

use crate::{receiver::Receiver, server::Server};
use healthie_mock::schema::EventDef;
use healthie_mock::trigger::{Fired, Trigger};
use healthie_mock::webhooks::{Courier, Roads};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tokio::runtime::Handle;

/// Event, whose id, changed fields, extra fields; how each is caused says src/trigger/plans.tsv. `$Name` is the id of what is
/// called so there, `new` that of the one record of the type that the commit has made.
const EXPECTED: &str = include_str!("events.tsv");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_the_catalogue_is_received_whole_and_once() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let courier = Courier::new(Roads::default(), Handle::current()).expect("no certificates to read");
    let mut wrong = Vec::new();
    for (number, def) in EventDef::all().iter().enumerate() {
        // A world of its own, where nothing else has happened.
        let sandbox = format!("event-{number}");
        let fired = match Trigger::new(&courier, &server.mock.url, &sandbox, None).fire(def.name(), None).await {
            Ok(fired) => fired,
            Err(why) => {
                wrong.push(format!("{}: {why}", def.name()));
                continue;
            }
        };
        let expected = expected(&server, &sandbox, &fired).await;
        let settled = server.get(&format!("/sandboxes/{sandbox}/settled?wait=10s")).await;
        assert_eq!(settled["settled"], true, "{}", def.name());
        let arrived = receiver.all().into_iter().filter(|arrived| arrived.header("mock-sandbox") == sandbox);
        let bodies: Vec<_> =
            arrived.filter(|arrived| arrived.json()["event_type"] == def.name()).map(|arrived| arrived.body.clone()).collect();
        if bodies != [expected.clone()] {
            wrong.push(format!("{}: not once {expected} but {bodies:#?} by {}", def.name(), fired.cause));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), EventDef::all().len(), wrong.join("\n"));
}

/// The whole body as the table has it, in the order of its keys.
async fn expected(server: &Server, sandbox: &str, fired: &Fired) -> String {
    let def = fired.event;
    let line = EXPECTED.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|line| line[0] == def.name());
    let Some([_, id, changed, extra]) = line.as_deref().and_then(|line| line.first_chunk::<4>()) else {
        return "a line in events.tsv".to_owned();
    };
    let commits = server.get(&format!("/sandboxes/{sandbox}/commits")).await;
    let commit = commits["commits"].as_array().into_iter().flatten().find(|commit| commit["number"] == fired.commit).cloned();
    let seeded = server.get(&format!("/sandboxes/{sandbox}")).await["records"].clone();
    let id_of = |name: &str| match (name.strip_prefix('$'), name.split_once(':')) {
        (Some(name), _) => fired.names.get(name).cloned().unwrap_or_else(|| format!("no ${name}")),
        (None, Some(("new", ty))) => made(commit.as_ref(), ty),
        (None, Some(("seeded", ty))) => seeded[ty]["clinic"].as_str().unwrap_or("none").to_owned(),
        _ if name == "new" => made(commit.as_ref(), def.resource_type()),
        _ => name.to_owned(),
    };
    let changed: Vec<&str> = changed.split(',').filter(|field| !field.is_empty()).collect();
    let (ty, event, changed) = (def.resource_type(), def.name(), json!(changed));
    let mut body = format!(r#"{{"resource_id":{},"resource_id_type":"{ty}","event_type":"{event}","changed_fields":{changed}"#, id_of(id));
    for (name, value) in extra.split(';').filter_map(|field| field.split_once('=')) {
        write!(body, r#","{name}":{}"#, id_of(value)).expect("writing to a String");
    }
    body + "}"
}

/// The id of the one record of the type that the commit has made.
fn made(commit: Option<&Value>, ty: &str) -> String {
    let is_of_type = |change: &Value| [ty, &format!("{ty}Type")].iter().any(|ty| change["type"] == *ty);
    let changes = commit.and_then(|commit| commit["changes"].as_array()).into_iter().flatten();
    let made: Vec<_> = changes.filter(|change| change["change"] == "created" && is_of_type(change)).collect();
    match made[..] {
        [one] => one["id"].as_str().unwrap_or_default().to_owned(),
        ref other => format!("{} made", other.len()),
    }
}

/// As somebody in `sandbox`, who is not refused.
async fn run(server: &Server, key: &str, mutation: &str) -> Value {
    let answer = server.caller(key).run(&format!("mutation {{ done: {mutation} }}")).await;
    assert!(answer["done"]["messages"].is_null(), "{mutation}: {answer}");
    answer["done"].clone()
}

/// What was told in `sandbox` since the delivery `after`: the event and whose webhook it was, in order.
async fn told(server: &Server, sandbox: &str) -> Vec<String> {
    let settled = server.get(&format!("/sandboxes/{sandbox}/settled?wait=10s")).await;
    let deliveries = settled["deliveries"].as_array().into_iter().flatten();
    deliveries.map(|delivery| delivery["event_type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn what_changes_nothing_or_is_suppressed_tells_nothing() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let (visit, patient) = (server.id("Appointment", "patient_next").await, server.id("User", "patient").await);
    let (provider, other) = (server.id("User", "provider").await, server.id("User", "patient2").await);
    let group = server.id("UserGroup", "heart").await;
    let key = "gh_sbox_default_owner";
    let same = server
        .role("owner")
        .run(&format!(r#"{{ appointment(id: "{visit}") {{ location }} user(id: "{patient}") {{ phone_number }} }}"#))
        .await;
    let (location, phone) = (&same["appointment"]["location"], &same["user"]["phone_number"]);
    let kind = server.id("AppointmentType", "follow_up").await;
    let booked =
        format!(r#"user_id: "{patient}", other_party_id: "{provider}", appointment_type_id: "{kind}", contact_type: "Phone Call""#);
    for mutation in [
        format!(r#"updateAppointment(input: {{id: "{visit}", location: {location}}}) {{ messages {{ message }} }}"#),
        format!(r#"updateClient(input: {{id: "{patient}", phone_number: {phone}}}) {{ messages {{ message }} }}"#),
        format!(
            r#"updateAppointment(input: {{id: "{visit}", notes: "quiet", suppress_webhook_notifications: true}}) {{ messages {{ message }} }}"#
        ),
        format!(
            r#"bulkUpdateClients(input: {{ids: ["{other}"], user_group_id: "{group}", suppress_patient_updated_webhooks: true}}) {{ messages {{ message }} }}"#
        ),
        format!(
            r#"createAppointment(input: {{{booked}, datetime: "2031-03-04T10:00:00Z", suppress_webhook_notifications: true}}) {{ messages {{ message }} }}"#
        ),
        format!(r#"deleteAppointment(input: {{id: "{visit}", suppress_webhook_notifications: true}}) {{ messages {{ message }} }}"#),
    ] {
        run(&server, key, &mutation).await;
        assert_eq!(told(&server, "default").await, [""; 0], "{mutation}");
    }
}

#[tokio::test]
async fn one_event_goes_to_several_webhooks_and_several_events_to_one() {
    let (receiver, server) = (Receiver::start().await, Server::start().await);
    let owner = server.role("owner");
    for path in ["/first", "/second"] {
        owner.hook(&receiver.url(path), "location.created").await;
    }
    let both = format!(
        r#"createWebhook(input: {{url: "{}", webhook_events: [{{event_type: "tag.created"}}, {{event_type: "task.created"}}, {{event_type: "location.created"}}]}}) {{ messages {{ message }} }}"#,
        receiver.url("/third")
    );
    let both = both.replace(r#"{event_type: "tag.created"}, "#, "");
    run(&server, "gh_sbox_default_owner", &both).await;
    owner.add_location("Main office").await;
    run(&server, "gh_sbox_default_owner", r#"createTask(input: {content: "Call back"}) { messages { message } }"#).await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    let mut heard: Vec<_> =
        receiver.all().iter().map(|heard| format!("{} {}", heard.path, heard.json()["event_type"].as_str().unwrap_or_default())).collect();
    heard.sort();
    assert_eq!(heard, ["/first location.created", "/second location.created", "/third location.created", "/third task.created"]);
}

#[tokio::test]
async fn a_parent_hears_of_its_branches_and_a_branch_of_itself() {
    let (receiver, server) = (Receiver::start().await, Server::start().await);
    let records = |fields: Value| server.control("POST", "/sandboxes/default/records", Some(fields));
    let (_, made) = records(
        json!([{ "type": "Organization", "handle": "branch", "fields": { "name": "Branch", "parent_organization_id": "clinic" } }]),
    )
    .await;
    assert_eq!(made["records"][0]["handle"], "branch", "{made}");
    for (handle, organization) in [("parent", "clinic"), ("own", "branch"), ("stranger", "other")] {
        let hook = json!([
            { "type": "Webhook", "handle": handle, "fields": {
                "url": receiver.url(&format!("/{handle}")), "signature_secret": "whsec", "is_enabled": true,
                "organization": organization, "organization_id": organization,
            } },
            { "type": "WebhookEvent", "fields": { "webhook": handle, "event_type": "location.created", "organization": organization } },
        ]);
        let (status, answer) = records(hook).await;
        assert_eq!(status, 200, "{answer}");
    }
    for organization in ["clinic", "branch"] {
        let fields = json!({ "name": organization, "organization": organization });
        let (status, answer) = records(json!([{ "type": "Location", "fields": fields }])).await;
        assert_eq!(status, 200, "{answer}");
    }
    server.get("/sandboxes/default/settled?wait=10s").await;
    let mut heard: Vec<_> = receiver.all().iter().map(|heard| heard.path.clone()).collect();
    heard.sort();
    assert_eq!(heard, ["/own", "/parent", "/parent"]);
}

async fn settings(server: &Server, change: Value) {
    let (status, answer) = server.control("PATCH", "/sandboxes/default/settings", Some(change)).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn visits_of_a_series_are_told_of_where_support_has_enabled_it() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let (patient, provider) = (server.id("User", "patient").await, server.id("User", "provider").await);
    let kind = server.id("AppointmentType", "follow_up").await;
    let book = |day: &str| {
        format!(
            r#"createAppointment(input: {{user_id: "{patient}", other_party_id: "{provider}", contact_type: "Phone Call", appointment_type_id: "{kind}", datetime: "2031-{day}T10:00:00Z", recurring_appointment: {{repeat_interval: "Weekly", repeat_times: "2"}}}}) {{ messages {{ message }} }}"#
        )
    };
    run(&server, "gh_sbox_default_owner", &book("03-04")).await;
    assert_eq!(told(&server, "default").await, [""; 0]);
    settings(&server, json!({ "recurring_appointment_events": true })).await;
    run(&server, "gh_sbox_default_owner", &book("06-03")).await;
    assert_eq!(told(&server, "default").await, ["appointment.created", "appointment.created"]);
}

#[tokio::test]
async fn settings_say_how_ids_are_written_and_what_an_unknown_one_and_a_missing_bank_account_are_told() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    settings(&server, json!({ "resource_id": "string", "unknown_id": 404, "bank_set_up": false })).await;
    let owner = server.role("owner");
    let id = owner.add_location("Main office").await;
    assert_eq!(receiver.next().await.json()["resource_id"], json!(id));
    let unknown = json!({ "query": r#"mutation { updateTask(input: { id: "7", content: "x" }) { task { id } messages { message } } }"# });
    assert_eq!(owner.send(&unknown).await, (404, json!({ "status": 404, "error": "Not Found" })));
    let checkout = r#"mutation { completeCheckout(input: { first_name: "Ava" }) { messages { message } } }"#;
    let told = owner.answer(checkout, Value::Null).await.to_string();
    assert!(told.contains("Your destination account needs to have"), "{told}");
    settings(&server, json!({ "unknown_id": null })).await;
    assert_eq!(owner.send(&unknown).await.0, 200);
    let (status, refused) = server.control("PATCH", "/sandboxes/default/settings", Some(json!({ "unknown_id": 410 }))).await;
    assert!(status == 400 && refused.to_string().contains("null or 404"), "{refused}");
}

#[tokio::test]
async fn rough_deliveries_come_twice_and_out_of_order_and_none_is_missing() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    settings(&server, json!({ "webhooks": "rough" })).await;
    let mut made = vec![];
    for number in 0..40 {
        made.push(server.role("owner").add_location(&format!("Office {number}")).await);
    }
    server.get("/sandboxes/default/settled?wait=10s").await;
    let arrived: Vec<String> = receiver.all().iter().map(|told| told.json()["resource_id"].to_string()).collect();
    assert!(arrived.len() > made.len(), "some come twice: {}", arrived.len());
    assert!(made.iter().all(|id| arrived.contains(id)), "none is missing");
    let mut firsts: Vec<&String> = vec![];
    for id in &arrived {
        if !firsts.contains(&id) {
            firsts.push(id);
        }
    }
    assert_ne!(firsts, made.iter().collect::<Vec<_>>(), "some are late");
}
