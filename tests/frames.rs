//! Frames that no client would send, in their thousands: each is ignored or answered. The same ones on every machine; `cargo
//! fuzz run cable` goes on from here.

#[path = "../fuzz/frames.rs"]
mod frames;

use healthie_mock::env::Random;
use std::{env, fs, panic, path::Path};

const ROUNDS: u64 = 3_000;

#[test]
fn the_corpus_is_answered_as_far_as_it_should() {
    // Asked, heard (with the message itself), own (with what a message means to its author), rejected.
    let answered: Vec<usize> = corpus().iter().map(|text| frames::hold(text)).collect();
    assert_eq!(answered, [4, 4, 9, 2]);
}

#[test]
fn damaged_frames_are_ignored_or_answered() {
    let corpus = corpus();
    let rounds = env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    for round in 0..rounds {
        let text = damaged(&corpus, &mut Random::new("frames", round));
        let held = panic::catch_unwind(|| frames::hold(&text));
        assert!(held.is_ok(), "round {round} broke a promise with:\n{text}");
    }
}

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/cable");
    let entries = fs::read_dir(folder).expect("the corpus is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(path).expect("the corpus is UTF-8")).collect()
}

/// The frames of one of the corpus, some twice, some out of order, and up to six characters exchanged for other words. All but
/// a few frames stay whole, so that what follows them is reached.
fn damaged(corpus: &[String], random: &mut Random) -> String {
    let lines: Vec<&str> = corpus.iter().flat_map(|text| text.lines()).collect();
    let mut pick = |from: usize| random.below(from as u64) as usize;
    let mut text = corpus[pick(corpus.len())].clone();
    for _ in 0..pick(3) {
        text.push_str(lines[pick(lines.len())]);
        text.push('\n');
    }
    for _ in 0..pick(7) {
        let places: Vec<(usize, char)> = text.char_indices().collect();
        let (at, old) = places[pick(places.len())];
        let word = WORDS[pick(WORDS.len())];
        text.replace_range(at..at + old.len_utf8(), word);
    }
    text
}

const WORDS: &[&str] = &[
    "",
    "\"",
    "\\",
    "\\\\\"",
    "{",
    "}",
    "[",
    ",",
    ":",
    " ",
    "\n",
    "\0",
    "é",
    "\\u0000",
    "\\ud800",
    "1e999",
    "null",
    "true",
    "7",
    "-1",
    "subscribe",
    "unsubscribe",
    "message",
    "GraphqlChannel",
    "query",
    "subscription",
    "TALK",
    "$talk",
    "noteAddedSubscription",
    "conversationChangedSubscription(id: TALK)",
    "{ id }",
    "__typename",
    "action",
    "execute",
    "variables",
    "{\"query\":\"{ __typename }\"}",
];
