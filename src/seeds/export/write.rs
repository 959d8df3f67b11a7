//! A state written down: tables, columns and ids in order, a record on a line.

use super::{Export, FORMAT};
use crate::engine::{table, written};
use crate::env::Clock;
use crate::schema::TypeId;
use crate::state::Record;
use serde_json::{Map, Value as Json, json};
use std::io::Write as _;

impl Export {
    /// The same state gives the same bytes.
    pub fn write(&self) -> Vec<u8> {
        let Self { seed, standing, next_delivery, roles, records } = self;
        let clock = match standing.clock {
            Clock::Frozen(at) => json!({ "frozen_at": at }),
            Clock::Running(ahead) => json!({ "ahead": ahead }),
        };
        let roles = roles.iter().map(|role| {
            json!({
                "role": role.role,
                "secret": role.secret,
                "user_id": role.user_id.to_string(),
                "email": role.email,
                "password": role.password,
            })
        });
        let handles = records.iter().map(|(of, ids)| {
            let ids: Map<String, Json> = ids.iter().map(|(handle, id)| (handle.clone(), id.to_string().into())).collect();
            (of.clone(), ids.into())
        });
        let head = [
            ("healthie_mock_export", json!(FORMAT)),
            ("seed", json!(seed)),
            ("clock", clock),
            ("settings", json!(*standing.settings)),
            ("randomness", json!({ "seed": standing.seed, "draws": standing.draws })),
            ("commit", json!(standing.snapshot.commit)),
            ("next_delivery", json!(next_delivery)),
            ("roles", roles.collect()),
            ("handles", handles.collect::<Map<_, _>>().into()),
        ];
        let mut text = vec![];
        for (at, (name, json)) in head.iter().enumerate() {
            put(&mut text, if at == 0 { "{\n" } else { ",\n" });
            put(&mut text, &format!("\"{name}\": {json}"));
        }
        put(&mut text, ",\n\"tables\": [");
        let state = &standing.snapshot.state;
        // By name: a type's number moves when the schema grows.
        let tables = TypeId::all().filter_map(|of| Some((of, state.next_id(table(of))?)));
        for (at, (of, next_id)) in tables.enumerate() {
            put(&mut text, if at == 0 { "\n" } else { ",\n" });
            put(&mut text, &format!("{{\"type\": \"{}\", \"next_id\": \"{next_id}\", \"records\": [", of.name()));
            for (at, record) in state.all(table(of)).enumerate() {
                put(&mut text, if at == 0 { "\n  " } else { ",\n  " });
                put(&mut text, &line(of, record).to_string());
            }
            put(&mut text, "]}");
        }
        put(&mut text, "\n]\n}\n");
        text
    }
}

fn put(text: &mut Vec<u8>, more: &str) {
    text.write_all(more.as_bytes()).expect("memory takes whatever is written");
}

fn line(of: TypeId, record: &Record) -> Json {
    let columns = of.shape().columns();
    let values = record.values().map(|(slot, value)| {
        let column = &columns[usize::from(slot)];
        (column.name().to_owned(), written::to_json(column, value))
    });
    json!({
        "id": record.id().to_string(),
        "organization": record.tenant().to_string(),
        "values": values.collect::<Map<_, _>>(),
    })
}
