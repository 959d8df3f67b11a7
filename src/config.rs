//! What can be set, from flags and from the environment.

use clap::{Args, ValueEnum, builder::BoolishValueParser};
use jiff::Timestamp;
use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

/// The flags of `serve`. Each has an environment variable `HEALTHIE_MOCK_<FLAG>`.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 picks a free one, 0.0.0.0:4010 lets other machines in
    #[arg(long, env = "HEALTHIE_MOCK_LISTEN", default_value = "127.0.0.1:4010", value_name = "ADDR", value_parser = address)]
    pub listen: SocketAddr,
    /// The data that sandboxes begin with: clinic, clinic:10000 (so many patients), a folder (./seeds/mine) or an export
    /// (prepared.json)
    #[arg(long, env = "HEALTHIE_MOCK_SEED", default_value = "clinic")]
    pub seed: String,
    /// Every sandbox starts frozen at this time, such as 2026-03-02T15:00:00Z; without it, in real time
    #[arg(long, env = "HEALTHIE_MOCK_NOW", value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// Whether ids start again after a reset, or go on from one counter of the whole server for each type, so that an application
    /// whose own database outlives a reset never meets an id twice
    #[arg(long, env = "HEALTHIE_MOCK_IDS", default_value = "restart", value_name = "HOW")]
    pub ids: Ids,
    /// What is accepted without effect, an argument or an input field, is an error; HEALTHIE_MOCK_STRICT=1 does it too
    #[arg(long, env = "HEALTHIE_MOCK_STRICT", value_parser = BoolishValueParser::new())]
    pub strict: bool,
    /// Refusals of unknown names end with those that resemble them, as graphql-ruby has it from 2.4 on
    #[arg(long, env = "HEALTHIE_MOCK_DID_YOU_MEAN", value_parser = BoolishValueParser::new())]
    pub did_you_mean: bool,
    /// How API versions are treated
    #[arg(long, env = "HEALTHIE_MOCK_VERSION_PHASE", default_value = "transition", value_name = "PHASE")]
    pub version_phase: VersionPhase,
    /// Every new sandbox has this webhook, for all events or for those listed; its secret is whsec_<sandbox>. May be given several
    /// times: http://localhost:3000/hook=patient.created,appointment.created
    #[arg(long = "webhook", env = "HEALTHIE_MOCK_WEBHOOK", value_name = "URL[=EVENT,…]", value_delimiter = ' ')]
    pub webhooks: Vec<WebhookFlag>,
    /// How many sandboxes may exist at a time. Then the longest idle of those that the use of a key made has to go; where none is
    /// idle for an hour, calls that need a new one answer 503
    #[arg(long, env = "HEALTHIE_MOCK_MAX_SANDBOXES", default_value_t = 10_000, value_name = "N")]
    pub max_sandboxes: usize,
    /// How to log, on standard error
    #[arg(long, env = "HEALTHIE_MOCK_LOG", default_value = "pretty")]
    pub log: LogFormat,
    /// When webhook deliveries leave
    #[arg(long, env = "HEALTHIE_MOCK_DELIVER", default_value = "async", value_name = "WHEN")]
    pub deliver: Deliver,
    /// Deliveries have the headers of the sandbox's alone, none of those that begin with Mock-
    #[arg(long, env = "HEALTHIE_MOCK_PLAIN_DELIVERIES", value_parser = BoolishValueParser::new())]
    pub plain_deliveries: bool,
    /// Where to connect to for a receiver's host, from within a container: localhost=host.docker.internal. What is signed stays the same
    #[arg(long, env = "HEALTHIE_MOCK_MAP_HOST", value_name = "FROM=TO", value_delimiter = ' ')]
    pub map_host: Vec<HostPair>,
    /// Certificates (PEM) to trust besides the public ones, for receivers
    #[arg(long, env = "HEALTHIE_MOCK_WEBHOOK_CA", value_name = "FILE")]
    pub webhook_ca: Option<PathBuf>,
    /// The origin of links to this server, such as https://mock.example; else http:// and the request's Host
    #[arg(long, env = "HEALTHIE_MOCK_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    pub public_url: Option<String>,
    /// The control API below /_mock wants this as Authorization: Bearer TOKEN; commands read it from the same environment variable
    #[arg(long, env = "HEALTHIE_MOCK_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
    /// How often sockets are sent a ping; clients give up after two that are missing
    #[arg(skip = PING_EVERY)]
    pub ping_every: Duration,
}

/// ActionCable's.
const PING_EVERY: Duration = Duration::from_secs(3);

impl Default for Config {
    /// As without any flag, but on a free port.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: "clinic".to_owned(),
            now: None,
            ids: Ids::Restart,
            strict: false,
            did_you_mean: false,
            version_phase: VersionPhase::Transition,
            webhooks: vec![],
            max_sandboxes: 10_000,
            log: LogFormat::Pretty,
            deliver: Deliver::Async,
            plain_deliveries: false,
            map_host: vec![],
            webhook_ca: None,
            public_url: None,
            admin_token: None,
            ping_every: PING_EVERY,
        }
    }
}

/// An address to listen on; a port of `localhost` will do.
pub fn address(flag: &str) -> Result<SocketAddr, String> {
    let numeric = flag.replacen("localhost:", "127.0.0.1:", 1);
    numeric.parse().map_err(|_| "give an IP address and a port, such as 127.0.0.1:4010; port 0 picks a free one".to_owned())
}

/// `https://host[:port]`, with a path where a proxy takes one away.
pub fn origin(flag: &str) -> Result<String, String> {
    let rest = flag.strip_prefix("https://").or_else(|| flag.strip_prefix("http://"));
    match rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(['?', '#', ' '])) {
        Some(_) => Ok(flag.to_owned()),
        None => Err("give an origin, such as https://mock.example or http://localhost:4010".to_owned()),
    }
}

/// How API versions are treated: the stages of their documented end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum VersionPhase {
    /// All work; answers of those before 2026-07-01, and those without a header, carry warnings
    Transition,
    /// All work, without a word
    Before,
    /// Those before 2026-07-01 are refused, as is a missing header
    Enforced,
    /// As the sandbox's clock says: the transition is from 2026-07-01 to 2027-01-30
    Auto,
}

/// When webhook deliveries leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Deliver {
    /// In the background, in commit order to each address
    Async,
    /// Before the mutation answers that caused them; retries in the background
    Sync,
    /// Never: they are only recorded
    Collect,
    /// When `listen --from` fetches them
    Pull,
}

/// Where the ids of new records come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Ids {
    /// The same after each reset
    Restart,
    /// Never one that any sandbox has given before
    Unique,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LogFormat {
    Json,
    Pretty,
}

/// `URL[=EVENT,…]`
#[derive(Clone, PartialEq, Debug)]
pub struct WebhookFlag {
    pub url: String,
    /// Empty: all.
    pub events: Vec<String>,
}

impl FromStr for WebhookFlag {
    type Err = String;

    fn from_str(flag: &str) -> Result<Self, String> {
        let (url, events) = match flag.rsplit_once('=') {
            // What follows the last `=` of a query may be a part of it.
            Some((url, events)) if !url.contains('?') || events.split(',').all(|event| event.contains('.')) => {
                (url, events.split(',').map(|event| event.trim().to_owned()).collect())
            }
            _ => (flag, vec![]),
        };
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(format!("{url} is no address; give http://HOST/PATH, with =EVENT,EVENT behind it for some events only"));
        }
        Ok(Self { url: url.to_owned(), events })
    }
}

/// `FROM=TO`
#[derive(Clone, PartialEq, Debug)]
pub struct HostPair {
    pub from: String,
    pub to: String,
}

impl FromStr for HostPair {
    type Err = String;

    fn from_str(flag: &str) -> Result<Self, String> {
        match flag.split_once('=') {
            Some((from, to)) if !from.is_empty() && !to.is_empty() && !flag.contains([':', '/']) => {
                Ok(Self { from: from.to_owned(), to: to.to_owned() })
            }
            _ => Err(format!("{flag} is no pair of hosts; give FROM=TO without scheme and port: localhost=host.docker.internal")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(flag: &str) -> (String, Vec<String>) {
        let flag: WebhookFlag = flag.parse().expect("valid");
        (flag.url, flag.events)
    }

    #[test]
    fn a_webhook_may_name_its_events_behind_its_address() {
        assert_eq!(webhook("http://localhost:3000/hook"), ("http://localhost:3000/hook".to_owned(), vec![]));
        let some = ["appointment.created".to_owned(), "patient.created".to_owned()].to_vec();
        assert_eq!(
            webhook("http://localhost/hook=appointment.created,patient.created"),
            ("http://localhost/hook".to_owned(), some.clone())
        );
        assert_eq!(webhook("http://localhost/hook?practice=42"), ("http://localhost/hook?practice=42".to_owned(), vec![]));
        let both = "http://localhost/hook?practice=42=appointment.created,patient.created";
        assert_eq!(webhook(both), ("http://localhost/hook?practice=42".to_owned(), some));
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_way_out() {
        let refused = "localhost:3000".parse::<WebhookFlag>().unwrap_err();
        assert!(refused.contains("give http://HOST/PATH"), "{refused}");
        assert!("localhost".parse::<HostPair>().is_err() && "a:1=b".parse::<HostPair>().is_err());
    }
}
