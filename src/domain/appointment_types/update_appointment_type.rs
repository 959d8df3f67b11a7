//! `updateAppointmentType`: what isn't sent stays, but for two traps.

use crate::engine::{Call, Draft, Made, Refusal};
use crate::schema::names::{AppointmentType, ContactTypeOverride, updateAppointmentTypeInput as Input};

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
    Ok(draft.save(call).into())
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
