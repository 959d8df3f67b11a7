//! Injected faults: which calls and deliveries go wrong, and how. A table that is asked; whoever asks does what it says.

use crate::env::Random;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Those of one sandbox. A reset or a fork begins without any.
#[derive(Default)]
pub struct Faults {
    any: AtomicBool,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    made: u64,
    faults: Vec<Fault>,
}

struct Fault {
    id: u64,
    spec: Spec,
    matched: u64,
    remaining: Option<u64>,
    /// Until when keys are locked out that met it.
    locked: HashMap<String, Timestamp>,
}

/// `{match, times?, after?, probability?, respond}`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    #[serde(rename = "match")]
    pub matches: Match,
    /// How often it strikes. None: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How many matches go well first.
    #[serde(default, skip_serializing_if = "is_none_first")]
    pub after: u64,
    /// How likely each match is to be struck, drawn from the sandbox's seed. None: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    pub respond: Respond,
}

/// What is struck: everything that is as said. `*` in the last two is any delivery; with neither of them, calls.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
}

fn is_none_first(matches: &u64) -> bool {
    *matches == 0
}

/// What happens instead.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Respond {
    /// An HTTP status: of the answer to a call, or of a receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// In place of the root field that the match names, else of the whole answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graphql_error: Option<Failure>,
    /// Real time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<SignedDuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect: Option<Disconnect>,
    /// A delivery comes twice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
    /// A delivery comes after those that follow it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reorder: bool,
    /// The documented refusal of a call that came too soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimited>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged, expecting = "respond.graphql_error is a text, or {message, code}")]
pub enum Failure {
    Message(String),
    Coded { message: String, code: Option<String> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Disconnect {
    /// Nothing was carried out.
    Before,
    /// It was committed, and the answer is lost.
    After,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged, expecting = "respond.rate_limit is true, or {lockout: \"30m\"}")]
pub enum RateLimited {
    Once(bool),
    /// The key is locked out for so long, on the sandbox's clock.
    LockedOut {
        lockout: SignedDuration,
    },
}

/// What somebody does that may be struck.
pub struct Call<'a> {
    pub operation: Option<&'a str>,
    pub root_fields: &'a [&'static str],
    pub key: &'a str,
    /// Those of the seed that the caller is, by whatever key or session token.
    pub roles: Vec<&'a str>,
    pub now: Timestamp,
}

/// How a fault stands.
pub struct Standing {
    pub id: u64,
    pub spec: Spec,
    pub matched: u64,
    pub remaining: Option<u64>,
}

/// Nobody is kept waiting longer.
pub const LONGEST: Duration = Duration::from_mins(1);

/// Chances are drawn to so many parts.
const SCALE: u64 = 1_000_000;

impl Failure {
    pub fn message(&self) -> &str {
        match self {
            Self::Message(message) | Self::Coded { message, .. } => message,
        }
    }

    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Message(_) => None,
            Self::Coded { code, .. } => code.as_deref(),
        }
    }
}

impl Respond {
    pub fn delay(&self) -> Duration {
        self.delay.and_then(|delay| Duration::try_from(delay).ok()).unwrap_or_default().min(LONGEST)
    }
}

impl Match {
    fn is_of_deliveries(&self) -> bool {
        self.webhook_url.is_some() || self.event_type.is_some()
    }

    fn takes_call(&self, call: &Call<'_>) -> bool {
        let is = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        !self.is_of_deliveries()
            && is(&self.operation, call.operation.unwrap_or_default())
            && self.root_field.as_ref().is_none_or(|wanted| call.root_fields.iter().any(|field| field == wanted))
            && is(&self.key, call.key)
            && self.role.as_ref().is_none_or(|wanted| call.roles.iter().any(|role| role == wanted))
    }

    fn takes_delivery(&self, url: &str, event: &str) -> bool {
        let is = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == "*" || wanted == is);
        self.is_of_deliveries() && is(&self.webhook_url, url) && is(&self.event_type, event)
    }
}

impl Spec {
    /// What is wrong with it, and what would be right.
    pub fn check(&self) -> Result<(), &'static str> {
        let (matches, respond) = (&self.matches, &self.respond);
        let of_calls = [&matches.operation, &matches.root_field, &matches.key, &matches.role].into_iter().any(Option::is_some);
        let of_deliveries = matches.is_of_deliveries();
        let says = [respond.status.is_some(), respond.graphql_error.is_some(), respond.delay.is_some(), respond.disconnect.is_some()];
        let says = says.contains(&true) || respond.duplicate || respond.reorder || respond.rate_limit.is_some();
        let too_long = respond.delay.is_some_and(|delay| Duration::try_from(delay).is_ok_and(|delay| delay <= LONGEST));
        let problems = [
            (
                of_calls && of_deliveries,
                "a fault is of calls (operation, root_field, key, role) or of deliveries (webhook_url, event_type)",
            ),
            (!says, "respond says none of status, graphql_error, delay, disconnect, duplicate, reorder and rate_limit"),
            (respond.status.is_some_and(|status| !(200..=599).contains(&status)), "respond.status is a status from 200 to 599"),
            (respond.delay.is_some() && !too_long, "respond.delay is a duration up to 1m, such as 2s"),
            (self.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)), "probability is a number from 0 to 1"),
            (of_deliveries && respond.graphql_error.is_some(), "respond.graphql_error is for calls"),
            (of_deliveries && respond.rate_limit.is_some(), "respond.rate_limit is for calls"),
            (!of_deliveries && (respond.duplicate || respond.reorder), "respond.duplicate and respond.reorder are for deliveries"),
        ];
        problems.into_iter().find(|(is_wrong, _)| *is_wrong).map_or(Ok(()), |(_, why)| Err(why))
    }
}

impl Faults {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False nearly always, without a lock.
    pub fn any(&self) -> bool {
        self.any.load(Relaxed)
    }

    pub fn add(&self, specs: Vec<Spec>) -> Vec<Standing> {
        let mut kept = self.kept();
        let first = kept.faults.len();
        for spec in specs {
            kept.made += 1;
            let fault = Fault { id: kept.made, remaining: spec.times, spec, matched: 0, locked: HashMap::new() };
            kept.faults.push(fault);
        }
        self.any.store(!kept.faults.is_empty(), Relaxed);
        kept.faults[first..].iter().map(Fault::standing).collect()
    }

    pub fn all(&self) -> Vec<Standing> {
        self.kept().faults.iter().map(Fault::standing).collect()
    }

    /// Takes one away, or all where none is named. False where there is none of this id.
    pub fn remove(&self, id: Option<u64>) -> bool {
        let mut kept = self.kept();
        let before = kept.faults.len();
        kept.faults.retain(|fault| id.is_some_and(|id| fault.id != id));
        self.any.store(!kept.faults.is_empty(), Relaxed);
        id.is_none() || kept.faults.len() < before
    }

    /// What strikes a call; `seed` is the sandbox's.
    pub fn strike_call(&self, seed: &str, call: &Call<'_>) -> Option<Standing> {
        let mut kept = self.kept();
        if let Some(fault) = kept.faults.iter().find(|fault| fault.locked.get(call.key).is_some_and(|until| *until > call.now)) {
            return Some(fault.standing());
        }
        let fault =
            kept.faults.iter_mut().find_map(|fault| (fault.spec.matches.takes_call(call) && fault.strikes(seed)).then_some(fault))?;
        if let Some(RateLimited::LockedOut { lockout }) = &fault.spec.respond.rate_limit {
            let until = call.now.checked_add(*lockout).unwrap_or(Timestamp::MAX);
            fault.locked.insert(call.key.to_owned(), until);
        }
        Some(fault.standing())
    }

    /// What strikes a delivery's attempt.
    pub fn strike_delivery(&self, seed: &str, url: &str, event: &str, wants: impl Fn(&Respond) -> bool) -> Option<Respond> {
        let mut kept = self.kept();
        let mut concerned = kept.faults.iter_mut().filter(|fault| wants(&fault.spec.respond));
        concerned
            .find_map(|fault| (fault.spec.matches.takes_delivery(url, event) && fault.strikes(seed)).then(|| fault.spec.respond.clone()))
    }
}

impl Fault {
    /// Counts a match, and says whether it is struck.
    fn strikes(&mut self, seed: &str) -> bool {
        if self.remaining == Some(0) {
            return false;
        }
        self.matched += 1;
        if self.matched <= self.spec.after {
            return false;
        }
        let drawn = || Random::new(&format!("{seed} fault {}", self.id), self.matched).below(SCALE) as f64;
        let strikes = self.spec.probability.is_none_or(|chance| drawn() < chance * SCALE as f64);
        if let Some(remaining) = self.remaining.as_mut().filter(|_| strikes) {
            *remaining -= 1;
        }
        strikes
    }

    fn standing(&self) -> Standing {
        Standing { id: self.id, spec: self.spec.clone(), matched: self.matched, remaining: self.remaining }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(spec: serde_json::Value, calls: usize) -> Vec<bool> {
        let faults = Faults::default();
        faults.add(vec![serde_json::from_value(spec).expect("a spec")]);
        let call = Call { operation: None, root_fields: &["users"], key: "k", roles: vec!["owner"], now: Timestamp::UNIX_EPOCH };
        (0..calls).map(|_| faults.strike_call("seed", &call).is_some()).collect()
    }

    #[test]
    fn the_first_matches_may_go_well_and_the_number_of_strikes_is_counted() {
        let spec = serde_json::json!({ "match": { "root_field": "users" }, "after": 1, "times": 2, "respond": { "status": 503 } });
        assert_eq!(struck(spec, 5), [false, true, true, false, false]);
    }

    #[test]
    fn what_is_left_to_chance_repeats() {
        let spec = || serde_json::json!({ "match": {}, "probability": 0.5, "respond": { "status": 503 } });
        let first = struck(spec(), 40);
        assert_eq!(first, struck(spec(), 40));
        assert!(first.contains(&true) && first.contains(&false));
    }

    #[test]
    fn a_lockout_lasts_for_its_key_alone() {
        let faults = Faults::default();
        let spec = serde_json::json!({ "match": {}, "times": 1, "respond": { "rate_limit": { "lockout": "30m" } } });
        faults.add(vec![serde_json::from_value(spec).expect("a spec")]);
        let call = |key, minute: i64| Call {
            operation: None,
            root_fields: &[],
            key,
            roles: vec![],
            now: Timestamp::from_second(minute * 60).expect("a time"),
        };
        let struck =
            [("a", 0), ("a", 29), ("b", 29), ("a", 31)].map(|(key, minute)| faults.strike_call("seed", &call(key, minute)).is_some());
        assert_eq!(struck, [true, true, false, false]);
    }
}
