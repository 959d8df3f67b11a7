//! The one place that knows everybody: domain, seeds and configuration become sandboxes, a server and its webhooks.

mod library;
mod sandbox;

pub use sandbox::{Deliveries, NotDelivered, Role, Sandbox};

use crate::config::{self, Config, Ids, WebhookFlag};
use crate::domain;
use crate::engine::Catalogue;
use crate::http::Server;
use crate::sandboxes::{Beginning, Options, Preset, Refused, Sandboxes, SeedSource};
use crate::schema::EventDef;
use crate::seeds::SeedError;
use crate::webhooks::{Courier, CourierError, Deliver, Roads};
use library::Library;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Why a server does not start; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {0}: {1}; choose another --listen, port 0 picks a free one")]
    Listen(SocketAddr, std::io::Error),
    #[error("--webhook {0}: there is no event {1:?}; `healthie-mock events` lists them")]
    Event(String, String),
    #[error(transparent)]
    Courier(#[from] CourierError),
    /// What is wrong is a part of the message, and no source beside it: it would be told twice.
    #[error("--seed: {0}")]
    Seed(SeedError),
    #[error("the default sandbox cannot be made: {0}")]
    Default(Refused),
}

/// A running server. Many may run in one process, and each has as many sandboxes as its tests want.
///
/// ```
/// use healthie_mock::{Mock, Role};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let mock = Mock::start().await?;
/// let (one, other) = (mock.sandbox().await?, mock.sandbox().await?);
/// assert_ne!(one.key(Role::Owner), other.key(Role::Owner)); // whose data, clock and webhooks have nothing to do with each other
/// // Any client, in any language, may call it as long as it runs.
/// assert!(mock.url.starts_with("http://127.0.0.1:"));
/// mock.stop().await?;
/// # Ok(())
/// # })
/// # }
/// ```
pub struct Mock {
    /// `http://host:port`
    pub url: String,
    server: Arc<Server>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Mock {
    /// Starts a server in this process as without any flag, but on a free port.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(Config::default()).await
    }

    /// Starts a server in this process, on the runtime that this is called from.
    pub async fn start_with(config: Config) -> Result<Self, StartError> {
        let catalogue = domain::catalogue();
        let seeds = Arc::new(Library::read(&config.seed, catalogue.clone()).map_err(StartError::Seed)?);
        Self::start_seeded(config, catalogue, seeds).await
    }

    /// As [`Mock::start_with`], with rules and seeds of the caller's.
    pub async fn start_seeded(config: Config, catalogue: Arc<Catalogue>, seeds: Arc<dyn SeedSource>) -> Result<Self, StartError> {
        let webhooks = config.webhooks.iter().map(preset).collect::<Result<_, _>>()?;
        let map_host = config.map_host.iter().map(|pair| (pair.from.clone(), pair.to.clone())).collect();
        let (deliver, plain) = (config.deliver.into(), config.plain_deliveries);
        let roads = Roads { ca: config.webhook_ca.clone(), map_host, deliver, plain };
        let courier = Arc::new(Courier::new(roads, Handle::current())?);
        let options = Options {
            seed: config.seed.clone(),
            now: config.now,
            most: config.max_sandboxes,
            webhooks,
            unique_ids: config.ids == Ids::Unique,
        };
        let sandboxes = Sandboxes::new(catalogue, courier, seeds, options).map_err(StartError::Default)?;
        let server = Server::new(sandboxes, &config);
        let unbound = |error| StartError::Listen(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(unbound)?;
        let url = format!("http://{}", listener.local_addr().map_err(unbound)?);
        let (stop, told) = oneshot::channel();
        let serving = tokio::spawn(server.clone().serve(listener, async {
            // An error means that nobody can tell any more: stop as well.
            let _ = told.await;
        }));
        Ok(Self { url, server, stop, serving })
    }

    /// A new sandbox of this server, with a name of its own.
    pub async fn sandbox(&self) -> Result<Sandbox, Refused> {
        Sandbox::begin(&self.server, &self.url, Beginning::default()).await
    }

    /// Finishes the calls in flight.
    pub async fn stop(self) -> std::io::Result<()> {
        // An error means that it has stopped already.
        let _ = self.stop.send(());
        self.serving.await.map_err(std::io::Error::other)?
    }
}

impl From<config::Deliver> for Deliver {
    fn from(flag: config::Deliver) -> Self {
        match flag {
            config::Deliver::Async => Self::Async,
            config::Deliver::Sync => Self::Sync,
            config::Deliver::Collect => Self::Collect,
            config::Deliver::Pull => Self::Pull,
        }
    }
}

fn preset(flag: &WebhookFlag) -> Result<Preset, StartError> {
    let named = |event: &String| EventDef::find(event).ok_or_else(|| StartError::Event(flag.url.clone(), event.clone()));
    Ok(Preset { url: flag.url.clone(), events: flag.events.iter().map(named).collect::<Result<_, _>>()? })
}
