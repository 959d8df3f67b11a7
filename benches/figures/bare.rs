//! What a request costs at least here: an axum handler that reads the body and returns the same bytes to everybody.

use axum::{Router, body::Bytes, http::header::CONTENT_TYPE, routing::post};
use std::io::Read;

/// The bench runs itself with this word to be the bare server; the bytes come through standard input.
pub const COMMAND: &str = "bare";

#[tokio::main]
pub async fn serve() -> anyhow::Result<()> {
    let mut answer = Vec::new();
    std::io::stdin().read_to_end(&mut answer)?;
    let answer = Bytes::from(answer);
    let handler = move |_: Bytes| async move { ([(CONTENT_TYPE, "application/json; charset=utf-8")], answer) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/graphql", post(handler))).await?;
    Ok(())
}
