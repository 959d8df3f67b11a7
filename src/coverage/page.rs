//! `docs/coverage.md`.

use super::{Coverage, Covered, Tally};
use crate::engine::Class;
use crate::schema::Version;
use std::collections::BTreeSet;
use std::fmt::Write;

const HEAD: &str = "# Coverage

What is emulated, and what is not. `healthie-mock coverage --format markdown` wrote this page; a test holds it current.

A root field is *emulated*; or *accepted*: answered harmlessly, because what it would do happens outside of what is emulated; or *not
emulated*: it answers with an error whose code is `NOT_EMULATED`, for the reason given. An argument or an input field has an effect,
or is accepted without: then the request log names it, and under `--strict` it is an error. Which of the two it is was measured by
running each rule on the clinic.

";

/// The whole page.
pub fn page(coverage: &Coverage) -> String {
    let mut page = HEAD.to_owned();
    row(&mut page, &["", "root fields", "emulated", "", "accepted", "not emulated", "inputs", "with effect", ""]);
    row(&mut page, &["---"; 9]);
    for version in Version::ALL {
        let (fields, inputs) = coverage.tally(version, |_| true);
        totals(&mut page, version.date(), fields, inputs);
    }
    page.push_str("\n## By area\n\nRoot fields and inputs of 2026-01-01.\n\n");
    row(&mut page, &["", "root fields", "emulated", "", "accepted", "not emulated", "inputs", "with effect", ""]);
    row(&mut page, &["---"; 9]);
    let areas: BTreeSet<&str> = coverage.fields.iter().map(|field| field.area).collect();
    for area in &areas {
        let (fields, inputs) = coverage.tally(Version::V2026_01_01, |field| field.area == *area);
        totals(&mut page, &format!("[{area}](#{area})"), fields, inputs);
    }
    for area in &areas {
        write!(page, "\n## {area}\n\n").expect("a String takes every text");
        coverage.fields.iter().filter(|field| field.area == *area).for_each(|field| entry(&mut page, field));
    }
    page
}

fn totals(page: &mut String, of: &str, fields: Tally, inputs: Tally) {
    let numbers = [
        fields.all().to_string(),
        fields.emulated.to_string(),
        format!("{:.0} %", fields.percent()),
        fields.accepted.to_string(),
        fields.not_emulated.to_string(),
        inputs.all().to_string(),
        inputs.emulated.to_string(),
        format!("{:.0} %", inputs.percent()),
    ];
    let mut cells = vec![of];
    cells.extend(numbers.iter().map(String::as_str));
    row(page, &cells);
}

fn row(page: &mut String, cells: &[&str]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("a String takes every text");
}

fn entry(page: &mut String, field: &Covered) {
    let only = match (field.is_in(Version::V2024_06_01), field.is_in(Version::V2026_01_01)) {
        (true, false) => " (2024-06-01)",
        (false, true) => " (2026-01-01)",
        _ => "",
    };
    let without: Vec<&str> = field.inputs.iter().filter(|(_, has_effect)| !has_effect).map(|(name, _)| *name).collect();
    let said = match field.class {
        Class::NotEmulated(reason) => format!(": **not emulated**, {reason}"),
        Class::Accepted => ": accepted".to_owned(),
        Class::Emulated if without.is_empty() => String::new(),
        Class::Emulated => format!(": without effect {}", without.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    };
    writeln!(page, "- {} `{}`{only}{said}", field.root.name(), field.name).expect("a String takes every text");
}
