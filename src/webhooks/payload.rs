//! The body of a delivery: compact JSON in a fixed order of keys, since receivers write it again to check its length.

use crate::engine::{Event, IdForm};
use crate::state::Value;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

/// Observed: `resource_id` is a number in what integrations receive, though the reference prints a string. The other ids
/// follow it. A setting writes them as strings.
pub fn body(event: &Event, ids: IdForm) -> String {
    let mut body = json!({
        "resource_id": id_as_json(event.resource_id, ids),
        "resource_id_type": event.def.resource_type(),
        "event_type": event.def.name(),
        "changed_fields": event.changed_fields,
    });
    for (field, value) in &event.extra {
        body[*field] = value_as_json(value, ids);
    }
    body.to_string()
}

fn id_as_json(id: u64, ids: IdForm) -> Json {
    match ids {
        IdForm::Number => json!(id),
        IdForm::String => json!(id.to_string()),
    }
}

fn value_as_json(value: &Value, ids: IdForm) -> Json {
    match value {
        Value::Null | Value::Object(_) | Value::File(_) => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Int(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(&**text),
        Value::Id(id) => id_as_json(*id, ids),
        Value::Instant(at) => json!(Timestamp::from_microsecond(*at).ok().map(|at| at.to_string())),
        Value::Date(days) => json!(crate::engine::civil_date(*days).to_string()),
        Value::Json(text) => serde_json::from_str(text).unwrap_or(Json::Null),
        Value::List(items) => items.iter().map(|item| value_as_json(item, ids)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::EventDef;

    #[test]
    fn the_keys_have_an_order_and_ids_are_numbers() {
        let event = Event {
            def: EventDef::find("appointment.updated").expect("published"),
            resource_id: 72499,
            changed_fields: vec!["date".into(), "pm_status".into()],
            extra: vec![("resource_organization_id", Value::Id(7)), ("user_id", Value::Null)],
            organization: 7,
            only: None,
        };
        assert_eq!(
            body(&event, IdForm::String),
            r#"{"resource_id":"72499","resource_id_type":"Appointment","event_type":"appointment.updated","changed_fields":["date","pm_status"],"resource_organization_id":"7","user_id":null}"#
        );
        assert_eq!(
            body(&event, IdForm::Number),
            r#"{"resource_id":72499,"resource_id_type":"Appointment","event_type":"appointment.updated","changed_fields":["date","pm_status"],"resource_organization_id":7,"user_id":null}"#
        );
    }
}
