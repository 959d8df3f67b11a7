//! `updateProviderCptCodes`: changes prices of a provider; the payload says no more than what went wrong.

use super::provider_cpt_code;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{User, updateProviderCptCodesInput as Input};

pub fn update_provider_cpt_codes(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let provider = call.target::<User, _>(Input::provider_id)?;
    let lines = call.get(Input::provider_cpt_codes)?.unwrap_or_default();
    provider_cpt_code::write(call, &provider, &lines)?;
    Ok(Made::nothing())
}
