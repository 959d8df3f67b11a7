//! Multipart forms that no client would send, in their thousands: each is read or turned away. The same ones on every machine;
//! `cargo fuzz run multipart` goes on from here.

#[path = "../fuzz/forms.rs"]
mod forms;

use healthie_mock::env::Random;
use std::{env, fs, panic, path::Path};

const ROUNDS: u64 = 5_000;

#[test]
fn the_corpus_is_read() {
    // Many operations, a nested place, one document, none (the file it names did not come along).
    let read: Vec<Option<usize>> = corpus().iter().map(|form| forms::hold(form)).collect();
    assert_eq!(read, [Some(2), Some(1), Some(1), None]);
}

#[test]
fn damaged_forms_are_read_or_turned_away() {
    let corpus = corpus();
    let rounds = env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let mut read = 0;
    for round in 0..rounds {
        let form = damaged(&corpus, &mut Random::new("forms", round));
        let held = panic::catch_unwind(|| forms::hold(&form));
        let held = held.unwrap_or_else(|_| panic!("round {round} broke a promise with:\n{}", String::from_utf8_lossy(&form)));
        read += u64::from(held.is_some());
    }
    assert!(read > rounds / 20 && read < rounds, "{read} of {rounds} were read: the damage is too great, or none");
}

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/multipart");
    let entries = fs::read_dir(folder).expect("the corpus is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "form"));
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).expect("readable")).collect()
}

/// One of the corpus with up to four places exchanged, cut out, or said twice.
fn damaged(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut pick = |from: usize| random.below(from as u64) as usize;
    let mut form = corpus[pick(corpus.len())].clone();
    for _ in 0..=pick(4) {
        let at = pick(form.len() + 1);
        let to = (at + pick(24)).min(form.len());
        match pick(4) {
            0 => drop(form.drain(at..to)),
            1 => drop(form.splice(at..to.min(at + 1), WORDS[pick(WORDS.len())].bytes())),
            2 => {
                let again = form[at..to].repeat(1 + pick(8));
                form.splice(at..at, again);
            }
            _ => {
                let byte = pick(256) as u8;
                form.insert(at, byte);
            }
        }
    }
    form
}

const WORDS: &[&str] = &[
    "",
    "\r\n",
    "\n",
    "--",
    "\r\n--cut",
    "--cut--",
    "\"",
    "\\",
    ";",
    ":",
    "{",
    "}",
    "[",
    "]",
    ".",
    "null",
    "0",
    "-1",
    "18446744073709551616",
    "variables",
    "variables.file",
    "operations",
    "map",
    "query",
    "upload://0",
    "upload://9",
    "filename=\"\"",
    "filename*=UTF-8''%ff",
    "name=\"operations\"",
    "content-type: text/plain; charset=utf-16",
    "content-transfer-encoding: base64",
    "boundary=",
    "é",
];
