//! A delivery, once more.

use super::{Answered, NamedPair, Refused, Server, enter, ok, read};
use crate::webhooks::{Replayed, Unreplayed};
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    url: Option<String>,
}

/// Answers with the attempt, however it went.
pub async fn replay(State(server): State<Arc<Server>>, NamedPair(id, delivery): NamedPair, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Wanted { url } = read(request).await?;
    if let Some(url) = url.as_deref().filter(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
        return Err(Refused::bad(format!("{url:?} is no address; give http://HOST/PATH, or none for the delivery's own")));
    }
    let number: Option<u64> = delivery.parse().ok();
    // In a task of its own: it comes to its end where the caller doesn't wait for it.
    let outbox = sandbox.outbox.clone();
    let sent = tokio::spawn(async move { outbox.replay(number.unwrap_or(0), url.as_deref()).await });
    let sent = sent.await.map_err(|error| Refused::new(500, "broken", error.to_string()))?;
    let Replayed { number, attempt } = sent.map_err(|why| refused(&why, &id, &delivery))?;
    let mut shown = json!(attempt);
    shown["delivery"] = delivery.into();
    shown["attempt"] = number.into();
    ok(&shown)
}

fn refused(why: &Unreplayed, sandbox: &str, delivery: &str) -> Refused {
    match why {
        Unreplayed::Unknown => Refused::not_found(format!(
            "there is no delivery {delivery:?}, or no longer: old ones are dropped; GET /_mock/sandboxes/{sandbox}/deliveries lists them"
        )),
        Unreplayed::UnderWay => {
            let message = format!("delivery {delivery} is being sent; GET /_mock/sandboxes/{sandbox}/settled?wait=5s waits for it");
            Refused::new(409, "under_way", message)
        }
    }
}
