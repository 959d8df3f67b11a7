//! What falls due in real time: one task for all sandboxes, which sleeps until the next of them has something to do.

use super::clockwork::Clockwork;
use crate::env::machine_time;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::timeout;

/// A machine that slept sets its clock on, and no timer notices.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

#[derive(Default)]
pub struct Driver {
    asking: Mutex<Vec<Weak<Clockwork>>>,
    asked: Notify,
}

impl Driver {
    /// Runs until it is told to stop by the handle.
    pub fn start(runtime: &Handle) -> (Arc<Self>, AbortHandle) {
        let driver = Arc::new(Self::default());
        let driving = runtime.spawn(drive(driver.clone()));
        (driver, driving.abort_handle())
    }

    /// Something about this sandbox's next due instant may have changed.
    pub fn ask(&self, clockwork: Weak<Clockwork>) {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner).push(clockwork);
        self.asked.notify_one();
    }

    fn asking(&self) -> Vec<Weak<Clockwork>> {
        std::mem::take(&mut self.asking.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn drive(driver: Arc<Driver>) {
    let mut agenda = Agenda::default();
    loop {
        for clockwork in driver.asking() {
            agenda.enter(&clockwork);
        }
        let now = machine_time();
        for clockwork in agenda.take_due(now) {
            // In a task of its own, since a rule may panic.
            tokio::spawn(clockwork.take_turn());
        }
        match agenda.next() {
            Some(at) => {
                let pause = Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO);
                // An error is the time that is up.
                let _ = timeout(pause.min(LONGEST_SLEEP), driver.asked.notified()).await;
            }
            None => driver.asked.notified().await,
        }
    }
}

/// The sandboxes that have something to do, by the machine's time. Each is in it once at most.
#[derive(Default)]
struct Agenda {
    by_time: BTreeMap<(Timestamp, usize), Weak<Clockwork>>,
    /// By address, which the entry keeps from being used again.
    entered: HashMap<usize, Timestamp>,
}

impl Agenda {
    /// Notes when this sandbox is next to be looked at, instead of what was noted before.
    fn enter(&mut self, clockwork: &Weak<Clockwork>) {
        let address = clockwork.as_ptr() as usize;
        if let Some(old) = self.entered.remove(&address) {
            self.by_time.remove(&(old, address));
        }
        if let Some(at) = clockwork.upgrade().and_then(|clockwork| clockwork.next_turn()) {
            self.entered.insert(address, at);
            self.by_time.insert((at, address), clockwork.clone());
        }
    }

    fn take_due(&mut self, now: Timestamp) -> Vec<Arc<Clockwork>> {
        let mut due = vec![];
        while let Some(entry) = self.by_time.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((_, address), clockwork) = entry.remove_entry();
            self.entered.remove(&address);
            due.extend(clockwork.upgrade());
        }
        due
    }

    fn next(&self) -> Option<Timestamp> {
        self.by_time.first_key_value().map(|((at, _), _)| *at)
    }
}
