//! `exec`: a server for one command, gone with it.

use super::settings::Settings;
use anyhow::Context;
use healthie_mock::{Mock, config::Config};
use std::process::{ExitCode, ExitStatus};
use tokio::process::{Child, Command};

/// Runs `command` with the settings of a server of its own in its environment, and ends with its code.
pub async fn exec(config: Config, command: &[String], told: impl Future<Output = ()>) -> anyhow::Result<ExitCode> {
    let (name, args) = command.split_first().context("say what to run: healthie-mock exec -- COMMAND")?;
    let token = config.admin_token.clone();
    let mock = Mock::start_with(config).await?;
    let settings = Settings::of(&mock.url, "default", "integration");
    let mut command = Command::new(name);
    command.args(args).envs(settings.pairs());
    match token {
        Some(token) => command.env("HEALTHIE_MOCK_ADMIN_TOKEN", token),
        // Not that of another server.
        None => command.env_remove("HEALTHIE_MOCK_ADMIN_TOKEN"),
    };
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let status = tokio::select! {
        status = child.wait() => status,
        () = told => {
            terminate(&mut child);
            child.wait().await
        }
    };
    mock.stop().await.context("while stopping")?;
    Ok(code(status.with_context(|| format!("cannot wait for {name}"))?))
}

/// Tells it to end, as this program was told.
#[cfg(unix)]
fn terminate(child: &mut Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // An error means that it has ended.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    // An error means that it has ended.
    let _ = child.start_kill();
}

/// As a shell tells it: 128 and the signal's number where a signal ended it.
fn code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal.map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
