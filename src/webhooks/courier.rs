//! The one HTTP client for all deliveries. Made when the first one leaves: most servers never send any.

use super::{Attempt, Delivery};
use jiff::Timestamp;
use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HOST, HeaderName, HeaderValue, TRANSFER_ENCODING},
    redirect::Policy,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::collections::HashMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// How long a receiver may take. Always real time.
const TIME_OUT: Duration = Duration::from_secs(10);
/// Shorter than what usual servers keep an idle connection, so that none is used in the moment it is closed.
const KEEP_IDLE: Duration = Duration::from_secs(3);

/// What is special about the way to receivers.
#[derive(Clone, Debug, Default)]
pub struct Roads {
    /// A file of certificates to trust besides the public ones.
    pub ca: Option<PathBuf>,
    /// Where to connect to instead of a host; signature and `Host` keep the name in the webhook's URL.
    pub map_host: Vec<(String, String)>,
    pub deliver: Deliver,
    /// Without the headers that only this server sends.
    pub plain: bool,
}

/// When deliveries leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Deliver {
    /// By themselves, in commit order to each address.
    #[default]
    Async,
    /// As before, but those of different commits beside each other: who waits for one commit's waits for no other's, so that a
    /// receiver that calls the API while it is called gets its answer.
    Sync,
    /// Never: they are only recorded.
    Collect,
    /// When they are fetched.
    Pull,
}

#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    #[error("--webhook-ca {path}: {why}; give a file of PEM certificates")]
    Certificates { path: String, why: String },
    #[error("no client for webhooks can be made: {0}")]
    Client(String),
}

pub struct Courier {
    roots: Vec<CertificateDer<'static>>,
    map_host: HashMap<String, String>,
    client: OnceLock<Client>,
    runtime: Handle,
    pub deliver: Deliver,
    pub(super) plain: bool,
}

impl Courier {
    /// Sends from tasks of `runtime`.
    pub fn new(roads: Roads, runtime: Handle) -> Result<Self, CourierError> {
        let roots = roads.ca.as_deref().map(certificates).transpose()?.unwrap_or_default();
        let map_host = roads.map_host.into_iter().map(|(from, to)| (from.to_lowercase(), to)).collect();
        Ok(Self { roots, map_host, client: OnceLock::new(), runtime, deliver: roads.deliver, plain: roads.plain })
    }

    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Delivers once, to the delivery's own address as [`read`] gives it. Whatever goes wrong is part of the attempt.
    pub(super) async fn attempt(&self, to: &Result<Url, String>, delivery: &Delivery, at: Timestamp) -> Attempt {
        let headers = delivery.headers_to(to.as_ref().ok(), delivery.attempts.len() + 1);
        self.send(to.clone(), &headers, delivery, at).await
    }

    /// The same bytes and headers, to an address that may be another.
    pub(super) async fn attempt_at(&self, url: &str, delivery: &Delivery, at: Timestamp) -> Attempt {
        self.send(read(url), &delivery.headers(delivery.attempts.len() + 1), delivery, at).await
    }

    async fn send(&self, to: Result<Url, String>, headers: &[(&str, String)], delivery: &Delivery, at: Timestamp) -> Attempt {
        let started = Instant::now();
        let sent = match to {
            Ok(to) => self.post_to(to, headers, delivery.body.as_bytes().to_vec()).await,
            Err(why) => Err(why),
        };
        let (status, error) = match sent {
            Ok(status) => (Some(status), None),
            Err(why) => (None, Some(why)),
        };
        Attempt { at, status, error, duration_ms: started.elapsed().as_millis() as u64, url: None }
    }

    /// Posts `body` and says the status of the answer, or why there is none.
    pub async fn post(&self, url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<u16, String> {
        self.post_to(read(url)?, headers, body).await
    }

    async fn post_to(&self, mut url: Url, headers: &[(&str, String)], body: Vec<u8>) -> Result<u16, String> {
        let client = self.client().map_err(|error| error.to_string())?;
        // An address needs no resolver, so that the client has to be sent elsewhere.
        let mut named = None;
        if let Some((host, to)) = self.mapped_address(&url) {
            url.set_host(Some(to)).map_err(|error| format!("--map-host {host}={to}: {error}"))?;
            named = Some(host);
        }
        let mut request = client.post(url).build().map_err(|error| why(&error))?;
        let set = request.headers_mut();
        set.reserve(headers.len() + 2);
        if let Some(host) = named {
            set.insert(HOST, HeaderValue::try_from(host).map_err(|error| error.to_string())?);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
            set.insert(name, HeaderValue::from_str(value).map_err(|error| error.to_string())?);
        }
        *request.body_mut() = Some(body.into());
        let answer = client.execute(request).await.map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        drain(answer).await.map_err(|error| why(&error))?;
        Ok(status)
    }

    /// Sends anything to another server of this kind, and says the status and the text of the answer, or why there is none.
    /// With `token`, as who knows its `--admin-token`.
    pub async fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, String)],
        token: Option<&str>,
        body: Option<String>,
    ) -> Result<(u16, String), String> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
        let client = self.client().map_err(|error| error.to_string())?;
        let mut request = client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body);
        }
        let answer = request.send().await.map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        Ok((status, answer.text().await.map_err(|error| why(&error))?))
    }

    fn mapped_address(&self, url: &Url) -> Option<(String, &str)> {
        let host = url.host_str()?.trim_matches(['[', ']']);
        host.parse::<std::net::IpAddr>().ok()?;
        let to = self.map_host.get(host)?;
        let named = url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"));
        Some((named, to))
    }

    fn client(&self) -> Result<&Client, CourierError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = self.make_client().map_err(|error| CourierError::Client(error.to_string()))?;
        Ok(self.client.get_or_init(|| made))
    }

    fn make_client(&self) -> Result<Client, Box<dyn std::error::Error>> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &self.roots {
            roots.add(certificate.clone())?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .timeout(TIME_OUT)
            .pool_idle_timeout(KEEP_IDLE)
            .tcp_nodelay(true)
            .dns_resolver(Arc::new(Mapped(self.map_host.clone())));
        Ok(client.build()?)
    }
}

/// The address that `url` is, or why it is none.
pub(super) fn read(url: &str) -> Result<Url, String> {
    Url::parse(url).map_err(|error| format!("{url} is no URL: {error}"))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, CourierError> {
    let unreadable = |why: String| CourierError::Certificates { path: path.display().to_string(), why };
    let text = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let read = read.map_err(|error| unreadable(error.to_string()))?;
    if read.is_empty() { Err(unreadable("it holds no certificate".to_owned())) } else { Ok(read) }
}

/// Reads the answer's end, as far as it is near, so that the connection can be used again. An answer that breaks off is none.
async fn drain(mut answer: reqwest::Response) -> reqwest::Result<()> {
    // One of no said length ends with its connection; simple servers close that without the farewell that TLS wants.
    let ends_with_its_connection = answer.content_length().is_none() && !answer.headers().contains_key(TRANSFER_ENCODING);
    let mut left: usize = 64 * 1024;
    loop {
        let chunk = match answer.chunk().await {
            Err(error) if ends_with_its_connection && is_end_of_file(&error) => return Ok(()),
            chunk => chunk?,
        };
        match chunk.and_then(|chunk| left.checked_sub(chunk.len())) {
            Some(less) => left = less,
            None => return Ok(()),
        }
    }
}

fn is_end_of_file(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(this) = cause {
        if this.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = this.source();
    }
    false
}

/// The innermost cause: `Connection refused (os error 111)`.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("timed out after {} s", TIME_OUT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    match error.source() {
        Some(_) => cause.to_string(),
        None => error.to_string(),
    }
}

/// Looks names up, some of them under another name.
struct Mapped(HashMap<String, String>);

impl Resolve for Mapped {
    fn resolve(&self, name: Name) -> Resolving {
        let host = self.0.get(name.as_str()).map_or(name.as_str(), String::as_str).to_owned();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
