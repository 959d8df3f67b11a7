//! What comes with a claim's input: the claim's own rows, and what is written through to the patient, the provider and the
//! organization.

use crate::engine::{Call, Nested, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{
    Cms1500, DietitianInput, Location, LocationInput, OrganizationInfo, OrganizationInfoInput, OtherIdNumber, OtherIdNumberInput,
    PatientInput, User,
};

/// The parts of an input that `createCms1500` and `updateCms1500` have in common.
pub struct Parts<'a> {
    pub patient: Option<Nested<'a, PatientInput>>,
    pub dietitian: Option<Nested<'a, DietitianInput>>,
    pub organization_info: Option<Nested<'a, OrganizationInfoInput>>,
    pub other_id: Option<Nested<'a, OtherIdNumberInput>>,
}

impl Parts<'_> {
    /// Documented for the other ids, assumed for the rest: what stands in a claim's form is stored where it belongs.
    pub fn write_through<I: Named>(&self, call: &mut Call<'_, I>, claim: Row<Cms1500>) -> Result<Row<Cms1500>, Refusal> {
        if let Some(location) = self.patient.as_ref().and_then(|patient| patient.get(PatientInput::location)) {
            write_address(call, claim.get(Cms1500::patient_id), &location);
        }
        if let Some(dietitian) = &self.dietitian {
            write_provider(call, claim.get(Cms1500::dietitian_id), dietitian);
        }
        let claim = match &self.organization_info {
            Some(info) => write_organization(call, claim, info)?,
            None => claim,
        };
        match &self.other_id {
            Some(other_id) => write_other_id(call, claim, other_id),
            None => Ok(claim),
        }
    }
}

fn write_address<I: Named>(call: &mut Call<'_, I>, person: Option<u64>, input: &Nested<'_, LocationInput>) {
    let Some(person) = person else { return };
    let known = call.having(Location::user_id, person);
    let named = input.get(LocationInput::id);
    let known = known.into_iter().find(|location| named.is_none_or(|id| location.id() == id));
    let mut draft = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft::<Location>(),
    };
    call.fill_from(&mut draft, input);
    draft.set(Location::user_id, person).save(call);
}

fn write_provider<I: Named>(call: &mut Call<'_, I>, provider: Option<u64>, input: &Nested<'_, DietitianInput>) {
    let Some(provider) = provider.and_then(|id| call.find::<User>(id)) else { return };
    let mut draft = call.change(&provider);
    call.fill_from(&mut draft, input);
    draft.save(call);
}

fn write_organization<I: Named>(
    call: &mut Call<'_, I>,
    claim: Row<Cms1500>,
    input: &Nested<'_, OrganizationInfoInput>,
) -> Result<Row<Cms1500>, Refusal> {
    let id = input.get(OrganizationInfoInput::id).or(claim.get(Cms1500::organization_info_id));
    let Some(id) = id else { return Ok(claim) };
    let info = call.find::<OrganizationInfo>(id).ok_or_else(|| Refusal::named("organization_info", "OrganizationInfo not found"))?;
    let mut draft = call.change(&info);
    call.fill_from(&mut draft, input);
    draft.set_value(OrganizationInfo::organization_id.slot, info.value(OrganizationInfo::organization_id.slot).clone());
    draft.save(call);
    Ok(call.change(&claim).set(Cms1500::organization_info_id, info.id()).save(call))
}

fn write_other_id<I: Named>(
    call: &mut Call<'_, I>,
    claim: Row<Cms1500>,
    input: &Nested<'_, OtherIdNumberInput>,
) -> Result<Row<Cms1500>, Refusal> {
    let known = match input.get(OtherIdNumberInput::id) {
        Some(id) => Some(
            call.find::<OtherIdNumber>(id)
                .ok_or_else(|| Refusal::named("rendering_provider_other_id_number", "OtherIdNumber not found"))?,
        ),
        None => None,
    };
    if known.is_none() && input.get(OtherIdNumberInput::other_id).is_none_or(str::is_empty) {
        return Ok(claim);
    }
    let mut draft = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft::<OtherIdNumber>(),
    };
    call.fill_from(&mut draft, input);
    if known.is_none() {
        draft.set_value(OtherIdNumber::user_id.slot, claim.value(Cms1500::dietitian_id.slot).clone());
    } else if let Some(known) = &known {
        draft.set_value(OtherIdNumber::user_id.slot, known.value(OtherIdNumber::user_id.slot).clone());
    }
    let number = draft.save(call);
    let mut draft = call.change(&claim);
    draft.set_value(Cms1500::rendering_provider_other_id.slot, Value::Id(number.id()));
    Ok(draft.save(call))
}
