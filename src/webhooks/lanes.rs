//! One lane for each address: first attempts leave in commit order, each once the one before is answered or timed out.
//! A receiver that is slow or gone holds up nobody else's deliveries, and retries hold up no first attempt.

use super::{Outbox, queue::Lane};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Sends what waits in `lane` until nothing does.
pub async fn run(outbox: Arc<Outbox>, lane: Lane) {
    while let Some((delivery, now)) = outbox.next(&lane) {
        let attempt = outbox.courier().attempt(&delivery, now).await;
        outbox.attempted(delivery.id, attempt);
    }
}

/// Sends again what is in `waiting`, beside others that do.
pub async fn retry(outbox: Arc<Outbox>, waiting: Arc<Mutex<VecDeque<u64>>>) {
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while let Some(id) = next() {
        let begun = outbox.begin(&mut outbox.kept(), id);
        let Some((delivery, now)) = begun else { continue };
        let attempt = outbox.courier().attempt(&delivery, now).await;
        outbox.attempted(id, attempt);
    }
}
