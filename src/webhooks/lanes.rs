//! One lane for each address: first attempts leave in commit order, each once the one before is answered or timed out.
//! A receiver that is slow or gone holds up nobody else's deliveries, and retries hold up no first attempt.

use super::{Attempt, Delivery, Outbox, courier::read, queue::Lane};
use crate::faults::Disconnect;
use jiff::Timestamp;
use reqwest::Url;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Sends what waits in `lane` until nothing does.
pub async fn run(outbox: Arc<Outbox>, lane: Lane) {
    let to = read(&lane.url);
    while let Some((delivery, now)) = outbox.next(&lane) {
        let attempt = attempt(&outbox, &to, &delivery, now).await;
        outbox.ended(delivery.id, attempt);
    }
}

/// One attempt, as it goes or as a fault has it.
async fn attempt(outbox: &Outbox, to: &Result<Url, String>, delivery: &Delivery, now: Timestamp) -> Attempt {
    // Those of duplicates and order struck when it was made.
    let Some(struck) = outbox.struck(delivery, |respond| !respond.duplicate && !respond.reorder) else {
        return outbox.courier().attempt(to, delivery, now).await;
    };
    tokio::time::sleep(struck.delay()).await;
    let duration_ms = struck.delay().as_millis() as u64;
    let failed = |error: &str| Attempt { at: now, status: None, error: Some(error.to_owned()), duration_ms, url: None };
    match (struck.status, struck.disconnect) {
        (_, Some(Disconnect::Before)) => failed("fault: the connection was dropped before anything was sent"),
        (_, Some(Disconnect::After)) => {
            outbox.courier().attempt(to, delivery, now).await;
            failed("fault: the connection was dropped before the receiver's answer came")
        }
        (Some(status), None) => Attempt { status: Some(status), error: None, ..failed("") },
        (None, None) => outbox.courier().attempt(to, delivery, now).await,
    }
}

/// How much later than it should a delivery leaves that is late.
const LATE: Duration = Duration::from_millis(100);

/// Sends `id` once others had time to overtake it.
pub async fn late(outbox: Arc<Outbox>, id: u64) {
    tokio::time::sleep(LATE).await;
    let begun = outbox.begin(&mut outbox.kept(), id);
    let Some((delivery, now)) = begun else { return };
    let attempt = attempt(&outbox, &read(&delivery.url), &delivery, now).await;
    outbox.ended(id, attempt);
}

/// Sends again what is in `waiting`, beside others that do.
pub async fn retry(outbox: Arc<Outbox>, waiting: Arc<Mutex<VecDeque<u64>>>) {
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while let Some(id) = next() {
        let begun = outbox.begin(&mut outbox.kept(), id);
        let Some((delivery, now)) = begun else { continue };
        let attempt = attempt(&outbox, &read(&delivery.url), &delivery, now).await;
        outbox.ended(id, attempt);
    }
}
