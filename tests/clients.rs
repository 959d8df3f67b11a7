//! Client libraries as their users run them, each against a server of its own: the scripts in `clients/`.

use healthie_mock::{Mock, config::Config};
use std::{io, path::Path, process::Command, thread, time::Duration};
use tokio::{sync::oneshot, time::timeout};

/// Far longer than any of them takes.
const PATIENCE: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread")]
async fn apollo_client() {
    says_ok("apollo").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apollo_client_with_subscriptions() {
    says_ok("apollo-subscriptions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apollo_client_with_uploads() {
    says_ok("apollo-upload").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rails_action_cable() {
    says_ok("actioncable").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn graphql_request() {
    says_ok("graphql-request").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn graphql_code_generator() {
    says_ok("codegen").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_that_read_openapi() {
    says_ok("openapi").await;
}

/// Runs `clients/<script>.mjs` to its last word.
async fn says_ok(script: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    assert!(folder.join("node_modules").is_dir(), "the client libraries are not installed: npm ci --prefix tests/clients");
    let mock = Mock::start_with(Config::default()).await.expect("a free port and the built-in seed");

    let (reader, writer) = io::pipe().expect("a pipe");
    let mut command = Command::new("node");
    command.arg(format!("{script}.mjs")).current_dir(folder);
    command.env("HEALTHIE_API_URL", format!("{}/graphql", mock.url));
    command.env("HEALTHIE_WS_URL", format!("{}/subscriptions", mock.url.replacen("http", "ws", 1)));
    command.env("HEALTHIE_API_KEY", format!("gh_sbox_{script}_integration"));
    command.stdout(writer.try_clone().expect("a pipe has many ends")).stderr(writer);
    let mut child = command.spawn().expect("node runs; it comes with npm, which `npm ci --prefix tests/clients` needs");
    drop(command); // and with it this side's ends of the pipe

    let (done, said) = oneshot::channel();
    thread::spawn(move || {
        // An error means that nobody waits any more.
        let _ = done.send(io::read_to_string(reader));
    });
    let said = timeout(PATIENCE, said).await;
    if said.is_err() {
        child.kill().expect("it is this process's child");
    }
    let status = child.wait().expect("it is this process's child");
    let said = said.expect("it ends in time").expect("the thread sends").expect("it prints UTF-8");
    assert!(status.success() && said.ends_with(&format!("{script}: ok\n")), "{status}\n{said}");
}
