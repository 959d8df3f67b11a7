//! `GET /_mock/openapi.json`: what the addresses take and answer, for programs. A test compares it with the routes and with answers.

use super::respond;
use axum::{http::StatusCode, response::Response};

pub async fn openapi() -> Response {
    respond::written(StatusCode::OK, include_bytes!("openapi.json").to_vec())
}
