//! The program: reads its flags, starts, waits for the signal.

#[path = "main/exec.rs"]
mod exec;
#[path = "main/settings.rs"]
mod settings;

use anyhow::{Context, bail};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, parser::ValueSource};
use healthie_mock::Mock;
use healthie_mock::config::Config;
use healthie_mock::coverage::{Coverage, page};
use healthie_mock::http::{Receiver, Source};
use healthie_mock::schema::{EventDef, Version};
use healthie_mock::trigger::Trigger;
use healthie_mock::webhooks::{Courier, Roads};
use settings::{Format, Settings};
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

/// The Healthie Sandbox on your own machine.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server (what happens without a command, too)
    Serve(Box<Config>),
    /// Receives webhooks: prints each on one line, and whether its signature verifies
    Listen(Listen),
    /// Starts a server on a free port, runs a command with its settings in the environment, stops, and ends with the command's code
    ///
    /// The settings are those that `healthie-mock env` prints: HEALTHIE_API_URL, HEALTHIE_WS_URL, HEALTHIE_API_KEY and
    /// HEALTHIE_MOCK_URL. Example: healthie-mock exec --now 2026-03-02T15:00:00Z -- npm test
    Exec {
        #[command(flatten)]
        config: Box<Config>,
        /// What to run, behind --
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Prints what an application has to know to talk to a running server
    Env {
        #[command(flatten)]
        client: Client,
        #[arg(long, default_value = "shell")]
        format: Format,
        /// The sandbox that the key is of; its first use makes it
        #[arg(long, default_value = "default")]
        sandbox: String,
        /// Whose key: owner, admin, provider, provider2, integration, limited, support, patient, patient2, outsider
        #[arg(long, default_value = "integration")]
        role: String,
    },
    /// Makes a running server change data so that a webhook event fires for real
    Trigger(Triggering),
    /// Asks a running server whether it is ready
    Healthcheck(Client),
    /// Prints what is emulated, root field by root field
    Coverage {
        /// As in the header Healthie-GraphQL-API-Version: 2024-06-01 or 2026-01-01
        #[arg(long, default_value = "2024-06-01", value_parser = version)]
        version: Version,
        /// Lines with tabs, JSON, or the page of both versions in docs/
        #[arg(long, default_value = "table")]
        format: CoverageFormat,
    },
    /// Prints the catalog of webhook events
    Events,
    /// Prints the schema that is served
    Schema {
        /// As in the header Healthie-GraphQL-API-Version: 2024-06-01 or 2026-01-01
        #[arg(long, default_value = "2024-06-01", value_parser = version)]
        version: Version,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum CoverageFormat {
    Table,
    Json,
    Markdown,
}

#[derive(Args)]
struct Listen {
    /// Where to listen; port 0 picks a free one
    #[arg(long = "listen", default_value = "127.0.0.1:4011", value_name = "ADDR")]
    address: SocketAddr,
    /// The webhook's signature_secret
    #[arg(long)]
    secret: Option<String>,
    /// Where to pass each delivery on to, byte for byte
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    /// Fetch deliveries from this server instead of being sent them: one that runs with --deliver pull
    #[arg(long, value_name = "MOCK")]
    from: Option<String>,
    /// Of which sandbox to fetch them
    #[arg(long, default_value = "default", requires = "from")]
    sandbox: String,
    /// The --admin-token of the server to fetch from, if it has one
    #[arg(long, env = "HEALTHIE_MOCK_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
}

#[derive(Args)]
struct Triggering {
    /// As `healthie-mock events` lists them: appointment.created
    event: String,
    /// The record that it happens to; without it, one is made for the occasion
    #[arg(long, value_name = "ID")]
    resource: Option<String>,
    #[command(flatten)]
    client: Client,
    /// In which sandbox
    #[arg(long, default_value = "default", value_name = "NAME")]
    sandbox: String,
}

#[derive(Args)]
struct Client {
    /// The running server
    #[arg(long, env = "HEALTHIE_MOCK_URL", default_value = "http://127.0.0.1:4010")]
    url: String,
    /// The server's --admin-token, if it has one
    #[arg(long, env = "HEALTHIE_MOCK_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
}

fn version(date: &str) -> Result<Version, String> {
    let known = Version::ALL.into_iter().find(|version| version.date() == date);
    known.ok_or_else(|| format!("there are {}", Version::ALL.map(Version::date).join(" and ")))
}

#[tokio::main]
async fn main() -> ExitCode {
    let matches = Program::command().get_matches();
    let program = Program::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run(program, &matches).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(program: Program, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    match program.command {
        Some(Command::Exec { config, command }) => {
            // Its own free port, unless one is asked for.
            let asked = matches.subcommand_matches("exec").and_then(|exec| exec.value_source("listen"));
            let listen = if asked == Some(ValueSource::DefaultValue) { Config::default().listen } else { config.listen };
            return exec::exec(Config { listen, ..*config }, &command, signal()?).await;
        }
        Some(Command::Env { client, format, sandbox, role }) => print(&Settings::of(&client.url, &sandbox, &role).printed(format)),
        None => serve(program.serve).await,
        Some(Command::Serve(config)) => serve(*config).await,
        Some(Command::Listen(listen)) => receive(listen).await,
        Some(Command::Trigger(triggering)) => trigger(&triggering).await,
        Some(Command::Healthcheck(client)) => healthcheck(&client).await,
        Some(Command::Coverage { version, format }) => print(&coverage(version, format)),
        Some(Command::Events) => print(&events()),
        Some(Command::Schema { version }) => print(version.sdl()),
    }
    .map(|()| ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Listened for before the server is announced, so that nobody stops it too early to be heard.
    let told = signal()?;
    let mock = Mock::start_with(config).await?;
    print(&format!("listening on {}\n", mock.url))?;
    told.await;
    mock.stop().await.context("while stopping")
}

async fn receive(listen: Listen) -> anyhow::Result<()> {
    let told = signal()?;
    let courier = Courier::new(Roads::default(), Handle::current())?;
    // A line that nobody can read is no reason to turn a delivery away.
    let line = |line: &str| drop(print(&format!("{line}\n")));
    let receiver = Receiver { secret: listen.secret, forward: listen.forward, courier, print: line };
    if let Some(from) = listen.from {
        let source = Source { mock: from, sandbox: listen.sandbox, admin_token: listen.admin_token };
        return receiver.fetch(&source, told).await.map_err(anyhow::Error::msg);
    }
    let listener = TcpListener::bind(listen.address)
        .await
        .with_context(|| format!("cannot listen on {}; choose another --listen, port 0 picks a free one", listen.address))?;
    print(&format!("listening on http://{}\n", listener.local_addr()?))?;
    receiver.serve(listener, told).await.context("while receiving")
}

async fn trigger(wanted: &Triggering) -> anyhow::Result<()> {
    let courier = Courier::new(Roads::default(), Handle::current())?;
    let trigger = Trigger::new(&courier, &wanted.client.url, &wanted.sandbox, wanted.client.admin_token.as_deref());
    let fired = trigger.fire(&wanted.event, wanted.resource.as_deref()).await?;
    let (event, resource_type) = (fired.event.name(), fired.event.resource_type());
    print(&format!("{event} fired for {resource_type} {} in commit {}: {}\n", fired.resource_id, fired.commit, fired.cause))
}

async fn healthcheck(client: &Client) -> anyhow::Result<()> {
    let courier = Courier::new(Roads::default(), Handle::current())?;
    let url = format!("{}/_mock/ready", client.url.trim_end_matches('/'));
    match courier.exchange("GET", &url, &[], client.admin_token.as_deref(), None).await {
        Ok((200, _)) => print("ready\n"),
        Ok((status, _)) => bail!("{url} answers {status}"),
        Err(why) => bail!("{url} does not answer: {why}; start the server, or say where it is with HEALTHIE_MOCK_URL"),
    }
}

fn coverage(version: Version, format: CoverageFormat) -> String {
    let coverage = Coverage::measure(&healthie_mock::domain::catalogue());
    match format {
        CoverageFormat::Table => coverage.to_table(version),
        CoverageFormat::Json => format!("{:#}\n", coverage.to_json(version)),
        CoverageFormat::Markdown => page(&coverage),
    }
}

fn events() -> String {
    let lines = EventDef::all().iter().map(|event| {
        let extra: Vec<_> = event.extra().collect();
        format!("{}\t{}\t{}\n", event.name(), event.resource_type(), extra.join(","))
    });
    lines.collect()
}

/// Whoever reads may stop reading.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Ends when the program is told to stop.
fn signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
