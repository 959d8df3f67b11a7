//! `deleteMobileHealthDataIntegration`: the caller's phone sends health data of one kind no longer.

use super::create_mobile_health_data_integration::own;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::DeleteMobileHealthDataIntegrationInput as Input;

pub fn delete_mobile_health_data_integration(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = call.require(Input::r#type)?;
    let known = own(call, kind).ok_or_else(|| Refusal::not_found("type", "MobileHealthDataIntegration"))?;
    call.delete(&known);
    Ok(known.into())
}
