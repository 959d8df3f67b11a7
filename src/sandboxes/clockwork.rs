//! A sandbox's time: how its clock is moved, with all that falls due on the way, and what falls due by itself.

use super::{Refused, driver::Driver, standing};
use crate::engine::{Commit, Consequence, Done, Event, Refusal, World, table};
use crate::env::Clock;
use crate::state::{Change, State};
use crate::webhooks::{Outbox, Tried};
use jiff::{Span, Timestamp, tz::TimeZone};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Weak};
use tokio::sync::Mutex;
use tokio::task::yield_now;

pub struct Clockwork {
    name: Arc<str>,
    world: Weak<World>,
    outbox: Weak<Outbox>,
    driver: Arc<Driver>,
    me: Weak<Self>,
    /// Held by whoever moves the clock or runs what is due: one at a time.
    turn: Mutex<()>,
    /// The driver has been asked to look, and hasn't yet.
    asked: AtomicBool,
}

/// What happened while a clock was advanced.
pub enum Effect {
    Due(Done),
    Tried(Tried),
}

impl Clockwork {
    /// Follows `world`, so that what falls due in real time runs by itself.
    pub(super) fn follow(world: &Arc<World>, outbox: &Arc<Outbox>, driver: &Arc<Driver>) -> Arc<Self> {
        let clockwork = Arc::new_cyclic(|me: &Weak<Self>| Self {
            name: world.name.clone(),
            world: Arc::downgrade(world),
            outbox: Arc::downgrade(outbox),
            driver: driver.clone(),
            me: me.clone(),
            turn: Mutex::default(),
            asked: AtomicBool::new(false),
        });
        world.follow(clockwork.clone());
        let me = clockwork.me.clone();
        outbox.on_retry(move || {
            if let Some(me) = me.upgrade() {
                me.ask();
            }
        });
        clockwork.ask();
        clockwork
    }

    /// The driver looks soon when the next thing is due. Of a clock that stands nothing falls due by itself.
    fn ask(&self) {
        let stands = self.world.upgrade().is_none_or(|world| world.clock().is_frozen());
        if !stands && !self.asked.swap(true, SeqCst) {
            self.driver.ask(self.me.clone());
        }
    }

    /// The machine's time when the next thing is due by itself.
    pub(super) fn next_turn(&self) -> Option<Timestamp> {
        self.asked.store(false, SeqCst);
        let (world, outbox) = (self.world.upgrade()?, self.outbox.upgrade()?);
        world.clock().machine_time_at(next(&world, &outbox)?)
    }

    /// Runs what is due now. Nobody waits for the retries that it starts.
    pub(super) async fn take_turn(self: Arc<Self>) {
        // Who moves the clock runs what is due, and asks again afterwards.
        let Ok(turn) = self.turn.try_lock() else { return };
        let (Some(world), Some(outbox)) = (self.world.upgrade(), self.outbox.upgrade()) else { return };
        if world.clock().is_frozen() || outbox.is_closed() {
            return;
        }
        while world.run_next_due(world.now()).is_some() && !outbox.is_closed() {
            yield_now().await;
        }
        outbox.retry_due(world.now());
        drop(turn);
        self.ask();
    }

    /// Sets the clock, and says how it was set. Nothing falls due on the way.
    pub async fn set(&self, change: impl FnOnce(Clock) -> Clock) -> Result<Clock, Refused> {
        let turn = self.turn.lock().await;
        let world = self.world.upgrade().ok_or_else(|| Refused::Gone(self.name.to_string()))?;
        let clock = change(world.clock());
        world.set_clock(clock);
        drop(turn);
        self.ask();
        Ok(clock)
    }

    /// Moves the clock on. What falls due on the way runs in order, each at its instant, and the deliveries that it causes are
    /// attempted before the clock moves on. Says how the clock was set in the end, and what happened.
    pub async fn advance(self: Arc<Self>, by: Span) -> Result<(Clock, Vec<Effect>), Refused> {
        let turn = self.turn.lock().await;
        let gone = || Refused::Gone(self.name.to_string());
        let (world, outbox) = (self.world.upgrade().ok_or_else(gone)?, self.outbox.upgrade().ok_or_else(gone)?);
        let clock = world.clock();
        let now = clock.now();
        let until = later(now, by)?;
        outbox.listen();
        let effects = pass(&world, &outbox, until).await;
        outbox.stop_listening();
        let clock = clock.moved(now, until);
        world.set_clock(clock);
        drop(turn);
        self.ask();
        Ok((clock, effects.ok_or_else(gone)?))
    }
}

impl Drop for Clockwork {
    /// The driver forgets it.
    fn drop(&mut self) {
        self.driver.ask(self.me.clone());
    }
}

/// How far to move on: `5s` or `PT5S`, with days, weeks, months and years too: `P3D`, `2 weeks`.
pub fn span(text: &str) -> Option<Span> {
    text.parse().ok().filter(|span: &Span| !span.is_negative())
}

/// When the next thing is due, on the sandbox's clock.
fn next(world: &World, outbox: &Outbox) -> Option<Timestamp> {
    [world.next_due(), outbox.next_retry()].into_iter().flatten().min()
}

fn later(now: Timestamp, by: Span) -> Result<Timestamp, Refused> {
    let until = TimeZone::UTC.to_datetime(now).checked_add(by).ok().and_then(|until| TimeZone::UTC.to_timestamp(until).ok());
    standing(until.unwrap_or(Timestamp::MAX)).map(|clock| clock.now())
}

/// From instant to instant. None where the sandbox is gone before `until`.
async fn pass(world: &World, outbox: &Outbox, until: Timestamp) -> Option<Vec<Effect>> {
    let mut effects = vec![];
    loop {
        outbox.idle().await;
        effects.extend(outbox.tried().into_iter().map(Effect::Tried));
        if outbox.is_closed() {
            return None;
        }
        let Some(at) = next(world, outbox).filter(|at| *at <= until) else { return Some(effects) };
        // What was due already, since a clock that stands drives nothing, is done now.
        let at = at.max(world.now().min(until));
        world.set_clock(Clock::Frozen(at));
        while let Some(done) = world.run_next_due(at) {
            effects.push(Effect::Due(done));
            yield_now().await;
            if outbox.is_closed() {
                return None;
            }
        }
        outbox.retry_due(at);
    }
}

impl Consequence for Clockwork {
    fn accepts(&self, _: &[Event], _: &State) -> Result<(), Refusal> {
        Ok(())
    }

    fn committed(&self, world: &World, commit: &Commit, _: &State) {
        let due = world.catalogue.due();
        let moves = |change: &Change| due.iter().any(|due| table(due.of) == change.table && moves(change, due.at));
        if commit.changes.iter().any(moves) {
            self.ask();
        }
    }
}

/// Whether something is due at another time.
fn moves(change: &Change, at: u16) -> bool {
    let before = change.before.as_ref().map(|before| before.get(at)).filter(|at| !at.is_null());
    let after = change.after.as_ref().map(|after| after.get(at)).filter(|at| !at.is_null());
    before != after
}
