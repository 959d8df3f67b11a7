//! The e-mails that a sandbox would have sent.

use super::{Answered, Named, Server, enter, ok};
use crate::engine::{Row, table};
use crate::schema::Named as _;
use crate::schema::names::SentMail;
use axum::extract::State;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Oldest first.
pub async fn mails(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    let snapshot = enter(&server, &id)?.world.snapshot();
    let mails = snapshot.state.all(table(SentMail::TYPE)).cloned().map(Row::<SentMail>::new);
    ok(&json!({ "mails": mails.map(|mail| shown(&mail)).collect::<Vec<_>>() }))
}

fn shown(mail: &Row<SentMail>) -> Json {
    json!({
        "id": mail.id().to_string(),
        "at": mail.get(SentMail::created_at),
        "kind": mail.get(SentMail::kind),
        "to": mail.get(SentMail::to),
        "subject": mail.get(SentMail::subject),
        "text": mail.get(SentMail::text),
        "link": mail.get(SentMail::link),
        "token": mail.get(SentMail::token),
        "about": {
            "type": mail.get(SentMail::resource_id_type),
            "id": mail.get(SentMail::resource_id).map(|id| id.to_string()),
        },
    })
}
