//! Dates, times, money, ids, JSON and cursors: as each version reads and prints them, in the viewer's zone.

use crate::server::{Caller, Server};
use serde_json::{Value, json};

const NEW: &str = "2026-01-01";

/// Books a visit of a patient's at `datetime` and answers with its `date`.
async fn booked_at(caller: &Caller<'_>, [patient, kind]: &[String; 2], datetime: &str, more: &str) -> Value {
    let query = format!(
        r#"mutation {{ createAppointment(input: {{user_id: "{patient}", appointment_type_id: "{kind}", datetime: "{datetime}", contact_type: "Phone Call"{more}}}) {{
            appointment {{ date }} messages {{ field message }} }} }}"#
    );
    let made = &caller.run(&query).await["createAppointment"];
    if made["messages"].is_null() { made["appointment"]["date"].clone() } else { made["messages"].clone() }
}

/// The ids that [`booked_at`] wants.
async fn visit(server: &Server) -> [String; 2] {
    [server.id("User", "patient").await, server.id("AppointmentType", "follow_up").await]
}

#[tokio::test]
async fn a_datetime_is_printed_in_the_viewer_s_zone_whose_clocks_change() {
    let server = Server::start().await;
    let patient = visit(&server).await;
    // In New York; clocks go forward on 2027-03-14 and back on 2027-11-07.
    let provider = server.role("provider");
    for (sent, old, new) in [
        ("2027-03-13 12:00:00", "2027-03-13 12:00:00 -0500", "2027-03-13T12:00:00-05:00"),
        ("2027-03-15 12:00:00", "2027-03-15 12:00:00 -0400", "2027-03-15T12:00:00-04:00"),
        // An hour that is left out is read as the one behind it, one that comes twice as the first.
        ("2027-03-14 02:30:00", "2027-03-14 03:30:00 -0400", "2027-03-14T03:30:00-04:00"),
        ("2027-11-07 01:30:00", "2027-11-07 01:30:00 -0400", "2027-11-07T01:30:00-04:00"),
    ] {
        assert_eq!(booked_at(&provider, &patient, sent, "").await, json!(old), "{sent}");
        let newer = booked_at(&provider.clone().in_version(NEW), &patient, sent, "").await;
        assert_eq!(newer, json!(new), "{sent}");
    }
    // The integration's zone is UTC.
    let provider_id = server.id("User", "provider").await;
    let integration = server.role("integration");
    let booked = booked_at(&integration, &patient, "2027-03-20 12:00:00", &format!(r#", providers: "{provider_id}""#)).await;
    assert_eq!(booked, json!("2027-03-20 12:00:00 UTC"));
    let booked =
        booked_at(&integration.clone().in_version(NEW), &patient, "2027-03-21 12:00:00", &format!(r#", providers: "{provider_id}""#)).await;
    assert_eq!(booked, json!("2027-03-21T12:00:00Z"));
}

#[tokio::test]
async fn a_zone_that_is_sent_says_how_to_read_and_never_how_to_print() {
    let server = Server::start().await;
    let patient = visit(&server).await;
    let provider = server.role("provider");
    let read = async |sent: &str, zone: &str| booked_at(&provider, &patient, sent, &format!(r#", timezone: "{zone}""#)).await;
    assert_eq!(read("2027-06-01 09:00:00", "America/Los_Angeles").await, json!("2027-06-01 12:00:00 -0400"));
    assert_eq!(read("2027-06-02 09:00:00 +0200", "America/Los_Angeles").await, json!("2027-06-02 03:00:00 -0400"));
    assert_eq!(read("2027-06-03", "Etc/UTC").await, json!("2027-06-02 20:00:00 -0400"));
    assert_eq!(read("2027-06-04 09:00:00", "Mars/Olympus").await, json!([{ "field": "timezone", "message": "is invalid" }]));
}

#[tokio::test]
async fn a_datetime_is_read_in_every_form_that_clients_send() {
    let server = Server::start().await;
    let patient = visit(&server).await;
    let provider = server.role("provider");
    for (day, sent) in [
        (1, "2027-07-01 09:30:00 -0400"),
        (2, "2027-07-02T09:30:00-04:00"),
        (3, "2027-07-03T13:30:00Z"),
        (4, "2027-07-04T13:30:00.000Z"),
        (5, "2027-07-05 13:30:00 UTC"),
        (6, "2027-07-06 09:30"),
        (7, "2027-07-07 9:30 AM"),
        (8, "July 8, 2027 9:30 AM"),
        (9, "Fri Jul 09 2027 09:30:00 GMT-0400 (Eastern Daylight Time)"),
    ] {
        let expected = json!(format!("2027-07-{day:02} 09:30:00 -0400"));
        assert_eq!(booked_at(&provider, &patient, sent, "").await, expected, "{sent}");
    }
    for sent in ["soon", "2027-13-01 09:00:00", "2027-02-30", "09:30"] {
        let refused = json!([{ "field": "datetime", "message": "is invalid" }]);
        assert_eq!(booked_at(&provider, &patient, sent, "").await, refused, "{sent}");
    }
}

#[tokio::test]
async fn a_day_that_cannot_be_read_is_told_on_its_field_whatever_the_field_s_type() {
    let server = Server::start().await;
    let [patient, provider] = [server.id("User", "patient").await, server.id("User", "provider").await];
    let owner = server.role("owner");
    let invalid = |field: &str| json!([{ "field": field, "message": "is invalid" }]);
    for (mutation, field) in [
        (r#"createClient(input: {first_name: "A", last_name: "B", email: "a.b@example.org", dob: "31.31.1990"})"#.to_owned(), "dob"),
        (format!(r#"updateClient(input: {{id: "{patient}", dob: "never"}})"#), "dob"),
        (r#"createTask(input: {content: "Call", due_date: "someday"})"#.to_owned(), "due_date"),
        (format!(r#"createGoal(input: {{name: "Walk", user_id: "{patient}", due_date: "x"}})"#), "due_date"),
        (
            format!(
                r#"createSuperBill(input: {{patient_id: "{patient}", dietitian_id: "{provider}", provider_name: "P", service_date: "2026-02-27", patient_dob: "x"}})"#
            ),
            "patient_dob",
        ),
        (
            format!(
                r#"updateClient(input: {{id: "{patient}", policies: [{{num: "1", holder_relationship: "Self", holder_dob: "x", insurance_plan: {{payer_name: "Birch"}}}}]}})"#
            ),
            "holder_dob",
        ),
    ] {
        let name = mutation.split('(').next().expect("a name").to_owned();
        let answer = owner.run(&format!("mutation {{ {mutation} {{ messages {{ field message }} }} }}")).await;
        assert_eq!(answer[&name]["messages"], invalid(field), "{mutation}");
    }
    // And read in other words, as Rails does.
    let query = r#"mutation { createClient(input: {first_name: "A", last_name: "B", email: "a.b@example.org", dob: "July 4, 1990"}) { user { dob } } }"#;
    assert_eq!(owner.run(query).await["createClient"]["user"]["dob"], "1990-07-04");
}

#[tokio::test]
async fn ids_are_texts_in_answers_and_either_in_questions() {
    let server = Server::start().await;
    let patient = server.id("User", "patient").await;
    let number: u64 = patient.parse().expect("decimal");
    let owner = server.role("owner");
    for version in ["2024-06-01", NEW] {
        let owner = owner.clone().in_version(version);
        for id in [json!(patient), json!(number)] {
            let answer = owner.answer("query($id: ID) { user(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(answer, json!({ "data": { "user": { "id": patient } } }), "{version}");
        }
        // What is no id finds nothing.
        for id in ["none", "", "-1", "99999999999999999999", "1.5", "é"] {
            let answer = owner.answer("query($id: ID) { user(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(answer, json!({ "data": { "user": null } }), "{version} {id}");
        }
    }
}

#[tokio::test]
async fn a_json_scalar_is_json_and_a_json_string_a_string() {
    let server = Server::start().await;
    let [visit, patient] = [server.id("Appointment", "patient_first").await, server.id("User", "patient").await];
    let provider = server.role("provider");
    let set = "mutation($id: ID, $metadata: JSON) { updateAppointment(input: {id: $id, metadata: $metadata}) { appointment { metadata } messages { message } } }";
    for (sent, kept) in [
        (json!({ "a": [1, null, "x"] }), json!({ "a": [1, null, "x"] })),
        (json!("{\"a\":1}"), json!({ "a": 1 })),
        (json!(null), Value::Null),
    ] {
        let answer = provider.answer(set, json!({ "id": visit, "metadata": sent })).await;
        let appointment = &answer["data"]["updateAppointment"]["appointment"];
        assert_eq!(appointment["metadata"], kept, "{sent}: {answer}");
    }
    let set = "mutation($id: ID, $metadata: String) { updateClient(input: {id: $id, metadata: $metadata}) { user { metadata } messages { message } } }";
    let answer = provider.answer(set, json!({ "id": patient, "metadata": "{\"a\":1}" })).await;
    assert_eq!(answer["data"]["updateClient"]["user"]["metadata"], json!("{\"a\":1}"), "{answer}");
}

#[tokio::test]
async fn a_cursor_is_opaque_survives_insertions_and_a_bad_one_is_an_error_on_its_field() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let page = async |after: &str| {
        let query = format!(r#"{{ users(page_size: 2, order_by: CREATED_AT_ASC{after}) {{ id cursor }} }}"#);
        owner.run(&query).await["users"].clone()
    };
    let first = page("").await;
    let cursor = first[1]["cursor"].as_str().expect("a cursor").to_owned();
    let second = page(&format!(r#", after: "{cursor}""#)).await;
    owner.run(r#"mutation { createClient(input: {first_name: "N", last_name: "N"}) { user { id } } }"#).await;
    assert_eq!(page(&format!(r#", after: "{cursor}""#)).await, second);
    assert_eq!(page(r#", after: """#).await, first);
    // The root's list may be null, so the data that stands beside it stays.
    for bad in ["x", "e30=", "eyJrIjpbXX0=", "MQ"] {
        let query = format!(r#"{{ users(after: "{bad}") {{ id }} currentUser {{ id }} }}"#);
        let answer = owner.answer(&query, Value::Null).await;
        assert_eq!(answer["errors"][0]["path"], json!(["users"]), "{bad}: {answer}");
        assert_eq!(answer["errors"][0]["message"], json!(format!("Invalid input: {bad:?}")), "{bad}");
        assert!(answer["data"]["users"].is_null() && answer["data"]["currentUser"]["id"].is_string(), "{bad}: {answer}");
    }
    // In the newer version it may not, so there is no data at all.
    let answer = owner.clone().in_version(NEW).answer(r#"{ users(after: "x") { nodes { id } } currentUser { id } }"#, Value::Null).await;
    assert_eq!(answer["data"], Value::Null, "{answer}");
}

#[tokio::test]
async fn money_has_two_decimals_and_no_sign_however_it_was_sent() {
    let server = Server::start().await;
    let [patient, provider] = [server.id("User", "patient").await, server.id("User", "provider").await];
    let owner = server.role("owner");
    for (sent, shown) in [("50", "50.00"), ("50.5", "50.50"), ("$1,234.50", "1234.50"), ("0.1", "0.10")] {
        let query = format!(
            r#"mutation {{ createRequestedPayment(input: {{recipient_id: "{patient}", sender_id: "{provider}", price: "{sent}", invoice_type: "other", services_provided: "Visit"}}) {{
                requestedPayment {{ price }} messages {{ field message }} }} }}"#
        );
        let made = &owner.run(&query).await["createRequestedPayment"];
        assert_eq!(made["requestedPayment"]["price"], shown, "{sent}: {made}");
    }
}
