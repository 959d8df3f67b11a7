//! `createMobileHealthDataIntegration`: the caller's phone may send health data.

use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CreateMobileHealthDataIntegrationInput as Input, MobileHealthDataIntegration};

pub fn create_mobile_health_data_integration(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = call.require(Input::r#type)?;
    if let Some(known) = own(call, kind) {
        return Ok(known.into());
    }
    let person = call.viewer_id();
    let draft = call.draft::<MobileHealthDataIntegration>().set(MobileHealthDataIntegration::user_id, person);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// The caller's of one kind.
pub fn own<I: Named>(call: &Call<'_, I>, kind: &str) -> Option<Row<MobileHealthDataIntegration>> {
    let all = call.having(MobileHealthDataIntegration::user_id, call.viewer_id());
    all.into_iter().find(|one| one.get(MobileHealthDataIntegration::r#type) == Some(kind))
}
