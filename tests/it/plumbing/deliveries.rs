use super::receiver::Receiver;
use super::served::Served;
use healthie_mock::webhooks::signature;
use serde_json::{Value as Json, json};

async fn delivered(served: &Served, query: &str) -> Json {
    let found = served.get(&format!("/_mock/sandboxes/default/deliveries?wait=5s&{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    found.json()["deliveries"].clone()
}

#[tokio::test]
async fn a_delivery_carries_its_signature_and_says_where_it_comes_from() {
    let receiver = Receiver::start().await;
    let served = Served::sending_to(&[&format!("{}/hooks/healthie?practiceId=42", receiver.url)]).await;
    let commit = served.add_location("Main office").await;
    let shown = delivered(&served, "status=delivered&event_type=location.created").await[0].clone();
    receiver.read(|received| {
        let [delivery] = received else { panic!("{} deliveries", received.len()) };
        assert_eq!(delivery.path, "/hooks/healthie?practiceId=42");
        let expected = signature::sign("whsec_default", "/hooks/healthie", "practiceId=42", &delivery.body);
        assert_eq!(delivery.header("content-digest"), expected.content_digest());
        assert_eq!(delivery.header("signature"), expected.header());
        assert_eq!(delivery.header("signature-input"), signature::SIGNATURE_INPUT);
        assert_eq!(delivery.header("content-type"), "application/json");
        let ours = ["mock-sandbox", "mock-delivery", "mock-attempt", "mock-commit"].map(|name| delivery.header(name));
        assert_eq!(ours, ["default", shown["id"].as_str().unwrap(), "1", &commit]);
        assert_eq!(shown["body"].as_str().unwrap().as_bytes(), delivery.body);
        assert_eq!(shown["headers"]["Signature"], delivery.header("signature"));
        let body: Json = serde_json::from_slice(&delivery.body).unwrap();
        assert_eq!(body["resource_id"].as_u64().unwrap().to_string(), shown["resource_id"].as_str().unwrap());
    });
    assert_eq!(shown["attempts"][0]["status"], 200);
}

#[tokio::test]
async fn first_attempts_arrive_in_commit_order_one_at_a_time() {
    let receiver = Receiver::start().await;
    let served = Served::sending_to(&[&receiver.url]).await;
    let mut commits = Vec::new();
    for number in 0..20 {
        commits.push(served.add_location(&format!("Office {number}")).await);
    }
    delivered(&served, "status=delivered&count=20").await;
    let arrived: Vec<String> =
        receiver.read(|received| received.iter().map(|delivery| delivery.header("mock-commit").to_owned()).collect());
    assert_eq!(arrived, commits);
    assert_eq!(receiver.most_at_once(), 1);
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_nobody_else() {
    let (silent, live) = (Receiver::silent().await, Receiver::start().await);
    let served = Served::sending_to(&[&silent.url, &live.url]).await;
    for number in 0..5 {
        served.add_location(&format!("Office {number}")).await;
    }
    let sent = delivered(&served, "status=delivered&count=5").await;
    assert!(sent.as_array().unwrap().iter().all(|delivery| delivery["url"] == live.url));
    let pending = served.get("/_mock/sandboxes/default/deliveries?status=pending").await.json();
    assert_eq!(pending["deliveries"].as_array().unwrap().len(), 5);
    let unsettled = served.get("/_mock/sandboxes/default/settled").await;
    assert_eq!((unsettled.status, &unsettled.json()["settled"]), (200, &json!(false)));
    silent.may_answer(5);
    let settled = served.get("/_mock/sandboxes/default/settled?wait=PT5S").await.json();
    assert_eq!((&settled["settled"], settled["deliveries"].as_array().unwrap().len()), (&json!(true), 10));
    assert_eq!(silent.most_at_once(), 1);
}

#[tokio::test]
async fn a_refused_connection_is_a_failed_attempt() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let served = Served::sending_to(&[&gone]).await;
    served.add_location("Main office").await;
    let failed = delivered(&served, "status=failed").await;
    let attempt = &failed[0]["attempts"][0];
    assert!(attempt["status"].is_null() && attempt["error"].as_str().unwrap().contains("refused"), "{attempt}");
    let sent = "{ sentWebhooks { url http_response_status event_type } webhooks { webhook_events { event_type first_failed_at } } }";
    let sent = served.ask("gh_sbox_default_owner", sent).await.json();
    assert_eq!(sent["data"]["sentWebhooks"], json!([{ "url": gone, "http_response_status": null, "event_type": "location.created" }]));
    let events = sent["data"]["webhooks"][0]["webhook_events"].as_array().unwrap().clone();
    let failing: Vec<_> = events.iter().filter(|event| !event["first_failed_at"].is_null()).map(|event| &event["event_type"]).collect();
    assert_eq!(failing, ["location.created"]);
}

#[tokio::test]
async fn the_first_success_ends_the_count_of_failures() {
    let receiver = Receiver::start().await;
    receiver.answer_with(500);
    let served = Served::sending_to(&[&receiver.url]).await;
    served.add_location("Main office").await;
    let failed = delivered(&served, "status=failed").await;
    assert_eq!(failed[0]["attempts"][0]["status"], 500);
    receiver.answer_with(204);
    served.add_location("Second office").await;
    delivered(&served, "status=delivered").await;
    let events = served.ask("gh_sbox_default_owner", "{ webhooks { webhook_events { first_failed_at last_failed_at } } }").await;
    assert!(!events.text.contains("20"), "a time of failure is left in {}", events.text);
}

#[tokio::test]
async fn a_reset_drops_what_waits_and_answers_once_nothing_is_under_way() {
    let receiver = Receiver::silent().await;
    let served = Served::sending_to(&[&receiver.url]).await;
    for number in 0..3 {
        served.add_location(&format!("Office {number}")).await;
    }
    while receiver.read(<[_]>::is_empty) {
        tokio::task::yield_now().await;
    }
    let reset = served.post("/_mock/sandboxes/default/reset", "");
    tokio::pin!(reset);
    // The delivery under way is not answered yet, so that the reset isn't either.
    assert!(futures_ready(&mut reset, &served).await, "the reset did not wait");
    receiver.may_answer(1);
    assert_eq!(reset.await.status, 200);
    assert_eq!(receiver.read(<[_]>::len), 1);
    assert_eq!(served.get("/_mock/sandboxes/default/deliveries").await.json()["deliveries"], json!([]));
}

/// True when the reset still waits after other calls were answered.
async fn futures_ready<F: Future>(reset: &mut std::pin::Pin<&mut F>, served: &Served) -> bool {
    tokio::select! {
        biased;
        _ = reset => false,
        () = async { for _ in 0..5 { served.get("/_mock/health").await; } } => true,
    }
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent() {
    let receiver = Receiver::start().await;
    let served = Served::with(healthie_mock::config::Config {
        webhooks: vec![format!("{}=location.deleted", receiver.url).parse().unwrap()],
        ..Default::default()
    })
    .await;
    let commit = served.add_location("Main office").await;
    let settled = served.get(&format!("/_mock/sandboxes/default/settled?wait=5s&commit={commit}")).await.json();
    assert_eq!((&settled["settled"], &settled["deliveries"]), (&json!(true), &json!([])));
}
