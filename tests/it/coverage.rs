//! What is said to be emulated, wherever it is said.

use crate::server::Server;
use healthie_mock::coverage::{Coverage, page};
use healthie_mock::schema::Version;
use serde_json::{Value, json};
use std::process::Command;

fn printed(arguments: &[&str]) -> String {
    let program = Command::new(env!("CARGO_BIN_EXE_healthie-mock")).args(arguments).output().expect("the program starts");
    String::from_utf8(program.stdout).expect("UTF-8")
}

fn entry<'j>(coverage: &'j Value, field: &str) -> &'j Value {
    let fields = coverage["root_fields"].as_array().expect("a list");
    fields.iter().find(|entry| entry["field"] == field).unwrap_or_else(|| panic!("{field} is not covered"))
}

#[tokio::test]
async fn the_control_api_tells_of_each_root_field_and_its_inputs() {
    let server = Server::start().await;
    let (status, coverage) = server.control("GET", "/coverage?version=2026-01-01", None).await;
    assert_eq!((status, &coverage["version"]), (200, &json!("2026-01-01")), "{coverage}");
    let totals = &coverage["totals"]["root_fields"];
    let sum: u64 = ["emulated", "accepted", "not_emulated"].iter().filter_map(|class| totals[class].as_u64()).sum();
    assert_eq!(sum as usize, coverage["root_fields"].as_array().map_or(0, Vec::len));

    let tag = entry(&coverage, "createTag");
    assert_eq!((&tag["class"], &tag["area"], &tag["reason"]), (&json!("emulated"), &json!("tags"), &Value::Null), "{tag}");
    assert_eq!(tag["inputs"][0]["class"], "emulated", "{tag}");
    let ccda = entry(&coverage, "parseCcdaDocument");
    assert!(ccda["class"] == "not_emulated" && ccda["reason"].is_string(), "{ccda}");

    let (status, refused) = server.control("GET", "/coverage?version=2020-01-01", None).await;
    assert!(
        status == 400 && refused["error"]["message"].as_str().is_some_and(|told| told.contains("2024-06-01 and 2026-01-01")),
        "{refused}"
    );
}

#[test]
fn the_program_prints_the_same_as_lines_and_as_json() {
    let lines = printed(&["coverage"]);
    let json: Value = serde_json::from_str(&printed(&["coverage", "--format", "json"])).expect("JSON");
    assert_eq!(json["root_fields"].as_array().map(Vec::len), Some(lines.lines().count()));
    assert!(lines.lines().any(|line| line.starts_with("Mutation\tcreateTag\temulated\ttags\t")), "{lines}");
}

/// Of the root fields, as many as are promised, in each version.
#[test]
fn at_least_85_percent_of_the_root_fields_are_emulated() {
    let coverage = Coverage::measure(&healthie_mock::domain::catalogue());
    for version in Version::ALL {
        let (fields, inputs) = coverage.tally(version, |_| true);
        assert!(fields.percent() >= 85.0, "{}: {fields:?}", version.date());
        assert!(inputs.percent() >= 75.0, "{}: {inputs:?}", version.date());
    }
}

#[test]
fn the_page_about_coverage_is_current() {
    let written = include_str!("../../docs/coverage.md");
    let current = page(&Coverage::measure(&healthie_mock::domain::catalogue()));
    let differing = current.lines().zip(written.lines()).find(|(current, written)| current != written);
    assert!(current == written, "{differing:?}; write the page anew: cargo run -- coverage --format markdown > docs/coverage.md");
}
