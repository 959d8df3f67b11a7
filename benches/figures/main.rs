//! What the emulator costs, beside what it may: `cargo bench --bench figures`.
//!
//! Machines are noisy, so most rows are ratios of CPU time, measured in alternating rounds: of the server against a bare
//! axum handler that returns the same bytes, or of a large clinic against a small one. Words behind `--` choose rows
//! (`cargo bench --bench figures -- list fork`); `FIGURES_SCALE=0.01` makes the run short and the figures rough.

mod bare;
mod client;
mod deliveries;
mod documents;
mod process;
mod receiver;
mod rows;
mod sender;
mod subscribers;

use std::env;

/// One line of the table.
struct Row {
    what: String,
    measured: f64,
    hold: f64,
    aim: f64,
    unit: &'static str,
}

/// How much is measured; 1.0 is a whole run.
#[derive(Clone, Copy)]
struct Scale(f64);

impl Scale {
    /// `whole`, or less of it, but at least `least`.
    fn of(self, whole: u64, least: u64) -> u64 {
        ((whole as f64 * self.0) as u64).max(least)
    }
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match words.first().map(String::as_str) {
        Some(bare::COMMAND) => return bare::serve(),
        Some(sender::COMMAND) => return sender::send(),
        _ => {}
    }
    let scale = Scale(env::var("FIGURES_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0));
    println!("| what | measured | hold | aim for | |\n| --- | --- | --- | --- | --- |");
    for (name, measure) in rows::ALL {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        match measure(scale) {
            Ok(rows) => rows.iter().for_each(print),
            Err(why) => println!("| {name} | not measured: {why:#} | | | ✗ |"),
        }
    }
    Ok(())
}

fn print(row: &Row) {
    let verdict = if row.measured <= row.aim {
        "✓ aim"
    } else if row.measured <= row.hold {
        "✓"
    } else {
        "✗"
    };
    let Row { what, measured, hold, aim, unit } = row;
    println!("| {what} | {measured:.2} {unit} | {hold} {unit} | {aim} {unit} | {verdict} |");
}
