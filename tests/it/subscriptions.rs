//! Subscriptions over a WebSocket: the frames, and who hears of what.

use crate::cable::{Cable, channel};
use crate::server::{Server, quiet};
use healthie_mock::config::Config;
use serde_json::json;
use std::time::Duration;

fn note(talk: &str, content: &str) -> String {
    format!(r#"mutation {{ createNote(input: {{ conversation_id: "{talk}", content: "{content}" }}) {{ messages {{ message }} }} }}"#)
}

#[tokio::test]
async fn a_message_is_told_to_the_members_of_its_conversation() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let document = format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ content creator {{ first_name }} }}"#);
    let mut sockets = vec![];
    for role in ["patient", "provider", "owner", "patient2"] {
        let mut cable = Cable::of_role(&server, role).await;
        cable.open("1").await;
        cable.subscribe("1", &document).await;
        sockets.push((role, cable));
    }
    server.role("provider").run(&note(&talk, "Hello")).await;
    for (role, cable) in &mut sockets {
        match *role {
            "patient" | "provider" => {
                let told = json!({ "noteAddedSubscription": { "content": "Hello", "creator": { "first_name": "Priya" } } });
                assert_eq!(cable.event("1").await, told, "{role}");
            }
            // Who may read it, but is no member, and who may not.
            _ => cable.heard_nothing("1").await,
        }
    }
    let id = server.role("provider").run("{ notes(conversation_id: \"0\") { id } }").await;
    assert_eq!(id, json!({ "notes": [] }));
    for (_, cable) in &mut sockets {
        cable.heard_nothing("1").await;
    }
}

#[tokio::test]
async fn the_guide_s_sequence_works_frame_by_frame() {
    let server = Server::start().await;
    let mut cable = Cable::dial(&server, "/subscriptions?token=gh_sbox_default_patient").await;
    assert_eq!(cable.protocol.as_deref(), Some("actioncable-v1-json"));
    let welcome = cable.next().await;
    assert!(welcome["type"] == "welcome" && welcome["sid"].as_str().is_some_and(|sid| !sid.is_empty()), "{welcome}");
    cable.open("42").await;
    let data = json!({ "query": "subscription { conversationMembershipAddedSubscription { id } }" }).to_string();
    cable.say(json!({ "command": "message", "identifier": channel("42"), "data": data }).to_string()).await;
    assert_eq!(cable.next().await, json!({ "identifier": channel("42"), "message": { "result": { "data": {} }, "more": true } }));
}

#[tokio::test]
async fn a_key_that_nobody_holds_is_told_so_and_the_socket_is_closed() {
    let server = Server::start().await;
    for path in ["/subscriptions?token=gh_sbox_default_nobody", "/subscriptions", "/s/default/subscriptions?token="] {
        let mut cable = Cable::dial(&server, path).await;
        assert_eq!(cable.next().await, json!({ "type": "disconnect", "reason": "unauthorized", "reconnect": false }), "{path}");
        assert_eq!(cable.any().await, None, "{path}");
    }
}

/// Somebody with one open channel and one subscription on it.
async fn subscriber(server: &Server, role: &str, subscription: &str) -> Cable {
    let mut cable = Cable::of_role(server, role).await;
    cable.open("1").await;
    cable.subscribe("1", subscription).await;
    cable
}

async fn mutate(server: &Server, role: &str, mutation: &str) {
    let answer = server.role(role).run(&format!("mutation {{ {mutation} {{ messages {{ field message }} }} }}")).await;
    let name = mutation.split('(').next().expect("a name");
    assert_eq!(answer, json!({ name: { "messages": null } }), "{mutation}");
}

#[tokio::test]
async fn a_conversation_tells_its_members_of_what_is_said_and_of_what_it_is_called() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let document = format!(r#"conversationChangedSubscription(id: "{talk}") {{ name last_message_content }}"#);
    let mut patient = subscriber(&server, "patient", &document).await;
    let mut owner = subscriber(&server, "owner", &document).await;

    mutate(&server, "provider", &format!(r#"updateConversation(input: {{ id: "{talk}", name: "Labs" }})"#)).await;
    let told = json!({ "conversationChangedSubscription": { "name": "Labs", "last_message_content": "Thank you, see you then!" } });
    assert_eq!(patient.event("1").await, told);
    server.role("provider").run(&note(&talk, "Ready")).await;
    let told = json!({ "conversationChangedSubscription": { "name": "Labs", "last_message_content": "Ready" } });
    assert_eq!(patient.event("1").await, told);
    let other = server.id("Conversation", "patient2").await;
    server.role("owner").run(&note(&other, "Elsewhere")).await;
    patient.heard_nothing("1").await;
    owner.heard_nothing("1").await;
}

#[tokio::test]
async fn who_is_taken_into_a_conversation_hears_of_it() {
    let server = Server::start().await;
    let patient_id = server.id("User", "patient").await;
    let document = r#"conversationMembershipAddedSubscription(notesType: "all") { viewed convo { name } }"#;
    let mut patient = subscriber(&server, "patient", document).await;
    let mut stranger = subscriber(&server, "patient2", document).await;

    mutate(&server, "provider", &format!(r#"createConversation(input: {{ simple_added_users: "user-{patient_id}", name: "Diet" }})"#))
        .await;
    let told = json!({ "conversationMembershipAddedSubscription": { "viewed": false, "convo": { "name": "Diet" } } });
    assert_eq!(patient.event("1").await, told);
    patient.heard_nothing("1").await;
    stranger.heard_nothing("1").await;
}

#[tokio::test]
async fn a_membership_tells_its_user_of_news_and_of_having_been_read() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let document = r#"conversationMembershipUpdatedSubscription(notesType: "all") { viewed creator { first_name } }"#;
    let mut patient = subscriber(&server, "patient", document).await;
    let mut stranger = subscriber(&server, "patient2", document).await;

    let told = |viewed| json!({ "conversationMembershipUpdatedSubscription": { "viewed": viewed, "creator": { "first_name": "Ava" } } });
    server.role("provider").run(&note(&talk, "News")).await;
    assert_eq!(patient.event("1").await, told(false));
    server.role("patient").run(&format!(r#"{{ conversation(id: "{talk}") {{ id }} }}"#)).await;
    assert_eq!(patient.event("1").await, told(true));
    // Two at the same time are two.
    let (status, _) = server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": "2030-01-01T00:00:00Z" }))).await;
    assert_eq!(status, 200);
    for _ in 0..2 {
        server.role("provider").run(&note(&talk, "News")).await;
        assert_eq!(patient.event("1").await, told(false));
    }
    patient.heard_nothing("1").await;
    stranger.heard_nothing("1").await;
}

#[tokio::test]
async fn the_number_of_unread_conversations_is_told_when_it_changes_and_not_otherwise() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let read = format!(r#"{{ conversation(id: "{talk}") {{ id }} }}"#);
    server.role("patient").run(&read).await;
    let mut patient = subscriber(&server, "patient", "userUpdatedSubscription { id conversation_notification_count }").await;
    let (_, answer) =
        server.role("patient").send(&json!({ "query": "{ currentUserNotificationsCount { id conversation_notification_count } }" })).await;
    let mut count = answer["data"]["currentUserNotificationsCount"].clone();
    let before = count["conversation_notification_count"].as_i64().expect("a number");

    server.role("provider").run(&note(&talk, "One")).await;
    count["conversation_notification_count"] = json!(before + 1);
    assert_eq!(patient.event("1").await, json!({ "userUpdatedSubscription": count }));
    server.role("provider").run(&note(&talk, "Two")).await;
    patient.heard_nothing("1").await;
    server.role("patient").run(&read).await;
    count["conversation_notification_count"] = json!(before);
    assert_eq!(patient.event("1").await, json!({ "userUpdatedSubscription": count }));
}

#[tokio::test]
async fn a_form_tells_those_who_may_see_it_that_it_was_written_to() {
    let server = Server::start().await;
    let form = server.id("FormAnswerGroup", "patient_intake").await;
    let document = format!(r#"formAnswerGroupModifiedSubscription(id: "{form}") {{ id name }}"#);
    let mut provider = subscriber(&server, "provider", &document).await;
    let mut stranger = subscriber(&server, "provider2", &document).await;

    mutate(&server, "owner", &format!(r#"updateFormAnswerGroup(input: {{ id: "{form}", name: "Intake, again" }})"#)).await;
    assert_eq!(provider.event("1").await, json!({ "formAnswerGroupModifiedSubscription": { "id": form, "name": "Intake, again" } }));
    provider.heard_nothing("1").await;
    stranger.heard_nothing("1").await;
}

#[tokio::test]
async fn further_clients_of_a_group_visit_are_told_to_its_provider() {
    let server = Server::start().await;
    let visit = server.id("Appointment", "class").await;
    let clients = server.role("provider").run(&format!(r#"{{ appointment(id: "{visit}") {{ attendees {{ id }} }} }}"#)).await;
    let mut clients: Vec<String> = clients["appointment"]["attendees"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| user["id"].as_str().expect("an id").to_owned())
        .collect();
    let document = "groupAppointmentClientsAddedSubscription { id attendees { id } }";
    let mut provider = subscriber(&server, "provider", document).await;
    let mut owner = subscriber(&server, "owner", document).await;

    mutate(&server, "provider", &format!(r#"updateAppointment(input: {{ id: "{visit}", notes: "Bring mats" }})"#)).await;
    provider.heard_nothing("1").await;
    clients.push(server.id("User", "noor").await);
    mutate(&server, "provider", &format!(r#"updateAppointment(input: {{ id: "{visit}", attendee_ids: "{}" }})"#, clients.join(","))).await;
    let told = provider.event("1").await;
    let visit_told = &told["groupAppointmentClientsAddedSubscription"];
    assert_eq!((&visit_told["id"], visit_told["attendees"].as_array().map(Vec::len)), (&json!(visit), Some(clients.len())));
    clients.pop();
    mutate(&server, "provider", &format!(r#"updateAppointment(input: {{ id: "{visit}", attendee_ids: "{}" }})"#, clients.join(","))).await;
    provider.heard_nothing("1").await;
    owner.heard_nothing("1").await;
}

#[tokio::test]
async fn who_lacks_a_camera_is_told_to_those_in_the_same_visit() {
    let server = Server::start().await;
    let visit = server.id("Appointment", "patient_next").await;
    let document = format!(r#"appointmentUserDevicesSubscription(id: "{visit}") {{ id user {{ devices_unavailability }} }}"#);
    let mut provider = subscriber(&server, "provider", &document).await;
    let mut owner = subscriber(&server, "owner", &document).await;
    let elsewhere = server.id("Appointment", "class").await;
    let mut other = subscriber(&server, "provider", &format!(r#"appointmentUserDevicesSubscription(id: "{elsewhere}") {{ id }}"#)).await;

    let say = format!(r#"changeDevicesAvailability(input: {{ appointment_id: "{visit}", devices_unavailability: true }})"#);
    mutate(&server, "patient", &say).await;
    let told = json!({ "appointmentUserDevicesSubscription": { "id": visit, "user": { "devices_unavailability": true } } });
    assert_eq!(provider.event("1").await, told);
    mutate(&server, "patient", &say).await;
    for cable in [&mut provider, &mut owner, &mut other] {
        cable.heard_nothing("1").await;
    }
}

#[tokio::test]
async fn a_video_call_comes_up_begins_and_is_over() {
    let config = Config { now: Some("2026-03-02T15:00:00Z".parse().expect("a time")), ping_every: Duration::from_millis(20), ..quiet() };
    let server = Server::start_with(config).await;
    let visit = server.id("Appointment", "patient_next").await;
    let document =
        "videoChatsSubscription { upcoming_video_chat { id } current_video_chat { id is_group provider_name } ended_video_chat { id } }";
    let mut patient = subscriber(&server, "patient", document).await;
    let mut stranger = subscriber(&server, "patient2", document).await;
    let told = |upcoming, current, ended| {
        let chats = json!({ "upcoming_video_chat": upcoming, "current_video_chat": current, "ended_video_chat": ended });
        json!({ "videoChatsSubscription": chats })
    };
    let (named, none) = (json!({ "id": visit }), serde_json::Value::Null);
    let freeze = async |at: &str| {
        let (status, _) = server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": at }))).await;
        assert_eq!(status, 200);
    };
    let starts = server.role("provider").in_version("2026-01-01").run(&format!(r#"{{ appointment(id: "{visit}") {{ date }} }}"#)).await;
    let starts: jiff::Timestamp = starts["appointment"]["date"].as_str().expect("a time").parse().expect("ISO 8601");
    let minutes = |minutes: i64| (starts + jiff::SignedDuration::from_mins(minutes)).to_string();

    freeze(&minutes(-5)).await;
    assert_eq!(patient.event("1").await, told(named.clone(), none.clone(), none.clone()));
    freeze(&minutes(1)).await;
    let current = json!({ "id": visit, "is_group": false, "provider_name": "Priya Raman" });
    assert_eq!(patient.event("1").await, told(none.clone(), current, none.clone()));
    mutate(&server, "provider", &format!(r#"updateAppointment(input: {{ id: "{visit}", pm_status: "Cancelled" }})"#)).await;
    assert_eq!(patient.event("1").await, told(none.clone(), none.clone(), named));
    patient.heard_nothing("1").await;
    stranger.heard_nothing("1").await;
}

#[tokio::test]
async fn channels_of_a_socket_are_apart_and_one_can_be_closed() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let mut cable = Cable::of_role(&server, "patient").await;
    // Escaped and ordered as no library of ours would: it comes back as it went.
    let odd = r#""{\u0022channelId\": \"é\\u00e9\",  \"channel\":\"GraphqlChannel\"}""#;
    cable.say(format!(r#"{{"command":"subscribe","identifier":{odd}}}"#)).await;
    assert_eq!(cable.text().await, format!(r#"{{"identifier":{odd},"type":"confirm_subscription"}}"#));
    for id in ["a", "b"] {
        cable.open(id).await;
        cable.subscribe(id, &format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ {id}: content }}"#)).await;
    }
    server.role("provider").run(&note(&talk, "One")).await;
    assert_eq!(cable.event("a").await, json!({ "noteAddedSubscription": { "a": "One" } }));
    assert_eq!(cable.event("b").await, json!({ "noteAddedSubscription": { "b": "One" } }));
    cable.say(json!({ "command": "unsubscribe", "identifier": channel("a") }).to_string()).await;
    cable.heard_nothing("b").await;
    server.role("provider").run(&note(&talk, "Two")).await;
    assert_eq!(cable.event("b").await, json!({ "noteAddedSubscription": { "b": "Two" } }));
    cable.heard_nothing("b").await;
}

#[tokio::test]
async fn what_is_no_subscription_is_answered_once() {
    let server = Server::start().await;
    let mut cable = Cable::of_role(&server, "patient").await;
    cable.open("1").await;
    assert_eq!(
        cable.execute("1", "{ currentUser { first_name } }").await,
        (json!({ "data": { "currentUser": { "first_name": "Ava" } } }), false)
    );
    let talk = server.id("Conversation", "patient").await;
    let (made, more) = cable.execute("1", &note(&talk, "Said over the socket")).await;
    assert_eq!((made, more), (json!({ "data": { "createNote": { "messages": null } } }), false));
    let (refused, more) = cable.execute("1", "subscription { noteAddedSubscription { colour } }").await;
    let message = &refused["errors"][0]["message"];
    assert_eq!((message, more), (&json!("Field 'colour' doesn't exist on type 'Note'"), false));
    assert!(refused.get("data").is_none());

    // Without an action, as an object, and the document itself.
    for data in [json!({ "query": "{ __typename }" }).to_string(), "{ __typename }".to_owned(), "query { __typename }".to_owned()] {
        cable.say(json!({ "command": "message", "identifier": channel("1"), "data": data }).to_string()).await;
        assert_eq!(cable.told("1").await, (json!({ "data": { "__typename": "Query" } }), false), "{data}");
    }
    let log = server.get("/sandboxes/default/requests").await.to_string();
    assert!(log.contains("noteAddedSubscription") || log.contains("colour"), "{log}");
    assert!(log.contains("createNote"), "{log}");
}

#[tokio::test]
async fn frames_that_mean_nothing_are_ignored_and_unknown_channels_rejected() {
    let server = Server::start().await;
    let mut cable = Cable::of_role(&server, "patient").await;
    let other = json!({ "channel": "ChatChannel" }).to_string();
    for frame in [
        "",
        "nonsense",
        "[]",
        "7",
        "{}",
        r#"{"command":"subscribe"}"#,
        r#"{"command":"subscribe","identifier":7}"#,
        r#"{"command":"dance","identifier":"x"}"#,
    ] {
        cable.say(frame).await;
    }
    cable.say(json!({ "command": "message", "identifier": channel("unopened"), "data": "{ __typename }" }).to_string()).await;
    for identifier in [&other, "no JSON"] {
        cable.say(json!({ "command": "subscribe", "identifier": identifier }).to_string()).await;
        assert_eq!(cable.next().await, json!({ "identifier": identifier, "type": "reject_subscription" }));
    }
    cable.open("1").await;
    for data in
        [json!({ "query": 7 }).to_string(), json!([]).to_string(), json!({ "query": "{ a", "variables": [] }).to_string(), String::new()]
    {
        cable.say(json!({ "command": "message", "identifier": channel("1"), "data": data }).to_string()).await;
        let (result, more) = cable.told("1").await;
        assert!(!more && result["errors"][0]["message"].is_string(), "{data}: {result}");
    }
    cable.heard_nothing("1").await;
    cable.say("x".repeat(2 * 1024 * 1024)).await;
    while let Some(frame) = cable.any().await {
        assert!(
            frame["type"] == "ping" || frame == json!({ "type": "disconnect", "reason": "frame_too_long", "reconnect": false }),
            "{frame}"
        );
    }
}

#[tokio::test]
async fn pings_carry_the_time() {
    let server = Server::start_with(Config { ping_every: Duration::from_millis(5), ..quiet() }).await;
    let mut cable = Cable::of_role(&server, "patient").await;
    for _ in 0..3 {
        let ping = cable.any().await.expect("a ping");
        assert!(ping["type"] == "ping" && ping["message"].as_i64().is_some_and(|seconds| seconds > 1_700_000_000), "{ping}");
    }
}

#[tokio::test]
async fn a_subscriber_is_answered_in_the_socket_s_version() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let document = format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ created_at }}"#);
    let mut sockets = vec![];
    for (version, separator) in [("", " "), ("&version=2026-01-01", "T")] {
        let mut cable = Cable::dial(&server, &format!("/s/default/subscriptions?token=gh_sbox_default_patient{version}")).await;
        cable.next().await;
        cable.open("1").await;
        cable.subscribe("1", &document).await;
        sockets.push((cable, separator));
    }
    server.role("provider").run(&note(&talk, "Hello")).await;
    for (cable, separator) in &mut sockets {
        let told = cable.event("1").await;
        let at = told["noteAddedSubscription"]["created_at"].as_str().expect("a time");
        assert_eq!(&at[10..11], *separator, "{at}");
    }
    let refused = server.request(reqwest::Method::GET, "/subscriptions?token=gh_sbox_default_patient").send().await.expect("an answer");
    assert_eq!(refused.status().as_u16(), 426, "no WebSocket is asked for");
}

#[tokio::test]
async fn who_loses_access_hears_no_more() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let mut patient = subscriber(&server, "patient", &format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ content }}"#)).await;
    server.role("provider").run(&note(&talk, "One")).await;
    assert_eq!(patient.event("1").await, json!({ "noteAddedSubscription": { "content": "One" } }));
    let me = server.id("User", "patient").await;
    mutate(&server, "owner", &format!(r#"deleteConversationMembership(input: {{ conversation_id: "{talk}", user_id: "{me}" }})"#)).await;
    server.role("provider").run(&note(&talk, "Two")).await;
    patient.heard_nothing("1").await;
}

#[tokio::test]
async fn a_key_that_is_taken_back_hears_and_does_no_more() {
    let server = Server::start().await;
    let provider = server.id("User", "provider").await;
    let make = format!(r#"mutation {{ createApiKey(input: {{ name: "Chat", user_id: "{provider}" }}) {{ api_key }} }}"#);
    let key = server.role("owner").run(&make).await["createApiKey"]["api_key"].as_str().map(str::to_owned).expect("a key");
    let talk = server.id("Conversation", "patient").await;
    let mut cable = Cable::with_key(&server, &key).await;
    cable.open("1").await;
    cable.subscribe("1", &format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ content }}"#)).await;
    server.role("patient").run(&note(&talk, "One")).await;
    assert_eq!(cable.event("1").await, json!({ "noteAddedSubscription": { "content": "One" } }));
    server.caller(&key).run("mutation { revokeToken(input: {}) { messages { message } } }").await;
    server.role("patient").run(&note(&talk, "Two")).await;
    let refused = json!({ "errors": [{ "message": "The API key is no longer valid" }] });
    assert_eq!(cable.execute("1", "{ __typename }").await, (refused, false));
}

#[tokio::test]
async fn a_socket_has_so_many_channels_and_subscriptions_and_no_more() {
    const MOST: usize = 1_000;
    let server = Server::start().await;
    let mut cable = Cable::of_role(&server, "patient").await;
    for number in 0..MOST {
        cable.open(&number.to_string()).await;
    }
    cable.say(json!({ "command": "subscribe", "identifier": channel("more") }).to_string()).await;
    assert_eq!(cable.next().await, json!({ "identifier": channel("more"), "type": "reject_subscription" }));
    for _ in 0..MOST {
        cable.subscribe("0", "userUpdatedSubscription { id }").await;
    }
    let refused = json!({ "errors": [{ "message": "Too many subscriptions on one socket; open another" }] });
    assert_eq!(cable.execute("0", "subscription { userUpdatedSubscription { id } }").await, (refused, false));
    // Room is there again, and the others are as they were.
    cable.say(json!({ "command": "unsubscribe", "identifier": channel("0") }).to_string()).await;
    cable.subscribe("1", "userUpdatedSubscription { id }").await;
    cable.say(json!({ "command": "subscribe", "identifier": channel(&"x".repeat(5_000)) }).to_string()).await;
    assert_eq!(cable.next().await["type"], "reject_subscription");
}

#[tokio::test]
async fn the_rate_of_requests_is_limited_over_the_socket_too() {
    let server = Server::start().await;
    let limit = json!({ "rate_limit": { "per_second": 0, "burst": 1 } });
    let (status, told) = server.control("PATCH", "/sandboxes/default/settings", Some(limit)).await;
    assert_eq!(status, 200, "{told}");
    let mut cable = Cable::of_role(&server, "patient").await;
    cable.open("1").await;
    cable.heard_nothing("1").await;
    let (refused, more) = cable.execute("1", "{ __typename }").await;
    assert_eq!((&refused["errors"][0]["extensions"]["code"], more), (&json!("TOO_MANY_REQUESTS"), false));
}

#[tokio::test]
async fn sandboxes_hear_nothing_of_each_other_and_a_reset_sends_everybody_away() {
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let document = format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ content }}"#);
    let mut here = subscriber(&server, "patient", &document).await;
    let mut elsewhere = Cable::with_key(&server, "gh_sbox_other_patient").await;
    elsewhere.open("1").await;
    elsewhere.subscribe("1", &document).await;
    server.role("provider").run(&note(&talk, "Here")).await;
    assert_eq!(here.event("1").await["noteAddedSubscription"]["content"], "Here");
    elsewhere.heard_nothing("1").await;

    let (status, _) = server.control("POST", "/sandboxes/other/reset", None).await;
    assert_eq!(status, 200);
    assert_eq!(elsewhere.next().await, json!({ "type": "disconnect", "reason": "sandbox_reset", "reconnect": true }));
    assert_eq!(elsewhere.any().await, None);
    here.heard_nothing("1").await;
}

#[tokio::test]
async fn a_server_that_stops_asks_its_clients_to_come_back() {
    let server = Server::start().await;
    let mut cable = Cable::of_role(&server, "patient").await;
    let stopping = tokio::spawn(server.mock.stop());
    assert_eq!(cable.next().await, json!({ "type": "disconnect", "reason": "server_restart", "reconnect": true }));
    assert_eq!(cable.any().await, None);
    stopping.await.expect("no panic").expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_slowly_is_sent_away_and_delays_nobody() {
    const MANY: usize = 290;
    let server = Server::start().await;
    let talk = server.id("Conversation", "patient").await;
    let long = (0..40).map(|at| format!("c{at}: content")).collect::<Vec<_>>().join(" ");
    let mut slow = subscriber(&server, "patient", &format!(r#"noteAddedSubscription(conversationId: "{talk}") {{ {long} }}"#)).await;
    for _ in 0..MANY {
        server.role("provider").run(&note(&talk, &"x".repeat(50_000))).await;
    }
    let mut heard = 0;
    while let Some(frame) = slow.any().await {
        heard += usize::from(frame.get("message").is_some());
        if frame["type"] == "disconnect" {
            assert_eq!(frame, json!({ "type": "disconnect", "reason": "slow_consumer", "reconnect": true }));
        }
    }
    assert!(heard < MANY, "{heard} of {MANY}");
}
