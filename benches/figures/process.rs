//! Servers as processes of their own, and what the kernel says of them.

use super::{bare, client::Client};
use anyhow::{Context, bail};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Instant,
};

/// Ticks of the clock in /proc: USER_HZ, which is 100 on every Linux.
const TICKS: f64 = 100.0;

/// The emulator's release binary.
pub const BINARY: &str = env!("CARGO_BIN_EXE_healthie-mock");

/// A running server, killed when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// The emulator with these flags, on a free port.
    pub fn mock(flags: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(BINARY);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(flags).stdin(Stdio::null()).stderr(Stdio::null());
        Self::start(command, b"")
    }

    /// A bare handler that returns `answer`.
    pub fn bare(answer: &[u8]) -> anyhow::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(bare::COMMAND).stdin(Stdio::piped());
        Self::start(command, answer)
    }

    fn start(mut command: Command, input: &[u8]) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start a server")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input)?;
        }
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            let status = child.wait()?;
            bail!("the server said {line:?} and ended with {status}");
        };
        Ok(Self { address: address.parse()?, child })
    }

    /// A connection with a key of the sandbox `default`.
    pub fn client(&self, role: &str) -> anyhow::Result<Client> {
        Client::connect(self.address, &key(role))
    }

    /// Seconds of CPU that it has used so far.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        cpu_of(self.child.id())
    }

    /// MiB of resident memory.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of CPU of all threads of a process, to the nanosecond, where the kernel says so.
pub fn cpu_of(process: u32) -> anyhow::Result<f64> {
    let threads = fs::read_dir(format!("/proc/{process}/task"))?.flatten();
    // A thread may end while we look.
    let stats = threads.filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok());
    let ran: f64 = stats.filter_map(|stat| stat.split_whitespace().next()?.parse::<f64>().ok()).sum();
    if ran > 0.0 { Ok(ran / 1e9) } else { cpu_in_ticks(process) }
}

fn cpu_in_ticks(process: u32) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let behind_name = stat.rsplit_once(')').context("no name in stat")?.1;
    let field = |at: usize| behind_name.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok());
    Ok((field(11).context("no utime")? + field(12).context("no stime")?) / TICKS)
}

pub fn key(role: &str) -> String {
    format!("gh_sbox_default_{role}")
}

/// Milliseconds.
pub fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}
