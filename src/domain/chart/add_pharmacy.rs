//! `addPharmacy`: where a patient's prescriptions go.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Pharmacy, User, addPharmacyInput as Input};

/// Documented: the primary one is the patient's default. Which others a patient has is shown nowhere.
pub fn add_pharmacy(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Input::patient_id)?;
    let pharmacy = call.target::<Pharmacy, _>(Input::pharmacy_id)?;
    if call.is(Input::primary) {
        call.change(&patient).set(User::default_pharmacy, pharmacy.id()).save(call);
    }
    Ok(pharmacy.into())
}
