//! What holds for whatever a socket sends. Shared by the fuzz target and by the bounded run in `tests/frames.rs`.

use healthie_mock::{
    config::Config,
    domain,
    engine::Catalogue,
    http::{Channels, Server},
    sandboxes::{Caller, DEFAULT, Options, Preset, Sandboxes, SeedSource},
    schema::Version,
    seeds::{SeedError, Seeded, Seeds},
    webhooks::{Courier, Roads},
};
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

const KEY: &str = "gh_sbox_default_patient";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// One for all runs: what they do to its data stays.
static SERVER: LazyLock<Arc<Server>> = LazyLock::new(|| {
    let catalogue = domain::catalogue();
    let courier = Courier::new(Roads::default(), RUNTIME.handle().clone()).expect("no roads to read");
    let options = Options { seed: "clinic".to_owned(), now: Some(now()), most: 10, webhooks: Vec::<Preset>::new(), unique_ids: false };
    let sandboxes = Sandboxes::new(catalogue.clone(), Arc::new(courier), Arc::new(Clinic(catalogue)), options);
    Server::new(sandboxes.expect("the built-in seed is sound"), &Config::default())
});

struct Clinic(Arc<Catalogue>);

impl SeedSource for Clinic {
    fn names(&self) -> Vec<String> {
        vec!["clinic".to_owned()]
    }

    fn seeded(&self, _: &str, now: jiff::Timestamp) -> Result<Seeded, String> {
        Seeds::builtin().state(&self.0, now).map_err(|error: SeedError| error.to_string())
    }
}

fn now() -> jiff::Timestamp {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

/// Panics where a frame of `text`, one a line, breaks a promise; says how many frames it was answered with. `TALK` stands for the
/// patient's conversation.
pub fn hold(text: &str) -> usize {
    let sandbox = SERVER.sandboxes.get(DEFAULT).expect("it always exists");
    let talk = sandbox.records()["Conversation"]["patient"].to_string();
    let Ok(Caller { sandbox, viewer }) = SERVER.sandboxes.identify(Some(KEY), None) else { panic!("the clinic has a patient") };
    let scene = sandbox.world.scene(viewer, Version::V2024_06_01, "http://localhost".into());
    let (mut channels, mut notices) = Channels::open(&SERVER, sandbox, scene, KEY);
    let mut answers = vec![];
    for line in text.lines() {
        answers.extend(channels.hear(&line.replace("TALK", &talk)));
        while let Ok(notice) = notices.try_recv() {
            answers.extend(channels.tell(&notice));
        }
    }
    for frame in &answers {
        is_a_frame(frame);
    }
    answers.len()
}

fn is_a_frame(frame: &str) {
    let frame: serde_json::Value = serde_json::from_str(frame).expect("a frame is JSON");
    assert!(frame["identifier"].is_string(), "{frame}");
    match frame["type"].as_str() {
        Some(is) => assert!(["confirm_subscription", "reject_subscription"].contains(&is), "{frame}"),
        None => {
            let message = &frame["message"];
            assert!(message["more"].is_boolean() && message["result"].is_object(), "{frame}");
            let result = &message["result"];
            assert!(result.get("data").is_some() || result.get("errors").is_some(), "{frame}");
        }
    }
}
