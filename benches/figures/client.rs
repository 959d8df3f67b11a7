//! As much of an HTTP client as it takes to keep a server busy.

use anyhow::{Context, bail};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// One kept connection.
pub struct Client {
    stream: TcpStream,
    key: String,
    buffer: Vec<u8>,
}

impl Client {
    pub fn connect(to: SocketAddr, key: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, key: key.to_owned(), buffer: Vec::new() })
    }

    /// Sends one operation, and gives the answer's body.
    pub fn graphql(&mut self, body: &str) -> anyhow::Result<&[u8]> {
        self.call("POST", "/graphql", body)
    }

    /// The answer's body, which is an error where the status is.
    pub fn call(&mut self, method: &str, path: &str, body: &str) -> anyhow::Result<&[u8]> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {}\r\nAuthorizationSource: API\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        self.stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
        self.answer().with_context(|| format!("{method} {path} {}", body.chars().take(200).collect::<String>()))
    }

    fn answer(&mut self) -> anyhow::Result<&[u8]> {
        self.buffer.clear();
        let mut chunk = [0; 16 * 1024];
        loop {
            let read = self.stream.read(&mut chunk)?;
            if read == 0 {
                bail!("the server hung up");
            }
            self.buffer.extend_from_slice(&chunk[..read]);
            let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.buffer[..end])?;
            let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let length: usize = length.context("an answer without a length")?;
            if self.buffer.len() < end + 4 + length {
                continue;
            }
            let is_fine = head.starts_with("HTTP/1.1 2");
            let body = &self.buffer[end + 4..];
            if !is_fine || body.starts_with(b"{\"errors\"") {
                bail!("answered {}", String::from_utf8_lossy(&self.buffer).chars().take(600).collect::<String>());
            }
            return Ok(&self.buffer[end + 4..]);
        }
    }
}

/// How many connections keep a server busy.
const CONNECTIONS: u64 = 4;

/// Sends `many` operations over a few connections; `body` makes the one of each number.
pub fn load(to: SocketAddr, key: &str, many: u64, body: &(impl Fn(u64) -> String + Sync)) -> anyhow::Result<()> {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let send = || {
            let mut client = Client::connect(to, key)?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= many {
                    return anyhow::Ok(());
                }
                client.graphql(&body(number))?;
            }
        };
        let senders: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(send)).collect();
        senders.into_iter().try_for_each(|sender| sender.join().expect("a sender gives back its error"))
    })
}
