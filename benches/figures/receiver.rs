//! Where webhooks go: to one who answers at once, or to one who never does.

use anyhow::Context;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Instant,
};

/// Takes connections and never answers: what is sent there stays queued.
pub fn silent() -> anyhow::Result<(TcpListener, String)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    Ok((listener, url))
}

/// Answers 200, and tells when each delivery arrived.
pub fn prompt() -> anyhow::Result<(Receiver<Instant>, String)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    let (tell, arrivals) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            thread::spawn(move || receive(stream, &tell));
        }
    });
    Ok((arrivals, url))
}

/// Until the sender hangs up, or nobody listens any more.
fn receive(mut stream: TcpStream, tell: &Sender<Instant>) -> anyhow::Result<()> {
    let mut buffer = Vec::new();
    let mut chunk = [0; 8 * 1024];
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        let arrived = Instant::now();
        buffer.extend_from_slice(&chunk[..read]);
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if buffer.len() < end + 4 + length.context("a delivery without a length")? {
            continue;
        }
        buffer.clear();
        tell.send(arrived)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
    }
}
