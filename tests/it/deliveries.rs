//! Deliveries close up: their bytes, their order, and what becomes of them.

use crate::{
    receiver::Receiver,
    server::{Caller, Server, quiet},
};
use healthie_mock::config::{Config, Deliver, HostPair, WebhookFlag};
use serde_json::{Value, json};

/// As the owner in `default`; what `Mock-Commit` says of it.
async fn add_location(server: &Server, name: &str) -> String {
    let query = format!(r#"mutation {{ createLocation(input: {{ name: "{name}" }}) {{ location {{ id }} messages {{ message }} }} }}"#);
    let request = server.request(reqwest::Method::POST, "/graphql").header("Authorization", "Basic gh_sbox_default_owner");
    let response = request.json(&json!({ "query": query })).send().await.expect("the server is up");
    response.headers()["mock-commit"].to_str().expect("a number").to_owned()
}

async fn delivered(server: &Server, query: &str) -> Vec<Value> {
    let found = server.get(&format!("/sandboxes/default/deliveries?wait=10s&{query}")).await;
    found["deliveries"].as_array().expect("a list").clone()
}

async fn register(caller: &Caller<'_>, url: &str, event: &str) -> String {
    let made = caller
        .answer(
            "mutation ($url: String, $event: String) { createWebhook(input: { url: $url, event_type: $event }) { webhook { id } messages { message } } }",
            json!({ "url": url, "event": event }),
        )
        .await;
    made["data"]["createWebhook"]["webhook"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

#[tokio::test]
async fn a_delivery_carries_its_signature_and_says_where_it_comes_from() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/hooks/healthie?practiceId=42")]).await;
    let commit = add_location(&server, "Main office").await;
    let received = receiver.next().await;
    assert_eq!((&*received.path, &*received.query), ("/hooks/healthie", "practiceId=42"));
    assert!(received.verifies_with("whsec_default"), "{received:?}");
    assert_eq!(received.header("content-type"), "application/json");
    let parts = r#"sig1=("@method" "@path" "@query" "content-digest" "content-type" "content-length")"#;
    assert_eq!(received.header("signature-input"), parts);

    let shown = delivered(&server, "status=delivered&event_type=location.created").await[0].clone();
    let ours = ["mock-sandbox", "mock-delivery", "mock-attempt", "mock-commit"].map(|name| received.header(name));
    assert_eq!(ours, ["default", shown["id"].as_str().unwrap_or_default(), "1", &commit]);
    assert_eq!((&shown["body"], &shown["attempts"][0]["status"]), (&json!(received.body), &json!(200)), "{shown}");
    assert_eq!(shown["headers"]["Signature"], received.header("signature"));
    assert_eq!(received.json()["resource_id"].to_string(), shown["resource_id"].as_str().unwrap_or_default(), "a number");
}

#[tokio::test]
async fn an_attempt_is_a_sent_webhook() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");
    let webhook = register(&owner, &receiver.url("/in"), "location.created").await;
    add_location(&server, "Main office").await;
    let id = delivered(&server, "status=delivered").await[0]["resource_id"].clone();
    let sent = owner.run("{ sentWebhooks { webhook_id event_type resource_id resource_id_type http_response_status } }").await;
    assert_eq!(
        sent["sentWebhooks"],
        json!([{ "webhook_id": webhook, "event_type": "location.created", "resource_id": id, "resource_id_type": "Location", "http_response_status": "200" }])
    );
}

#[tokio::test]
async fn first_attempts_arrive_in_commit_order_one_at_a_time() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let mut commits = Vec::new();
    for number in 0..20 {
        commits.push(add_location(&server, &format!("Office {number}")).await);
    }
    delivered(&server, "status=delivered&count=20").await;
    let arrived: Vec<String> = receiver.all().iter().map(|delivery| delivery.header("mock-commit").to_owned()).collect();
    assert_eq!(arrived, commits);
    assert_eq!(receiver.most_at_once(), 1);
}

#[tokio::test]
async fn commits_at_the_same_time_are_delivered_once_each_and_in_order() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let server = std::sync::Arc::new(server);
    let calls: Vec<_> = (0..40)
        .map(|number| {
            let server = server.clone();
            tokio::spawn(async move { add_location(&server, &format!("Office {number}")).await })
        })
        .collect();
    let mut commits = Vec::new();
    for call in calls {
        commits.push(call.await.expect("no panic").parse::<u64>().expect("a number"));
    }
    commits.sort_unstable();
    delivered(&server, "status=delivered&count=40").await;
    let arrived: Vec<u64> = receiver.all().iter().map(|delivery| delivery.header("mock-commit").parse().expect("a number")).collect();
    assert_eq!(arrived, commits);
}

#[tokio::test]
async fn deliveries_are_found_by_whatever_is_known_of_them() {
    let (first, second) = (Receiver::start().await, Receiver::start().await);
    let server = Server::sending_to(&[first.url("/"), second.url("/")]).await;
    add_location(&server, "Main office").await;
    let commit = add_location(&server, "Annex").await;
    // By the time they are over: deliveries leave commits of their own, so that the second's number is not 2.
    let all = delivered(&server, "status=delivered&count=4").await;
    let last = &all[3];
    let of = |name: &str| last[name].as_str().expect("a text").to_owned();
    for (query, count) in [
        (format!("resource_id={}", of("resource_id")), 2),
        (format!("webhook_id={}", of("webhook_id")), 2),
        (format!("resource_id={}&webhook_id={}", of("resource_id"), of("webhook_id")), 1),
        (format!("commit={commit}"), 2),
        (format!("after={}", all[0]["id"].as_str().expect("a text")), 3),
        ("event_type=location.created&status=delivered".to_owned(), 4),
        ("status=pending".to_owned(), 0),
    ] {
        let found = server.get(&format!("/sandboxes/default/deliveries?{query}")).await;
        assert_eq!(found["deliveries"].as_array().map(Vec::len), Some(count), "{query}: {found}");
    }
}

#[tokio::test]
async fn a_receiver_may_call_the_api_from_its_handler_and_sees_the_change() {
    let receiver = Receiver::silent().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    add_location(&server, "Main office").await;
    let id = receiver.next().await.json()["resource_id"].to_string();
    let owner = server.role("owner");
    let seen = owner.run(&format!("{{ location(id: {id}) {{ name }} }}")).await;
    assert_eq!(seen["location"]["name"], "Main office");
    let renamed =
        owner.run(&format!("mutation {{ updateLocation(input: {{ id: \"{id}\", name: \"Annex\" }}) {{ location {{ name }} }} }}")).await;
    assert_eq!(renamed["updateLocation"]["location"]["name"], "Annex");
    receiver.may_answer(1);
}

#[tokio::test]
async fn settled_waits_for_what_is_due_and_shows_it() {
    let (silent, live) = (Receiver::silent().await, Receiver::answering(500).await);
    let server = Server::sending_to(&[silent.url("/"), live.url("/")]).await;
    let commit = add_location(&server, "Main office").await;
    let failed = delivered(&server, "status=retrying").await;
    assert_eq!((&failed[0]["url"], &failed[0]["attempts"][0]["status"]), (&json!(live.url("/")), &json!(500)));
    // Without a wait it says how things are; with one, time runs out.
    assert_eq!(server.get("/sandboxes/default/settled").await["settled"], false);
    let (status, body) = server.control("GET", "/sandboxes/default/settled?wait=1ms", None).await;
    assert_eq!((status, &body["settled"]), (408, &json!(false)), "{body}");
    assert_eq!(server.get("/sandboxes/default/settled?commit=999").await["settled"], true, "nothing of that commit is due");
    silent.may_answer(1);
    let settled = server.get(&format!("/sandboxes/default/settled?wait=PT10S&commit={commit}")).await;
    assert_eq!(settled["settled"], true, "{settled}");
    let several = delivered(&server, &format!("commit=999,%20{commit}")).await;
    assert_eq!(several.len(), 2, "as Mock-Commit has several: {several:?}");
    assert_eq!(server.get("/sandboxes/default/deliveries?commit=998,999").await["deliveries"], json!([]));
    let urls = |list: &str| settled[list].as_array().into_iter().flatten().map(|delivery| delivery["url"].clone()).collect::<Vec<_>>();
    assert_eq!((urls("deliveries"), urls("retrying")), (vec![json!(silent.url("/"))], vec![json!(live.url("/"))]), "{settled}");
}

#[tokio::test]
async fn a_wait_in_vain_says_what_came_nearest() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    add_location(&server, "Main office").await;
    delivered(&server, "status=delivered").await;
    let path = "/sandboxes/default/deliveries?event_type=location.deleted&status=delivered&wait=1ms";
    let (status, body) = server.control("GET", path, None).await;
    assert_eq!((status, &body["deliveries"]), (408, &json!([])), "{body}");
    assert_eq!(body["nearest"][0]["delivery"]["event_type"], "location.created", "{body}");
    assert_eq!(body["nearest"][0]["differs"], json!(["event_type is location.created, not location.deleted"]), "{body}");
}

#[tokio::test]
async fn a_refused_connection_is_a_failed_attempt() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("bound"))
    };
    let server = Server::sending_to(std::slice::from_ref(&gone)).await;
    add_location(&server, "Main office").await;
    let failed = delivered(&server, "status=retrying").await;
    let attempt = &failed[0]["attempts"][0];
    assert!(attempt["status"].is_null() && attempt["error"].as_str().unwrap_or_default().contains("refused"), "{attempt}");
    let sent = "{ sentWebhooks { url http_response_status event_type } webhooks { webhook_events { event_type first_failed_at } } }";
    let sent = server.role("owner").run(sent).await;
    assert_eq!(sent["sentWebhooks"], json!([{ "url": gone, "http_response_status": null, "event_type": "location.created" }]));
    let events = sent["webhooks"][0]["webhook_events"].as_array().expect("a list");
    let failing: Vec<_> = events.iter().filter(|event| !event["first_failed_at"].is_null()).map(|event| &event["event_type"]).collect();
    assert_eq!(failing, ["location.created"]);
}

#[tokio::test]
async fn the_first_success_ends_the_count_of_failures() {
    let receiver = Receiver::answering(500).await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    add_location(&server, "Main office").await;
    let failed = delivered(&server, "status=retrying").await;
    assert_eq!(failed[0]["attempts"][0]["status"], 500);
    receiver.answer_with(204);
    add_location(&server, "Second office").await;
    delivered(&server, "status=delivered").await;
    let events = server.role("owner").run("{ webhooks { webhook_events { first_failed_at last_failed_at } } }").await.to_string();
    assert!(!events.contains("20"), "a time of failure is left in {events}");
}

#[tokio::test]
async fn a_reset_or_delete_drops_what_waits_and_answers_once_nothing_is_under_way() {
    for (method, path) in [("POST", "/sandboxes/default/reset"), ("PUT", "/sandboxes/default"), ("DELETE", "/sandboxes/other")] {
        let receiver = Receiver::silent().await;
        let server = Server::sending_to(&[receiver.url("/")]).await;
        let name = if path.ends_with("other") { "other" } else { "default" };
        let owner = server.caller(&format!("gh_sbox_{name}_owner"));
        for _ in 0..3 {
            owner.run(r#"mutation { createLocation(input: { name: "Office" }) { location { id } } }"#).await;
        }
        receiver.next().await;
        let ending = server.control(method, path, None);
        tokio::pin!(ending);
        // The delivery under way is not answered yet, so that the call isn't either.
        tokio::select! {
            biased;
            _ = &mut ending => panic!("{method} {path} did not wait"),
            () = async { for _ in 0..5 { server.get("/health").await; } } => {}
        }
        receiver.may_answer(1);
        assert_eq!(ending.await.0, 200, "{method} {path}");
        assert_eq!(receiver.all().len(), 1, "{method} {path}: what waited is gone");
        assert_eq!(server.get(&format!("/sandboxes/{name}/deliveries")).await["deliveries"], json!([]));
    }
}

#[tokio::test]
async fn who_waits_for_a_delivery_is_answered_when_its_sandbox_is_reset() {
    let server = Server::start().await;
    let waiting = server.request(reqwest::Method::GET, "/_mock/sandboxes/default/deliveries?wait=10m").send();
    let waiting = tokio::spawn(waiting);
    // Whether it waits already or comes to the fresh sandbox cannot be told from outside, but for one of the resets it did.
    while !waiting.is_finished() {
        assert_eq!(server.control("POST", "/sandboxes/default/reset", None).await.0, 200);
    }
    assert_eq!(waiting.await.expect("no panic").expect("up").status(), 408);
}

#[tokio::test]
async fn every_new_sandbox_has_the_webhook_of_the_flag_for_its_events_only() {
    let receiver = Receiver::start().await;
    let webhook = format!("{}=location.created", receiver.url("/all")).parse().expect("an address");
    let server = Server::start_with(Config { webhooks: vec![webhook], ..quiet() }).await;
    let owner = server.caller("gh_sbox_ci-4_owner");
    owner.run(r#"mutation { createTag(input: { name: "unheard" }) { tag { id } } }"#).await;
    owner.run(r#"mutation { createLocation(input: { name: "Main office" }) { location { id } } }"#).await;
    let delivery = receiver.next().await;
    assert!(delivery.verifies_with("whsec_ci-4"), "{delivery:?}");
    assert_eq!((delivery.header("mock-sandbox"), &delivery.json()["event_type"]), ("ci-4", &json!("location.created")));
    let settled = server.get("/sandboxes/ci-4/settled?wait=10s").await;
    assert_eq!(settled["deliveries"].as_array().map(Vec::len), Some(1), "{settled}");
}

#[tokio::test]
async fn a_mapped_host_changes_the_connection_and_nothing_that_is_signed() {
    let receiver = Receiver::start().await;
    for host in ["receiver.example", "192.0.2.1"] {
        let map_host = vec![HostPair { from: host.to_owned(), to: "127.0.0.1".to_owned() }];
        let webhook = format!("http://{host}:{}/in", receiver.port()).parse().expect("an address");
        let server = Server::start_with(Config { map_host, webhooks: vec![webhook], ..quiet() }).await;
        add_location(&server, "Main office").await;
        let delivery = receiver.next().await;
        assert_eq!(delivery.header("host"), format!("{host}:{}", receiver.port()));
        assert!(delivery.verifies_with("whsec_default"), "{delivery:?}");
    }
}

#[tokio::test]
async fn a_test_delivery_is_sent_on_demand() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");
    let id = register(&owner, &receiver.url("/in"), "patient.created").await;
    let sent = owner
        .answer("mutation ($id: ID!) { sendTestWebhook(input: { id: $id }) { sent messages { message } } }", json!({ "id": id }))
        .await;
    assert_eq!(sent["data"]["sendTestWebhook"], json!({ "sent": true, "messages": null }), "{sent}");
    let delivery = receiver.next().await;
    assert_eq!((&delivery.json()["event_type"], &delivery.json()["resource_id_type"]), (&json!("test.created"), &json!("Test")));
    server.get("/sandboxes/default/settled?wait=10s").await;
    let sent = owner.run("{ sentWebhooks { event_type resource_id_type } }").await;
    assert_eq!(sent["sentWebhooks"], json!([{ "event_type": "test.created", "resource_id_type": "Test" }]));
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_waits_for_no_receiver_and_answers_who_does() {
    let silent = Receiver::silent().await;
    let server = Server::sending_to(&[silent.url("/")]).await;
    add_location(&server, "Main office").await;
    silent.next().await;
    let waiting = tokio::spawn(server.request(reqwest::Method::GET, "/_mock/sandboxes/default/settled?wait=10m").send());
    // Another call behind it: the first is under way by then, or refused at the door.
    server.get("/health").await;
    server.mock.stop().await.expect("nothing holds it up");
    drop(waiting);
}

#[tokio::test]
async fn a_new_secret_signs_what_happens_from_then_on() {
    let server = Server::start().await;
    let receiver = Receiver::silent().await;
    let owner = server.role("owner");
    let id = register(&owner, &receiver.url("/in"), "location.created").await;
    let secret = async || {
        let seen = owner.run("{ webhooks { signature_secret } }").await;
        seen["webhooks"][0]["signature_secret"].as_str().expect("its own").to_owned()
    };
    let old = secret().await;
    // One is under way, one waits behind it.
    owner.add_location("Main office").await;
    owner.add_location("Annex").await;
    receiver.next().await;
    owner.run(&format!("mutation {{ expireWebhookSignature(input: {{ id: {id} }}) {{ webhook {{ id }} }} }}")).await;
    owner.add_location("Attic").await;
    receiver.may_answer(3);
    let (waited, new) = (receiver.next().await, receiver.next().await);
    assert!(waited.verifies_with(&old), "{waited:?}");
    assert!(new.verifies_with(&secret().await) && !new.verifies_with(&old), "{new:?}");
}

#[tokio::test]
async fn sent_webhooks_are_found_by_time_resource_and_outcome() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    let receiver = Receiver::start().await;
    receiver.answer_in_turn(&[500, 200]);
    let owner = server.role("owner").in_version("2026-01-01");
    register(&server.role("owner"), &receiver.url("/in"), "location.created").await;
    let office = owner.add_location("Main office").await;
    // The first attempt fails, the second of a minute later succeeds; so does that of the next location, at last.
    server.clock(json!({ "advance": "1h" })).await;
    receiver.answer_in_turn(&[200]);
    let annex = owner.add_location("Annex").await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    for (filter, expected) in [
        ("failed: true".to_owned(), vec![(&office, "500")]),
        ("failed: false".to_owned(), vec![(&annex, "200"), (&office, "200")]),
        (format!("resource_id: \"{office}\""), vec![(&office, "200"), (&office, "500")]),
        ("resource_type: LOCATION".to_owned(), vec![(&annex, "200"), (&office, "200"), (&office, "500")]),
        ("resource_type: NOTE".to_owned(), vec![]),
        ("sent_after: \"2026-03-02T15:30:00Z\"".to_owned(), vec![(&annex, "200")]),
        ("sent_after: \"2026-03-02T14:00:00Z\", sent_before: \"2026-03-02T15:00:30Z\"".to_owned(), vec![(&office, "500")]),
        ("sent_before: \"2026-03-02T15:00:30Z\"".to_owned(), vec![(&annex, "200"), (&office, "200"), (&office, "500")]),
    ] {
        let seen = owner.run(&format!("{{ sentWebhooks({filter}) {{ nodes {{ resource_id http_response_status }} }} }}")).await;
        let nodes = seen["sentWebhooks"]["nodes"].as_array().unwrap_or_else(|| panic!("{seen}")).iter();
        let text = |node: &Value, field: &str| node[field].as_str().unwrap_or_default().to_owned();
        let found: Vec<_> = nodes.map(|node| (text(node, "resource_id"), text(node, "http_response_status"))).collect();
        let expected: Vec<_> = expected.into_iter().map(|(id, status)| (id.clone(), status.to_owned())).collect();
        assert_eq!(found, expected, "{filter}");
    }
}

/// One webhook for everything, in a server that delivers as said.
async fn delivering(deliver: Deliver, url: &str) -> Server {
    let webhooks = vec![WebhookFlag { url: url.to_owned(), events: vec![] }];
    Server::start_with(Config { deliver, webhooks, ..quiet() }).await
}

const TAG: &str = r#"mutation { createTag(input: {name: "urgent"}) { tag { id } } }"#;
const PATIENT: &str =
    r#"mutation { createClient(input: {first_name: "Ada", last_name: "Lund", email: "ada.lund@example.org"}) { user { id } } }"#;

#[tokio::test]
async fn in_sync_the_receiver_has_it_before_the_caller_has_the_answer_and_may_call_itself() {
    let receiver = Receiver::start().await;
    let server = delivering(Deliver::Sync, &receiver.url("/hook")).await;
    server.role("owner").run(PATIENT).await;
    let statuses: Vec<Value> = server.get("/sandboxes/default/deliveries").await["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert!(!statuses.is_empty() && statuses.iter().all(|status| status == "delivered"), "{statuses:?}");

    // A receiver that changes something while it is told of a change: an answer to the inner call must not wait for the outer one.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
    let server = std::sync::Arc::new(delivering(Deliver::Sync, &url).await);
    let inner = server.clone();
    let handler = axum::Router::new().fallback(move |body: String| {
        let server = inner.clone();
        async move {
            if body.contains("patient.created") {
                server.role("owner").run(r#"mutation { createLocation(input: {name: "told"}) { location { id } } }"#).await;
            }
        }
    });
    tokio::spawn(async move { axum::serve(listener, handler).await });
    server.role("owner").run(PATIENT).await;
    let deliveries = server.get("/sandboxes/default/deliveries").await;
    let told: Vec<(&str, &str)> = deliveries["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["event_type"].as_str().expect("text"), it["status"].as_str().expect("text")))
        .collect();
    assert!(told.contains(&("patient.created", "delivered")) && told.contains(&("location.created", "delivered")), "{told:?}");
    assert!(told.iter().all(|(_, status)| *status == "delivered"), "{told:?}");
}

#[tokio::test]
async fn collected_deliveries_are_recorded_and_never_leave() {
    let receiver = Receiver::start().await;
    let server = delivering(Deliver::Collect, &receiver.url("/hook")).await;
    server.role("owner").run(PATIENT).await;
    let found = server.get("/sandboxes/default/deliveries?event_type=patient.created&wait=5s").await;
    let delivery = &found["deliveries"][0];
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("pending"), &json!([])));
    assert_eq!(server.get("/sandboxes/default/settled?wait=5s").await["settled"], true);
    let (status, advanced) = server.control("POST", "/sandboxes/default/clock", Some(json!({ "advance": "P4D" }))).await;
    assert_eq!(status, 200, "{advanced}");
    assert!(receiver.all().is_empty());
}

#[tokio::test]
async fn deliveries_to_fetch_wait_for_whoever_fetches_and_reports() {
    let server = delivering(Deliver::Pull, "http://nowhere.example/hook?a=b").await;
    let pull = "/sandboxes/default/pull";
    assert_eq!(server.control("POST", pull, None).await.0, 204);
    let (fetched, ()) = tokio::join!(server.control("POST", "/sandboxes/default/pull?wait=20s", None), async {
        server.role("owner").run(TAG).await;
        server.role("owner").run(PATIENT).await;
    });
    let (status, delivery) = fetched;
    assert_eq!((status, &delivery["url"], &delivery["attempt"]), (200, &json!("http://nowhere.example/hook?a=b"), &json!(1)));
    let names: Vec<&str> = delivery["headers"].as_array().expect("a list").iter().filter_map(|pair| pair[0].as_str()).collect();
    assert!(names.contains(&"Signature") && names.contains(&"Mock-Delivery"), "{names:?}");
    let report = format!("/sandboxes/default/deliveries/{}/report", delivery["id"].as_str().expect("an id"));
    let (status, _) = server.control("POST", &report, Some(json!({ "attempt": 1, "status": 500 }))).await;
    assert_eq!(status, 200);
    let (status, refused) = server.control("POST", &report, Some(json!({ "attempt": 1, "status": 200 }))).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_under_way")));
    // It comes again when its time has come, behind what waits already.
    server.control("POST", "/sandboxes/default/clock", Some(json!({ "advance": "2m" }))).await;
    let mut seen = vec![];
    while let (200, next) = server.control("POST", pull, None).await {
        seen.push((next["id"].clone(), next["attempt"].clone()));
    }
    assert_eq!(seen.last(), Some(&(delivery["id"].clone(), json!(2))), "{seen:?}");
    // A report of the first attempt that comes late leaves the second one under way.
    let report_of = |attempt: u8| server.control("POST", &report, Some(json!({ "attempt": attempt, "status": 200 })));
    assert_eq!((report_of(1).await.0, report_of(2).await.0), (409, 200));
    // What others fetched is never reported: a reset doesn't wait for it.
    let reset = server.control("POST", "/sandboxes/default/reset", None);
    let (status, _) = tokio::time::timeout(std::time::Duration::from_secs(30), reset).await.expect("sooner than a lease ends");
    assert_eq!(status, 200);
    let elsewhere = Server::start().await;
    let (status, refused) = elsewhere.control("POST", pull, None).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_pulled")));
}

#[tokio::test]
async fn plain_deliveries_have_the_sandbox_s_headers_alone() {
    let receiver = Receiver::start().await;
    let webhooks = vec![WebhookFlag { url: receiver.url("/hook"), events: vec![] }];
    let server = Server::start_with(Config { plain_deliveries: true, webhooks, ..quiet() }).await;
    server.role("owner").run(PATIENT).await;
    let found = server.get("/sandboxes/default/deliveries?event_type=patient.created&status=delivered&wait=5s").await;
    let names: Vec<&str> = found["deliveries"][0]["headers"].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["Content-Type", "Content-Digest", "Signature-Input", "Signature"]);
    assert!(receiver.all().iter().all(|call| call.headers.keys().all(|name| !name.as_str().starts_with("mock-"))), "a header of ours");
}
