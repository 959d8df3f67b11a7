//! Where webhooks go: to one who answers at once, or to one who never does.

use anyhow::Context;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Takes connections and never answers: what is sent there stays queued.
pub fn silent() -> anyhow::Result<(TcpListener, String)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    Ok((listener, url))
}

/// Answers at once.
pub struct Receiver {
    pub url: String,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

struct Seen {
    arrived: u64,
    /// When the newest one did, and what it was.
    latest: Option<(Instant, Vec<u8>)>,
    status: u16,
}

/// One who says 200, until it is told otherwise.
pub fn prompt() -> anyhow::Result<Receiver> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    let seen = Arc::new((Mutex::new(Seen { arrived: 0, latest: None, status: 200 }), Condvar::new()));
    let receiver = Receiver { url, seen: seen.clone() };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = seen.clone();
            // An error is the sender's hanging up.
            thread::spawn(move || receive(stream, &seen));
        }
    });
    Ok(receiver)
}

impl Receiver {
    pub fn arrived(&self) -> u64 {
        self.seen.0.lock().unwrap_or_else(PoisonError::into_inner).arrived
    }

    /// With which status it answers from here on.
    pub fn answer(&self, status: u16) {
        self.seen.0.lock().unwrap_or_else(PoisonError::into_inner).status = status;
    }

    /// When something arrived after the first `past`. None where nothing does for so long.
    pub fn wait(&self, past: u64, for_long: Duration) -> Option<Instant> {
        let seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.seen.1.wait_timeout_while(seen, for_long, |seen| seen.arrived <= past);
        let (seen, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { seen.latest.as_ref().map(|(at, _)| *at) }
    }

    /// Headers, a line each, and body of what arrived last.
    pub fn latest(&self) -> Option<(String, Vec<u8>)> {
        let seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, request) = seen.latest.as_ref()?;
        let end = head_of(request)?;
        let head = String::from_utf8_lossy(&request[..end]);
        // What the client makes itself, and the line above the headers, stay out.
        let own = ["accept", "host", "content-length"];
        let headers = head.split("\r\n").skip(1).filter(|line| !own.iter().any(|name| line.to_ascii_lowercase().starts_with(name)));
        Some((headers.map(|line| format!("{line}\n")).collect(), request[end + 4..].to_vec()))
    }
}

/// Until the sender hangs up.
fn receive(mut stream: TcpStream, (seen, arrived): &(Mutex<Seen>, Condvar)) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    let mut chunk = [0; 8 * 1024];
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        let at = Instant::now();
        buffer.extend_from_slice(&chunk[..read]);
        let Some(end) = head_of(&buffer) else { continue };
        let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if buffer.len() < end + 4 + length.context("a delivery without a length")? {
            continue;
        }
        let status = {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.arrived += 1;
            seen.latest = Some((at, std::mem::take(&mut buffer)));
            seen.status
        };
        arrived.notify_all();
        stream.write_all(format!("HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n").as_bytes())?;
    }
}

/// Where the empty line behind the headers is.
fn head_of(request: &[u8]) -> Option<usize> {
    request.windows(4).position(|bytes| bytes == b"\r\n\r\n")
}
