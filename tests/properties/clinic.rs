//! The built-in clinic, everybody who calls, and one operation at a time.

use healthie_mock::{
    domain,
    engine::{Catalogue, Viewer, World, table},
    env::Clock,
    graphql::{Answerer, Limits, Request},
    schema::{TypeId, Version},
    seeds::{Seeded, Seeds},
    state::{File, Record, State},
};
use serde_json::Value as Json;
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// Calls without a key.
pub const NOBODY: &str = "nobody";

/// How root fields may begin what they say in `errors`, each because Healthie is known to say it there.
const ALLOWED_ERRORS: &[(&str, &str)] = &[
    // Documented: to those who may not ask.
    ("auditLog", "Unauthorized"),
    ("insurancePayments", "Unauthorized"),
    ("cms1500", "You don't have permission to perform this operation."),
    ("cms1500s", "You don't have permission to perform this operation."),
    // Documented: what the page needs to know of the patient.
    ("dosespot_ui_link", "Patient is missing required fields: "),
    // Documented: the history is fetched only after the patient has consented.
    ("surescriptsReportedMedicationHistory", "The patient has not consented"),
    // They answer with a bare union, and have no other place for what they refuse.
    ("createSharings", ""),
    ("deleteSharings", ""),
];

pub struct Clinic {
    pub catalogue: Arc<Catalogue>,
    /// The roles with a key, and nobody.
    pub callers: Vec<String>,
    state: State,
    now: jiff::Timestamp,
    records: BTreeMap<TypeId, Records>,
    answerer: Answerer,
}

/// The ids of a type's records, the record that holds the most first.
pub struct Records {
    pub own: Vec<u64>,
    /// Those of the second organization.
    pub others: Vec<u64>,
}

impl Clinic {
    pub fn open() -> Self {
        let now = "2026-03-02T15:00:00Z".parse().expect("a time");
        let catalogue = domain::catalogue();
        let Seeded { state, roles, .. } = Seeds::builtin().state(&catalogue, now).expect("the built-in seed is sound");
        let callers = roles.into_iter().map(|role| role.secret).chain([NOBODY.to_owned()]).collect();
        let clinic = Self { catalogue, callers, state, now, records: BTreeMap::new(), answerer: Answerer::within(Limits::NONE) };
        let world = clinic.world();
        clinic.after(&world)
    }

    /// A world of its own, as the clinic stands.
    pub fn world(&self) -> World {
        World::new("test", "test", self.catalogue.clone(), self.state.clone(), Clock::Frozen(self.now))
    }

    /// With all that has happened in `world`.
    pub fn after(mut self, world: &World) -> Self {
        self.state = world.snapshot().state.clone();
        let keyless = self.callers.iter().filter(|caller| world.identify(caller).is_none());
        assert_eq!(keyless.collect::<Vec<_>>(), [NOBODY], "everybody else has a key");
        let other = world.identify("outsider").map_or(0, |outsider| outsider.organization());
        self.records = TypeId::all().map(|ty| (ty, Records::of(&self.state, ty, other))).collect();
        self
    }

    pub fn records(&self, ty: TypeId) -> &Records {
        &self.records[&ty]
    }

    /// The bytes that `caller` is answered with. Err for a panic.
    pub fn ask(&self, world: &World, caller: &str, version: Version, query: &str, variables: &Json) -> Result<Vec<u8>, String> {
        let viewer = world.identify(caller).unwrap_or_else(Viewer::nobody);
        let scene = world.scene(viewer, version, "http://localhost".into());
        let variables = variables.to_string();
        let files = [Arc::new(File::new(Some("a.txt"), "text/plain", b"a".as_slice().into()))];
        let request = Request { query: Some(query), operation_name: None, variables: Some(&variables), files: &files };
        let response = catch_unwind(AssertUnwindSafe(|| self.answerer.answer(world, &scene, &request)));
        response.map(|response| response.body).map_err(|panic| format!("panics: {}", panic_text(panic.as_ref())))
    }
}

/// The `data` of an answer. Err for what is no JSON, and for errors that are not allowed.
pub fn data(body: &[u8]) -> Result<Json, String> {
    let mut answer: Json = serde_json::from_slice(body).map_err(|error| format!("answers with no JSON: {error}"))?;
    let errors = answer["errors"].as_array().into_iter().flatten();
    let forbidden: Vec<String> = errors.filter(|error| !is_allowed(error)).map(Json::to_string).collect();
    if forbidden.is_empty() { Ok(answer["data"].take()) } else { Err(format!("answers with errors: {}", forbidden.join(", "))) }
}

impl Records {
    fn of(state: &State, ty: TypeId, other: u64) -> Self {
        let mut all: Vec<_> = state.all(table(ty)).collect();
        all.sort_by_key(|record| std::cmp::Reverse(record.values().count()));
        let (others, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|record| record.tenant() == other);
        let ids = |records: Vec<&Arc<Record>>| records.into_iter().map(|record| record.id()).collect();
        Self { own: ids(own), others: ids(others) }
    }
}

fn is_allowed(error: &Json) -> bool {
    ALLOWED_ERRORS
        .iter()
        .any(|(field, message)| error["path"][0] == *field && error["message"].as_str().is_some_and(|text| text.starts_with(message)))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}
