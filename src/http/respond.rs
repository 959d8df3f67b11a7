//! Answers: JSON, readable from any web page.

use axum::{
    body::Body,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
            ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE,
        },
    },
    response::Response,
};
use serde_json::{Value as Json, json};

pub const MOCK_COMMIT: HeaderName = HeaderName::from_static("mock-commit");
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

/// `body` is JSON already.
pub fn written(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Mock-Commit"));
    response
}

pub fn json(status: StatusCode, body: &Json) -> Response {
    written(status, body.to_string().into_bytes())
}

/// As the API answers what never becomes an operation.
pub fn graphql_error(status: StatusCode, message: &str) -> Response {
    json(status, &json!({ "errors": [{ "message": message }] }))
}

/// Observed: the sandbox can be called from a web page of any origin.
pub fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS"));
    // `*` does not stand for Authorization.
    let ours = "Authorization, AuthorizationSource, AuthorizationShard, Content-Type, Healthie-GraphQL-API-Version, Mock-Sandbox, *";
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ours));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}
