//! `embedWidgetSteps`: the pages of the booking widget.

use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{EmbedWidgetStepType as Step, args};

/// Assumed: the steps, and that no parameter of the page leaves one out.
const STEPS: [(&str, &str); 4] = [
    ("appointment_type", "Appointment type"),
    ("date_and_time", "Date & time"),
    ("contact_info", "Your information"),
    ("confirmation", "Confirmation"),
];

pub fn embed_widget_steps(_: Reading<'_>, asked: &Input<'_, args::embedWidgetSteps>) -> Result<Answer, QueryError> {
    asked.accept(args::embedWidgetSteps::is_for_web);
    asked.accept(args::embedWidgetSteps::locationString);
    let step = |(id, title): (&str, &str)| {
        Answer::Object(Step::TYPE, vec![(Step::id.slot, Value::from(id).into()), (Step::title.slot, Value::from(title).into())])
    };
    Ok(Answer::List(STEPS.into_iter().map(step).collect()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn the_widget_asks_without_a_key() {
        let seen = Clinic::open().as_role("nobody").run(r#"{ embedWidgetSteps(locationString: "?provider_id=1") { id title } }"#);
        assert_eq!(seen["data"]["embedWidgetSteps"][0]["id"], "appointment_type");
    }
}
