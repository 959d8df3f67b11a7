//! What the names in a plan stand for: `$provider` is the id of the user with that role, `$Task` that of a task that is made for
//! the occasion, `$soon` a time.

use super::{Unfired, client::Client, plan::making};
use crate::env::machine_time;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

pub struct Names {
    known: BTreeMap<String, String>,
    sandbox: Json,
    /// The newest commit that made something for the plan.
    pub last_commit: u64,
}

impl Names {
    pub async fn new(client: &Client<'_>) -> Result<Self, Unfired> {
        let sandbox = client.get("").await?;
        let now: Timestamp = sandbox["now"].as_str().and_then(|now| now.parse().ok()).unwrap_or_else(machine_time);
        let unique = machine_time().as_microsecond();
        let day = |days: i64| TimeZone::UTC.to_datetime(now).date().saturating_add(days.days()).to_string();
        let known = [
            ("unique", unique.to_string()),
            ("digits", format!("{:04}", unique.rem_euclid(10_000))),
            ("today", day(0)),
            ("later_date", day(200)),
            ("soon", format!("{}T10:00:00Z", day(30))),
        ];
        let known = known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self { known, sandbox, last_commit: 0 })
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.known.get(name).map(String::as_str)
    }

    pub fn into_known(self) -> BTreeMap<String, String> {
        self.known
    }

    /// `name` is the record with this id.
    pub fn take(&mut self, name: &str, id: &str) -> Result<(), Unfired> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Unfired(format!("--resource {id:?} is no id; give the record's, as 10000007")));
        }
        self.known.insert(name.to_owned(), id.to_owned());
        Ok(())
    }

    /// `text` with every `$name` replaced.
    pub async fn fill(&mut self, client: &Client<'_>, text: &str) -> Result<String, Unfired> {
        let mut parts = text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
            filled += &self.find(client, &part[..end]).await?;
            filled += &part[end..];
        }
        Ok(filled)
    }

    /// What `name` stands for; made now where nobody has said. What a record refers to is made before it.
    pub async fn find(&mut self, client: &Client<'_>, name: &str) -> Result<String, Unfired> {
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        let found = match making(name) {
            Some((ty, fields)) => {
                let fields = Box::pin(self.fill(client, fields)).await?;
                let fields: Json = serde_json::from_str(&fields).expect("what is filled in keeps JSON as it is");
                let made = client.control("records", &json!([{ "type": ty, "fields": fields, "fire": false }])).await?;
                self.last_commit = made["commit"].as_u64().unwrap_or(self.last_commit);
                made["records"][0]["id"].as_str().unwrap_or_default().to_owned()
            }
            None if name == "Webhook" => webhook(client).await?,
            None if name == "organization" => {
                let organization = client.graphql("owner", "{ organization { id } }").await?;
                organization["organization"]["id"].as_str().unwrap_or_default().to_owned()
            }
            None => self.role(name)?,
        };
        self.known.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    /// The id of the user with this role, else of the seed's first.
    fn role(&self, role: &str) -> Result<String, Unfired> {
        let keys = &self.sandbox["keys"];
        let first = || keys.as_object().and_then(|keys| keys.values().next());
        let found = keys.get(role).or_else(first).and_then(|key| key["user_id"].as_str());
        found.map(str::to_owned).ok_or_else(|| Unfired("the seed has no roles, so that nobody could do it".to_owned()))
    }
}

/// The newest there is: a test is sent to one webhook.
async fn webhook(client: &Client<'_>) -> Result<String, Unfired> {
    let webhooks = client.graphql("owner", "{ webhooks { nodes { id } } }").await?;
    let newest = webhooks["webhooks"]["nodes"][0]["id"].as_str().map(str::to_owned);
    newest.ok_or_else(|| Unfired("a test is sent to a webhook, and the sandbox has none; register one first".to_owned()))
}
