//! What one socket has subscribed to: frames in, frames out.

use crate::engine::{Happening, Reading, Scene, World};
use crate::graphql::Standing;
use crate::http::{
    Server,
    body::{self, Operation, Operations},
    graphql::Desk,
    struck::{self, Struck},
};
use crate::sandboxes::{Key, Sandbox};
use crate::subscriptions::frames::{self, Command, Identifier};
use crate::subscriptions::{End, Line, Moment, Notice};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Assumed: more than any client needs.
const MOST_CHANNELS: usize = 1_000;
/// In bytes, as it was sent: a client's library puts a number in it.
const LONGEST_IDENTIFIER: usize = 4 * 1024;
/// For all channels of a socket together.
const MOST_STANDING: usize = 1_000;
/// How much memory a socket's documents and their variables may keep.
const MOST_WEIGHT: usize = 8 * 1024 * 1024;

/// Made for one socket; knows nothing of the network.
pub struct Channels {
    server: Arc<Server>,
    sandbox: Arc<Sandbox>,
    /// Whoever connected, as of then.
    scene: Scene,
    key: Box<str>,
    secret: Box<str>,
    line: Arc<Line>,
    open: Vec<Channel>,
    standing: Vec<Subscription>,
    next: u64,
    weight: usize,
}

struct Channel {
    raw: Arc<str>,
    text: Box<str>,
}

struct Subscription {
    number: u64,
    channel: Arc<str>,
    standing: Standing,
    weight: usize,
    /// Until when the passing of time has been told; None where it means nothing.
    since: Option<Timestamp>,
}

impl Channels {
    /// Those of a socket that is opened with `key`, and where it hears of events.
    pub fn open(server: &Arc<Server>, sandbox: Arc<Sandbox>, scene: Scene, key: &str) -> (Self, mpsc::Receiver<Notice>) {
        let scene = Scene { strict: server.strict, ..scene };
        let secret = Key::parse(key).map_or("", |key| key.secret).into();
        let (line, notices) = sandbox.switchboard.line();
        let (server, key) = (server.clone(), key.into());
        let channels = Self { server, sandbox, scene, key, secret, line, open: vec![], standing: vec![], next: 1, weight: 0 };
        (channels, notices)
    }

    pub(super) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Tells the operator of what a client does wrong.
    pub(super) fn note(&self, end: End) {
        let user = self.scene.viewer.id().map_or_else(String::new, |id| id.to_string());
        let about = [("sandbox", &*self.sandbox.world.name), ("user", &user), ("reason", end.told().0)];
        if matches!(end, End::Slow | End::FrameTooLong) {
            self.server.log.warn("a WebSocket was closed", &about);
        }
    }

    fn world(&self) -> &World {
        &self.sandbox.world
    }

    /// What strikes the operation that a frame asks to be carried out, if anything does.
    pub(super) fn strike(&mut self, text: &str) -> Option<Struck> {
        if !self.sandbox.faults.any() {
            return None;
        }
        let Command::Execute(operation) = frames::read(text)?.command else { return None };
        let Ok(Operations::One(operation)) = body::operations(&operation) else { return None };
        self.scene.viewer = self.world().identify(&self.secret)?;
        self.scene.now = self.world().now();
        struck::strike(&self.desk(&self.scene), [&operation].into_iter())
    }

    /// True where the socket ends instead of the struck operation being carried out.
    pub(super) fn is_cut(&self, struck: &Struck) -> bool {
        struck.is_cut_before(&self.desk(&self.scene))
    }

    fn desk<'a>(&'a self, scene: &'a Scene) -> Desk<'a> {
        Desk { server: &self.server, sandbox: &self.sandbox, scene, key: Some(&self.key), warnings: None, files: &[] }
    }

    /// The answer to a frame of the client, if it has one.
    pub fn hear(&mut self, text: &str) -> Option<String> {
        self.hear_struck(text, None)
    }

    /// As [`Channels::hear`], for a frame whose operation may be struck by a fault.
    pub(super) fn hear_struck(&mut self, text: &str, struck: Option<&Struck>) -> Option<String> {
        let frame = frames::read(text)?;
        match frame.command {
            Command::Subscribe => Some(self.subscribe(&frame.identifier)),
            Command::Unsubscribe => {
                self.unsubscribe(&frame.identifier);
                None
            }
            Command::Execute(operation) => {
                let channel = self.open.iter().find(|channel| *channel.text == *frame.identifier.text)?.raw.clone();
                let (result, more) = self.execute(&channel, &operation, struck);
                Some(frames::message(&channel, &result, more))
            }
        }
    }

    /// Assumed: who subscribes twice is confirmed twice.
    fn subscribe(&mut self, identifier: &Identifier<'_>) -> String {
        if self.open.iter().any(|channel| *channel.text == *identifier.text) {
            return frames::confirm(identifier.raw);
        }
        let is_too_much = identifier.raw.len() > LONGEST_IDENTIFIER || self.open.len() >= MOST_CHANNELS;
        if is_too_much || !identifier.is_known() {
            return frames::reject(identifier.raw);
        }
        self.open.push(Channel { raw: identifier.raw.into(), text: (*identifier.text).into() });
        frames::confirm(identifier.raw)
    }

    fn unsubscribe(&mut self, identifier: &Identifier<'_>) {
        let Some(at) = self.open.iter().position(|channel| *channel.text == *identifier.text) else { return };
        let channel = self.open.swap_remove(at).raw;
        let Self { standing, sandbox, line, weight, .. } = self;
        standing.retain(|subscription| {
            let stays = !Arc::ptr_eq(&subscription.channel, &channel);
            if !stays {
                *weight -= subscription.weight;
                forget(sandbox, line, subscription);
            }
            stays
        });
    }

    /// The result of an operation, and whether more may follow.
    fn execute(&mut self, channel: &Arc<str>, text: &str, struck: Option<&Struck>) -> (Vec<u8>, bool) {
        let operation = match body::operations(text) {
            Ok(Operations::One(operation)) => operation,
            Ok(Operations::Many(_)) => return (refused("One operation at a time"), false),
            Err(unreadable) => return (refused(&unreadable.1), false),
        };
        // Since the socket was opened, time has passed and permissions may have changed.
        let viewer = self.world().identify(&self.secret);
        let Some(viewer) = viewer else { return (refused("The API key is no longer valid"), false) };
        self.scene.viewer = viewer;
        self.scene.now = self.world().now();
        let (result, standing) = self.run(&operation, struck);
        let Some(standing) = standing else { return (result, false) };
        let weight = standing.weight() + text.len();
        if self.standing.len() >= MOST_STANDING || self.weight + weight > MOST_WEIGHT {
            return (refused("Too many subscriptions on one socket; open another"), false);
        }
        let number = self.next;
        self.next += 1;
        self.weight += weight;
        let mut since = None;
        if let Some(topic) = standing.topic {
            self.sandbox.switchboard.wait(&self.line, topic, number);
            let is_timed = self.scene.catalogue.subscription(topic.field).is_some_and(|rules| rules.is_timed());
            since = is_timed.then_some(self.scene.now);
        }
        self.standing.push(Subscription { number, channel: channel.clone(), standing, weight, since });
        (result, true)
    }

    fn run(&self, operation: &Operation<'_>, struck: Option<&Struck>) -> (Vec<u8>, Option<Standing>) {
        let Self { server, sandbox, scene, .. } = self;
        let desk = self.desk(scene);
        if desk.admits([operation].into_iter()).is_err() {
            return (desk.too_many_text(StatusCode::OK), None);
        }
        if let Some(result) = struck.and_then(|struck| struck.result_instead(&desk)) {
            return (result, None);
        }
        let failing = struck.map(|struck| struck.scene(scene));
        let scene = failing.as_ref().unwrap_or(scene);
        let mut standing = None;
        let done = desk.logged(operation, || {
            let taken = server.answerer.take(&sandbox.world, scene, &operation.request());
            standing = taken.standing;
            taken.response
        });
        (done.body, standing)
    }

    /// What the client is sent of an event: nothing where there is nothing for its eyes, or no longer a subscription.
    pub fn tell(&mut self, notice: &Notice) -> Vec<String> {
        let Ok(at) = self.standing.binary_search_by_key(&notice.subscription, |subscription| subscription.number) else { return vec![] };
        if !self.look_again(&notice.moment) {
            return vec![];
        }
        let mut frames = self.passed(at, &notice.moment, Some(notice.happening.about));
        frames.extend(self.frame(at, &notice.moment, notice.happening));
        frames
    }

    /// What the client is sent because time has passed since it was told anything last.
    pub fn pass(&mut self) -> Vec<String> {
        if self.standing.iter().all(|subscription| subscription.since.is_none()) {
            return vec![];
        }
        let moment = Moment { state: self.world().snapshot().state.clone(), at: self.world().now() };
        match self.look_again(&moment) {
            true => (0..self.standing.len()).flat_map(|at| self.passed(at, &moment, None)).collect(),
            false => vec![],
        }
    }

    /// False where the key is no longer valid.
    fn look_again(&mut self, moment: &Moment) -> bool {
        let viewer = self.scene.catalogue.identify(&moment.state, &self.secret);
        let Some(viewer) = viewer else { return false };
        self.scene.viewer = viewer;
        self.scene.now = moment.at;
        true
    }

    /// What time alone made happen to a subscription, but for what is told of anyway.
    fn passed(&mut self, at: usize, moment: &Moment, but: Option<u64>) -> Vec<String> {
        let subscription = &mut self.standing[at];
        let (Some(since), Some(topic)) = (subscription.since, subscription.standing.topic) else { return vec![] };
        subscription.since = Some(moment.at);
        let Some(rules) = self.scene.catalogue.subscription(topic.field).filter(|_| since < moment.at) else { return vec![] };
        let passed = rules.passed(Reading { state: &moment.state, scene: &self.scene }, topic, since).into_iter();
        passed.filter(|passed| Some(passed.about) != but).filter_map(|passed| self.frame(at, moment, passed)).collect()
    }

    fn frame(&self, at: usize, moment: &Moment, happening: Happening) -> Option<String> {
        let Subscription { channel, standing, .. } = &self.standing[at];
        let told = || self.server.answerer.tell(standing, self.world(), &moment.state, &self.scene, happening);
        // As for any call: what goes wrong inside ends nothing.
        let result = catch_unwind(AssertUnwindSafe(told)).ok().flatten()?;
        Some(frames::message(channel, &result, true))
    }
}

impl Drop for Channels {
    fn drop(&mut self) {
        for subscription in &self.standing {
            forget(&self.sandbox, &self.line, subscription);
        }
    }
}

fn forget(sandbox: &Sandbox, line: &Arc<Line>, subscription: &Subscription) {
    if let Some(topic) = subscription.standing.topic {
        sandbox.switchboard.forget(line, topic, subscription.number);
    }
}

fn refused(message: &str) -> Vec<u8> {
    json!({ "errors": [{ "message": message }] }).to_string().into_bytes()
}
