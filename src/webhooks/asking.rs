//! Asking for deliveries, and waiting for them.

use super::{Delivery, Outbox, Status, outbox::Kept};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Which deliveries somebody asks about.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub event_type: Option<String>,
    pub resource_id: Option<String>,
    pub webhook_id: Option<String>,
    pub status: Option<Status>,
    /// Caused by one of these; empty: by any.
    pub commits: Vec<u64>,
    /// Only deliveries that were made after this one.
    pub after: Option<u64>,
}

impl Filter {
    fn takes(&self, delivery: &Delivery) -> bool {
        self.after.is_none_or(|after| delivery.id > after) && self.differs(delivery).is_empty()
    }

    /// What about the delivery is not as asked: `status is pending, not delivered`.
    pub fn differs(&self, delivery: &Delivery) -> Vec<String> {
        let mut differs = Vec::new();
        let mut compare = |name: &str, is: &str, wanted: Option<&str>| {
            if let Some(wanted) = wanted.filter(|wanted| *wanted != is) {
                differs.push(format!("{name} is {is}, not {wanted}"));
            }
        };
        let event = self.event_type.as_deref();
        // The enum's spelling will do as well.
        compare("event_type", delivery.event.name(), event.filter(|event| *event != delivery.event.choice()));
        compare("resource_id", &delivery.resource_id.to_string(), self.resource_id.as_deref());
        compare("webhook_id", &delivery.webhook.to_string(), self.webhook_id.as_deref());
        let commits: Vec<String> = self.commits.iter().map(u64::to_string).collect();
        let commits = Some(commits.join(" or ")).filter(|_| !self.commits.is_empty() && !self.commits.contains(&delivery.commit));
        compare("commit", &delivery.commit.to_string(), commits.as_deref());
        compare("status", delivery.status.name(), self.status.map(Status::name));
        differs
    }
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
        }
    }
}

/// What there is of what was asked for.
pub struct Found {
    /// In the order they were made.
    pub deliveries: Vec<Arc<Delivery>>,
    /// False when time ran out before there were enough.
    pub complete: bool,
    /// Where there were too few: the deliveries that come nearest, with what differs.
    pub nearest: Vec<(Arc<Delivery>, Vec<String>)>,
}

/// Whether anything is due now.
pub struct Settled {
    pub settled: bool,
    /// In the order they were made.
    pub deliveries: Vec<Arc<Delivery>>,
}

const NEAREST: usize = 5;
/// A wait without end.
const LONGEST: Duration = Duration::from_hours(24 * 365);

impl Outbox {
    /// Everything that is still known, in the order it was made.
    fn known(&self) -> Vec<Arc<Delivery>> {
        let mut known: Vec<_> = self.kept().known().cloned().collect();
        known.sort_by_key(|delivery| delivery.id);
        known
    }

    pub fn list(&self, filter: &Filter) -> Vec<Arc<Delivery>> {
        self.known().into_iter().filter(|delivery| filter.takes(delivery)).collect()
    }

    /// Counts what happens to deliveries.
    pub fn happened(&self) -> watch::Receiver<u64> {
        self.happened.subscribe()
    }

    /// How many changes there have been to deliveries, of which the last carries that number.
    pub fn changes(&self) -> u64 {
        self.kept().changes
    }

    /// At most `most` deliveries that have changed since the change `after`, in the order they did. None where some that did
    /// may have been dropped, unless it is to be `even_with_gaps`.
    pub fn changed_since(&self, after: u64, most: usize, even_with_gaps: bool) -> Option<Vec<Arc<Delivery>>> {
        let kept = self.kept();
        let oldest = kept.finished.iter().next().map_or(0, |delivery| delivery.changed);
        if !even_with_gaps && kept.finished.dropped() > 0 && after + 1 < oldest {
            return None;
        }
        let mut changed: Vec<_> = kept.known().filter(|delivery| delivery.changed > after).cloned().collect();
        changed.sort_by_key(|delivery| delivery.changed);
        changed.truncate(most);
        Some(changed)
    }

    /// How many deliveries that are known have each status.
    pub fn by_status(&self) -> [(&'static str, usize); 4] {
        let kept = self.kept();
        let delivered = kept.finished.iter().filter(|delivery| delivery.status == Status::Delivered).count();
        let failed = kept.finished.iter().count() - delivered;
        [
            (Status::Pending.name(), kept.pending.len()),
            (Status::Delivered.name(), delivered),
            (Status::Retrying.name(), kept.retrying.len()),
            (Status::Failed.name(), failed),
        ]
    }

    /// Waits until `count` deliveries are as asked, for `longest` at most.
    pub async fn wait(&self, filter: &Filter, count: usize, longest: Duration) -> Found {
        let enough = |kept: &mut Kept| count == 0 || kept.known().filter(|delivery| filter.takes(delivery)).nth(count - 1).is_some();
        let complete = self.until(longest, enough).await;
        let nearest = if complete { vec![] } else { self.nearest(filter) };
        Found { deliveries: self.list(filter), complete, nearest }
    }

    fn nearest(&self, filter: &Filter) -> Vec<(Arc<Delivery>, Vec<String>)> {
        let newer = self.known().into_iter().filter(|delivery| filter.after.is_none_or(|after| delivery.id > after));
        let mut near: Vec<_> = newer.map(|delivery| (filter.differs(&delivery), delivery)).map(|(differs, it)| (it, differs)).collect();
        near.retain(|(_, differs)| !differs.is_empty());
        near.sort_by_key(|(_, differs)| differs.len());
        near.truncate(NEAREST);
        near
    }

    /// Waits until nothing that `commits` caused (any commit, where there are none) is due now. Retries that are due later
    /// are not waited for.
    pub async fn settled(&self, commits: &[u64], longest: Duration) -> Settled {
        let asked = |delivery: &Delivery| commits.is_empty() || commits.contains(&delivery.commit);
        let settled = self.until(longest, |kept| !kept.pending.values().any(|delivery| asked(delivery))).await;
        let mut deliveries = self.known();
        deliveries.retain(|delivery| asked(delivery));
        Settled { settled, deliveries }
    }

    /// Looks again whenever something happens, until it is as wanted or time runs out or the sandbox is gone.
    pub(super) async fn until(&self, longest: Duration, mut wanted: impl FnMut(&mut Kept) -> bool) -> bool {
        let mut happened = self.happened.subscribe();
        let deadline = tokio::time::Instant::now() + longest.min(LONGEST);
        loop {
            happened.mark_unchanged();
            let (done, closed) = {
                let mut kept = self.kept();
                (wanted(&mut kept), kept.closed)
            };
            if done || closed || tokio::time::Instant::now() >= deadline {
                return done;
            }
            // An error is the time that is up: looked at once more, above.
            let _ = tokio::time::timeout_at(deadline, happened.changed()).await;
        }
    }
}

impl Kept {
    pub(super) fn known(&self) -> impl Iterator<Item = &Arc<Delivery>> {
        self.finished.iter().chain(self.retrying.all()).chain(self.pending.values())
    }
}
