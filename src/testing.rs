//! A seeded world for the tests in `domain`: GraphQL in, whole answers and announced events out.

use crate::{
    domain,
    engine::{Background, Catalogue, Row, Settings, World, table},
    env::Clock,
    graphql::{Answerer, Request},
    schema::{Named, Version, names::SentMail},
    seeds::{Seeded, Seeds},
};
use jiff::Timestamp;
use std::{
    cell::Cell,
    sync::{Arc, LazyLock},
};

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(domain::catalogue);
/// Seeded once: a state is a value, and each clinic's world goes on from it.
static SEEDED: LazyLock<Seeded> = LazyLock::new(|| Seeds::builtin().state(&CATALOGUE, now()).expect("the built-in seed is sound"));
static ANSWERER: LazyLock<Answerer> = LazyLock::new(Answerer::default);

fn now() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

/// The seed `clinic` on Monday 2 March 2026, ten in the morning in New York. The clock stands still.
pub struct Clinic {
    pub world: Arc<World>,
    role: &'static str,
    version: Version,
    /// The last commit that [`Clinic::events`] told of.
    told: Cell<u64>,
}

impl Clinic {
    /// As the owner sees it, in the baseline version.
    pub fn open() -> Self {
        let world = Arc::new(World::new("test", "test", CATALOGUE.clone(), SEEDED.state.clone(), Clock::Frozen(now())));
        Self { world, role: "owner", version: Version::V2024_06_01, told: Cell::new(0) }
    }

    /// The same world through another role's eyes; `nobody` calls without a key.
    pub fn as_role(&self, role: &'static str) -> Self {
        Self { role, ..self.same() }
    }

    /// The same world in another version.
    pub fn in_version(&self, version: Version) -> Self {
        Self { version, ..self.same() }
    }

    fn same(&self) -> Self {
        Self { world: self.world.clone(), role: self.role, version: self.version, told: Cell::new(self.told.get()) }
    }

    /// The whole answer to a document, errors included.
    #[track_caller]
    pub fn run(&self, document: &str) -> serde_json::Value {
        let viewer = match self.role {
            "nobody" => crate::engine::Viewer::nobody(),
            role => self.world.identify(role).unwrap_or_else(|| panic!("nobody holds the key '{role}'")),
        };
        let scene = self.world.scene(viewer, self.version, "http://localhost:4000".into());
        let response = ANSWERER.answer(&self.world, &scene, &Request { query: Some(document), ..Request::default() });
        serde_json::from_slice(&response.body).expect("an answer is JSON")
    }

    /// Runs one mutation (`createTag(input: {…})`) and expects it to be turned down for exactly these reasons.
    #[track_caller]
    pub fn refuses(&self, mutation: &str, expected: &[(&str, &str)]) {
        let answer = self.run(&format!("mutation {{ answer: {mutation} {{ messages {{ field message }} }} }}"));
        let messages = answer["data"]["answer"]["messages"].as_array();
        let messages = messages.unwrap_or_else(|| panic!("{mutation} was not refused: {answer}"));
        let told: Vec<_> = messages
            .iter()
            .map(|message| (message["field"].as_str().unwrap_or_default(), message["message"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!(told, expected, "{mutation}");
    }

    /// The id of a seeded record, by its handle, as the API prints it.
    #[track_caller]
    pub fn id(&self, ty: &str, handle: &str) -> String {
        let id = SEEDED.records.get(ty).and_then(|records| records.get(handle));
        id.unwrap_or_else(|| panic!("the clinic has no {ty} '{handle}'")).to_string()
    }

    /// The names of the events that commits announced since the last call, in order.
    pub fn events(&self) -> Vec<String> {
        let since = self.told.get();
        self.world.commits(|commits| {
            self.told.set(commits.iter().last().map_or(since, |commit| commit.number));
            let new = commits.iter().filter(|commit| commit.number > since);
            new.flat_map(|commit| commit.events.iter()).map(|event| event.def.name().to_owned()).collect()
        })
    }

    /// Kind and address of each mail that would have been sent.
    pub fn mails(&self) -> Vec<(String, String)> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let mails = self.world.snapshot();
        let mails = mails.state.all(table(SentMail::TYPE)).cloned().map(Row::<SentMail>::new);
        mails.map(|mail| (text(mail.get(SentMail::kind)), text(mail.get(SentMail::to)))).collect()
    }

    /// What Healthie makes in the background waits for the clock.
    pub fn in_background(&self) {
        self.world.set_settings(Settings { background: Background::OnClock, ..Settings::default() });
    }

    /// Moves the clock and runs what falls due on the way.
    pub fn advance(&self, by: jiff::SignedDuration) {
        let until = self.world.now().saturating_add(by).expect("within the calendar");
        self.world.run_due(until);
        self.world.set_clock(Clock::Frozen(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_an_id() {
        let clinic = Clinic::open();
        assert_ne!(clinic.id("User", "patient"), clinic.id("User", "patient2"));
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_document_is_answered() {
        let clinic = Clinic::open().as_role("nobody").in_version(Version::V2026_01_01);
        insta::assert_json_snapshot!(clinic.run("{ __typename }"), @r#"
        {
          "data": {
            "__typename": "Query"
          }
        }
        "#);
    }
}
