//! Who sees what is paid.

use crate::engine::Viewer;
use crate::schema::names::OrganizationMembership as M;

/// Documented: `sees_all_billing` shows the whole organization's instead of the own. Assumed, as the permission notes
/// recommend: the own is what names the viewer, as payer, as payee or as whoever recorded it.
pub fn may_see(viewer: &Viewer, organization: u64, named: &[Option<u64>]) -> bool {
    named.iter().flatten().any(|person| viewer.is(*person)) || viewer.reaches(organization) && sees_all(viewer)
}

pub fn sees_all(viewer: &Viewer) -> bool {
    viewer.may(M::sees_all_billing) && viewer.may(M::can_see_billing)
}
