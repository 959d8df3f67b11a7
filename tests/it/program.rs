//! The program as it is run: its commands, flags and environment, the line it prints, how it ends.

use crate::receiver::Receiver;
use serde_json::json;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_healthie-mock"));
    program.env_remove("HEALTHIE_MOCK_URL").env_remove("HEALTHIE_MOCK_ADMIN_TOKEN");
    program
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it prints UTF-8")
}

/// A command that runs until it is told to stop; gone with the test.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut running = Self { out: BufReader::new(child.stdout.take().expect("piped")), child, url: String::new() };
        let line = running.line();
        running.url = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        running
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("readable");
        line.trim_end().to_owned()
    }

    /// Its status and what it wrote to standard error.
    fn stop(mut self) -> (Option<i32>, String) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        let mut log = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut log).expect("readable");
        (self.child.wait().expect("it ends").code(), log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("no TLS to set up")
}

#[tokio::test]
async fn the_server_says_where_it_listens_is_healthy_and_ends_when_told() {
    let flags = ["serve", "--listen", "127.0.0.1:0", "--log", "json"];
    let server = Running::start(program().args(flags).env("HEALTHIE_MOCK_NOW", "2026-03-02T15:00:00Z"));
    let healthy = program().arg("healthcheck").env("HEALTHIE_MOCK_URL", &server.url).output().expect("the program starts");
    assert_eq!((healthy.status.code(), &*text(&healthy.stdout)), (Some(0), "ready\n"));
    let clock = http().get(format!("{}/_mock/sandboxes/default/clock", server.url)).send().await.expect("up");
    assert_eq!(clock.json::<serde_json::Value>().await.expect("JSON")["now"], "2026-03-02T15:00:00Z");
    let asked = http().post(format!("{}/graphql", server.url)).header("Authorization", "Basic junk").body("{}").send().await;
    assert_eq!(asked.expect("up").status(), 401);

    let url = server.url.clone();
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let logged: serde_json::Value = serde_json::from_str(log.lines().next().unwrap_or_default()).expect("a line of JSON");
    assert_eq!((&logged["level"], &logged["key"]), (&json!("warning"), &json!("junk…")), "{log}");
    let gone = run(&["healthcheck", "--url", &url]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(text(&gone.stderr).contains("start the server"), "{}", text(&gone.stderr));
}

#[tokio::test]
async fn listen_prints_verifies_and_forwards() {
    let behind = Receiver::answering(202).await;
    let arguments = ["listen", "--listen", "127.0.0.1:0", "--secret", "whsec_default", "--forward", &behind.url("/app")];
    let mut listening = Running::start(program().args(arguments));
    let webhook = format!("{}/in=location.created", listening.url);
    let server = Running::start(program().args(["--listen", "127.0.0.1:0", "--webhook", &webhook]));
    let make = json!({ "query": "mutation { createLocation(input: { name: \"Main office\" }) { location { id } } }" });
    let call = http().post(format!("{}/graphql", server.url)).header("Authorization", "Basic gh_sbox_default_owner").json(&make);
    assert_eq!(call.send().await.expect("up").status(), 200);

    let forwarded = behind.next().await;
    assert_eq!((&*forwarded.path, forwarded.header("mock-sandbox")), ("/app", "default"));
    let line = listening.line();
    assert!(line.starts_with("POST /in signature verified {\"resource_id\":") && line.ends_with("-> 202"), "{line}");
    let settled = http().get(format!("{}/_mock/sandboxes/default/settled?wait=10s", server.url)).send().await.expect("up");
    let settled: serde_json::Value = settled.json().await.expect("JSON");
    assert_eq!(settled["deliveries"][0]["attempts"][0]["status"], 202, "{settled}");

    for (path, header, verdict) in [("/x", "Signature", "WRONG DIGEST"), ("/y", "Other", "NOT SIGNED")] {
        let request = http().post(format!("{}{path}", listening.url)).header("Content-Digest", "SHA-256=0").header(header, "sig1=0");
        request.body("two\nlines").send().await.expect("up");
        let line = listening.line();
        assert!(line.starts_with(&format!("POST {path} {verdict} two lines")), "{line}");
    }
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(listening.stop().0, Some(0));
}

#[test]
fn the_schema_and_the_events_are_printed() {
    for version in healthie_mock::schema::Version::ALL {
        assert_eq!(text(&run(&["schema", "--version", version.date()]).stdout), version.sdl());
    }
    assert_eq!(text(&run(&["schema"]).stdout), healthie_mock::schema::Version::V2024_06_01.sdl());
    let events = text(&run(&["events"]).stdout);
    assert_eq!(events.lines().count(), 185);
    assert!(events.contains("appointment.created\tAppointment\t"), "{events}");
}

#[test]
fn what_cannot_start_says_why_in_one_line_and_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = taken.local_addr().map(|at| (at.to_string(), taken)).expect("bound");
    for (arguments, hint) in [
        (&["--listen", &taken.0][..], "port 0 picks a free one"),
        (&["--listen", "127.0.0.1:0", "--seed", "nowhere/at-all"], "nowhere/at-all"),
        (&["--listen", "127.0.0.1:0", "--webhook", "http://localhost/x=patient.born"], "`healthie-mock events` lists them"),
        (&["--listen", "127.0.0.1:0", "--webhook-ca", "Cargo.toml"], "PEM"),
        (&["--listen", "127.0.0.1:0", "--now", "9999-12-30T22:00:00Z"], "the years 1 to 8999"),
        (&["--listen", "127.0.0.1:0", "--max-sandboxes", "0"], "--max-sandboxes"),
    ] {
        let refused = run(arguments);
        let error = text(&refused.stderr);
        assert_eq!((refused.status.code(), error.lines().count()), (Some(1), 1), "{arguments:?}: {error}");
        assert!(error.starts_with("error: ") && error.matches(hint).count() == 1, "once: {arguments:?}: {error}");
    }
}

#[test]
fn flags_are_refused_with_an_example() {
    for (arguments, hint) in [
        (&["--listen", "example.org"][..], "such as 127.0.0.1:4010"),
        (&["--public-url", "mock.example"], "such as https://mock.example"),
        (&["env", "--sandbox", "CI_7"], "1 to 63 of a-z, 0-9 and -"),
        (&["trigger", "patient.created", "--sandbox", "CI_7"], "1 to 63 of a-z, 0-9 and -"),
        (&["env", "--role", "a provider"], "letters, digits and -"),
        (&["env", "--url", "mock:4010"], "such as https://mock.example"),
        (&["listen", "--forward", "localhost:3000"], "http://localhost:4010"),
    ] {
        let refused = run(arguments);
        let error = text(&refused.stderr);
        assert!(refused.status.code() == Some(2) && error.contains(hint), "{arguments:?}: {error}");
    }
}

#[tokio::test]
async fn a_blank_variable_says_nothing_and_a_switch_is_turned_by_1() {
    const NAMES: &str = "NOW SEED IDS STRICT DID_YOU_MEAN VERSION_PHASE WEBHOOK MAX_SANDBOXES LOG DELIVER PLAIN_DELIVERIES MAP_HOST \
                         WEBHOOK_CA PUBLIC_URL ADMIN_TOKEN";
    let blank = NAMES.split_whitespace().map(|name| (format!("HEALTHIE_MOCK_{name}"), ""));
    let server = Running::start(program().envs(blank).env("HEALTHIE_MOCK_LISTEN", "localhost:0"));
    let health = http().get(format!("{}/_mock/health", server.url)).send().await.expect("up");
    assert_eq!(health.status(), 200, "an empty token is none");
    let strict = Running::start(program().env("HEALTHIE_MOCK_STRICT", "1").env("HEALTHIE_MOCK_LISTEN", "127.0.0.1:0"));
    let query = r#"{ appointments(colorSchemeId: "1") { id } }"#;
    let call = http().post(format!("{}/graphql", strict.url)).header("Authorization", "Basic gh_sbox_default_owner");
    let answer: serde_json::Value = call.json(&json!({ "query": query })).send().await.expect("up").json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "WITHOUT_EFFECT", "{answer}");
}

#[test]
fn the_help_of_each_command_has_an_example_and_a_word_on_each_flag() {
    for command in ["serve", "listen", "exec", "env", "trigger", "healthcheck", "coverage", "events", "schema"] {
        let told = text(&run(&["help", command]).stdout);
        assert!(told.contains("Example") && told.contains(&format!("healthie-mock {command}")) || command == "healthcheck", "{told}");
        let lines: Vec<&str> = told.lines().map(str::trim).collect();
        for (at, flag) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("--")) {
            let says = flag.split_once("  ").map_or_else(|| lines.get(at + 1).copied().unwrap_or_default(), |(_, said)| said.trim());
            assert!(says.len() > 10 && !says.starts_with(['[', '-']), "{command} {flag}: {says}");
        }
    }
    let serve = text(&run(&["serve", "--help"]).stdout);
    let flags = serve.lines().filter_map(|line| line.trim().strip_prefix("--")?.split([' ', '=']).next());
    for flag in flags {
        let variable = format!("[env: HEALTHIE_MOCK_{}", flag.replace('-', "_").to_uppercase());
        assert!(serve.contains(&variable), "{variable}");
    }
    assert!(text(&run(&["help"]).stdout).contains("gh_sbox_default_integration"));
}

#[test]
fn a_command_runs_with_the_settings_of_a_server_of_its_own_and_its_code_is_the_program_s() {
    let script = r#"echo "$HEALTHIE_API_URL $HEALTHIE_API_KEY"; "$0" healthcheck; exit 7"#;
    let ran =
        program().args(["exec", "--now", "2026-03-02T15:00:00Z", "--", "sh", "-c", script, env!("CARGO_BIN_EXE_healthie-mock")]).output();
    let ran = ran.expect("the program starts");
    let said = text(&ran.stdout);
    let (first, second) = said.split_once('\n').expect("two lines");
    assert!(first.starts_with("http://127.0.0.1:") && first.ends_with("/graphql gh_sbox_default_integration"), "{said}");
    assert!(!first.contains(":4010"), "{said}");
    assert_eq!((second, ran.status.code()), ("ready\n", Some(7)), "{}", text(&ran.stderr));
    let missing = run(&["exec", "--", "no-such-command"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot run no-such-command"));
}

#[test]
fn a_command_is_told_to_end_when_the_program_is() {
    let script = r#"tail -f /dev/null & trap "kill $!; exit 3" TERM; echo listening on it; wait"#;
    let mut running = Running::start(program().args(["exec", "--", "sh", "-c", script]));
    let told = Command::new("kill").args(["-TERM", &running.child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    assert_eq!(running.child.wait().expect("it ends").code(), Some(3));
}

#[test]
fn the_settings_of_a_server_are_printed_for_a_shell_and_as_json() {
    let shell = program().args(["env", "--sandbox", "ci-7"]).env("HEALTHIE_MOCK_URL", "http://mock:4010").output().expect("it starts");
    assert!(text(&shell.stdout).contains("export HEALTHIE_API_KEY='gh_sbox_ci-7_integration'\n"), "{shell:?}");
    let json: serde_json::Value = serde_json::from_str(&text(&run(&["env", "--format", "json", "--role", "owner"]).stdout)).expect("JSON");
    assert_eq!(json["HEALTHIE_API_URL"], "http://127.0.0.1:4010/graphql");
    assert_eq!(json["HEALTHIE_API_KEY"], "gh_sbox_default_owner");
}

#[tokio::test]
async fn a_receiver_that_nobody_can_reach_fetches_its_deliveries() {
    let server = Running::start(program().args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--deliver",
        "pull",
        "--webhook",
        "http://nowhere.example/hook",
    ]));
    let ask = async |path: &str, key: &str, body: serde_json::Value| -> serde_json::Value {
        let request = http().post(format!("{}{path}", server.url)).header("Authorization", format!("Basic {key}")).json(&body);
        request.send().await.expect("up").json().await.expect("JSON")
    };
    let receiver = Receiver::answering(503).await;
    let forward = receiver.url("/inner");
    let mut listen = program();
    listen.args(["listen", "--from", &server.url, "--sandbox", "ci", "--secret", "whsec_ci", "--forward", &forward]);
    let mut listen = listen.stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut out = BufReader::new(listen.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("readable");
    assert_eq!(line.trim_end(), format!("fetching from {}/_mock/sandboxes/ci", server.url));
    let query = r#"mutation { createClient(input: {first_name: "A", last_name: "L", email: "a.l@example.org"}) { user { id } } }"#;
    ask("/graphql", "gh_sbox_ci_owner", json!({ "query": query })).await;
    let told = receiver.next().await;
    assert_eq!(told.path, "/inner");
    line.clear();
    out.read_line(&mut line).expect("readable");
    assert!(line.starts_with("POST /hook signature verified {") && line.trim_end().ends_with(" -> 503"), "{line}");
    let url = format!("{}/_mock/sandboxes/ci/deliveries?status=retrying&wait=10s", server.url);
    let found: serde_json::Value = http().get(url).send().await.expect("up").json().await.expect("JSON");
    assert_eq!(found["deliveries"][0]["attempts"][0]["status"], 503, "{found}");
    listen.kill().expect("it runs");
    listen.wait().expect("it ends");
}
