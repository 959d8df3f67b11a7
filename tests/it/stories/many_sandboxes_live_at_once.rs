//! Two hundred sandboxes in one server, each with a webhook and a clock of its own, as a large test suite runs them.

use crate::{receiver::Receiver, server::Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

const NOW: &str = "2026-03-02T15:00:00Z";
const MANY: u32 = 200;

/// What a team knows of its sandbox.
struct Team {
    number: u32,
    secret: String,
    location: String,
}

impl Team {
    /// Registers a webhook, sets its clock on by as many minutes as its number says, and changes something.
    async fn begin(server: Arc<Server>, number: u32, url: String) -> Self {
        let owner = server.caller(&format!("gh_sbox_team-{number}_owner"));
        owner.hook(&url, "location.created").await;
        let hooks = owner.run("{ webhooks { signature_secret } }").await;
        let secret = hooks["webhooks"][0]["signature_secret"].as_str().expect("its own").to_owned();
        advance(&server, number, number).await;
        let location = owner.add_location(&format!("Office {number}")).await;
        settled(&server, number).await;
        Self { number, secret, location }
    }
}

async fn advance(server: &Server, team: u32, minutes: u32) -> Value {
    let path = format!("/sandboxes/team-{team}/clock");
    let (status, clock) = server.control("POST", &path, Some(json!({ "advance": format!("{minutes}m") }))).await;
    assert_eq!(status, 200, "{clock}");
    clock
}

/// The only delivery of a team, once it isn't due.
async fn settled(server: &Server, team: u32) -> Value {
    let settled = server.get(&format!("/sandboxes/team-{team}/settled?wait=60s")).await;
    let both = ["deliveries", "retrying"].into_iter().flat_map(|list| settled[list].as_array().into_iter().flatten());
    let known: Vec<&Value> = both.collect();
    assert_eq!(known.len(), 1, "team {team}: {settled}");
    known[0].clone()
}

/// How often each path has heard of something.
fn heard(receiver: &Receiver) -> BTreeMap<String, usize> {
    let mut heard = BTreeMap::new();
    for told in receiver.all() {
        *heard.entry(told.path.clone()).or_default() += 1;
    }
    heard
}

fn at(minutes: u32) -> String {
    let now: Timestamp = NOW.parse().expect("a time");
    (now + SignedDuration::from_mins(minutes.into())).to_string()
}

#[tokio::test]
async fn none_of_two_hundred_hears_of_another_or_moves_its_clock() {
    let server = Arc::new(Server::standing_at(NOW).await);
    let (well, ill) = (Receiver::start().await, Receiver::answering(500).await);
    let mut beginning = JoinSet::new();
    for number in 0..MANY {
        // The odd ones' receiver is down.
        let url = if number % 2 == 0 { &well } else { &ill }.url(&format!("/team-{number}"));
        beginning.spawn(Team::begin(server.clone(), number, url));
    }
    let teams: BTreeMap<u32, Team> = beginning.join_all().await.into_iter().map(|team| (team.number, team)).collect();

    for told in well.all().into_iter().chain(ill.all()) {
        let sandbox = told.header("mock-sandbox");
        assert_eq!(told.path, format!("/{sandbox}"));
        let team = &teams[&sandbox.trim_start_matches("team-").parse().expect("a number")];
        assert!(told.verifies_with(&team.secret), "{told:?}");
        assert_eq!(told.json()["resource_id"].to_string(), team.location);
    }
    let once = |rest: u32, of: u32| (rest..MANY).step_by(of as usize).map(|number| (format!("/team-{number}"), 1)).collect();
    assert_eq!((heard(&well), heard(&ill)), (once(0, 2), once(1, 2)));
    for number in 0..MANY {
        let delivery = settled(&server, number).await;
        assert_eq!(delivery["attempts"][0]["at"], at(number), "by its own clock: {delivery}");
        assert_eq!(delivery["next_attempt_at"], if number % 2 == 0 { Value::Null } else { json!(at(number + 1)) });
    }

    // Half of those that wait let a minute pass, one begins anew. The others' deliveries stay as they are.
    ill.answer_with(200);
    let mut going_on = JoinSet::new();
    for number in (1..MANY).step_by(4) {
        let server = server.clone();
        going_on.spawn(async move { advance(&server, number, 1).await });
    }
    going_on.join_all().await;
    assert_eq!(server.control("POST", "/sandboxes/team-3/reset", None).await.0, 200);
    let expected: BTreeMap<String, usize> =
        (1..MANY).step_by(2).map(|number| (format!("/team-{number}"), if number % 4 == 1 { 2 } else { 1 })).collect();
    assert_eq!(heard(&ill), expected);
    for number in (7..MANY).step_by(4) {
        let delivery = settled(&server, number).await;
        assert_eq!((&delivery["status"], &delivery["next_attempt_at"]), (&json!("retrying"), &json!(at(number + 1))));
        advance(&server, number, 1).await;
        assert_eq!(settled(&server, number).await["status"], "delivered");
    }
    assert_eq!(server.get("/sandboxes/team-3/deliveries").await["deliveries"], json!([]));
}
