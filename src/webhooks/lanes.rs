//! One lane for each address: first attempts leave in commit order, each once the one before is answered or timed out.
//! A receiver that is slow or gone holds up nobody else's deliveries.

use super::Outbox;
use std::sync::Arc;

/// Sends what waits for `url` until nothing does.
pub async fn run(outbox: Arc<Outbox>, url: Arc<str>) {
    while let Some((delivery, now)) = outbox.next(&url) {
        let attempt = outbox.courier().attempt(&delivery, now).await;
        outbox.attempted(delivery.id, attempt);
    }
}
