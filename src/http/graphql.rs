//! `POST /graphql`: headers to a caller, a body to operations, their answers to a body.

use super::{
    NO_TEXT, Server,
    body::{self, Operation, Operations, Unreadable},
    multipart::{Form, is_multipart},
    respond, struck,
    version::Unspoken,
};
use crate::engine::{NO_ROOM, Scene};
use crate::env::machine_time;
use crate::graphql::{About, Answerer, Report, Request, Response as Answer};
use crate::sandboxes::{Caller, DEFAULT, Key, Locked, Logged, MOST_VARIABLES, Sandbox, Turned, shown};
use crate::state::File;
use crate::webhooks::Deliver;
use axum::{
    body::{Body, Bytes},
    extract::Request as Call,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER},
    },
    response::Response,
};
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const VERSION: HeaderName = HeaderName::from_static("healthie-graphql-api-version");
const SANDBOX: HeaderName = HeaderName::from_static("mock-sandbox");
const SIGN_INS: [&str; 2] = ["signIn", "signUp"];

pub async fn answer(server: &Server, pinned: Option<&str>, request: Call) -> Response {
    match *request.method() {
        Method::POST => {}
        Method::OPTIONS => return respond::preflight(),
        _ => return respond::graphql_error(StatusCode::NOT_FOUND, "Not Found: the API takes POST only"),
    }
    let (parts, body) = request.into_parts();
    let key = key(&parts.headers);
    let pinned = pinned.or_else(|| parts.headers.get(&SANDBOX).map(|name| name.to_str().unwrap_or(NO_TEXT)));
    let caller = server.sandboxes.identify(key, pinned);
    // Assumed, as the platform notes recommend: the version is looked at before the key, the key before the document.
    let now = caller.as_ref().map_or_else(|_| machine_time(), |caller| caller.sandbox.world.now());
    let spoken = match server.spoken.speak(parts.headers.get(&VERSION), server.version_phase, now, server.strict) {
        Ok(spoken) => spoken,
        Err(Unspoken { error }) => return respond::json(StatusCode::BAD_REQUEST, &json!({ "errors": [error] })),
    };
    let caller = match caller {
        Ok(caller) => caller,
        Err(turned) => return turned_away(server, key, turned),
    };
    let sent = match Sent::read(&parts.headers, body).await {
        Ok(sent) => sent,
        Err(Unreadable(status, message)) => return respond::graphql_error(status, &message),
    };
    let operations = match sent.text().and_then(body::operations) {
        Ok(operations) => operations,
        Err(Unreadable(status, message)) => return respond::graphql_error(status, &message),
    };
    let Caller { sandbox, viewer } = caller;
    let scene = Scene { strict: server.strict, ..sandbox.world.scene(viewer, spoken.version, server.origin(&parts.headers)) };
    let desk = Desk { server, sandbox: &sandbox, scene: &scene, key, warnings: spoken.warnings.as_deref(), files: sent.files() };
    if let Err(locked) = desk.admits(operations.each()) {
        return desk.too_many(&locked);
    }
    let fault = struck::strike(&desk, operations.each());
    let mut failing = None;
    if let Some(fault) = &fault {
        tokio::time::sleep(fault.delay()).await;
        if let Some(response) = fault.instead(&desk) {
            return response;
        }
        failing = Some(fault.scene(&scene));
    }
    let desk = Desk { scene: failing.as_ref().unwrap_or(&scene), ..desk };
    let done = match operations {
        Operations::One(one) => desk.answer(&one),
        Operations::Many(many) => desk.answer_each(&many),
    };
    if server.sandboxes.deliver() == Deliver::Sync && !done.commits.is_empty() {
        // A receiver's time-out is shorter.
        sandbox.outbox.settled(&done.commits, Duration::MAX).await;
    }
    let is_lost = fault.is_some_and(|fault| fault.is_cut());
    if is_lost { struck::dropped() } else { finished(done) }
}

/// What came as a body.
enum Sent {
    Json(Bytes),
    Form(Form),
}

impl Sent {
    async fn read(headers: &HeaderMap, body: Body) -> Result<Self, Unreadable> {
        let read = body::read(body).await?;
        match headers.get(CONTENT_TYPE).filter(|_| is_multipart(headers)) {
            Some(kind) => Ok(Self::Form(Form::read(&String::from_utf8_lossy(kind.as_bytes()), read).await?)),
            None => Ok(Self::Json(read)),
        }
    }

    fn text(&self) -> Result<&str, Unreadable> {
        match self {
            Self::Json(read) => body::text(read),
            Self::Form(form) => Ok(&form.operations),
        }
    }

    fn files(&self) -> &[Arc<File>] {
        match self {
            Self::Json(_) => &[],
            Self::Form(form) => &form.files,
        }
    }
}

/// What the operations of one call have in common.
pub struct Desk<'a> {
    pub server: &'a Server,
    pub sandbox: &'a Sandbox,
    pub scene: &'a Scene,
    pub key: Option<&'a str>,
    /// What every answer says of the version.
    pub warnings: Option<&'a str>,
    /// What came along, for the variables to stand for.
    pub files: &'a [Arc<File>],
}

pub struct Done {
    status: StatusCode,
    pub body: Vec<u8>,
    commits: Vec<u64>,
}

impl Desk<'_> {
    /// Whether the key may call again already.
    pub fn admits<'o>(&self, operations: impl Iterator<Item = &'o Operation<'o>>) -> Result<(), Locked> {
        let settings = self.sandbox.world.settings();
        let Some(limit) = &settings.rate_limit else { return Ok(()) };
        let (key, now) = (self.key.unwrap_or_default(), self.scene.now);
        self.sandbox.limiter.take(limit, key, now)?;
        let signs_in = |operation: &&Operation<'_>| self.server.answerer.asks_for(self.scene, &operation.request(), &SIGN_INS);
        match limit.sign_ins_per_minute {
            Some(_) => operations.filter(signs_in).try_for_each(|_| self.sandbox.limiter.take_sign_in(limit, key, now)),
            None => Ok(()),
        }
    }

    /// Logs that a fault answered the call, and how.
    pub fn log_struck(&self, about: About, status: StatusCode, how: String) {
        self.log(None, status, Duration::ZERO, Report { about, errors: vec![how], ..Report::default() });
    }

    /// Documented and observed: the body. Observed: status 200.
    fn too_many(&self, locked: &Locked) -> Response {
        let status = self.sandbox.world.settings().rate_limit.as_ref().map_or(200, |limit| limit.status);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let mut response = respond::written(status, self.too_many_text(status));
        if status == StatusCode::TOO_MANY_REQUESTS
            && let Some(wait) = locked.retry_after
        {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + i64::from(wait.subsec_nanos() > 0)));
        }
        response
    }

    /// Logs that the call was turned away with `status`, and says so.
    pub fn too_many_text(&self, status: StatusCode) -> Vec<u8> {
        self.log(None, status, Duration::ZERO, Report { errors: vec![TOO_MANY.to_owned()], ..Report::default() });
        too_many_requests()
    }

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
        let request = Request { files: self.files, ..operation.request() };
        self.logged(operation, || self.server.answerer.answer(&self.sandbox.world, self.scene, &request))
    }

    pub fn logged(&self, operation: &Operation<'_>, answer: impl FnOnce() -> Answer) -> Done {
        let started = Instant::now();
        let answered = catch_unwind(AssertUnwindSafe(answer));
        let (status, Answer { body, report }) = match answered {
            Ok(answer) if answer.report.errors.iter().any(|error| error == NO_ROOM) => (StatusCode::SERVICE_UNAVAILABLE, answer),
            Ok(answer) if answer.report.unknown_id && self.sandbox.world.settings().unknown_id == Some(404) => {
                let body = json!({ "status": 404, "error": "Not Found" }).to_string().into_bytes();
                (StatusCode::NOT_FOUND, Answer { body, ..answer })
            }
            Ok(answer) => (StatusCode::OK, answer),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, broken()),
        };
        let commits = report.commits.clone();
        let body = if status == StatusCode::NOT_FOUND { body } else { self.warned(body) };
        self.log(operation.variables(), status, started.elapsed(), report);
        Done { status, body, commits }
    }

    /// The answer with `extensions.warnings`, where there are any: behind all else, as what the server adds to it.
    fn warned(&self, mut body: Vec<u8>) -> Vec<u8> {
        let Some(warnings) = self.warnings else { return body };
        let end = body.pop();
        body.extend_from_slice(b",\"extensions\":{\"warnings\":");
        body.extend_from_slice(warnings.as_bytes());
        body.push(b'}');
        body.extend(end);
        body
    }

    fn log(&self, variables: Option<&str>, status: StatusCode, duration: Duration, report: Report) {
        self.server.metrics.count(&report, status, duration);
        self.sandbox.log(Logged {
            at: self.scene.now,
            key: self.key.map(Box::from),
            user_id: self.scene.viewer.id(),
            variables: variables.filter(|text| text.len() <= MOST_VARIABLES).map(Box::from),
            status: status.as_u16(),
            duration,
            report,
        });
    }
}

/// Documented and observed.
const TOO_MANY: &str = "Too many requests. Please try again later.";

pub fn too_many_requests() -> Vec<u8> {
    let body = json!({ "errors": [{ "message": TOO_MANY, "extensions": { "code": "TOO_MANY_REQUESTS" } }] });
    body.to_string().into_bytes()
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
pub fn key(headers: &HeaderMap) -> Option<&str> {
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
            // Observed: the text. Assumed: the status, which is a setting of the sandbox that the key names.
            let named = key.and_then(|key| Key::parse(key).ok()).and_then(|key| server.sandboxes.get(key.sandbox));
            let sandbox = named.or_else(|| server.sandboxes.get(DEFAULT));
            let status = sandbox.map_or(401, |sandbox| sandbox.world.settings().bad_key_status);
            respond::graphql_error(StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED), "API Key is Invalid")
        }
        Turned::Refused(refused) => {
            server.log.warn("a call found no sandbox", &[("why", &refused.to_string())]);
            respond::graphql_error(super::control::status(&refused), &refused.to_string())
        }
    }
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
}
