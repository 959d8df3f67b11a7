//! `GET /_mock/metrics`: Prometheus' text format. No label has more values than are listed in the program.

use super::{Server, about};
use crate::http::metrics::{BOUNDS, KINDS, RESULTS, STATUSES};
use crate::sandboxes::commits;
use axum::{
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use std::fmt::{Display, Write as _};
use std::sync::Arc;

pub async fn metrics(State(server): State<Arc<Server>>) -> Response {
    let mut page = Page(String::new());
    page.family("info", "gauge", "The version that runs.");
    page.sample("info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.family("uptime_seconds", "gauge", "Since the server started.");
    page.sample("uptime_seconds", &[], server.started.elapsed().as_secs_f64());
    if let Some(bytes) = about::resident_bytes() {
        page.family("resident_memory_bytes", "gauge", "The memory of the process.");
        page.sample("resident_memory_bytes", &[], bytes);
    }
    page.calls(&server);
    page.family("commits_total", "counter", "Changes of any sandbox's state, in this process.");
    page.sample("commits_total", &[], commits());
    page.sandboxes(&server);
    let mut response = page.0.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    response
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, about: &str) {
        self.line(format_args!("# HELP healthie_mock_{name} {about}"));
        self.line(format_args!("# TYPE healthie_mock_{name} {kind}"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.line(format_args!("healthie_mock_{name}{labels} {value}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("text grows");
    }

    fn calls(&mut self, server: &Server) {
        let metrics = &server.metrics;
        self.family("operations_total", "counter", "Answered operations of the API.");
        for (kind, kind_name) in KINDS.iter().enumerate() {
            for (status, status_name) in STATUSES.iter().enumerate() {
                for (result, result_name) in RESULTS.iter().enumerate() {
                    let labels = [("kind", *kind_name), ("status", *status_name), ("result", *result_name)];
                    self.sample("operations_total", &labels, metrics.operations(kind, status, result));
                }
            }
        }
        self.family("operation_duration_seconds", "histogram", "How long the answers took to make.");
        let (counts, all) = metrics.durations();
        for (bound, count) in BOUNDS.iter().zip(counts) {
            let seconds = (*bound as f64 / 1e6).to_string();
            self.sample("operation_duration_seconds_bucket", &[("le", &seconds)], count);
        }
        self.sample("operation_duration_seconds_bucket", &[("le", "+Inf")], all);
        self.sample("operation_duration_seconds_sum", &[], metrics.microseconds() as f64 / 1e6);
        self.sample("operation_duration_seconds_count", &[], all);
    }

    fn sandboxes(&mut self, server: &Server) {
        let all = server.sandboxes.all();
        self.family("sandboxes", "gauge", "Sandboxes that exist.");
        self.sample("sandboxes", &[], all.len());
        self.family("sockets", "gauge", "Open sockets of subscriptions.");
        self.sample("sockets", &[], *server.sockets.borrow());
        self.family("followers", "gauge", "Open streams of what happens in a sandbox.");
        self.sample("followers", &[], *server.followers.borrow());
        self.family("deliveries", "gauge", "Deliveries that are known, of all sandboxes.");
        let mut by_status = std::collections::BTreeMap::new();
        for (status, count) in all.iter().flat_map(|sandbox| sandbox.outbox.by_status()) {
            *by_status.entry(status).or_insert(0) += count;
        }
        for (status, count) in by_status {
            self.sample("deliveries", &[("status", status)], count);
        }
        let rings = about::rings(server);
        self.family("ring_bytes", "gauge", "What the logs of all sandboxes hold.");
        for (ring, held) in rings.as_object().into_iter().flatten() {
            self.sample("ring_bytes", &[("ring", ring)], &held["bytes"]);
        }
        self.family("ring_dropped", "gauge", "What the logs of the sandboxes that exist had to drop.");
        for (ring, held) in rings.as_object().into_iter().flatten() {
            self.sample("ring_dropped", &[("ring", ring)], &held["dropped"]);
        }
    }
}
