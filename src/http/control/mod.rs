//! The control API below `/_mock`: what a test needs to know and to do.

mod about;
mod causing;
mod clock;
mod deliveries;
mod exports;
mod faults;
mod journal;
mod metrics;
mod openapi;
mod outbox;
mod pull;
mod replay;
mod sandboxes;
mod settings;
mod snapshots;
mod stream;

use super::{Named, NamedPair, Server, body, respond};
use crate::sandboxes::{Refused as NoSandbox, Sandbox};
use axum::{
    Router,
    extract::{Query, Request, State},
    http::{StatusCode, Uri, header::AUTHORIZATION},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

pub fn routes(server: &Arc<Server>) -> Router<Arc<Server>> {
    let routes = Router::new()
        .route("/health", get(about::health))
        .route("/ready", get(about::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/openapi.json", get(openapi::openapi))
        .route("/coverage", get(about::coverage))
        .route("/events", get(about::events))
        .route("/requests", get(about::unmatched))
        .route("/seeds", get(exports::seeds))
        .route("/seeds/{name}", put(exports::add_seed))
        .route("/sandboxes", get(sandboxes::list).post(sandboxes::create))
        .route("/sandboxes/{id}", get(sandboxes::show).put(sandboxes::renew).delete(sandboxes::delete))
        .route("/sandboxes/{id}/reset", post(sandboxes::reset))
        .route("/sandboxes/{id}/snapshots", get(snapshots::list).post(snapshots::take))
        .route("/sandboxes/{id}/snapshots/{name}", delete(snapshots::delete))
        .route("/sandboxes/{id}/snapshots/{name}/restore", post(snapshots::restore))
        .route("/sandboxes/{id}/export", get(exports::export))
        .route("/sandboxes/{id}/import", post(exports::import))
        .route("/sandboxes/{id}/clock", get(clock::show).post(clock::set))
        .route("/sandboxes/{id}/settings", get(settings::show).patch(settings::change))
        .route("/sandboxes/{id}/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/sandboxes/{id}/faults/{fault}", delete(faults::remove))
        .route("/sandboxes/{id}/records", post(causing::records))
        .route("/sandboxes/{id}/events", post(causing::events))
        .route("/sandboxes/{id}/deliveries", get(deliveries::list))
        .route("/sandboxes/{id}/deliveries/{delivery}/replay", post(replay::replay))
        .route("/sandboxes/{id}/pull", post(pull::fetch))
        .route("/sandboxes/{id}/deliveries/{delivery}/report", post(pull::report))
        .route("/sandboxes/{id}/settled", get(deliveries::settled))
        .route("/sandboxes/{id}/outbox", get(outbox::mails))
        .route("/sandboxes/{id}/requests", get(journal::requests))
        .route("/sandboxes/{id}/commits", get(journal::commits))
        .route("/sandboxes/{id}/commits/{number}", get(journal::commit))
        .route("/sandboxes/{id}/stream", get(stream::stream));
    match server.admin_token {
        Some(_) => routes.layer(middleware::from_fn_with_state(server.clone(), admit)),
        None => routes,
    }
}

/// Lets pass who knows the token.
async fn admit(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let wanted = server.admin_token.as_deref().unwrap_or_default();
    let sent = request.headers().get(AUTHORIZATION).and_then(|sent| sent.to_str().ok()?.split_once(' '));
    match sent {
        Some((scheme, sent)) if scheme.eq_ignore_ascii_case("bearer") && sent.trim() == wanted => next.run(request).await,
        _ => {
            let message = "this server was started with --admin-token; send it as Authorization: Bearer TOKEN";
            Refused::new(401, "no_admin_token", message).into_response()
        }
    }
}

/// Why a call of the control API fails: a status, a code for programs, a sentence for people.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

type Answered = Result<Response, Refused>;

impl Refused {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, code, message: message.into() }
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "not_found", message)
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "bad_request", message)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        respond::json(self.status, &json!({ "error": { "code": self.code, "message": self.message } }))
    }
}

/// The status that says what kind of "no" it is.
pub fn status(refused: &NoSandbox) -> StatusCode {
    match refused {
        NoSandbox::Name(_)
        | NoSandbox::SnapshotName(_)
        | NoSandbox::SeedName(_)
        | NoSandbox::Seed(..)
        | NoSandbox::Time(_)
        | NoSandbox::Span(_)
        | NoSandbox::Import(_)
        | NoSandbox::BadSeed(_) => StatusCode::BAD_REQUEST,
        NoSandbox::Unknown(_) | NoSandbox::NoSnapshot(..) => StatusCode::NOT_FOUND,
        NoSandbox::Taken(_) | NoSandbox::Default | NoSandbox::Gone(_) | NoSandbox::Snapshots(..) => StatusCode::CONFLICT,
        NoSandbox::Full(_) => StatusCode::SERVICE_UNAVAILABLE,
        NoSandbox::Planting(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<NoSandbox> for Refused {
    fn from(refused: NoSandbox) -> Self {
        let code = match refused {
            NoSandbox::Name(_) | NoSandbox::SnapshotName(_) | NoSandbox::SeedName(_) => "bad_name",
            NoSandbox::Seed(..) => "unknown_seed",
            NoSandbox::Time(_) => "bad_time",
            NoSandbox::Span(_) => "bad_duration",
            NoSandbox::Unknown(_) | NoSandbox::NoSnapshot(..) => "not_found",
            NoSandbox::Snapshots(..) => "too_many_snapshots",
            NoSandbox::Taken(_) => "taken",
            NoSandbox::Gone(_) => "sandbox_gone",
            NoSandbox::Default => "default_sandbox",
            NoSandbox::Full(_) => "too_many_sandboxes",
            NoSandbox::Import(_) => "bad_export",
            NoSandbox::Planting(_) | NoSandbox::BadSeed(_) => "bad_seed",
        };
        Self { status: status(&refused), code, message: refused.to_string() }
    }
}

impl From<body::Unreadable> for Refused {
    fn from(body::Unreadable(status, message): body::Unreadable) -> Self {
        Self { status, code: "bad_body", message }
    }
}

fn ok(body: &Json) -> Answered {
    Ok(respond::json(StatusCode::OK, body))
}

/// The sandbox that a path names, made now if there is none.
fn enter(server: &Server, id: &str) -> Result<Arc<Sandbox>, Refused> {
    Ok(server.sandboxes.enter(id)?)
}

fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refused> {
    Query::try_from_uri(uri).map(|Query(read)| read).map_err(|error| {
        // Without the words of a program.
        let told = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Refused::bad(format!("the address has a parameter that is not as expected: {told}"))
    })
}

/// The body as a `T`; an empty one is `{}`.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refused> {
    let read = body::read(request.into_body()).await?;
    let text = body::text(&read)?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    serde_json::from_str(text)
        .map_err(|error| Refused::new(400, "bad_body", format!("the body is not as expected: {}", plain(&error.to_string()))))
}

/// Without the names of our own structures.
fn plain(error: &str) -> String {
    match error.split_once("expected struct ") {
        Some((before, rest)) => format!("{before}expected an object{}", rest.trim_start_matches(|c: char| c.is_alphanumeric())),
        None => error.to_owned(),
    }
}

/// Nobody waits longer than that.
const LONGEST: Duration = Duration::from_mins(10);

/// `5s` or `PT5S`.
fn duration(text: &str) -> Result<Duration, Refused> {
    let read: Result<SignedDuration, _> = text.parse();
    let read = read.ok().and_then(|duration| Duration::try_from(duration).ok());
    read.map(|duration| duration.min(LONGEST)).ok_or_else(|| Refused::bad(format!("{text:?} is no duration; write it as 5s or PT5S")))
}

/// RFC 3339.
fn time(text: &str) -> Result<Timestamp, Refused> {
    text.parse().map_err(|_| Refused::bad(format!("{text:?} is no time; write it as 2026-03-02T15:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short_or_iso() {
        for text in ["5s", "PT5S", "5000ms"] {
            assert_eq!(duration(text).expect(text), Duration::from_secs(5), "{text}");
        }
        assert_eq!(duration("1h").expect("too long"), LONGEST);
        for text in ["", "five", "-5s", "5"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
