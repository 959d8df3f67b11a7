//! One delivery: what is sent to one webhook because of one event.

use super::signature;
use crate::engine::{Commit, Event, Row, Weight};
use crate::schema::EventDef;
use crate::schema::names::Webhook;
use jiff::Timestamp;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Delivery {
    /// Counts from 1 in each sandbox.
    pub id: u64,
    /// The commit that caused it.
    pub commit: u64,
    pub webhook: u64,
    /// The organization of the webhook.
    pub organization: u64,
    pub url: Arc<str>,
    secret: Arc<str>,
    sandbox: Arc<str>,
    /// Without the headers that only this server sends.
    plain: bool,
    pub event: &'static EventDef,
    pub resource_id: u64,
    pub status: Status,
    /// The text that is sent and signed.
    pub body: Arc<str>,
    pub attempts: Vec<Attempt>,
    /// On the sandbox's clock, where it is to be tried again later.
    pub next_attempt_at: Option<Timestamp>,
    /// Which of all changes to the sandbox's deliveries was the last to this one.
    pub changed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Due now: waiting for an attempt, or in the middle of it.
    Pending,
    Delivered,
    /// To be tried again later.
    Retrying,
    Failed,
}

/// One try to deliver.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// On the sandbox's clock.
    pub at: Timestamp,
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    pub error: Option<String>,
    pub duration_ms: u64,
    /// Where a replay went, if it was elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Box<str>>,
}

impl Attempt {
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Delivery {
    /// The delivery of `event`, told as `body`, to `webhook`; the secret is today's. Assumed: retries are signed with it too,
    /// even if it has been replaced meanwhile.
    pub fn new(id: u64, sandbox: &Arc<str>, commit: &Commit, event: &Event, webhook: &Row<Webhook>, body: Arc<str>, plain: bool) -> Self {
        Self {
            id,
            commit: commit.number,
            webhook: webhook.id(),
            organization: webhook.organization(),
            url: webhook.get(Webhook::url).unwrap_or_default().into(),
            secret: webhook.get(Webhook::signature_secret).unwrap_or_default().into(),
            sandbox: sandbox.clone(),
            plain,
            event: event.def,
            resource_id: event.resource_id,
            status: Status::Pending,
            body,
            attempts: vec![],
            next_attempt_at: None,
            changed: 0,
        }
    }

    /// What is sent besides the body, in the `attempt`th attempt.
    pub fn headers(&self, attempt: usize) -> Vec<(&'static str, String)> {
        self.headers_to(Url::parse(&self.url).ok().as_ref(), attempt)
    }

    /// As [`Delivery::headers`], where the address has been read already.
    pub fn headers_to(&self, url: Option<&Url>, attempt: usize) -> Vec<(&'static str, String)> {
        let path = url.map_or("/", Url::path);
        let query = url.and_then(Url::query).unwrap_or_default();
        let signature = signature::sign(&self.secret, path, query, self.body.as_bytes());
        let mut headers = vec![
            ("Content-Type", "application/json".to_owned()),
            ("Content-Digest", signature.content_digest()),
            ("Signature-Input", signature::SIGNATURE_INPUT.to_owned()),
            ("Signature", signature.header()),
        ];
        if !self.plain {
            headers.extend([
                ("Mock-Sandbox", self.sandbox.to_string()),
                ("Mock-Delivery", self.id.to_string()),
                ("Mock-Attempt", attempt.to_string()),
                ("Mock-Commit", self.commit.to_string()),
            ]);
        }
        headers
    }

    /// As the control API shows it: with the headers of its latest attempt, or of the first one to come.
    pub fn to_json(&self) -> Json {
        let headers = self.headers(self.attempts.len().max(1));
        let headers: Map<String, Json> = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        json!({
            "id": self.id.to_string(),
            "commit": self.commit,
            "webhook_id": self.webhook.to_string(),
            "url": &*self.url,
            "event_type": self.event.name(),
            "resource_id": self.resource_id.to_string(),
            "resource_id_type": self.event.resource_type(),
            "status": self.status,
            "headers": headers,
            "body": &*self.body,
            "attempts": self.attempts,
            "next_attempt_at": self.next_attempt_at,
        })
    }
}

impl Weight for Arc<Delivery> {
    fn weight(&self) -> usize {
        256 + self.url.len() + self.body.len() + 96 * self.attempts.len()
    }
}
