//! Webhooks on their way: what one costs, how long it takes, what it leaves behind.

use super::{
    Row, Scale,
    client::{Client, load},
    process::{Server, key, median, since},
    receiver::{self, Receiver},
    rows::{patients, update},
    sender,
};
use anyhow::{Context, ensure};
use std::{
    thread,
    time::{Duration, Instant},
};

const ROLE: &str = "integration";
/// How many addresses hear of each change, so how many deliveries are under way at once.
const ADDRESSES: usize = 8;
/// A commit each, so a hundred a second.
const PACE: Duration = Duration::from_millis(10);
const PATIENCE: &str = "120s";

/// CPU for one delivery, from the commit to its record: that of changes which are delivered but for that of changes which are
/// not; beside a loop of requests that does nothing else.
pub fn cpu(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let receiver = receiver::prompt()?;
    let (server, quiet) = (busy(&receiver)?, Server::mock(&[])?);
    let id = patients(&server, 1)?[0];
    let each = scale.of(2_000, 50);
    flood(&server, &receiver, id, each / 4)?;
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let (before, arrived) = (server.cpu()?, receiver.arrived());
        flood(&server, &receiver, id, each)?;
        let (loud, delivered) = (server.cpu()? - before, receiver.arrived() - arrived);
        let before = quiet.cpu()?;
        load(quiet.address, &key(ROLE), each, &|number| update(id, arrived + number))?;
        let ours = (loud - (quiet.cpu()? - before)) * 1e6 / delivered as f64;
        let (headers, sent) = receiver.latest().context("nothing was delivered")?;
        let bare = sender::cost(&receiver.url, ADDRESSES, delivered, &headers, &sent)?;
        rounds.push((ours, bare));
    }
    let measured = median(rounds.iter().map(|(ours, bare)| ours / bare).collect());
    let ours = median(rounds.iter().map(|(ours, _)| *ours).collect());
    let bare = median(rounds.iter().map(|(_, bare)| *bare).collect());
    let (a_second, at_most) = (1e6 / ours, 1e6 / bare);
    let what = format!("a delivery: CPU against a bare reqwest loop ({a_second:.0} a second of CPU, bare {at_most:.0})");
    Ok(vec![Row { what, measured, hold: 2.0, aim: 1.5, unit: "×" }])
}

/// From before the call: what the client waits for, so more than from the commit. At a hundred commits a second.
pub fn receipt(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let receiver = receiver::prompt()?;
    let server = Server::mock(&["--webhook", &receiver.url])?;
    let id = patients(&server, 1)?[0];
    let mut client = server.client(ROLE)?;
    client.graphql(&update(id, u64::MAX))?;
    settle(&mut client)?;
    let mut times = Vec::new();
    for number in 0..scale.of(2_000, 50) {
        let started = Instant::now();
        let arrived = receiver.arrived();
        client.graphql(&update(id, number))?;
        let arrival = receiver.wait(arrived, Duration::from_secs(5)).context("no delivery")?;
        times.push((arrival - started).as_secs_f64() * 1000.0);
        thread::sleep(PACE.saturating_sub(started.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    let late = times[times.len() * 99 / 100];
    let what = |which: &str| format!("call to receipt of its webhook at 100 commits a second, {which}");
    let row = |which, measured, hold, aim| Row { what: what(which), measured, hold, aim, unit: "ms" };
    Ok(vec![row("median", median(times), 2.0, 1.0), row("99 in 100", late, 10.0, 5.0)])
}

/// Retries that succeed at the next try.
pub fn retries(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let receiver = receiver::prompt()?;
    let server = Server::mock(&["--webhook", &receiver.url, "--now", "2031-03-03T09:00:00Z"])?;
    let id = patients(&server, 1)?[0];
    let mut client = server.client(ROLE)?;
    let many = scale.of(10_000, 100);
    receiver.answer(500);
    load(server.address, &key(ROLE), many, &|number| update(id, number))?;
    settle(&mut client)?;
    receiver.answer(200);
    let (arrived, started) = (receiver.arrived(), Instant::now());
    client.call("POST", "/_mock/sandboxes/default/clock", r#"{"advance": "2m"}"#)?;
    let taken = since(started) / 1000.0;
    let retried = receiver.arrived() - arrived;
    ensure!(retried >= many, "{retried} retries of {many}");
    let part = retried as f64 / 10_000.0;
    let what = format!("advancing past {retried} pending retries that succeed");
    Ok(vec![Row { what, measured: taken, hold: 5.0 * part, aim: 2.5 * part, unit: "s" }])
}

/// What deliveries leave behind.
pub fn memory(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let receiver = receiver::prompt()?;
    let server = busy(&receiver)?;
    let id = patients(&server, 1)?[0];
    flood(&server, &receiver, id, 50)?;
    let (before, many) = (server.memory()?, scale.of(1_000_000, 2_000));
    let arrived = receiver.arrived();
    while receiver.arrived() - arrived < many {
        flood(&server, &receiver, id, 500)?;
    }
    let what = format!("memory after {} deliveries, over before", receiver.arrived() - arrived);
    Ok(vec![Row { what, measured: server.memory()? - before, hold: 32.0, aim: 16.0, unit: "MiB" }])
}

/// Each change is delivered to several addresses.
fn busy(receiver: &Receiver) -> anyhow::Result<Server> {
    let urls: Vec<String> = (0..ADDRESSES).map(|number| format!("{}{number}", receiver.url)).collect();
    Server::mock(&urls.iter().flat_map(|url| ["--webhook", url]).collect::<Vec<_>>())
}

/// Makes `many` changes, and waits for their deliveries.
fn flood(server: &Server, receiver: &Receiver, id: u64, many: u64) -> anyhow::Result<()> {
    // Never the name that the client has already.
    let past = receiver.arrived();
    load(server.address, &key(ROLE), many, &|number| update(id, past + number))?;
    settle(&mut server.client(ROLE)?)
}

fn settle(client: &mut Client) -> anyhow::Result<()> {
    client.call("GET", &format!("/_mock/sandboxes/default/settled?wait={PATIENCE}"), "").map(drop)
}
