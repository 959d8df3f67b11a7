//! One sandbox of a [`Mock`](super::Mock), as a test holds it.

use crate::http::Server;
use crate::sandboxes::{self, Beginning, Effect, Refused, standing};
use crate::webhooks::{Delivery, Filter, Status};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// Whoever has a key in the seed `clinic`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The organization's owner: every permission.
    Owner,
    /// A member with `is_admin`.
    Admin,
    /// A provider with patients, and a developer.
    Provider,
    /// Another provider, with patients of their own.
    Provider2,
    /// The usual service account: a developer who sees all clients and the calendar, but is no provider. UTC.
    Integration,
    /// A member with the lowest permissions.
    Limited,
    /// A support member.
    Support,
    /// A patient of [`Role::Provider`].
    Patient,
    /// A patient of [`Role::Provider2`].
    Patient2,
    /// The owner of another organization of the same world.
    Outsider,
}

impl Role {
    /// As in a key: `gh_sbox_<sandbox>_<role>`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Provider => "provider",
            Self::Provider2 => "provider2",
            Self::Integration => "integration",
            Self::Limited => "limited",
            Self::Support => "support",
            Self::Patient => "patient",
            Self::Patient2 => "patient2",
            Self::Outsider => "outsider",
        }
    }
}

/// A world of its own in a server: data, clock, webhooks, logs. Deleted when it is dropped.
///
/// ```
/// use healthie_mock::{Mock, Role};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let mock = Mock::start().await?;
/// let clinic = mock.sandbox().await?;
/// // What the code under test is told: where to call, and with which key.
/// let (url, key) = (clinic.url(), clinic.key(Role::Integration));
/// assert!(url.ends_with("/graphql") && key.ends_with("_integration"));
/// // Three days pass at once, with all that falls due in them.
/// let before = clinic.now()?;
/// clinic.advance("PT72H").await?;
/// assert!(clinic.now()?.duration_since(before).as_hours() >= 72);
/// # Ok(())
/// # })
/// # }
/// ```
pub struct Sandbox {
    name: String,
    /// `http://host:port`
    origin: String,
    server: Arc<Server>,
}

impl Sandbox {
    pub(super) async fn begin(server: &Arc<Server>, origin: &str, beginning: Beginning) -> Result<Self, Refused> {
        let makes = server.clone();
        // The first one plants the seed, which takes milliseconds.
        let made = spawn_blocking(move || makes.sandboxes.create(None, &beginning)).await;
        let made = made.map_err(|error| Refused::Planting(error.to_string()))??;
        Ok(Self { name: made.world.name.to_string(), origin: origin.to_owned(), server: server.clone() })
    }

    fn now_there(&self) -> Result<Arc<sandboxes::Sandbox>, Refused> {
        self.server.sandboxes.get(&self.name).ok_or_else(|| Refused::Unknown(self.name.clone()))
    }

    /// As the control API calls it, and as keys name it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the GraphQL API is. Calls without a key (`signIn`, booking) land in this sandbox too.
    pub fn url(&self) -> String {
        format!("{}/s/{}/graphql", self.origin, self.name)
    }

    /// Where subscriptions are: a WebSocket, to which a client adds `?token=KEY`.
    pub fn ws_url(&self) -> String {
        format!("{}/s/{}/subscriptions", self.origin.replacen("http", "ws", 1), self.name)
    }

    /// The key of somebody of the clinic.
    pub fn key(&self, role: Role) -> String {
        self.key_of(role.name()).unwrap_or_else(|| format!("gh_sbox_{}_{}", self.name, role.name()))
    }

    /// The key of a role of a seed of your own, if it has one of this name.
    pub fn key_of(&self, role: &str) -> Option<String> {
        let sandbox = self.now_there().ok()?;
        sandbox.keys().find(|(known, _)| known.role == role).map(|(_, key)| key)
    }

    /// The id of a record of the seed by its type and handle: `id("User", "patient")`.
    pub fn id(&self, of: &str, handle: &str) -> Option<u64> {
        self.now_there().ok()?.records().get(of)?.get(handle).copied()
    }

    /// What its clock shows.
    pub fn now(&self) -> Result<Timestamp, Refused> {
        Ok(self.now_there()?.world.now())
    }

    /// Stops its clock at `at`, which may lie back. Nothing falls due on the way.
    pub async fn freeze(&self, at: Timestamp) -> Result<(), Refused> {
        let frozen = standing(at)?;
        self.now_there()?.clockwork.set(|_| frozen).await.map(drop)
    }

    /// Lets a clock that stands run on.
    pub async fn resume(&self) -> Result<(), Refused> {
        self.now_there()?.clockwork.set(|clock| clock.resumed()).await.map(drop)
    }

    /// Moves the clock on by `5s`, `PT72H` or `P3D`. What falls due on the way runs in order, its deliveries included, before this
    /// returns; what it was is told.
    pub async fn advance(&self, by: &str) -> Result<Vec<Effect>, Refused> {
        let by = sandboxes::span(by).ok_or_else(|| Refused::Span(by.to_owned()))?;
        let (_, effects) = self.now_there()?.clockwork.clone().advance(by).await?;
        Ok(effects)
    }

    /// Back to its seed: data, clock, webhooks, logs.
    pub async fn reset(&self) -> Result<(), Refused> {
        self.server.sandboxes.reset(&self.name).await.map(drop)
    }

    /// A copy that goes its own way: data, clock and webhooks of now, none of the pending deliveries.
    pub async fn fork(&self) -> Result<Self, Refused> {
        let beginning = Beginning { from: Some(self.name.clone()), ..Beginning::default() };
        Self::begin(&self.server, &self.origin, beginning).await
    }

    /// What was sent, or is about to be sent, to its webhooks.
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries { sandbox: self, filter: Filter::default(), longest: Duration::from_secs(5) }
    }

    /// Waits until no delivery is due now. Retries that are due later are not waited for.
    pub async fn settled(&self) -> Result<(), Refused> {
        self.now_there()?.outbox.idle().await;
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        // Without a runtime the server has ended, and with it the sandbox.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                // An error means that it was deleted before.
                let _ = server.sandboxes.delete(&name).await;
            });
        }
    }
}

/// A question about deliveries; at first about all of them.
///
/// ```
/// use healthie_mock::{Mock, Role, config::Config, config::WebhookFlag};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let webhooks = vec![WebhookFlag { url: "http://127.0.0.1:9/hook".to_owned(), events: vec![] }];
/// let mock = Mock::start_with(Config { webhooks, ..Config::default() }).await?;
/// let clinic = mock.sandbox().await?;
/// # let book = |_url: String, _key: String| async { Ok::<_, std::io::Error>(()) };
/// book(clinic.url(), clinic.key(Role::Integration)).await?; // the code under test
/// let told = clinic.deliveries().event("appointment.created").within(std::time::Duration::ZERO).one().await;
/// assert!(told.unwrap_err().to_string().contains("appointment.created")); // it booked nothing
/// # Ok(())
/// # })
/// # }
/// ```
#[must_use]
pub struct Deliveries<'s> {
    sandbox: &'s Sandbox,
    filter: Filter,
    longest: Duration,
}

impl Deliveries<'_> {
    /// Of this event: `appointment.created`.
    pub fn event(mut self, name: &str) -> Self {
        self.filter.event_type = Some(name.to_owned());
        self
    }

    /// About the record with this id.
    pub fn resource(mut self, id: impl fmt::Display) -> Self {
        self.filter.resource_id = Some(id.to_string());
        self
    }

    /// To the webhook with this id.
    pub fn webhook(mut self, id: impl fmt::Display) -> Self {
        self.filter.webhook_id = Some(id.to_string());
        self
    }

    /// In this status now: delivered, failed, or on its way.
    pub fn status(mut self, status: Status) -> Self {
        self.filter.status = Some(status);
        self
    }

    /// Caused by this commit: the number that a mutation answers with in `Mock-Commit`.
    pub fn commit(mut self, number: u64) -> Self {
        self.filter.commits = vec![number];
        self
    }

    /// Made after the delivery with this id.
    pub fn after(mut self, delivery: u64) -> Self {
        self.filter.after = Some(delivery);
        self
    }

    /// How long to wait for them; 5 s unless said.
    pub fn within(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// The first one, waited for.
    pub async fn one(self) -> Result<Arc<Delivery>, NotDelivered> {
        let mut found = self.at_least(1).await?;
        Ok(found.swap_remove(0))
    }

    /// All there are once there are so many of them.
    pub async fn at_least(self, count: usize) -> Result<Vec<Arc<Delivery>>, NotDelivered> {
        let sandbox = self.sandbox.now_there()?;
        let found = sandbox.outbox.wait(&self.filter, count, self.longest).await;
        if found.complete {
            return Ok(found.deliveries);
        }
        let nearest = found.nearest.into_iter().map(|(delivery, differs)| (delivery, differs.join(", "))).collect();
        Err(NotDelivered::TooFew { wanted: count, found: found.deliveries.len(), filter: Box::new(self.filter), nearest })
    }

    /// Those there are now.
    pub fn now(self) -> Result<Vec<Arc<Delivery>>, Refused> {
        Ok(self.sandbox.now_there()?.outbox.list(&self.filter))
    }
}

/// Why what was waited for didn't come. Displayed, it tells what came instead.
#[derive(Debug, thiserror::Error)]
pub enum NotDelivered {
    #[error(transparent)]
    Sandbox(#[from] Refused),
    #[error("{found} of {wanted} deliveries that are {}; the nearest: {}", asked(filter), listed(nearest))]
    TooFew {
        wanted: usize,
        found: usize,
        filter: Box<Filter>,
        /// With what about each is not as asked.
        nearest: Vec<(Arc<Delivery>, String)>,
    },
}

fn asked(filter: &Filter) -> String {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let parts = [
        ("of event", filter.event_type.clone()),
        ("about", filter.resource_id.clone()),
        ("to webhook", filter.webhook_id.clone()),
        ("", filter.status.map(|status| status.name().to_owned())),
        ("caused by commit", number(filter.commits.first().copied())),
        ("made after delivery", number(filter.after)),
    ];
    let said = parts.into_iter().filter_map(|(what, value)| Some(format!("{what} {}", value?).trim().to_owned()));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "of any kind".to_owned() } else { said.join(", ") }
}

fn listed(nearest: &[(Arc<Delivery>, String)]) -> String {
    let lines: Vec<String> =
        nearest.iter().map(|(delivery, differs)| format!("{} of {} ({differs})", delivery.event.name(), delivery.resource_id)).collect();
    if lines.is_empty() { "none at all".to_owned() } else { lines.join("; ") }
}
