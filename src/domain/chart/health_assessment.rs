//! The health assessment, a service that Healthie has retired.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{HealthAssessmentServiceSignupInput, UpdateCalorieLevelInput, UpdateMacronutrientSplitInput};

/// Documented as of no use any more.
pub fn sign_up(_: &mut Call<'_, HealthAssessmentServiceSignupInput>) -> Result<Made, Refusal> {
    Ok(Made::nothing())
}

pub fn update_calorie_level(_: &mut Call<'_, UpdateCalorieLevelInput>) -> Result<Made, Refusal> {
    Err(retired())
}

pub fn update_macronutrient_split(_: &mut Call<'_, UpdateMacronutrientSplitInput>) -> Result<Made, Refusal> {
    Err(retired())
}

/// The text is assumed.
fn retired() -> Refusal {
    Refusal::base("The health assessment service is no longer available")
}
