//! `GET /subscriptions`: a WebSocket that speaks ActionCable.

mod channels;

use super::{Server, graphql, respond, version::Unspoken};
use crate::env::machine_time;
use crate::sandboxes::Caller;
use crate::subscriptions::{End, Line, Notice, frames};
use axum::{
    extract::{
        FromRequestParts, Query, Request, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code},
    },
    http::{HeaderValue, StatusCode},
    response::Response,
};
pub use channels::Channels;
use serde::Deserialize;
use serde_json::json;
use std::sync::{Arc, atomic::Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

/// The subprotocol that clients insist on.
const PROTOCOL: &str = "actioncable-v1-json";
/// The longest frame that is read: a document of the largest size, escaped.
const LONGEST_FRAME: usize = 1024 * 1024;
/// A longer one isn't even taken off the wire: the socket ends without a word.
const FAR_TOO_LONG: usize = 2 * LONGEST_FRAME;
/// What a socket keeps for reading, instead of 128 KiB.
const READ_BUFFER: usize = 2 * 1024;
/// How long a client may take to accept one frame.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client is given to hear why it is sent away.
const FAREWELL: Duration = Duration::from_secs(1);

#[derive(Deserialize, Default)]
struct Asked {
    token: Option<String>,
    version: Option<String>,
}

pub async fn connect(server: Arc<Server>, pinned: Option<&str>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        let message =
            "Subscriptions are a WebSocket: connect to ws://…/subscriptions?token=API_KEY with the subprotocol actioncable-v1-json";
        return respond::graphql_error(StatusCode::UPGRADE_REQUIRED, message);
    };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(FAR_TOO_LONG).max_frame_size(FAR_TOO_LONG);
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0);
    let asked = Query::<Asked>::try_from_uri(&parts.uri).map_or_else(|_| Asked::default(), |Query(asked)| asked);
    let key = asked.token.as_deref().or(graphql::key(&parts.headers)).unwrap_or_default();
    let caller = server.sandboxes.identify(Some(key), pinned);
    let now = caller.as_ref().map_or_else(|_| machine_time(), |caller| caller.sandbox.world.now());
    // Assumed: as for the other calls, by the header, or by a parameter where a browser can't send one.
    let version = asked.version.as_deref().and_then(|version| HeaderValue::from_str(version).ok());
    let version = version.as_ref().or(parts.headers.get(&graphql::VERSION));
    let spoken = match server.spoken.speak(version, server.version_phase, now, server.strict) {
        Ok(spoken) => spoken,
        Err(Unspoken { error }) => return respond::json(StatusCode::BAD_REQUEST, &json!({ "errors": [error] })),
    };
    let Ok(Caller { sandbox, viewer }) = caller else {
        return upgrade.on_upgrade(|socket| Wire { socket }.dismiss("unauthorized", false));
    };
    let ends = sandbox.switchboard.ends();
    let scene = sandbox.world.scene(viewer, spoken.version, server.origin(&parts.headers));
    let (channels, notices) = Channels::open(&server, sandbox, scene, key);
    upgrade.on_upgrade(move |socket| async move {
        let sid = server.sids.fetch_add(1, Relaxed);
        let _open = Open::count(&server.sockets);
        let session = Session { wire: Wire { socket }, channels, notices, ends, ping_every: server.ping_every };
        session.run(sid).await;
    })
}

/// Counts the sockets that are open.
pub struct Open(watch::Sender<usize>);

impl Open {
    pub fn count(sockets: &watch::Sender<usize>) -> Self {
        sockets.send_modify(|open| *open += 1);
        Self(sockets.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

struct Session {
    wire: Wire,
    channels: Channels,
    notices: mpsc::Receiver<Notice>,
    ends: watch::Receiver<Option<End>>,
    ping_every: Duration,
}

/// Why a session is over: for a reason that the client is told, or because the client is gone.
type Over = Option<End>;

impl Session {
    async fn run(mut self, sid: u64) {
        let over = self.talk(sid).await;
        if let Err(Some(end)) = over {
            self.channels.note(end);
        }
        // What is waited for ends with the session, not with its farewell.
        drop(self.channels);
        self.notices.close();
        if let Err(Some(end)) = over {
            let (reason, reconnect) = end.told();
            self.wire.dismiss(reason, reconnect).await;
        }
    }

    async fn talk(&mut self, sid: u64) -> Result<(), Over> {
        let Self { wire, channels, notices, ends, ping_every } = self;
        let mut pings = interval_at(Instant::now() + *ping_every, *ping_every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let line = channels.line().clone();
        let mut ends = ends.clone();
        wire.send(&line, &mut ends, frames::welcome(sid)).await?;
        loop {
            // In this order, so that what happened before a frame was sent is told before it is answered.
            tokio::select! {
                biased;
                end = ended(&mut ends) => return Err(Some(end)),
                () = line.full.notified() => return Err(Some(End::Slow)),
                _ = pings.tick() => {
                    wire.send(&line, &mut ends, frames::ping(machine_time().as_second())).await?;
                    for frame in channels.pass() {
                        wire.send(&line, &mut ends, frame).await?;
                    }
                }
                notice = notices.recv() => {
                    for frame in notice.map_or(vec![], |notice| channels.tell(&notice)) {
                        wire.send(&line, &mut ends, frame).await?;
                    }
                }
                heard = wire.socket.recv() => {
                    let Some(text) = heard_text(heard)? else { continue };
                    let struck = channels.strike(&text);
                    if let Some(struck) = &struck {
                        wait(struck.delay(), &mut ends).await?;
                        if channels.is_cut(struck) {
                            return Err(None);
                        }
                    }
                    let answer = channels.hear_struck(&text, struck.as_ref());
                    if struck.is_some_and(|struck| struck.is_cut()) {
                        return Err(None);
                    }
                    if let Some(frame) = answer {
                        wire.send(&line, &mut ends, frame).await?;
                    }
                }
            }
        }
    }
}

/// Holds up a session. Err where it ends meanwhile.
async fn wait(delay: Duration, ends: &mut watch::Receiver<Option<End>>) -> Result<(), Over> {
    tokio::select! {
        end = ended(ends) => Err(Some(end)),
        () = sleep(delay) => Ok(()),
    }
}

/// The text of a frame; None for one that says nothing to us.
fn heard_text(heard: Option<Result<Message, axum::Error>>) -> Result<Option<String>, Over> {
    match heard {
        Some(Ok(Message::Text(text))) if text.len() > LONGEST_FRAME => Err(Some(End::FrameTooLong)),
        Some(Ok(Message::Text(text))) => Ok(Some(text.as_str().to_owned())),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
        Some(Ok(_)) => Ok(None),
    }
}

async fn ended(ends: &mut watch::Receiver<Option<End>>) -> End {
    let end = ends.wait_for(Option::is_some).await.map(|end| *end);
    // Gone without a word: the sandbox is dropped.
    end.ok().flatten().unwrap_or(End::SandboxGone)
}

struct Wire {
    socket: WebSocket,
}

impl Wire {
    /// Err once the client is gone, takes too long, or everything ends.
    async fn send(&mut self, line: &Line, ends: &mut watch::Receiver<Option<End>>, frame: String) -> Result<(), Over> {
        tokio::select! {
            biased;
            sent = timeout(PATIENCE, self.socket.send(Message::text(frame))) => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(None),
                Err(_) => Err(Some(End::Slow)),
            },
            () = line.full.notified() => Err(Some(End::Slow)),
            end = ended(ends) => Err(Some(end)),
        }
    }

    /// Says why, closes, and waits a moment for the client to have heard it.
    async fn dismiss(mut self, reason: &'static str, reconnect: bool) {
        let farewell = async {
            self.socket.send(Message::text(frames::disconnect(reason, reconnect))).await?;
            let close = CloseFrame { code: close_code::NORMAL, reason: reason.into() };
            self.socket.send(Message::Close(Some(close))).await?;
            while self.socket.recv().await.is_some_and(|heard| heard.is_ok()) {}
            Ok::<(), axum::Error>(())
        };
        // A client that doesn't listen misses it.
        let _ = timeout(FAREWELL, farewell).await;
    }
}
