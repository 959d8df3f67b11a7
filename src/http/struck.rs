//! Calls that go wrong on purpose, by HTTP or over a socket: which fault strikes one, and what is answered instead.

use super::{body::Operation, graphql::Desk, respond};
use crate::engine::{FailingField, Scene};
use crate::faults::{Call, Disconnect, Failure, RateLimited, Spec, Standing};
use crate::graphql::About;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::Response,
};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

/// A call, and the fault that strikes it.
pub struct Struck {
    fault: u64,
    spec: Spec,
    about: About,
}

/// What strikes a call of these operations, if anything does.
pub fn strike<'o>(desk: &Desk<'_>, mut operations: impl Iterator<Item = &'o Operation<'o>>) -> Option<Struck> {
    let faults = Some(&desk.sandbox.faults).filter(|faults| faults.any())?;
    let (key, caller) = (desk.key.unwrap_or_default(), desk.scene.viewer.id());
    let roles: Vec<&str> = desk.sandbox.roles().filter(|role| caller == Some(role.user_id)).map(|role| role.role.as_str()).collect();
    operations.find_map(|operation| {
        let about = desk.server.answerer.about(desk.scene, &operation.request());
        let operation = about.operation.as_deref();
        let call = Call { operation, root_fields: &about.root_fields, key, roles: roles.clone(), now: desk.scene.now };
        let Standing { id, spec, .. } = faults.strike_call(&desk.sandbox.world.seed, &call)?;
        Some(Struck { fault: id, spec, about })
    })
}

impl Struck {
    pub fn delay(&self) -> Duration {
        self.spec.respond.delay()
    }

    /// True where nobody hears the answer, whatever becomes of the call.
    pub fn is_cut(&self) -> bool {
        self.spec.respond.disconnect.is_some()
    }

    /// True where the connection ends with nothing carried out.
    pub fn is_cut_before(&self, desk: &Desk<'_>) -> bool {
        let is_cut = self.spec.respond.disconnect == Some(Disconnect::Before);
        if is_cut {
            self.log(desk, StatusCode::OK, "disconnected");
        }
        is_cut
    }

    /// The answer without any operation being carried out. None: they are.
    pub fn instead(&self, desk: &Desk<'_>) -> Option<Response> {
        if self.is_cut_before(desk) {
            return Some(dropped());
        }
        let status = self.status();
        if let Some(limited) = &self.spec.respond.rate_limit {
            let status = status.unwrap_or(StatusCode::OK);
            let mut response = respond::written(status, self.too_many(desk, status));
            if let (RateLimited::LockedOut { lockout }, StatusCode::TOO_MANY_REQUESTS) = (limited, status) {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(lockout.as_secs()));
            }
            return Some(response);
        }
        let (status, body) = match (self.whole_error(), status) {
            (Some(error), status) => (status.unwrap_or(StatusCode::OK), json!({ "errors": [error] })),
            (None, Some(status)) => (status, json!({ "status": status.as_u16(), "error": reason(status) })),
            (None, None) => return None,
        };
        self.log(desk, status, "answered");
        Some(respond::json(status, &body))
    }

    /// As [`Struck::instead`], over a socket, which has no statuses: what one is called is an error.
    pub fn result_instead(&self, desk: &Desk<'_>) -> Option<Vec<u8>> {
        if self.spec.respond.rate_limit.is_some() {
            return Some(self.too_many(desk, StatusCode::OK));
        }
        let error = self.whole_error().or_else(|| self.status().map(|status| json!({ "message": reason(status) })))?;
        self.log(desk, StatusCode::OK, "answered");
        Some(json!({ "errors": [error] }).to_string().into_bytes())
    }

    /// The scene in which the fault's root field fails.
    pub fn scene(&self, scene: &Scene) -> Scene {
        let failing = self.spec.respond.graphql_error.as_ref().zip(self.spec.matches.root_field.as_ref());
        let failing = failing.map(|(error, field)| {
            let (message, code) = (error.message().to_owned(), error.code().map(str::to_owned));
            Arc::new(FailingField { field: field.clone(), message, code })
        });
        Scene { failing, ..scene.clone() }
    }

    fn status(&self) -> Option<StatusCode> {
        self.spec.respond.status.and_then(|status| StatusCode::from_u16(status).ok())
    }

    /// The error that stands for the whole answer. None where it stands in place of a field, and the others are answered.
    fn whole_error(&self) -> Option<Json> {
        let is_of_a_field = |_: &&Failure| self.spec.matches.root_field.is_some() && self.about.kind != Some("subscription");
        let error = self.spec.respond.graphql_error.as_ref().filter(|error| self.status().is_some() || !is_of_a_field(error))?;
        let mut shown = json!({ "message": error.message() });
        if let Some(code) = error.code() {
            shown["extensions"] = json!({ "code": code });
        }
        Some(shown)
    }

    fn too_many(&self, desk: &Desk<'_>, status: StatusCode) -> Vec<u8> {
        self.log(desk, status, "refused");
        super::graphql::too_many_requests()
    }

    fn log(&self, desk: &Desk<'_>, status: StatusCode, what: &str) {
        desk.log_struck(self.about.clone(), status, format!("{what} by the injected fault {}", self.fault));
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Fault")
}

/// Ends the connection instead of an answer: a body that breaks off before anything has left.
pub fn dropped() -> Response {
    let broken = futures_util::stream::iter([Err::<&str, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))]);
    Response::new(Body::from_stream(broken))
}
