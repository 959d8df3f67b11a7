//! Subscriptions over a WebSocket: the frames, and who hears of what.

use crate::cable::{Cable, channel};
use crate::server::Server;
use serde_json::json;

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
