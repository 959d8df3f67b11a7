//! Who waits for what in one sandbox, and the lines on which they are told.

use crate::engine::{Commit, Consequence, Event, Happening, Refusal, Topic, Viewer, World};
use crate::schema::Version;
use crate::state::State;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, mpsc, watch};

/// How many events a line holds for a socket that is busy; one more ends it.
const MOST_NOTICES: usize = 256;

/// Why a socket ends, other than by its client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The sandbox was reset, replaced or deleted.
    SandboxGone,
    ServerStops,
    /// The client reads more slowly than events happen.
    Slow,
    /// The client sent a frame that is longer than any may be.
    FrameTooLong,
}

impl End {
    /// What the disconnect frame says, and whether the client should come back.
    pub fn told(self) -> (&'static str, bool) {
        match self {
            Self::SandboxGone => ("sandbox_reset", true),
            // ActionCable's word for it.
            Self::ServerStops => ("server_restart", true),
            Self::Slow => ("slow_consumer", true),
            Self::FrameTooLong => ("frame_too_long", false),
        }
    }
}

/// What a commit led to.
pub struct Moment {
    pub state: State,
    pub at: Timestamp,
}

/// Something to tell one subscriber.
pub struct Notice {
    /// The number that the socket gave the subscription.
    pub subscription: u64,
    pub happening: Happening,
    pub moment: Arc<Moment>,
}

/// Where a socket is told what its subscriptions wait for.
pub struct Line {
    notices: mpsc::Sender<Notice>,
    /// Told once the line is full.
    pub full: Notify,
}

/// The subscriptions of one sandbox, by what they wait for.
pub struct Switchboard {
    waiting: Mutex<HashMap<Topic, Vec<(Arc<Line>, u64)>>>,
    subscriptions: AtomicUsize,
    end: watch::Sender<Option<End>>,
}

impl Switchboard {
    /// Follows `world`, so that its commits are told.
    pub fn follow(world: &World) -> Arc<Self> {
        let end = watch::Sender::new(None);
        let switchboard = Arc::new(Self { waiting: Mutex::default(), subscriptions: AtomicUsize::new(0), end });
        world.follow(switchboard.clone());
        switchboard
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Topic, Vec<(Arc<Line>, u64)>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A line for a socket, and the end of the line where it is told.
    pub fn line(&self) -> (Arc<Line>, mpsc::Receiver<Notice>) {
        let (notices, told) = mpsc::channel(MOST_NOTICES);
        (Arc::new(Line { notices, full: Notify::new() }), told)
    }

    /// Turns to an end when all sockets have to.
    pub fn ends(&self) -> watch::Receiver<Option<End>> {
        self.end.subscribe()
    }

    /// Ends all sockets.
    pub fn close(&self, end: End) {
        self.end.send_if_modified(|ended| ended.is_none() && ended.replace(end).is_none());
    }

    /// True while anybody is connected.
    pub fn is_used(&self) -> bool {
        self.end.receiver_count() > 0
    }

    /// From now on, `line` is told of `topic` by the number of its `subscription`.
    pub fn wait(&self, line: &Arc<Line>, topic: Topic, subscription: u64) {
        self.waiting().entry(topic).or_default().push((line.clone(), subscription));
        self.subscriptions.fetch_add(1, Relaxed);
    }

    pub fn forget(&self, line: &Arc<Line>, topic: Topic, subscription: u64) {
        let mut waiting = self.waiting();
        let Some(lines) = waiting.get_mut(&topic) else { return };
        let found = lines.iter().position(|(waits, number)| *number == subscription && Arc::ptr_eq(waits, line));
        if let Some(at) = found {
            lines.swap_remove(at);
            self.subscriptions.fetch_sub(1, Relaxed);
        }
        if lines.is_empty() {
            waiting.remove(&topic);
        }
    }
}

impl Consequence for Switchboard {
    fn accepts(&self, _: &[Event], _: &State) -> Result<(), Refusal> {
        Ok(())
    }

    fn committed(&self, world: &World, commit: &Commit, after: &State) {
        if self.subscriptions.load(Relaxed) == 0 {
            return;
        }
        let mut scene = world.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        scene.now = commit.at;
        let happenings = world.catalogue.happenings(&commit.changes, crate::engine::Reading { state: after, scene: &scene });
        if happenings.is_empty() {
            return;
        }
        let moment = Arc::new(Moment { state: after.clone(), at: commit.at });
        let waiting = self.waiting();
        for happening in happenings {
            for (line, subscription) in waiting.get(&happening.topic).into_iter().flatten() {
                let notice = Notice { subscription: *subscription, happening, moment: moment.clone() };
                // Closed: the socket is about to forget the line.
                if let Err(mpsc::error::TrySendError::Full(_)) = line.notices.try_send(notice) {
                    line.full.notify_one();
                }
            }
        }
    }
}
