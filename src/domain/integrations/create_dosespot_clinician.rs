//! `createDosespotClinician`: the caller signs up for prescribing. Nobody is asked to approve it.

use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{DoseSpot, DosespotRoleEnum as Role, createDosespotClinicianInput as Input};

/// Documented: the roles that can be signed up for.
const PRESCRIBING_PROVIDER: i64 = 1;
const PROXY: i64 = 6;

pub fn create_dosespot_clinician(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let role = call.get(Input::role)?;
    refuse_blanks(call, role)?;
    let role = match role {
        Some(PRESCRIBING_PROVIDER) => Role::PRESCRIBING_PROVIDER,
        Some(PROXY) => Role::PROXY,
        _ => return Err(Refusal::on(Input::role, "is not included in the list")),
    };
    let own = call.viewer_id();
    let draft = match call.having(DoseSpot::user_id, own).pop() {
        Some(known) => call.change(&known),
        None => call.blank_draft::<DoseSpot>(),
    };
    let draft = draft.set(DoseSpot::user_id, own).set(DoseSpot::role, role).set(DoseSpot::registration_status, true);
    Ok(draft.save(call).into())
}

/// Documented: what each role needs.
fn refuse_blanks(call: &Call<'_, Input>, role: Option<i64>) -> Result<(), Refusal> {
    let prescribes = role == Some(PRESCRIBING_PROVIDER);
    let controlled = prescribes && call.is(Input::prescribe_controlled_substances);
    let blanks = [
        (call.is_blank(Input::full_name), "full_name"),
        (call.is_blank(Input::date_of_birth), "date_of_birth"),
        (call.is_blank(Input::business_address), "business_address"),
        (call.is_blank(Input::city), "city"),
        (call.is_blank(Input::state), "state"),
        (call.is_blank(Input::zip), "zip"),
        (call.is_blank(Input::work_phone_number), "work_phone_number"),
        (call.is_blank(Input::fax_number), "fax_number"),
        (role.is_none(), "role"),
        (prescribes && call.is_blank(Input::npi_number), "npi_number"),
        (prescribes && call.is_blank(Input::eligible_prescribe_medications), "eligible_prescribe_medications"),
        (controlled && call.is_blank(Input::dea_number), "dea_number"),
    ];
    for field in [
        Input::full_name.slot,
        Input::business_address.slot,
        Input::city.slot,
        Input::state.slot,
        Input::zip.slot,
        Input::work_phone_number.slot,
        Input::fax_number.slot,
    ] {
        call.lifted.mark(field);
    }
    call.accept(Input::date_of_birth);
    call.accept(Input::npi_number);
    call.accept(Input::dea_number);
    call.accept(Input::eligible_prescribe_medications);
    call.accept(Input::prescribe_controlled_substances);
    Refusal::all(blanks.into_iter().filter(|(blank, _)| *blank).map(|(_, field)| Refusal::named(field, CANT_BE_BLANK)))
}
