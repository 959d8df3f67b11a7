//! The rows of the table, in its order.

use super::{
    Row, Scale,
    client::{Client, load},
    deliveries, documents,
    process::{BINARY, Server, key, median, since},
    receiver, subscribers,
};
use anyhow::{Context, ensure};
use healthie_mock::{
    domain,
    engine::World,
    env::{Clock, machine_time},
    seeds::Seeds,
};
use serde_json::{Value, json};
use std::{
    fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

type Measure = fn(Scale) -> anyhow::Result<Vec<Row>>;

/// By the names that choose them.
pub const ALL: &[(&str, Measure)] = &[
    ("start", start),
    ("one-object query", one_object),
    ("never-seen document", never_seen),
    ("new document", documents::new),
    ("hostile document", documents::hostile),
    ("list", list),
    ("mutation", mutation),
    ("large clinic", large_clinic),
    ("generated", generated),
    ("fork", fork),
    ("sandboxes", sandboxes),
    ("many sandboxes", many_sandboxes),
    ("clinic memory", clinic_memory),
    ("traffic memory", traffic_memory),
    ("binary", binary),
    ("receipt", deliveries::receipt),
    ("delivery", deliveries::cpu),
    ("retries", deliveries::retries),
    ("delivery memory", deliveries::memory),
    ("idle subscriptions", subscribers::idle),
    ("subscribers", subscribers::event),
];

/// Who calls.
const ROLE: &str = "integration";
/// Alternating, so that what else the machine does falls on both.
const ROUNDS: u64 = 5;
const ONE: &str = "query One($id: ID) { user(id: $id) { id first_name last_name email } }";

fn start(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let mut times = Vec::new();
    for _ in 0..scale.of(20, 3) {
        let started = Instant::now();
        let server = Server::mock(&[])?;
        let answer = data(server.client(ROLE)?.graphql(&operation("{ currentUser { id } }", &json!({})))?)?;
        ensure!(answer["currentUser"]["id"].is_string(), "a wrong answer: {answer}");
        times.push(since(started));
    }
    let what = "process start to the first right answer, clinic seeded".to_owned();
    Ok(vec![Row { what, measured: median(times), hold: 40.0, aim: 20.0, unit: "ms" }])
}

fn one_object(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&[])?;
    let body = operation(ONE, &json!({ "id": patients(&server, 1)?[0] }));
    against_bare("one-object query, known document", (2.5, 1.8), &server, scale.of(20_000, 200), &|_| body.clone())
}

fn never_seen(scale: Scale) -> anyhow::Result<Vec<Row>> {
    // More documents than there is room for plans, so that none is still known when its turn comes again.
    let server = Server::mock(&["--seed", "clinic:20000"])?;
    let ids = patients(&server, scale.of(20_000, 200) as usize)?;
    let body = |number: u64| {
        let id = ids[number as usize % ids.len()];
        operation(&format!("{{ user(id: {id}) {{ id first_name last_name email }} }}"), &json!({}))
    };
    against_bare("the same with a new literal each time", (7.0, 5.0), &server, scale.of(20_000, 200), &body)
}

fn list(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&["--seed", "clinic:200"])?;
    let query = "{ users(page_size: 100) { id first_name last_name email created_at } }";
    let listed = data(server.client(ROLE)?.graphql(&operation(query, &json!({})))?)?;
    ensure!(listed["users"].as_array().map(Vec::len) == Some(100), "the list is not of 100");
    let body = operation(query, &json!({}));
    against_bare("list of 100 × 5 fields, known document", (6.0, 4.0), &server, scale.of(5_000, 100), &|_| body.clone())
}

fn mutation(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let (_receiver, url) = receiver::silent()?;
    let server = Server::mock(&["--webhook", &url])?;
    let id = patients(&server, 1)?[0];
    let body = |number: u64| update(id, number);
    let rows = against_bare("a mutation that a webhook wants", (7.0, 4.0), &server, scale.of(8_000, 200), &body)?;
    let kept = server.client(ROLE)?.call("GET", "/_mock/sandboxes/default/settled", "")?.to_vec();
    ensure!(!String::from_utf8_lossy(&kept).contains("\"settled\":true"), "nothing was queued");
    Ok(rows)
}

fn large_clinic(scale: Scale) -> anyhow::Result<Vec<Row>> {
    // Each patient comes with some seventeen records: a million of them against a thousand.
    let many = scale.of(60_000, 2_000);
    let few = 60;
    let small = Server::mock(&["--seed", &format!("clinic:{few}")])?;
    let large = Server::mock(&["--seed", &format!("clinic:{many}")])?;
    let of = |server: &Server| patients(server, 1).map(|ids| ids[0]);
    let (in_small, in_large) = (of(&small)?, of(&large)?);
    let visits = "query Page($id: ID) { appointments(user_id: $id, filter: \"all\", page_size: 10) { id date } }";
    let count = "query Count($id: ID) { appointmentsCount(user_id: $id, filter: \"all\") }";
    let asked = [
        ("a get", ONE),
        ("a page of 10", "{ users(page_size: 10, offset: 20) { id first_name } }"),
        ("a page of a client's visits", visits),
        ("a count of all", "{ usersCount }"),
        ("a count by reference", count),
    ];
    let mut rows = Vec::new();
    for (what, query) in asked {
        let body = |id: u64| operation(query, &if query.contains("$id") { json!({ "id": id }) } else { json!({}) });
        let (small_body, large_body) = (body(in_small), body(in_large));
        let each = scale.of(10_000, 200);
        let mut ratios = Vec::new();
        for _ in 0..ROUNDS {
            let base = cost(&small, each, &|_| small_body.clone())?;
            ratios.push(cost(&large, each, &|_| large_body.clone())? / base);
        }
        rows.push(Row {
            what: format!("{what}: {many} patients and their history against {few}"),
            measured: median(ratios),
            hold: 1.5,
            aim: 1.1,
            unit: "×",
        });
    }
    Ok(rows)
}

/// 20 µs are 50,000 records a second.
fn generated(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let catalogue = domain::catalogue();
    let seed = Seeds::load(&format!("clinic:{}", scale.of(10_000, 100)))?;
    let mut times = Vec::new();
    let mut records = 0;
    for _ in 0..3 {
        let started = Instant::now();
        let state = seed.state(&catalogue, machine_time())?.state;
        let taken = since(started);
        records = state.tables().map(|table| state.len(table)).sum::<usize>();
        times.push(taken * 1000.0 / records as f64);
    }
    Ok(vec![Row { what: format!("one of {records} generated records"), measured: median(times), hold: 20.0, aim: 10.0, unit: "µs" }])
}

fn fork(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let catalogue = domain::catalogue();
    let seed = Seeds::load(&format!("clinic:{}", scale.of(6_000, 100)))?;
    let state = seed.state(&catalogue, machine_time())?.state;
    let records: usize = state.tables().map(|table| state.len(table)).sum();
    let times = |act: &dyn Fn()| {
        let times = (0..1_000).map(|_| {
            let started = Instant::now();
            act();
            since(started) * 1000.0
        });
        median(times.collect())
    };
    let snapshot = times(&|| drop(black_box(state.clone())));
    let world = World::new("default", "bench", catalogue.clone(), state.clone(), Clock::default());
    let fork = times(&|| {
        let taken = world.snapshot().state.clone();
        drop(black_box(World::new("fork", "bench", catalogue.clone(), taken, world.clock())));
    });
    let row = |what: &str, measured| Row { what: format!("{what} of {records} records"), measured, hold: 10.0, aim: 1.0, unit: "µs" };
    Ok(vec![row("snapshot", snapshot), row("fork (a world of its own)", fork)])
}

fn sandboxes(scale: Scale) -> anyhow::Result<Vec<Row>> {
    populated(scale.of(1_000, 10))
}

fn many_sandboxes(scale: Scale) -> anyhow::Result<Vec<Row>> {
    populated(scale.of(10_000, 20))
}

fn populated(many: u64) -> anyhow::Result<Vec<Row>> {
    let receiver = receiver::prompt()?;
    let server = Server::mock(&["--max-sandboxes", "20000"])?;
    populate(&server, "first", &receiver.url)?;
    let before = server.memory()?;
    for number in 0..many {
        populate(&server, &format!("n{number}"), &receiver.url)?;
    }
    while receiver.wait(receiver.arrived(), Duration::from_millis(500)).is_some() {}
    ensure!(receiver.arrived() > many, "{} visits were announced", receiver.arrived());
    let what = format!("{many} sandboxes, each with one webhook and one appointment, over one");
    let measured = server.memory()? - before;
    let part = many as f64 / 1_000.0;
    Ok(vec![Row { what, measured, hold: 60.0 * part, aim: 30.0 * part, unit: "MiB" }])
}

/// Makes the sandbox by using its key: a webhook for visits, and a visit.
fn populate(server: &Server, sandbox: &str, url: &str) -> anyhow::Result<()> {
    let mut client = Client::connect(server.address, &format!("gh_sbox_{sandbox}_owner"))?;
    let webhook = "mutation($url: String) { createWebhook(input: { url: $url, webhook_events: [{ event_type: \"appointment.created\" }], \
                   is_enabled: true }) { webhook { id } messages { message } } }";
    let made = data(client.graphql(&operation(webhook, &json!({ "url": url })))?)?;
    ensure!(made["createWebhook"]["webhook"]["id"].is_string(), "no webhook: {made}");
    let people = data(client.graphql(&operation("{ users(page_size: 1) { id } currentUser { id } }", &json!({})))?)?;
    let types = data(client.graphql(&operation("{ appointmentTypes { id } }", &json!({})))?)?;
    let book =
        "mutation($input: createAppointmentInput) { createAppointment(input: $input) { appointment { id } messages { field message } } }";
    let input = json!({
        "user_id": people["users"][0]["id"],
        "other_party_id": people["currentUser"]["id"],
        "appointment_type_id": types["appointmentTypes"][0]["id"],
        "contact_type": "Phone Call",
        "datetime": "2031-03-03 10:00:00",
    });
    let booked = data(client.graphql(&operation(book, &json!({ "input": input })))?)?;
    ensure!(booked["createAppointment"]["appointment"]["id"].is_string(), "no appointment: {booked}");
    Ok(())
}

fn clinic_memory(_: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&[])?;
    let id = patients(&server, 1)?[0];
    server.client(ROLE)?.graphql(&operation(ONE, &json!({ "id": id })))?;
    let what = "resident memory with the clinic".to_owned();
    Ok(vec![Row { what, measured: server.memory()?, hold: 25.0, aim: 15.0, unit: "MiB" }])
}

fn traffic_memory(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&[])?;
    let id = patients(&server, 1)?[0];
    let read = operation(ONE, &json!({ "id": id }));
    let body = |number: u64| if number.is_multiple_of(2) { read.clone() } else { update(id, number) };
    load(server.address, &key(ROLE), 100, &body)?;
    let before = server.memory()?;
    let many = scale.of(1_000_000, 2_000);
    load(server.address, &key(ROLE), many, &body)?;
    let what = format!("memory after {many} calls, reads and updates of one record in turn, over before");
    Ok(vec![Row { what, measured: server.memory()? - before, hold: 32.0, aim: 16.0, unit: "MiB" }])
}

fn binary(_: Scale) -> anyhow::Result<Vec<Row>> {
    // The image's binary stands beside ours, where `tests/empty-root` has built it.
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let of_image = Path::new(BINARY).ancestors().nth(2).context("no target folder")?.join(target).join("release/healthie-mock");
    let binaries = [("release binary, stripped", Path::new(BINARY)), ("the same, static", &of_image)];
    let found = binaries.into_iter().filter_map(|(what, path)| Some((what, fs::metadata(path).ok()?.len())));
    Ok(found.map(|(what, size)| Row { what: what.to_owned(), measured: size as f64 / 1e6, hold: 20.0, aim: 12.0, unit: "MB" }).collect())
}

/// A ratio of CPU a request, in one row; the microseconds beside it.
fn against_bare(
    what: &str,
    (hold, aim): (f64, f64),
    server: &Server,
    each: u64,
    body: &(impl Fn(u64) -> String + Sync),
) -> anyhow::Result<Vec<Row>> {
    let answer = server.client(ROLE)?.graphql(&body(u64::MAX / 2))?.to_vec();
    let bare = Server::bare(&answer)?;
    // Each round has numbers of its own.
    cost(server, each / 4, &|number| body(ROUNDS * each + number))?;
    cost(&bare, each / 4, &|number| body(ROUNDS * each + number))?;
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let numbered = |number| body(round * each + number);
        let base = cost(&bare, each, &numbered)?;
        rounds.push((cost(server, each, &numbered)?, base));
    }
    let measured = median(rounds.iter().map(|(ours, base)| ours / base).collect());
    let ours = median(rounds.iter().map(|(ours, _)| *ours).collect());
    let base = median(rounds.iter().map(|(_, base)| *base).collect());
    let what = format!("{what}: CPU against bare axum ({ours:.1} µs over {base:.1} µs)");
    Ok(vec![Row { what, measured, hold, aim, unit: "×" }])
}

/// Microseconds of CPU that the server uses for one of `many` requests.
fn cost(server: &Server, many: u64, body: &(impl Fn(u64) -> String + Sync)) -> anyhow::Result<f64> {
    let before = server.cpu()?;
    load(server.address, &key(ROLE), many, body)?;
    Ok((server.cpu()? - before) * 1e6 / many as f64)
}

pub fn update(id: u64, number: u64) -> String {
    let query = "mutation Rename($id: ID, $name: String) { updateClient(input: { id: $id, first_name: $name }) \
                 { user { id first_name last_name email } messages { field message } } }";
    operation(query, &json!({ "id": id, "name": format!("N{number:020}") }))
}

pub fn operation(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

pub fn data(body: &[u8]) -> anyhow::Result<Value> {
    let mut body: Value = serde_json::from_slice(body)?;
    Ok(body["data"].take())
}

/// The ids of the first `many` patients.
pub fn patients(server: &Server, many: usize) -> anyhow::Result<Vec<u64>> {
    let mut client = server.client(ROLE)?;
    let mut ids = Vec::new();
    while ids.len() < many {
        let query = "query($offset: Int, $size: Int) { users(offset: $offset, page_size: $size) { id } }";
        let page = data(client.graphql(&operation(query, &json!({ "offset": ids.len(), "size": many.min(100) })))?)?;
        let page = page["users"].as_array().context("no patients")?;
        ensure!(!page.is_empty(), "only {} patients", ids.len());
        ids.extend(page.iter().filter_map(|user| user["id"].as_str()?.parse::<u64>().ok()));
    }
    ids.truncate(many);
    Ok(ids)
}
