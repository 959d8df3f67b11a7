//! What a server tells of itself while it runs: the stream of what happens in a sandbox, and what is counted.

use crate::{
    receiver::Receiver,
    server::{Caller, Server},
};
use serde_json::{Value, json};
use std::collections::HashSet;

struct Stream {
    answer: reqwest::Response,
    read: String,
}

/// `(event, id, data)`
type Told = (String, String, Value);

impl Stream {
    async fn open(server: &Server, query: &str, last: Option<&str>) -> Self {
        let mut request = server.request(reqwest::Method::GET, &format!("/_mock/sandboxes/default/stream{query}"));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let answer = request.send().await.expect("the server is up");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, read: String::new() }
    }

    /// None when the stream has ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
                let told = (field("event:"), field("id:"), serde_json::from_str(&field("data:")).unwrap_or(Value::Null));
                self.read = rest.to_owned();
                return Some(told);
            }
            let chunk = self.answer.chunk().await.ok()??;
            self.read += std::str::from_utf8(&chunk).expect("UTF-8");
        }
    }

    async fn until(&mut self, is: impl Fn(&Told) -> bool) -> Vec<Told> {
        let mut all = vec![];
        while let Some(told) = self.next().await {
            let last = is(&told);
            all.push(told);
            if last {
                return all;
            }
        }
        panic!("the stream ended: {all:?}");
    }
}

fn delivered(told: &Told) -> bool {
    told.0 == "delivery" && told.2["status"] == "delivered"
}

async fn followers(server: &Server) -> String {
    let page = metrics(server).await;
    page.lines().find(|line| line.starts_with("healthie_mock_followers ")).expect("there").to_owned()
}

async fn metrics(server: &Server) -> String {
    let answer = server.request(reqwest::Method::GET, "/_mock/metrics").send().await.expect("the server is up");
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    answer.text().await.expect("text")
}

async fn add(owner: &Caller<'_>, name: &str) {
    owner.add_location(name).await;
}

#[tokio::test]
async fn a_stream_tells_what_happens_and_goes_on_where_it_stopped() {
    let receiver = Receiver::start().await;
    let server = Server::start().await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/hook"), "location.created").await;
    let mut stream = Stream::open(&server, "", None).await;
    add(&owner, "First").await;
    let told = stream.until(delivered).await;
    let kinds: HashSet<&str> = told.iter().map(|(kind, _, _)| kind.as_str()).collect();
    assert_eq!(kinds, HashSet::from(["commit", "request", "delivery"]), "{told:?}");
    let commit = &told.iter().find(|(kind, _, _)| kind == "commit").expect("there").2;
    let listed = server.get("/sandboxes/default/commits?after=1").await;
    assert_eq!(*commit, listed["commits"][0], "as the list shows it");
    let request = &told.iter().find(|(kind, _, _)| kind == "request").expect("there").2;
    assert_eq!(request["root_fields"], json!(["createLocation"]), "what was before is not told");

    let last = told.last().expect("there").1.clone();
    drop(stream);
    add(&owner, "Missed").await;
    let mut again = Stream::open(&server, "?types=commit,delivery", Some(&last)).await;
    let told = again.until(delivered).await;
    assert!(told.iter().all(|(kind, _, _)| kind != "request"), "{told:?}");
    let missed = told.iter().filter(|(_, _, data)| data["cause"] == "createLocation").count();
    assert_eq!(missed, 1, "once, and nothing that was told before: {told:?}");
}

#[tokio::test]
async fn a_stream_ends_with_its_sandbox_and_leaves_nothing_behind() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let mut stream = Stream::open(&server, "?types=commit", None).await;
    add(&owner, "One").await;
    let (_, id, _) = stream.next().await.expect("the commit");
    server.control("POST", "/sandboxes/default/reset", None).await;
    assert_eq!(stream.next().await, None, "the sandbox is gone");
    add(&owner, "Two").await;
    let mut stream = Stream::open(&server, "?types=commit", Some(&id)).await;
    assert_eq!(stream.next().await.expect("the commit").2["number"], 1, "the new sandbox, from its start");
    let mut others = vec![];
    for _ in 0..20 {
        others.push(Stream::open(&server, "", None).await);
    }
    assert_eq!(followers(&server).await, "healthie_mock_followers 21");
    drop((stream, others));
    while followers(&server).await != "healthie_mock_followers 0" {}
    let (status, refused) = server.control("GET", "/sandboxes/default/stream?types=commit,mood", None).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!("bad_request")), "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap_or_default().contains("types=request,commit,delivery"), "{refused}");
}

#[tokio::test]
async fn a_reader_that_missed_what_the_rings_have_dropped_is_told_what_there_is() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let mut stream = Stream::open(&server, "?types=commit", None).await;
    add(&owner, "Start").await;
    let (_, id, _) = stream.next().await.expect("the commit");
    drop(stream);
    let dropped = async || server.get("/health").await["rings"]["commits"]["dropped"].as_u64();
    while dropped().await == Some(0) {
        let many: Vec<String> =
            (0..20).map(|at| format!("a{at}: createLocation(input: {{ name: \"x\" }}) {{ location {{ id }} }}")).collect();
        owner.run(&format!("mutation {{ {} }}", many.join(" "))).await;
    }
    let mut again = Stream::open(&server, "?types=commit", Some(&id)).await;
    let first = again.next().await.expect("a commit").2;
    assert_eq!(first, server.get("/sandboxes/default/commits").await["commits"][0], "the oldest that is left");
}

#[tokio::test]
async fn metrics_are_prometheus_text_with_bounded_labels() {
    let receiver = Receiver::start().await;
    let server = Server::start().await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/hook"), "location.created").await;
    owner.add_location("Annex").await;
    owner.answer("{ nothing }", Value::Null).await;
    server.get("/sandboxes/default/settled?wait=5s").await;
    let page = metrics(&server).await;
    let (mut families, mut samples) = (HashSet::new(), HashSet::new());
    for line in page.lines() {
        if let Some(about) = line.strip_prefix("# ") {
            let words: Vec<&str> = about.splitn(3, ' ').collect();
            assert!(words.len() == 3 && ["HELP", "TYPE"].contains(&words[0]), "{line}");
            if words[0] == "TYPE" {
                assert!(["counter", "gauge", "histogram"].contains(&words[2]) && families.insert(words[1].to_owned()), "{line}");
            }
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        assert!(value.parse::<f64>().is_ok_and(|value| value >= 0.0) && samples.insert(sample.to_owned()), "{line}");
        let (name, labels) = sample.split_once('{').map_or((sample, ""), |(name, labels)| (name, labels.strip_suffix('}').expect(line)));
        let family = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(families.contains(family), "{line} has no type");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once('=').expect(line);
            assert!(label.bytes().all(|byte| byte.is_ascii_lowercase()) && value.starts_with('"') && value.ends_with('"'), "{line}");
        }
    }
    for there in [
        r#"healthie_mock_operations_total{kind="mutation",status="200",result="ok"} 2"#,
        r#"healthie_mock_operations_total{kind="none",status="200",result="errors"} 1"#,
        "healthie_mock_operation_duration_seconds_count 3",
        r#"healthie_mock_deliveries{status="delivered"} 1"#,
        r#"healthie_mock_deliveries{status="pending"} 0"#,
        "healthie_mock_sandboxes 1",
        r#"healthie_mock_ring_dropped{ring="commits"} 0"#,
    ] {
        assert!(page.lines().any(|line| line == there), "{there} is not in\n{page}");
    }
    let count = |page: &str| page.lines().count();
    for name in ["one", "two", "three"] {
        server.get(&format!("/sandboxes/{name}")).await;
        server.role("owner").run(&format!("query {name} {{ currentUser {{ id }} }}")).await;
    }
    assert_eq!(count(&metrics(&server).await), count(&page), "whatever happens, no label gets more values");
}
