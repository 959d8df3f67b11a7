//! Each URL has a lane of its own.

use crate::{receiver::Receiver, server::Server};
use serde_json::json;
use std::sync::Arc;
use tokio::{net::TcpListener, sync::Notify};

#[tokio::test]
async fn a_live_receiver_hears_everything_while_another_hangs() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let live = Receiver::start().await;
    // Takes the connection and never answers.
    let hanging = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let dead = format!("http://{}/dead", hanging.local_addr().expect("bound"));
    let reached = Arc::new(Notify::new());
    let holder = tokio::spawn({
        let reached = reached.clone();
        async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = hanging.accept().await {
                held.push(stream);
                reached.notify_one();
            }
        }
    });
    for url in [dead, live.url("/live")] {
        let made = owner
            .answer(
                "mutation ($url: String) { createWebhook(input: { url: $url, event_type: \"patient.created\" }) { webhook { id } messages { message } } }",
                json!({ "url": url }),
            )
            .await;
        assert!(made["data"]["createWebhook"]["webhook"]["id"].is_string(), "{made}");
    }
    for name in ["One", "Two", "Three"] {
        owner.run(&format!("mutation {{ createClient(input: {{ first_name: \"{name}\", last_name: \"Test\", skipped_email: true }}) {{ user {{ id }} }} }}")).await;
    }
    reached.notified().await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(live.next().await.json()["resource_id"].as_u64().expect("a number"));
    }
    assert!(heard.is_sorted(), "in commit order: {heard:?}");
    server.get("/sandboxes/default/deliveries?status=delivered&count=3&wait=5s").await;
    let pending = server.get("/sandboxes/default/deliveries?status=pending").await;
    assert_eq!(pending["deliveries"].as_array().map(Vec::len), Some(3), "{pending}");
    holder.abort();
}
