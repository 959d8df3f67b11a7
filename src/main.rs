//! The program: reads its flags, starts, waits for the signal.

#[path = "main/exec.rs"]
mod exec;
#[path = "main/settings.rs"]
mod settings;

use anyhow::{Context, bail};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, builder::Resettable, parser::ValueSource};
use healthie_mock::Mock;
use healthie_mock::config::{Config, address, origin};
use healthie_mock::coverage::{Coverage, page};
use healthie_mock::http::{Receiver, Source};
use healthie_mock::sandboxes::is_name;
use healthie_mock::schema::{EventDef, Version};
use healthie_mock::trigger::Trigger;
use healthie_mock::webhooks::{Courier, Roads};
use settings::{Format, Settings};
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

/// The Healthie Sandbox on your own machine: its GraphQL API, its webhooks, and a clock that you move.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = START)]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Config,
}

const START: &str = r#"Start it, and ask it something with a key of the seeded clinic:
  healthie-mock
  curl http://127.0.0.1:4010/graphql -H "Authorization: Basic gh_sbox_default_integration" \
    -H "Content-Type: application/json" -d '{"query": "{ currentUser { id full_name } }"}'

Each key gh_sbox_<name>_<role> is of a world of its own, made by its first use: a test isolates itself by choosing a name.
What a test wants besides (clock, deliveries, faults, snapshots) is below /_mock; GET /_mock/openapi.json describes it."#;

const SERVING: &str = "Examples:
  healthie-mock serve --listen 127.0.0.1:0                                  on a free port, which it prints
  healthie-mock serve --now 2026-03-02T15:00:00Z --seed clinic:10000        a large clinic, whose time stands
  healthie-mock serve --webhook http://localhost:3000/hook=patient.created  with a webhook in every sandbox
  HEALTHIE_MOCK_DELIVER=sync healthie-mock serve                            each flag is an environment variable, too";

const LISTENING: &str = "Examples:
  healthie-mock listen --secret whsec_default                               for a server with --webhook http://127.0.0.1:4011/
  healthie-mock listen --forward http://localhost:3000/hook                 prints, and passes on
  healthie-mock listen --from http://127.0.0.1:4010 --sandbox ci-7          fetches from a server with --deliver pull";

const EXECUTING: &str = "Examples:
  healthie-mock exec -- npm test
  healthie-mock exec --now 2026-03-02T15:00:00Z --deliver sync -- pytest -x";

const SETTINGS: &str = r#"Examples:
  eval "$(healthie-mock env --sandbox ci-7)"
  healthie-mock env --format dotenv --role provider > .env
  healthie-mock env --format github >> "$GITHUB_ENV""#;

const TRIGGERING: &str = "Examples:
  healthie-mock trigger appointment.created
  healthie-mock trigger appointment.updated --resource 66080001 --sandbox ci-7
  healthie-mock trigger received_fax.created                                what only third parties cause, too

`healthie-mock events` lists all 185.";

const CHECKING: &str = "Example, for a container without a shell:
  HEALTHCHECK CMD [\"/healthie-mock\", \"healthcheck\"]";

const COVERING: &str = "Examples:
  healthie-mock coverage | grep -i appointment
  healthie-mock coverage --version 2026-01-01 --format json";

const CATALOG: &str =
    "Each line has an event, the type of record that it is about, and the fields that its deliveries have besides the usual,
with tabs between them.

Example:
  healthie-mock events | grep '^appointment'";

const SDL: &str = "Example, for a generator of code:
  healthie-mock schema --version 2026-01-01 > schema.graphql";

#[derive(Subcommand)]
enum Command {
    /// Runs the server (what happens without a command, too)
    #[command(after_help = SERVING)]
    Serve(Box<Config>),
    /// Receives webhooks: prints each on one line, and whether its signature verifies
    #[command(after_help = LISTENING)]
    Listen(Listen),
    /// Starts a server on a free port, runs a command with its settings in the environment, stops, and ends with the command's code
    ///
    /// The settings are those that `healthie-mock env` prints: HEALTHIE_API_URL, HEALTHIE_WS_URL, HEALTHIE_API_KEY and
    /// HEALTHIE_MOCK_URL.
    #[command(after_help = EXECUTING)]
    Exec {
        #[command(flatten)]
        config: Box<Config>,
        /// What to run, behind --
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Prints what an application has to know to talk to a running server
    #[command(after_help = SETTINGS)]
    Env {
        #[command(flatten)]
        client: Client,
        /// How to print it
        #[arg(long, default_value = "shell")]
        format: Format,
        /// The sandbox that the key is of; its first use makes it
        #[arg(long, default_value = "default", value_name = "NAME", value_parser = sandbox)]
        sandbox: String,
        /// Whose key: owner, admin, provider, provider2, integration, limited, support, patient, patient2, outsider (of the clinic)
        #[arg(long, default_value = "integration", value_parser = role)]
        role: String,
    },
    /// Makes a running server change data so that a webhook event fires for real
    #[command(after_help = TRIGGERING)]
    Trigger(Triggering),
    /// Asks a running server whether it is ready: ends with 0 if it is, else with 1
    #[command(after_help = CHECKING)]
    Healthcheck(Client),
    /// Prints what is emulated, root field by root field
    #[command(after_help = COVERING)]
    Coverage {
        /// As in the header Healthie-GraphQL-API-Version: 2024-06-01 or 2026-01-01
        #[arg(long, default_value = "2024-06-01", value_parser = version)]
        version: Version,
        /// Lines with tabs, JSON, or the page of both versions in docs/
        #[arg(long, default_value = "table")]
        format: CoverageFormat,
    },
    /// Prints the catalog of webhook events
    #[command(after_help = CATALOG)]
    Events,
    /// Prints the schema that is served
    #[command(after_help = SDL)]
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
    #[arg(long = "listen", default_value = "127.0.0.1:4011", value_name = "ADDR", value_parser = address)]
    address: SocketAddr,
    /// The webhook's signature_secret
    #[arg(long)]
    secret: Option<String>,
    /// Where to pass each delivery on to, byte for byte
    #[arg(long, value_name = "URL", value_parser = origin)]
    forward: Option<String>,
    /// Fetch deliveries from this server instead of being sent them: one that runs with --deliver pull
    #[arg(long, value_name = "MOCK", value_parser = origin)]
    from: Option<String>,
    /// Of which sandbox to fetch them
    #[arg(long, default_value = "default", requires = "from", value_name = "NAME", value_parser = sandbox)]
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
    #[arg(long, default_value = "default", value_name = "NAME", value_parser = sandbox)]
    sandbox: String,
}

#[derive(Args)]
struct Client {
    /// The running server
    #[arg(long, env = "HEALTHIE_MOCK_URL", default_value = "http://127.0.0.1:4010", value_parser = origin)]
    url: String,
    /// The server's --admin-token, if it has one
    #[arg(long, env = "HEALTHIE_MOCK_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
}

fn version(date: &str) -> Result<Version, String> {
    let known = Version::ALL.into_iter().find(|version| version.date() == date);
    known.ok_or_else(|| format!("there are {}", Version::ALL.map(Version::date).join(" and ")))
}

fn sandbox(name: &str) -> Result<String, String> {
    if is_name(name) { Ok(name.to_owned()) } else { Err("a sandbox's name is 1 to 63 of a-z, 0-9 and -".to_owned()) }
}

/// Which roles there are, the seed says.
fn role(name: &str) -> Result<String, String> {
    let is_role = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_role { Ok(name.to_owned()) } else { Err("a role is named with letters, digits and -".to_owned()) }
}

/// An environment variable that is empty says nothing: a compose file has no other way to leave one out.
fn without_blanks(command: clap::Command) -> clap::Command {
    let is_blank = |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| if is_blank(&arg) { arg.env(Resettable::Reset) } else { arg });
    command.mut_subcommands(without_blanks)
}

#[tokio::main]
async fn main() -> ExitCode {
    let matches = without_blanks(Program::command()).get_matches();
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
        Ok((401, _)) => bail!("{url} wants the server's token: give --admin-token, or set HEALTHIE_MOCK_ADMIN_TOKEN"),
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
