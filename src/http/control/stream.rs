//! What happens in a sandbox, as server-sent events: `request`, `commit` and `delivery`, as the lists show them.
//!
//! Nothing is kept for a reader: it reads the rings on from where it stands. One that is so slow that they have dropped what it
//! had not seen yet is sent away, and may come back.

use super::{Answered, Named, Refused, Server, enter, journal, query};
use crate::engine::Commit;
use crate::http::cable::Open;
use crate::sandboxes::Sandbox;
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{
        IntoResponse, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

const TYPES: [&str; 3] = ["request", "commit", "delivery"];
/// So many entries of one kind are looked at in one go.
const AT_ONCE: usize = 100;
/// How long a reader may leave an event lying.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    types: Option<String>,
}

pub async fn stream(State(server): State<Arc<Server>>, Named(id): Named, uri: Uri, headers: HeaderMap) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Asked { types } = query(&uri)?;
    let types = types.map_or(Ok(TYPES.to_vec()), |types| chosen(&types))?;
    let left = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(Place::parse);
    let (feed, happened) = (sandbox.feed.watch(), sandbox.outbox.happened());
    let now = Place::now(&sandbox);
    // A place in a sandbox of the same name that is no more: all that has happened in this one is new.
    let place = left.map_or(now, |left| if left.world == now.world { left } else { Place { world: now.world, ..Place::default() } });
    let open = Open::count(&server.followers);
    let reader = Reader { sandbox, types, place, is_back: left.is_some(), feed, happened, waiting: VecDeque::new(), _open: open };
    let (events, received) = mpsc::channel(1);
    tokio::spawn(reader.tell(events));
    let events = unfold(received, async |mut received| Some((Ok::<_, Infallible>(received.recv().await?), received)));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

fn chosen(types: &str) -> Result<Vec<&'static str>, Refused> {
    let find = |asked: &str| TYPES.into_iter().find(|known| *known == asked.trim());
    let unknown = |asked: &str| Refused::bad(format!("there is no type {asked:?}; types={} has them all", TYPES.join(",")));
    types.split(',').map(|asked| find(asked).ok_or_else(|| unknown(asked))).collect()
}

/// How far somebody has read: the id of an event.
#[derive(Clone, Copy, Default)]
struct Place {
    /// When the sandbox was made: others of its name count from the start again.
    world: i64,
    requests: u64,
    commits: u64,
    /// Changes of deliveries.
    deliveries: u64,
}

impl Place {
    fn now(sandbox: &Sandbox) -> Self {
        Self {
            world: sandbox.created_at.as_microsecond(),
            requests: sandbox.requests.last(),
            commits: sandbox.world.snapshot().commit,
            deliveries: sandbox.outbox.changes(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('-');
        let world = numbers.next()?.parse().ok()?;
        let mut next = || numbers.next()?.parse().ok();
        Some(Self { world, requests: next()?, commits: next()?, deliveries: next()? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.world, self.requests, self.commits, self.deliveries)
    }
}

struct Reader {
    sandbox: Arc<Sandbox>,
    types: Vec<&'static str>,
    place: Place,
    /// It goes on from where it stopped, as far as the rings have it.
    is_back: bool,
    feed: watch::Receiver<()>,
    happened: watch::Receiver<u64>,
    waiting: VecDeque<Event>,
    _open: Open,
}

impl Reader {
    /// Tells what happens until the client leaves, or is no longer told: a reader that has stopped reading holds nothing.
    async fn tell(mut self, events: mpsc::Sender<Event>) {
        loop {
            let next = tokio::select! {
                next = self.next() => next,
                () = events.closed() => None,
            };
            let Some(event) = next else { return };
            let told = timeout(PATIENCE, events.send(event)).await;
            if !told.is_ok_and(|told| told.is_ok()) {
                return;
            }
        }
    }

    /// None ends the stream: the sandbox is gone, or the reader was too slow.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            self.feed.mark_unchanged();
            self.happened.mark_unchanged();
            let is_over = self.sandbox.outbox.is_closed();
            self.read()?;
            if !self.waiting.is_empty() {
                continue;
            }
            if is_over {
                return None;
            }
            tokio::select! {
                told = self.feed.changed() => told.ok()?,
                told = self.happened.changed() => told.ok()?,
            }
        }
    }

    /// What is new. None where some of it has been dropped already.
    fn read(&mut self) -> Option<()> {
        let is_back = std::mem::take(&mut self.is_back);
        if self.types.contains(&"commit") {
            for commit in commits(&self.sandbox, self.place.commits, is_back)? {
                self.place.commits = commit.number;
                self.push("commit", &journal::shown(&commit));
            }
        }
        if self.types.contains(&"request") {
            for (number, request) in self.sandbox.requests.since(self.place.requests, AT_ONCE, is_back)? {
                self.place.requests = number;
                self.push("request", &request);
            }
        }
        if self.types.contains(&"delivery") {
            for delivery in self.sandbox.outbox.changed_since(self.place.deliveries, AT_ONCE, is_back)? {
                self.place.deliveries = delivery.changed;
                self.push("delivery", &delivery.to_json());
            }
        }
        Some(())
    }

    fn push(&mut self, kind: &str, shown: &Json) {
        self.waiting.push_back(Event::default().event(kind).id(self.place.to_string()).data(shown.to_string()));
    }
}

fn commits(sandbox: &Sandbox, after: u64, even_with_gaps: bool) -> Option<Vec<Commit>> {
    sandbox.world.commits(|ring| {
        let is_whole = ring.iter().next().is_none_or(|oldest| after + 1 >= oldest.number);
        let newer = ring.iter().filter(|commit| commit.number > after).take(AT_ONCE);
        (is_whole || even_with_gaps).then(|| newer.cloned().collect())
    })
}
