//! Random lives of a few sandboxes, against a model of what must have been delivered, how often and when.

mod expected;
mod receiving;
mod run;

use crate::server::Server;
use expected::{ADDRESSES, Answer, How, Mishap};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use receiving::Scripted;
use run::{Happened, Run};
use std::cell::RefCell;
use tokio::runtime::Builder;

const NOW: &str = "2026-03-02T15:00:00Z";
/// A third of a second each in a debug build. The same ones on every machine; `FUZZ_ROUNDS` asks for more.
const CASES: u32 = 24;

/// What is done to a sandbox. Locations and webhooks are told by a number, which wraps around those that there are.
#[derive(Clone, Debug)]
enum Step {
    Change(Change, Mishap),
    Hook {
        address: usize,
        events: usize,
        retries: bool,
    },
    Listen {
        hook: usize,
        events: usize,
    },
    Disable(usize),
    Enable(usize),
    Unhook(usize),
    /// How an address answers from now on.
    Answer(usize, Answer),
    /// Every attempt at an address is struck, or none any more.
    Strike(Option<(usize, How)>),
    /// Minutes.
    Advance(u32),
    Snapshot,
    Restore,
    Reset,
    Fork,
    Delete,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Create,
    Rename(usize),
    Remove(usize),
    /// Created, renamed and removed, each before the one before is told of.
    Life,
    /// An update that changes nothing.
    Nothing(usize),
    Refused,
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 0..4_usize;
    let address = || 0..ADDRESSES;
    let how = || select(vec![How::Status, How::Before, How::After]);
    let answer = select(vec![Answer::Well, Answer::Ill, Answer::Ill, Answer::Moved, Answer::BreaksOff, Answer::EveryOther]);
    let change = prop_oneof![
        4 => Just(Change::Create),
        1 => number().prop_map(Change::Rename),
        1 => number().prop_map(Change::Remove),
        2 => Just(Change::Life),
        1 => number().prop_map(Change::Nothing),
        1 => Just(Change::Refused),
    ];
    let mishap = prop_oneof![
        4 => Just(Mishap::Nothing),
        1 => address().prop_map(|address| Mishap::Twice { address }),
        1 => address().prop_map(|address| Mishap::Late { address }),
        1 => (address(), how(), 0..2_u64, 1..3_u64).prop_map(|(address, how, after, times)| Mishap::Struck { address, how, after, times }),
        3 => address().prop_map(|address| Mishap::Perhaps { address }),
    ];
    let minutes = select(vec![0, 1, 3, 60, 600, 1440, 2000, 2880, 4320]);
    prop_oneof![
        20 => (change, mishap).prop_map(|(change, mishap)| Step::Change(change, mishap)),
        4 => (address(), 1..8_usize, prop::bool::weighted(0.8)).prop_map(|(address, events, retries)| Step::Hook { address, events, retries }),
        3 => (number(), 1..8_usize).prop_map(|(hook, events)| Step::Listen { hook, events }),
        1 => number().prop_map(Step::Disable),
        3 => number().prop_map(Step::Enable),
        1 => number().prop_map(Step::Unhook),
        8 => (address(), answer).prop_map(|(address, answer)| Step::Answer(address, answer)),
        3 => prop::option::of((address(), how())).prop_map(Step::Strike),
        16 => minutes.prop_map(Step::Advance),
        2 => Just(Step::Snapshot),
        3 => Just(Step::Restore),
        1 => Just(Step::Reset),
        4 => Just(Step::Fork),
        1 => Just(Step::Delete),
    ]
}

#[test]
fn whatever_happens_what_must_be_is_delivered() {
    let cases = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(CASES);
    let config = Config { cases, rng_seed: RngSeed::Fixed(3), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (server, receiver) = runtime.block_on(async { (Server::standing_at(NOW).await, Scripted::start().await) });
    let happened = RefCell::new(Happened::default());
    let lives = prop::collection::vec((0..3_usize, step()), 1..50);
    let held = TestRunner::new(config).run(&lives, |life| {
        let mut happened = happened.borrow_mut();
        happened.cases += 1;
        let lived = runtime.block_on(Run::new(&server, &receiver, &mut happened).live(life));
        lived.map_err(TestCaseError::fail)
    });
    match held {
        Ok(()) => {}
        Err(TestError::Fail(why, life)) => panic!("{why}\nin the life {life:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    // What never happens is not tested.
    let happened = happened.into_inner();
    assert!(happened.is_enough(), "{happened:?}");
}
