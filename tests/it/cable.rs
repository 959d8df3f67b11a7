//! A client that speaks ActionCable, frame by frame.

use crate::server::Server;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Cable {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub protocol: Option<String>,
}

impl Cable {
    /// Connects and says nothing.
    pub async fn dial(server: &Server, path: &str) -> Self {
        let url = format!("{}{path}", server.mock.url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a URL");
        let offered = "actioncable-v1-json, actioncable-unsupported".parse().expect("a header");
        request.headers_mut().insert("sec-websocket-protocol", offered);
        let (socket, response) = connect_async(request).await.expect("the server takes sockets");
        let protocol = response.headers().get("sec-websocket-protocol");
        let protocol = protocol.and_then(|protocol| protocol.to_str().ok()).map(str::to_owned);
        Self { socket, protocol }
    }

    /// Connects with a key, and is welcome.
    pub async fn with_key(server: &Server, key: &str) -> Self {
        let mut cable = Self::dial(server, &format!("/subscriptions?token={key}")).await;
        assert_eq!(cable.next().await["type"], "welcome");
        cable
    }

    /// The one with this role in the sandbox `default`.
    pub async fn of_role(server: &Server, role: &str) -> Self {
        Self::with_key(server, &format!("gh_sbox_default_{role}")).await
    }

    pub async fn say(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.expect("the server listens");
    }

    /// The next frame, pings included; None once the server has closed.
    pub async fn any(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a frame in time")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("JSON")),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next frame that is no ping.
    pub async fn next(&mut self) -> Value {
        loop {
            let frame = self.any().await.expect("the server has not closed");
            if frame["type"] != "ping" {
                return frame;
            }
        }
    }

    /// The next frame that is no ping, as it was sent.
    pub async fn text(&mut self) -> String {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) if !text.contains(r#""type":"ping""#) => return text.to_string(),
                Some(Ok(_)) => {}
                other => panic!("no frame but {other:?}"),
            }
        }
    }

    /// Opens a channel.
    pub async fn open(&mut self, id: &str) {
        self.say(json!({ "command": "subscribe", "identifier": channel(id) }).to_string()).await;
        assert_eq!(self.next().await, json!({ "identifier": channel(id), "type": "confirm_subscription" }));
    }

    /// The result of an operation, and whether more may follow.
    pub async fn execute(&mut self, id: &str, query: &str) -> (Value, bool) {
        let data = json!({ "query": query, "variables": {}, "operationName": null, "action": "execute" }).to_string();
        self.say(json!({ "command": "message", "identifier": channel(id), "data": data }).to_string()).await;
        self.told(id).await
    }

    /// Subscribes by an open channel.
    pub async fn subscribe(&mut self, id: &str, subscription: &str) {
        let answer = self.execute(id, &format!("subscription {{ {subscription} }}")).await;
        assert_eq!(answer, (json!({ "data": {} }), true));
    }

    /// The next message, which has to be for this channel.
    pub async fn told(&mut self, id: &str) -> (Value, bool) {
        let frame = self.next().await;
        assert_eq!(frame["identifier"], channel(id), "{frame}");
        let message = &frame["message"];
        (message["result"].clone(), message["more"].as_bool().expect("`more` is said"))
    }

    /// The next event of this channel.
    pub async fn event(&mut self, id: &str) -> Value {
        let (result, more) = self.told(id).await;
        assert!(more && result.get("errors").is_none(), "{result}");
        result["data"].clone()
    }

    /// Nothing has come: what is asked now is answered next. Events are told in the order of the commits, and before later questions.
    pub async fn heard_nothing(&mut self, id: &str) {
        assert_eq!(self.execute(id, "{ __typename }").await, (json!({ "data": { "__typename": "Query" } }), false));
    }
}

/// A channel's identifier, as clients make it.
pub fn channel(id: &str) -> String {
    json!({ "channel": "GraphqlChannel", "channelId": id }).to_string()
}
