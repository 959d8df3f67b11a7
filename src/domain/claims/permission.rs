//! Who sees and changes claims and superbills.

use crate::engine::{Call, Reading, Refusal};
use crate::schema::names::OrganizationMembership;
use crate::schema::{Bool, Field, Named};

/// Documented for claims, in `errors` and in `messages`; assumed for superbills.
pub const DENIED: &str = "You don't have permission to perform this operation. Please reach out to support if the problem persists";

/// What members without the flag are told instead of an answer.
pub fn denied_claims(on: Reading<'_>) -> Option<&'static str> {
    (on.viewer().is_member() && !on.viewer().may(OrganizationMembership::can_view_cms1500s)).then_some(DENIED)
}

pub fn refuse_claims<I: Named>(call: &Call<'_, I>) -> Result<(), Refusal> {
    refuse(call, OrganizationMembership::can_view_cms1500s)
}

pub fn refuse_super_bills<I: Named>(call: &Call<'_, I>) -> Result<(), Refusal> {
    refuse(call, OrganizationMembership::can_view_super_bills)
}

pub fn refuse<I: Named>(call: &Call<'_, I>, flag: Field<OrganizationMembership, Bool>) -> Result<(), Refusal> {
    if call.viewer().may(flag) { Ok(()) } else { Err(Refusal::base(DENIED)) }
}
