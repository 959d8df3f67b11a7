//! Calls that go wrong on purpose: which fault strikes one, and what is answered instead.

use super::{body::Operation, graphql::Desk, respond};
use crate::engine::{FailingField, Scene};
use crate::faults::{Call, Disconnect, RateLimited, Spec};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::Response,
};
use serde_json::json;
use std::sync::Arc;

/// What strikes a call of these operations, if anything does.
pub fn strike<'o>(desk: &Desk<'_>, mut operations: impl Iterator<Item = &'o Operation<'o>>) -> Option<Spec> {
    let faults = Some(&desk.sandbox.faults).filter(|faults| faults.any())?;
    let key = desk.key.unwrap_or_default();
    let role = desk.sandbox.keys().find(|(_, own)| own == key).map(|(role, _)| role.role.clone()).unwrap_or_default();
    operations.find_map(|operation| {
        let about = desk.server.answerer.about(desk.scene, &operation.request());
        let operation = about.operation.as_deref();
        let call = Call { operation, root_fields: &about.root_fields, key, role: &role, now: desk.scene.now };
        faults.strike_call(&desk.sandbox.world.seed, &call)
    })
}

/// The answer that a fault gives without any operation being carried out. None: they are.
pub fn instead(desk: &Desk<'_>, fault: &Spec) -> Option<Response> {
    let does = &fault.respond;
    if does.disconnect == Some(Disconnect::Before) {
        desk.log_struck(StatusCode::OK);
        return Some(dropped());
    }
    if let Some(limited) = &does.rate_limit {
        let status = does.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        let mut response = respond::written(status, desk.too_many_text(status));
        if let (RateLimited::LockedOut { lockout }, StatusCode::TOO_MANY_REQUESTS) = (limited, status) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(lockout.as_secs()));
        }
        return Some(response);
    }
    let status = does.status.and_then(|status| StatusCode::from_u16(status).ok());
    let answered = match (&does.graphql_error, status) {
        // In place of a field: the others are answered.
        (Some(_), None) if fault.matches.root_field.is_some() => None,
        (Some(error), status) => {
            let mut shown = json!({ "message": error.message() });
            if let Some(code) = error.code() {
                shown["extensions"] = json!({ "code": code });
            }
            Some(respond::json(status.unwrap_or(StatusCode::OK), &json!({ "errors": [shown] })))
        }
        (None, Some(status)) => {
            let reason = status.canonical_reason().unwrap_or("Fault");
            Some(respond::json(status, &json!({ "status": status.as_u16(), "error": reason })))
        }
        (None, None) => None,
    };
    if let Some(answered) = &answered {
        desk.log_struck(answered.status());
    }
    answered
}

/// The scene in which the fault's root field fails.
pub fn scene(scene: &Scene, fault: &Spec) -> Scene {
    let failing = fault.respond.graphql_error.as_ref().zip(fault.matches.root_field.as_ref());
    let failing = failing.map(|(error, field)| {
        let (message, code) = (error.message().to_owned(), error.code().map(str::to_owned));
        Arc::new(FailingField { field: field.clone(), message, code })
    });
    Scene { failing, ..scene.clone() }
}

/// Ends the connection instead of an answer: a body that breaks off before anything has left.
pub fn dropped() -> Response {
    let broken = futures_util::stream::iter([Err::<&str, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))]);
    Response::new(Body::from_stream(broken))
}
