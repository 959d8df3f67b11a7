//! `deleteCms1500`: a claim goes, with its rows.

use super::permission;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Cms1500, Cms1500Policy, CptCodesCms1500, IcdCodesCms1500, deleteCms1500Input as Input};

pub fn delete_cms1500(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let claim = call.target::<Cms1500, _>(Input::id)?;
    for row in call.having(CptCodesCms1500::cms1500_id, claim.id()) {
        call.delete(&row);
    }
    for row in call.having(IcdCodesCms1500::cms1500_id, claim.id()) {
        call.delete(&row);
    }
    for row in call.having(Cms1500Policy::cms1500_id, claim.id()) {
        call.delete(&row);
    }
    call.delete(&claim);
    Ok(claim.into())
}
