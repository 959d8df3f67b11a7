//! Receivers behind TLS, whose certificate is of the test's own authority (`tls/ca.pem`, for a hundred years).

use crate::server::{Server, quiet};
use healthie_mock::config::{Config, WebhookFlag};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// A receiver that answers with `answer` and closes the connection, without the farewell that TLS wants.
async fn receiver(answer: &'static str) -> String {
    let certificates = CertificateDer::pem_slice_iter(include_bytes!("tls/receiver.pem")).collect::<Result<_, _>>().expect("sound");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/receiver.key")).expect("sound");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let config = config.expect("sound").with_no_client_auth().with_single_cert(certificates, key).expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://localhost:{}/hook", listener.local_addr().expect("bound").port());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut heard = vec![];
            while !heard.ends_with(b"}") && socket.read_buf(&mut heard).await.is_ok_and(|read| read > 0) {}
            // An error means that the sender is gone.
            let _ = socket.write_all(answer.as_bytes()).await;
            let _ = socket.flush().await;
        }
    });
    url
}

/// The attempts of a delivery to a receiver that answers so, and what became of it.
async fn delivered(answer: &'static str, webhook_ca: Option<PathBuf>) -> (Value, Value) {
    let webhooks = vec![WebhookFlag { url: receiver(answer).await, events: vec![] }];
    let map_host = vec!["localhost=127.0.0.1".parse().expect("a pair")];
    let server = Server::start_with(Config { webhooks, webhook_ca, map_host, ..quiet() }).await;
    server.role("owner").add_location("Main office").await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    let delivery = server.get("/sandboxes/default/deliveries").await["deliveries"][0].clone();
    (delivery["status"].clone(), delivery["attempts"][0].clone())
}

#[tokio::test]
async fn a_receiver_with_a_certificate_of_ones_own_is_trusted_by_the_flag_alone() {
    let authority = || Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls/ca.pem")));
    let (status, attempt) = delivered("HTTP/1.0 204 No Content\r\n\r\n", None).await;
    assert_eq!((status, &attempt["error"]), (json!("retrying"), &json!("invalid peer certificate: UnknownIssuer")), "{attempt}");
    let said = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    for whole in [said, "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nof no said length"] {
        let (status, attempt) = delivered(whole, authority()).await;
        assert_eq!((status, &attempt["status"]), (json!("delivered"), &json!(200)), "{whole}: {attempt}");
    }
    let (status, attempt) = delivered("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbreaks", authority()).await;
    assert_eq!((status, &attempt["status"]), (json!("retrying"), &Value::Null), "{attempt}");
}
