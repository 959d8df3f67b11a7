//! What documents cost that are seen for the first time, and those that mean harm.

use super::{
    Row, Scale,
    process::{median, since},
};
use anyhow::{Context, ensure};
use healthie_mock::{
    domain,
    engine::{Scene, World},
    env::{Clock, machine_time},
    graphql::{Answerer, Request},
    schema::Version,
    seeds::Seeds,
};
use std::{hint::black_box, time::Instant};

#[path = "../../fuzz/hostile.rs"]
mod shapes;

/// Twenty-nine fields; asked of two people they come to sixty.
const FIELDS: &str = "id first_name last_name email dob gender phone_number created_at
    dietitian { id first_name last_name email } providers { id first_name } user_group { id name }
    location { id name line1 city state zip } active_tags { id name }";

pub fn new(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let (world, scene) = clinic()?;
    let answerer = Answerer::default();
    let mut times = Vec::new();
    for number in 0..scale.of(2_000, 50) {
        let document = document(number);
        let started = Instant::now();
        let answer = answerer.answer(&world, &scene, &request(&document, None));
        times.push(since(started) * 1000.0);
        ensure!(answer.report.errors.is_empty(), "refused: {:?}", answer.report.errors);
    }
    let what = "a never-seen document of 60 fields: parse, validate, plan and execute".to_owned();
    Ok(vec![Row { what, measured: median(times), hold: 250.0, aim: 150.0, unit: "µs" }])
}

/// The number makes it new.
fn document(number: u64) -> String {
    format!("query Q{number} {{ one: currentUser {{ {FIELDS} }} two: user(id: {number}) {{ {FIELDS} }} }}")
}

pub fn hostile(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let (world, scene) = clinic()?;
    let mut shapes = Vec::new();
    for (what, document, variables) in shapes::documents() {
        let mut best = f64::MAX;
        for _ in 0..scale.of(5, 1) {
            let started = Instant::now();
            black_box(Answerer::default().answer(&world, &scene, &request(&document, variables.as_deref())));
            best = f64::min(best, since(started));
        }
        shapes.push((best, what));
    }
    shapes.sort_by(|one, other| other.0.total_cmp(&one.0));
    let worst: Vec<String> = shapes.iter().take(5).map(|(took, what)| format!("{what} ({took:.0} ms)")).collect();
    let what = format!("hostile document of the largest size, the worst of {}: {}", shapes.len(), worst.join(", "));
    let measured = shapes.first().map_or(f64::NAN, |(took, _)| *took);
    Ok(vec![Row { what, measured, hold: 50.0, aim: 25.0, unit: "ms" }])
}

fn request<'a>(document: &'a str, variables: Option<&'a str>) -> Request<'a> {
    Request { query: Some(document), variables, ..Request::default() }
}

fn clinic() -> anyhow::Result<(World, Scene)> {
    let catalogue = domain::catalogue();
    let now = machine_time();
    let state = Seeds::builtin().state(&catalogue, now)?.state;
    let world = World::new("default", "figures", catalogue, state, Clock::Frozen(now));
    let owner = world.identify("owner").context("the clinic has no owner")?;
    let scene = world.scene(owner, Version::V2024_06_01, "http://localhost".into());
    Ok((world, scene))
}
