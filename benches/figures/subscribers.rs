//! Many sockets, each with one subscription.

use super::{
    Row, Scale,
    process::{Server, key, median, since},
    rows::{data, operation},
};
use anyhow::{Context, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{net::TcpStream, runtime::Runtime, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is in the conversation that is talked in.
const ROLE: &str = "provider";

pub fn idle(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&[])?;
    let talk = conversation(&server)?;
    let many = scale.of(5_000, 50);
    Runtime::new()?.block_on(async {
        let first = subscriber(&server, &talk).await?;
        let before = server.memory()?;
        let mut sockets = vec![first];
        for _ in 0..many {
            sockets.push(subscriber(&server, &talk).await?);
        }
        let what = format!("{many} idle subscriptions, each on a socket of its own, over one");
        let part = many as f64 / 5_000.0;
        Ok(vec![Row { what, measured: server.memory()? - before, hold: 100.0 * part, aim: 50.0 * part, unit: "MiB" }])
    })
}

/// From before the call that makes it happen until the last subscriber has it.
pub fn event(scale: Scale) -> anyhow::Result<Vec<Row>> {
    let server = Server::mock(&[])?;
    let talk = conversation(&server)?;
    let mut client = server.client(ROLE)?;
    let many = scale.of(1_000, 20);
    let mut times = vec![];
    Runtime::new()?.block_on(async {
        let mut sockets = vec![];
        for _ in 0..many {
            sockets.push(subscriber(&server, &talk).await?);
        }
        for _ in 0..scale.of(20, 3) {
            let hearing: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(heard(socket))).collect();
            let said = say(&talk);
            let started = Instant::now();
            tokio::task::block_in_place(|| client.graphql(&said).map(drop))?;
            sockets = vec![];
            let mut last = 0.0_f64;
            for hearer in hearing {
                let (socket, at) = hearer.await??;
                last = last.max((at - started).as_secs_f64() * 1000.0);
                sockets.push(socket);
            }
            ensure!(last <= since(started), "heard later than now");
            times.push(last);
        }
        anyhow::Ok(())
    })?;
    let what = format!("a message until the last of {many} subscribers has it, median");
    Ok(vec![Row { what, measured: median(times), hold: 100.0, aim: 50.0, unit: "ms" }])
}

fn conversation(server: &Server) -> anyhow::Result<String> {
    let mut client = server.client(ROLE)?;
    let listed = data(client.graphql(&operation("{ conversationMemberships { conversation_id convo { closed_date } } }", &json!({})))?)?;
    let listed = listed["conversationMemberships"].as_array().context("no list")?;
    let open = listed.iter().find(|membership| membership["convo"]["closed_date"].is_null()).context("no open conversation")?;
    Ok(open["conversation_id"].as_str().context("no id")?.to_owned())
}

fn say(talk: &str) -> String {
    let query = "mutation Say($talk: String) { createNote(input: { conversation_id: $talk, content: \"Hello\" }) { note { id } } }";
    operation(query, &json!({ "talk": talk }))
}

async fn subscriber(server: &Server, talk: &str) -> anyhow::Result<Socket> {
    let (mut socket, _) = connect_async(format!("ws://{}/subscriptions?token={}", server.address, key(ROLE))).await?;
    let identifier = json!({ "channel": "GraphqlChannel", "channelId": "1" }).to_string();
    socket.send(Message::text(json!({ "command": "subscribe", "identifier": identifier }).to_string())).await?;
    let query = "subscription Said($talk: String) { noteAddedSubscription(conversationId: $talk) { id content created_at creator { first_name } } }";
    let data = operation(query, &json!({ "talk": talk }));
    socket.send(Message::text(json!({ "command": "message", "identifier": identifier, "data": data }).to_string())).await?;
    let (socket, text) = message(socket).await?;
    ensure!(text.contains(r#""result":{"data":{}},"more":true"#), "not subscribed: {text}");
    Ok(socket)
}

async fn heard(socket: Socket) -> anyhow::Result<(Socket, Instant)> {
    let (socket, text) = message(socket).await?;
    ensure!(text.contains(r#""content":"Hello""#), "heard {text}");
    Ok((socket, Instant::now()))
}

/// The next frame that carries a result.
async fn message(mut socket: Socket) -> anyhow::Result<(Socket, String)> {
    loop {
        let frame = timeout(PATIENCE, socket.next()).await?.context("the server hung up")??;
        if let Message::Text(text) = frame
            && text.contains(r#""message":{"#)
        {
            return Ok((socket, text.to_string()));
        }
    }
}
