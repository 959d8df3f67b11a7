//! `webhookEventTypes`: what can be heard of.

use crate::engine::{Answer, Reading, Value};
use crate::schema::EventDef;

/// Documented: the dotted names, sorted.
pub fn webhook_event_types(_: Reading<'_>) -> Answer {
    let mut names: Vec<&str> = EventDef::all().iter().map(EventDef::name).collect();
    names.sort_unstable();
    Value::List(names.into_iter().map(Value::from).collect()).into()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn events_are_listed_by_dotted_name() {
        let listed = Clinic::open().run("{ webhookEventTypes }");
        let names = listed["data"]["webhookEventTypes"].as_array().expect("a list").iter();
        let names: Vec<&str> = names.filter_map(|name| name.as_str()).collect();
        assert!(names.is_sorted() && names.contains(&"appointment.created") && names.len() == 185);
        let barred = Clinic::open().as_role("provider2").run("{ webhookEventTypes webhooks { id } webhooksCount }");
        let nothing = serde_json::json!({ "webhookEventTypes": [], "webhooks": [], "webhooksCount": 0 });
        assert_eq!(barred["data"], nothing);
    }
}
