//! What a delivery costs at least: the same bytes, sent by a loop around reqwest that does nothing else.

use super::process::cpu_of;
use anyhow::Context;
use std::{
    env,
    io::Write,
    process::{Command, Stdio, id},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// The bench runs itself with this word to be the loop; what follows is the address, the concurrency and the number of
/// requests. Headers, an empty line and the body come through standard input.
pub const COMMAND: &str = "send";

/// Microseconds of CPU for one of `many` requests, `at_once` of them under way.
pub fn cost(url: &str, at_once: usize, many: u64, headers: &str, body: &[u8]) -> anyhow::Result<f64> {
    let mut command = Command::new(env::current_exe()?);
    command.args([COMMAND, url, &at_once.to_string(), &many.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().context("no input")?;
    stdin.write_all(&[headers.as_bytes(), b"\n", body].concat())?;
    drop(stdin);
    let said = String::from_utf8(child.wait_with_output()?.stdout)?;
    let seconds: f64 = said.trim().parse().with_context(|| format!("the loop said {said:?}"))?;
    Ok(seconds * 1e6 / many as f64)
}

/// Sends, and prints the seconds of CPU that it took.
#[tokio::main]
pub async fn send() -> anyhow::Result<()> {
    let [url, at_once, many] = [2, 3, 4].map(|at| env::args().nth(at).unwrap_or_default());
    let input = std::io::read_to_string(std::io::stdin())?;
    let (head, body) = input.split_once("\n\n").context("no body")?;
    let headers: Vec<(String, String)> =
        head.lines().filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // The client asks for one even where it speaks plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
    let (headers, body, many) = (Arc::new(headers), body.to_owned(), many.parse::<u64>()?);
    let next = Arc::new(AtomicU64::new(0));
    let before = cpu_of(id())?;
    let senders: Vec<_> = (0..at_once.parse()?)
        .map(|_| {
            let (client, url, headers, body, next) = (client.clone(), url.clone(), headers.clone(), body.clone(), next.clone());
            tokio::spawn(async move {
                while next.fetch_add(1, Relaxed) < many {
                    let mut request = client.post(&url).body(body.clone());
                    for (name, value) in headers.iter() {
                        request = request.header(name, value);
                    }
                    request.send().await?.bytes().await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for sender in senders {
        sender.await??;
    }
    println!("{}", cpu_of(id())? - before);
    Ok(())
}
