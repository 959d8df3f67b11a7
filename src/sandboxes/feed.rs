//! That something has happened in a sandbox, for those who watch. What it was stands in the rings.

use crate::engine::{Commit, Consequence, Event, Refusal, World};
use crate::state::State;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::sync::watch;

/// How many commits there have been in this process.
static COMMITS: AtomicU64 = AtomicU64::new(0);

pub struct Feed(watch::Sender<()>);

impl Feed {
    pub(super) fn follow(world: &World) -> Arc<Self> {
        let feed = Arc::new(Self(watch::Sender::new(())));
        world.follow(feed.clone());
        feed
    }

    pub(super) fn tell(&self) {
        self.0.send_replace(());
    }

    /// Changes with every commit and every call.
    pub fn watch(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

/// How many commits there have been in this process, in whatever sandbox.
pub fn commits() -> u64 {
    COMMITS.load(Relaxed)
}

impl Consequence for Feed {
    fn accepts(&self, _: &[Event], _: &State) -> Result<(), Refusal> {
        Ok(())
    }

    /// The commit is in the journal only afterwards; whoever looks there waits until it is.
    fn committed(&self, _: &World, _: &Commit, _: &State) {
        COMMITS.fetch_add(1, Relaxed);
        self.tell();
    }
}
