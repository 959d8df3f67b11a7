//! How a sandbox behaves where the real ones differ, or where nobody knows.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The settings of one sandbox, as `PATCH /_mock/sandboxes/{id}/settings` takes them: what is left out stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The HTTP status of a call whose key matches nobody: 401 or 200.
    pub bad_key_status: u16,
    #[serde(with = "on_or_off")]
    pub rate_limit: Option<RateLimit>,
    /// What a mutation on an id that names nothing answers with: null for a refusal among the payload's messages, or 404 for an
    /// HTTP status that breaks with GraphQL. Documented: the API does it here and there.
    pub unknown_id: Option<u16>,
    /// How ids are written in deliveries. Observed: as numbers; the reference prints strings.
    pub resource_id: IdForm,
    /// Without, payments are turned down as Stripe does it before a bank account was added.
    pub bank_set_up: bool,
    /// Documented: visits of a series announce nothing, unless support has enabled it.
    pub recurring_appointment_events: bool,
    pub background: Background,
    pub webhooks: Manner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdForm {
    Number,
    String,
}

/// When what Healthie makes in the background is there.
///
/// Documented of the later visits of a series and of forms that many are asked for; observed of a new account's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// With the mutation that causes it.
    Instant,
    /// Once the sandbox's clock has passed on by a second.
    OnClock,
}

/// How deliveries leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// Each once, in commit order.
    Tidy,
    /// Observed in production: some twice, some out of order. Which ones is drawn from the sandbox's seed.
    Rough,
}

/// A bucket of calls for each key, which fills with the sandbox's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// How many calls the bucket gains in a second. Documented in older guides: 250.
    pub per_second: f64,
    /// How many calls it holds.
    pub burst: u32,
    /// As older guides have it: 100 for `signIn` and `signUp`, beside the other calls. None: as any other call.
    pub sign_ins_per_minute: Option<u32>,
    /// How long a key is locked out once its bucket is empty. Observed: half an hour to an hour, after 39 calls at once.
    pub lockout: Option<SignedDuration>,
    /// The HTTP status of the refusal. Observed: 200. Clients handle 429 too, which comes with `Retry-After`.
    pub status: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bad_key_status: 401,
            rate_limit: None,
            unknown_id: None,
            resource_id: IdForm::Number,
            bank_set_up: true,
            recurring_appointment_events: false,
            background: Background::Instant,
            webhooks: Manner::Tidy,
        }
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { per_second: 250.0, burst: 250, sign_ins_per_minute: None, lockout: None, status: 200 }
    }
}

impl Settings {
    /// What is wrong with a value, and what it may be.
    pub fn check(&self) -> Result<(), String> {
        if ![200, 401].contains(&self.bad_key_status) {
            return Err("bad_key_status is 401 or 200".to_owned());
        }
        if self.unknown_id.is_some_and(|status| status != 404) {
            return Err("unknown_id is null or 404".to_owned());
        }
        match &self.rate_limit {
            Some(limit) => limit.check(),
            None => Ok(()),
        }
    }
}

impl RateLimit {
    fn check(&self) -> Result<(), String> {
        if !(self.per_second.is_finite() && self.per_second >= 0.0) || self.burst == 0 {
            return Err("rate_limit.per_second is a number of calls from 0 on, rate_limit.burst one from 1 on".to_owned());
        }
        if self.sign_ins_per_minute == Some(0) {
            return Err("rate_limit.sign_ins_per_minute is a number of calls from 1 on, or null".to_owned());
        }
        if self.lockout.is_some_and(|lockout| lockout.is_negative()) {
            return Err("rate_limit.lockout is a duration from 0 on, such as 30m, or null".to_owned());
        }
        if ![200, 429].contains(&self.status) {
            return Err("rate_limit.status is 200 or 429".to_owned());
        }
        Ok(())
    }
}

/// `"off"` stands for none.
mod on_or_off {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

    pub fn serialize<T: Serialize, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_str("off"),
        }
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        let read = serde_json::Value::deserialize(deserializer)?;
        if read == "off" {
            return Ok(None);
        }
        serde_json::from_value(read).map(Some).map_err(|error| serde::de::Error::custom(format!("neither \"off\" nor settings: {error}")))
    }
}
