//! What `createAppointmentType` and `updateAppointmentType` say of a text message that is too long.

use crate::engine::{Answer, Row, Value};
use crate::schema::Named;
use crate::schema::names::{AppointmentType, SmsTemplateWarning};

/// Documented: longer ones are warned of.
const LONGEST: usize = 480;

/// Assumed: a text message carries so many characters.
const MESSAGE: usize = 160;

/// Null where the text is short enough. Assumed: the words, and that the length is that of the template.
pub fn sms_template_warning(kind: &Row<AppointmentType>) -> Answer {
    let length = kind.get(AppointmentType::custom_text_reminder_body).unwrap_or_default().chars().count();
    if length <= LONGEST {
        return Answer::NULL;
    }
    let text = format!("The message is longer than {LONGEST} characters");
    let values = vec![
        (SmsTemplateWarning::estimated_length.slot, Value::Int(length as i64).into()),
        (SmsTemplateWarning::estimated_message_count.slot, Value::Int(length.div_ceil(MESSAGE) as i64).into()),
        (SmsTemplateWarning::message.slot, Value::from(text).into()),
    ];
    Answer::Object(SmsTemplateWarning::TYPE, values)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_long_text_message_is_warned_of() {
        let clinic = Clinic::open();
        let create = |length: usize| {
            let text = "x".repeat(length);
            clinic.run(&format!(
                r#"mutation {{ createAppointmentType(input: {{name: "A", length: 5, custom_text_reminder_body: "{text}"}}) {{
                    sms_template_warning {{ estimated_length estimated_message_count message }}
                }} }}"#
            ))
        };
        assert!(create(480)["data"]["createAppointmentType"]["sms_template_warning"].is_null());
        assert_json_snapshot!(create(481), @r#"
        {
          "data": {
            "createAppointmentType": {
              "sms_template_warning": {
                "estimated_length": 481,
                "estimated_message_count": 4,
                "message": "The message is longer than 480 characters"
              }
            }
          }
        }
        "#);
    }
}
