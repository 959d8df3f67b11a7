//! How often a key may call: a bucket for each, on the sandbox's clock.

use crate::engine::RateLimit;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The buckets of one sandbox, by what they limit. There are no more of them than keys that are good.
#[derive(Default)]
pub struct Limiter {
    buckets: Mutex<HashMap<Box<str>, Bucket>>,
}

struct Bucket {
    calls: f64,
    filled_at: Timestamp,
    locked_until: Option<Timestamp>,
}

/// A call came too soon.
#[derive(Debug, PartialEq)]
pub struct Locked {
    /// When it may be tried again, at the earliest; None: never, as the clock stands or nothing flows in.
    pub retry_after: Option<SignedDuration>,
}

/// Keys are text without spaces: nobody's bucket is this one.
const SIGN_INS: &str = "sign-ins of ";

impl Limiter {
    /// One call with `key`, none for a call without.
    pub fn take(&self, limit: &RateLimit, key: &str, now: Timestamp) -> Result<(), Locked> {
        self.draw(key.into(), limit.per_second, limit.burst, limit.lockout, now)
    }

    /// One `signIn` or `signUp`, whatever else is limited.
    pub fn take_sign_in(&self, limit: &RateLimit, key: &str, now: Timestamp) -> Result<(), Locked> {
        let Some(most) = limit.sign_ins_per_minute else { return Ok(()) };
        self.draw(format!("{SIGN_INS}{key}").into(), f64::from(most) / 60.0, most, limit.lockout, now)
    }

    fn draw(&self, name: Box<str>, per_second: f64, most: u32, lockout: Option<SignedDuration>, now: Timestamp) -> Result<(), Locked> {
        let most = f64::from(most);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(name).or_insert(Bucket { calls: most, filled_at: now, locked_until: None });
        if let Some(until) = bucket.locked_until.filter(|until| *until > now) {
            return Err(Locked { retry_after: Some(until.duration_since(now)) });
        }
        // A clock that was set back adds nothing.
        let passed = now.duration_since(bucket.filled_at).as_secs_f64().max(0.0);
        bucket.calls = (bucket.calls + passed * per_second).min(most);
        bucket.filled_at = now;
        if bucket.locked_until.take().is_some() {
            bucket.calls = most;
        }
        if bucket.calls >= 1.0 {
            bucket.calls -= 1.0;
            return Ok(());
        }
        bucket.locked_until = lockout.map(|lockout| now.checked_add(lockout).unwrap_or(Timestamp::MAX));
        let filled = (per_second > 0.0).then(|| SignedDuration::from_secs_f64(((1.0 - bucket.calls) / per_second).min(1e9)));
        Err(Locked { retry_after: lockout.or(filled) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("near 1970")
    }

    fn limit() -> RateLimit {
        RateLimit { per_second: 1.0, burst: 2, ..RateLimit::default() }
    }

    #[test]
    fn a_bucket_holds_a_burst_and_fills_with_time() {
        let (limiter, limit) = (Limiter::default(), limit());
        let taken = |at| limiter.take(&limit, "key", second(at));
        assert_eq!((taken(0), taken(0)), (Ok(()), Ok(())));
        assert_eq!(taken(0), Err(Locked { retry_after: Some(SignedDuration::from_secs(1)) }));
        assert_eq!(limiter.take(&limit, "other", second(0)), Ok(()), "each key has its own");
        assert_eq!((taken(1), taken(1).is_err()), (Ok(()), true));
        assert_eq!((taken(100), taken(100), taken(100).is_err()), (Ok(()), Ok(()), true), "no more than the burst");
        assert!(taken(50).is_err(), "a clock set back adds nothing");
    }

    #[test]
    fn an_empty_bucket_locks_the_key_out() {
        let (limiter, limit) = (Limiter::default(), RateLimit { lockout: Some(SignedDuration::from_mins(30)), ..limit() });
        let taken = |at| limiter.take(&limit, "key", second(at));
        assert_eq!((taken(0), taken(0)), (Ok(()), Ok(())));
        assert_eq!(taken(0), Err(Locked { retry_after: Some(SignedDuration::from_mins(30)) }));
        assert_eq!(taken(60), Err(Locked { retry_after: Some(SignedDuration::from_mins(29)) }), "though it has filled");
        assert_eq!((taken(1800), taken(1800)), (Ok(()), Ok(())), "then it is full");
    }

    #[test]
    fn sign_ins_have_a_limit_of_their_own() {
        let (limiter, limit) = (Limiter::default(), RateLimit { sign_ins_per_minute: Some(1), ..limit() });
        assert_eq!(limiter.take_sign_in(&limit, "", second(0)), Ok(()));
        assert_eq!(limiter.take_sign_in(&limit, "", second(0)), Err(Locked { retry_after: Some(SignedDuration::from_secs(60)) }));
        assert_eq!(limiter.take(&limit, "", second(0)), Ok(()));
        assert_eq!(limiter.take_sign_in(&limit, "", second(60)), Ok(()));
    }
}
