//! The network's side: the API, the control API, and the receiver for `listen`.

mod archive;
mod body;
mod cable;
mod control;
mod files;
mod graphql;
mod gzip;
mod log;
mod metrics;
mod multipart;
mod receiver;
mod respond;
mod struck;
mod version;

pub use cable::Channels;
pub use log::Log;
pub use multipart::Form;
pub use receiver::{Receiver, Source};

use crate::config::{Config, VersionPhase};
use crate::coverage::Coverage;
use crate::graphql::{Answerer, Hints};
use crate::sandboxes::Sandboxes;
use arc_swap::ArcSwapOption;
use axum::{
    Router,
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, header::HOST, request::Parts},
    middleware,
    response::{IntoResponse, Response},
    routing::{any, get},
    serve::ListenerExt,
};
use std::convert::Infallible;
use std::sync::{Arc, OnceLock, atomic::AtomicU64};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What all calls have in common.
pub struct Server {
    pub sandboxes: Sandboxes,
    answerer: Answerer,
    public_url: Option<Arc<str>>,
    admin_token: Option<Box<str>>,
    /// What is accepted without effect is an error.
    strict: bool,
    version_phase: VersionPhase,
    spoken: version::Latest,
    coverage: OnceLock<Coverage>,
    /// The latest `Host`, and the origin that it gives.
    origin: ArcSwapOption<(HeaderValue, Arc<str>)>,
    started: Instant,
    metrics: metrics::Metrics,
    /// How many follow what happens in some sandbox.
    followers: watch::Sender<usize>,
    log: Log,
    /// How many sockets are open.
    sockets: watch::Sender<usize>,
    sids: AtomicU64,
    ping_every: Duration,
}

/// How long calls in flight may take once the server is told to stop.
const LAST_CALLS: Duration = Duration::from_secs(15);

impl Server {
    pub fn new(sandboxes: Sandboxes, config: &Config) -> Arc<Self> {
        Arc::new(Self {
            sandboxes,
            answerer: Answerer::hinting(if config.did_you_mean { Hints::DidYouMean } else { Hints::None }),
            public_url: config.public_url.as_deref().map(|url| url.trim_end_matches('/').into()),
            admin_token: config.admin_token.as_deref().map(Into::into),
            strict: config.strict,
            version_phase: config.version_phase,
            spoken: version::Latest::default(),
            coverage: OnceLock::new(),
            origin: ArcSwapOption::empty(),
            started: Instant::now(),
            metrics: metrics::Metrics::default(),
            followers: watch::Sender::new(0),
            log: Log::new(config.log),
            sockets: watch::Sender::new(0),
            sids: AtomicU64::new(1),
            ping_every: config.ping_every,
        })
    }

    /// Answers calls until `stop`, then finishes those in flight.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let stopped = Arc::new(tokio::sync::Notify::new());
        let (told, server) = (stopped.clone(), self.clone());
        let stop = async move {
            stop.await;
            // Who waits for a delivery is answered with what there is; sockets are told to come back.
            server.sandboxes.close();
            told.notify_one();
        };
        let listener = listener.tap_io(|connection| {
            // Without it, answers may wait for the client's acknowledgement.
            let _ = connection.set_nodelay(true);
        });
        let mut sockets = self.sockets.subscribe();
        let serving = async {
            axum::serve(listener, self.routes()).with_graceful_shutdown(stop).await?;
            // An error means that there are none any more.
            let _ = sockets.wait_for(|open| *open == 0).await;
            Ok(())
        };
        let last_call = async {
            stopped.notified().await;
            tokio::time::sleep(LAST_CALLS).await;
        };
        tokio::select! {
            served = serving => served,
            () = last_call => Ok(()),
        }
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/graphql", any(graphql_here))
            .route("/s/{sandbox}/graphql", any(graphql_pinned))
            .route("/subscriptions", get(cable_here))
            .route("/s/{sandbox}/subscriptions", get(cable_pinned))
            .route("/files/{*rest}", get(files::fetch).put(files::put))
            .nest("/_mock", control::routes(&self))
            .fallback(nothing_here)
            .method_not_allowed_fallback(wrong_method)
            .layer(middleware::from_fn(gzip::squeezed))
            .with_state(self)
    }

    /// `http://host:port` for links to this server.
    fn origin(&self, headers: &HeaderMap) -> Arc<str> {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let Some(host) = headers.get(HOST) else { return "http://127.0.0.1:4010".into() };
        if let Some(known) = self.origin.load().as_ref().filter(|known| known.0 == host) {
            return known.1.clone();
        }
        let origin: Arc<str> = format!("http://{}", host.to_str().unwrap_or("127.0.0.1:4010")).into();
        self.origin.store(Some(Arc::new((host.clone(), origin.clone()))));
        origin
    }
}

async fn graphql_here(State(server): State<Arc<Server>>, request: Request) -> Response {
    graphql::answer(&server, None, request).await
}

async fn graphql_pinned(State(server): State<Arc<Server>>, Named(sandbox): Named, request: Request) -> Response {
    graphql::answer(&server, Some(&sandbox), request).await
}

async fn cable_here(State(server): State<Arc<Server>>, request: Request) -> Response {
    cable::connect(server, None, request).await
}

async fn cable_pinned(State(server): State<Arc<Server>>, Named(sandbox): Named, request: Request) -> Response {
    cable::connect(server, Some(&sandbox), request).await
}

/// The sandbox that a path names.
struct Named(String);

/// A sandbox, and something of it.
struct NamedPair(String, String);

/// Stands for what is no text: no name, but not nothing either.
const NO_TEXT: &str = "\u{fffd}";

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = Path::from_request_parts(parts, state).await;
        Ok(Self(read.map_or_else(|_| NO_TEXT.to_owned(), |Path(name)| name)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for NamedPair {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = Path::<(String, String)>::from_request_parts(parts, state).await;
        Ok(read.map_or_else(|_| Self(NO_TEXT.to_owned(), NO_TEXT.to_owned()), |Path((first, second))| Self(first, second)))
    }
}

async fn nothing_here(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return respond::preflight();
    }
    let path = request.uri().path();
    control::Refused::not_found(format!("there is nothing at {path}; the API is POST /graphql, the control API is below /_mock"))
        .into_response()
}

async fn wrong_method(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return respond::preflight();
    }
    let (method, path) = (request.method(), request.uri().path());
    control::Refused::new(405, "method_not_allowed", format!("{path} does not take {method}")).into_response()
}
