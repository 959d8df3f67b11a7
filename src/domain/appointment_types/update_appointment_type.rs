//! `updateAppointmentType`: what isn't sent stays, but for two traps.

use super::{appointment_type::refuse_no_length, sms_template_warning::sms_template_warning};
use crate::engine::{Call, Draft, Made, Refusal};
use crate::schema::names::{
    AppointmentType, ContactTypeOverride, updateAppointmentTypeInput as Input, updateAppointmentTypePayload as Payload,
};

pub fn update_appointment_type(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = call.target::<AppointmentType, _>(Input::id)?;
    let mut draft = call.edit(&kind);
    if let Some(position) = call.get(Input::row_order)? {
        draft.put(AppointmentType::position, position);
    }
    choose_contact_types(call, &mut draft)?;
    // Documented: leaving the providers out takes all of them off.
    if !call.given(Input::provider_ids_for_appt_type_connections)?.is_sent() {
        draft.clear(AppointmentType::provider_ids_for_appt_type_connections);
    }
    call.check(&draft)?;
    refuse_no_length(&draft)?;
    let kind = draft.save(call);
    let kind = call.save_nested(&kind)?;
    let warning = sms_template_warning(&kind);
    Ok(Made::from(kind).also(Payload::sms_template_warning, warning))
}

/// Documented: a way to meet that is left out is switched off. Where all are off there is no choice, and all are shown.
fn choose_contact_types(call: &Call<'_, Input>, draft: &mut Draft<AppointmentType>) -> Result<(), Refusal> {
    let mut chosen = vec![];
    for (token, field) in [
        ("video_chat", Input::contact_type_override_video_chat),
        ("in_person", Input::contact_type_override_in_person),
        ("phone_call", Input::contact_type_override_phone_call),
    ] {
        if call.get(field)?.and_then(|choice| choice.get(ContactTypeOverride::show)) == Some(true) {
            chosen.push(token.to_owned());
        }
    }
    match chosen.is_empty() {
        true => draft.clear(AppointmentType::contact_type_overrides),
        false => draft.put(AppointmentType::contact_type_overrides, chosen),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn leaving_out_providers_and_ways_to_meet_takes_them_off() {
        let clinic = Clinic::open();
        let (id, provider) = (clinic.id("AppointmentType", "therapy"), clinic.id("User", "provider"));
        let run = |input: &str| {
            clinic.run(&format!(
                r#"mutation {{ updateAppointmentType(input: {{id: "{id}", {input}}}) {{ appointmentType {{
                    name length available_contact_types provider_appt_type_connections {{ provider_name }}
                }} messages {{ field }} }} }}"#
            ))
        };
        let chosen = format!(r#"contact_type_override_phone_call: {{show: true}}, provider_ids_for_appt_type_connections: "{provider}""#);
        assert_json_snapshot!(run(&chosen), @r#"
        {
          "data": {
            "updateAppointmentType": {
              "appointmentType": {
                "name": "Counseling Session",
                "length": 50,
                "available_contact_types": [
                  "Phone Call"
                ],
                "provider_appt_type_connections": [
                  {
                    "provider_name": "Priya Raman"
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        assert_json_snapshot!(run("length: 45"), @r#"
        {
          "data": {
            "updateAppointmentType": {
              "appointmentType": {
                "name": "Counseling Session",
                "length": 45,
                "available_contact_types": [
                  "Healthie Video Call",
                  "In Person",
                  "Phone Call"
                ],
                "provider_appt_type_connections": []
              },
              "messages": null
            }
          }
        }
        "#);
    }

    #[test]
    fn a_name_stays_a_must() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentType", "therapy");
        let no_length = [("length", "must be greater than 0")];
        clinic.refuses(&format!(r#"updateAppointmentType(input: {{id: "{id}", length: 0}})"#), &no_length);
        clinic.refuses(r#"createAppointmentType(input: {name: "A", length: -5})"#, &no_length);
        clinic.refuses(&format!(r#"updateAppointmentType(input: {{id: "{id}", name: ""}})"#), &[("name", "can't be blank")]);
        clinic.refuses(r#"updateAppointmentType(input: {id: "1"})"#, &[("id", "AppointmentType not found")]);
    }
}
