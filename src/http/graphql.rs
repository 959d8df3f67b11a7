//! `POST /graphql`: headers to a caller, a body to operations, their answers to a body.

use super::{
    NO_TEXT, Server,
    body::{self, Operation, Operations, Unreadable},
    respond,
};
use crate::engine::{NO_ROOM, Scene};
use crate::graphql::{Answerer, Report, Response as Answer};
use crate::sandboxes::{Caller, Logged, MOST_VARIABLES, Sandbox, Turned, shown};
use crate::schema::Version;
use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::Response,
};
use jiff::civil::Date;
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

const VERSION: HeaderName = HeaderName::from_static("healthie-graphql-api-version");
const SANDBOX: HeaderName = HeaderName::from_static("mock-sandbox");

pub async fn answer(server: &Server, pinned: Option<&str>, request: Request) -> Response {
    match *request.method() {
        Method::POST => {}
        Method::OPTIONS => return respond::preflight(),
        _ => return respond::graphql_error(StatusCode::NOT_FOUND, "Not Found: the API takes POST only"),
    }
    let (parts, body) = request.into_parts();
    // Assumed, as the platform notes recommend: the version is looked at before the key, the key before the document.
    let version = match version(&parts.headers) {
        Ok(version) => version,
        Err(date) => return unsupported(date),
    };
    let key = key(&parts.headers);
    let pinned = pinned.or_else(|| parts.headers.get(&SANDBOX).map(|name| name.to_str().unwrap_or(NO_TEXT)));
    let caller = match server.sandboxes.identify(key, pinned) {
        Ok(caller) => caller,
        Err(turned) => return turned_away(server, key, turned),
    };
    if is_multipart(&parts.headers) {
        let message = "Uploads as multipart/form-data are not emulated; send application/json";
        return respond::graphql_error(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let read = match body::read(body).await {
        Ok(read) => read,
        Err(Unreadable(status, message)) => return respond::graphql_error(status, &message),
    };
    let operations = match body::text(&read).and_then(body::operations) {
        Ok(operations) => operations,
        Err(Unreadable(status, message)) => return respond::graphql_error(status, &message),
    };
    let Caller { sandbox, viewer } = caller;
    let scene = Scene { strict: server.strict, ..sandbox.world.scene(viewer, version, server.origin(&parts.headers)) };
    let desk = Desk { server, sandbox: &sandbox, scene: &scene, key };
    match operations {
        Operations::One(one) => finished(desk.answer(&one)),
        Operations::Many(many) => finished(desk.answer_each(&many)),
    }
}

/// What the operations of one call have in common.
struct Desk<'a> {
    server: &'a Server,
    sandbox: &'a Sandbox,
    scene: &'a Scene,
    key: Option<&'a str>,
}

struct Done {
    status: StatusCode,
    body: Vec<u8>,
    commits: Vec<u64>,
}

impl Desk<'_> {
    /// An array of answers; its status is the worst of theirs.
    fn answer_each(&self, operations: &[Operation<'_>]) -> Done {
        let mut whole = Done { status: StatusCode::OK, body: vec![b'['], commits: vec![] };
        for (at, operation) in operations.iter().enumerate() {
            let one = match whole.body.len() < self.server.answerer.most {
                true => self.answer(operation),
                false => self.logged(operation, Answerer::too_long),
            };
            if at > 0 {
                whole.body.push(b',');
            }
            whole.body.extend(one.body);
            whole.commits.extend(one.commits);
            whole.status = whole.status.max(one.status);
        }
        whole.body.push(b']');
        whole
    }

    fn answer(&self, operation: &Operation<'_>) -> Done {
        self.logged(operation, || self.server.answerer.answer(&self.sandbox.world, self.scene, &operation.request()))
    }

    fn logged(&self, operation: &Operation<'_>, answer: impl FnOnce() -> Answer) -> Done {
        let started = Instant::now();
        let answered = catch_unwind(AssertUnwindSafe(answer));
        let (status, Answer { body, report }) = match answered {
            Ok(answer) if answer.report.errors.iter().any(|error| error == NO_ROOM) => (StatusCode::SERVICE_UNAVAILABLE, answer),
            Ok(answer) => (StatusCode::OK, answer),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, broken()),
        };
        let commits = report.commits.clone();
        self.sandbox.requests.push(Logged {
            at: self.scene.now,
            key: self.key.map(Box::from),
            user_id: self.scene.viewer.id(),
            variables: operation.variables().filter(|text| text.len() <= MOST_VARIABLES).map(Box::from),
            status: status.as_u16(),
            duration: started.elapsed(),
            report,
        });
        Done { status, body, commits }
    }
}

/// Observed: what goes wrong inside is an entry with this text.
fn broken() -> Answer {
    let message = "Internal server error";
    let body = json!({ "errors": [{ "message": message }] }).to_string().into_bytes();
    Answer { body, report: Report { errors: vec![message.to_owned()], ..Report::default() } }
}

fn finished(done: Done) -> Response {
    let mut response = respond::written(done.status, done.body);
    if !done.commits.is_empty() {
        let commits: Vec<String> = done.commits.iter().map(u64::to_string).collect();
        if let Ok(commits) = HeaderValue::try_from(commits.join(", ")) {
            response.headers_mut().insert(respond::MOCK_COMMIT, commits);
        }
    }
    response
}

/// The key, in any of the forms that clients send: `Basic KEY`, `Bearer KEY`, `KEY`.
fn key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?;
    // What is no text is no key, but it is not nothing either.
    let value = value.to_str().unwrap_or(NO_TEXT).trim();
    let is_scheme = |word: &str| word.eq_ignore_ascii_case("Basic") || word.eq_ignore_ascii_case("Bearer");
    match value.split_once(char::is_whitespace) {
        Some((scheme, key)) if is_scheme(scheme) => Some(key.trim()),
        _ if is_scheme(value) => Some(""),
        _ => Some(value),
    }
}

fn turned_away(server: &Server, key: Option<&str>, turned: Turned) -> Response {
    match turned {
        Turned::BadKey => {
            server.log.warn("a key matches nobody; GET /_mock/requests says why", &[("key", &shown(key.unwrap_or_default()))]);
            // Observed: the text. Assumed: the status.
            respond::graphql_error(StatusCode::UNAUTHORIZED, "API Key is Invalid")
        }
        Turned::Refused(refused) => {
            server.log.warn("a call found no sandbox", &[("why", &refused.to_string())]);
            respond::graphql_error(super::control::status(&refused), &refused.to_string())
        }
    }
}

/// Documented: exact dates. Assumed, as the platform notes recommend: before versions are enforced, a date that was never
/// published is served as the published one before it. Err is what is no date, or too early.
fn version(headers: &HeaderMap) -> Result<Version, String> {
    let Some(value) = headers.get(&VERSION) else { return Ok(Version::V2024_06_01) };
    let text = value.to_str().unwrap_or_default().trim();
    for version in Version::ALL {
        if text == version.date() {
            return Ok(version);
        }
    }
    let date = Date::strptime("%Y-%m-%d", text).ok().filter(|date| text.len() == 10 && *date >= FIRST);
    match date {
        Some(date) if date < CONNECTIONS => Ok(Version::V2024_06_01),
        Some(_) => Ok(Version::V2026_01_01),
        None => Err(text.to_owned()),
    }
}

const FIRST: Date = jiff::civil::date(2024, 6, 1);
/// The version from which on lists are connections: the newest schema comes nearest.
const CONNECTIONS: Date = jiff::civil::date(2025, 10, 15);

fn unsupported(date: String) -> Response {
    let message = format!("API version '{date}' is no longer supported. Please upgrade to a supported version.");
    let extensions = json!({
        "code": "UNSUPPORTED_API_VERSION",
        "requested_version": date,
        "minimum_supported_version": "2024-06-01",
        "latest_version": "2026-07-01",
    });
    respond::json(StatusCode::BAD_REQUEST, &json!({ "errors": [{ "message": message, "extensions": extensions }] }))
}

fn is_multipart(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_key_comes_in_many_forms() {
        for sent in ["Basic gh_sbox_x_owner", "bearer  gh_sbox_x_owner", "BASIC gh_sbox_x_owner", "gh_sbox_x_owner"] {
            assert_eq!(key(&headers(AUTHORIZATION, sent)), Some("gh_sbox_x_owner"), "{sent}");
        }
        assert_eq!(key(&headers(AUTHORIZATION, "Basic")), Some(""));
        assert_eq!(key(&HeaderMap::new()), None);
    }

    #[test]
    fn a_date_means_the_schema_that_comes_nearest() {
        let at = |date| version(&headers(VERSION, date));
        assert_eq!(version(&HeaderMap::new()), Ok(Version::V2024_06_01));
        for (date, expected) in [("2024-06-01", Version::V2024_06_01), ("2025-10-14", Version::V2024_06_01)] {
            assert_eq!(at(date), Ok(expected));
        }
        for date in ["2025-10-15", "2026-01-01", "2026-07-01"] {
            assert_eq!(at(date), Ok(Version::V2026_01_01));
        }
        for date in ["2024-05-31", "newest", "2026-1-1", ""] {
            assert_eq!(at(date), Err(date.to_owned()));
        }
    }
}
