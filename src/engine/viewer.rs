//! Who is calling. What makes somebody an owner or a patient is for the domain to say.

use super::Row;
use crate::schema::names::{OrganizationMembership, User};
use crate::schema::{Bool, Field, Slot};
use jiff::tz::TimeZone;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewerKind {
    Owner,
    Admin,
    Provider,
    /// A standard member who is no provider.
    Standard,
    Support,
    Patient,
    /// Called without a key.
    Nobody,
}

/// The person behind the key, with what decides their permissions.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub kind: ViewerKind,
    pub user: Option<Row<User>>,
    pub membership: Option<Row<OrganizationMembership>>,
    /// The organizations whose records a member can reach: the own one first, then its sub-organizations.
    pub organizations: Vec<u64>,
    /// The `ApiKey` that the call was made with.
    pub key: Option<u64>,
    /// Where datetimes are shown and, without an offset, read.
    pub zone: TimeZone,
}

impl Viewer {
    pub fn nobody() -> Self {
        Self { kind: ViewerKind::Nobody, user: None, membership: None, organizations: vec![], key: None, zone: TimeZone::UTC }
    }

    pub fn id(&self) -> Option<u64> {
        self.user.as_ref().map(Row::id)
    }

    pub fn is(&self, user: u64) -> bool {
        self.id() == Some(user)
    }

    /// The own organization; 0 without one.
    pub fn organization(&self) -> u64 {
        self.organizations.first().copied().unwrap_or(0)
    }

    /// Documented: the owner passes every gate. Assumed, as the platform notes recommend: an administrator all but the
    /// audit log and developer access, which are given one by one.
    pub fn may(&self, flag: Field<OrganizationMembership, Bool>) -> bool {
        self.may_slot(flag.slot)
    }

    /// As [`Viewer::may`], for a flag that is known by its slot.
    pub fn may_slot(&self, flag: Slot) -> bool {
        let given = self.membership.as_ref().is_some_and(|membership| membership.value(flag).as_bool() == Some(true));
        let apart = [OrganizationMembership::is_developer.slot, OrganizationMembership::can_view_audit_log.slot];
        match self.kind {
            ViewerKind::Owner => true,
            ViewerKind::Admin => given || !apart.contains(&flag),
            ViewerKind::Provider | ViewerKind::Standard | ViewerKind::Support => given,
            ViewerKind::Patient | ViewerKind::Nobody => false,
        }
    }

    pub fn is_member(&self) -> bool {
        !matches!(self.kind, ViewerKind::Patient | ViewerKind::Nobody)
    }

    /// True for the owner and administrators.
    pub fn is_admin(&self) -> bool {
        matches!(self.kind, ViewerKind::Owner | ViewerKind::Admin)
    }

    pub fn is_patient(&self) -> bool {
        self.kind == ViewerKind::Patient
    }

    /// True for members of this organization, or of its parent.
    pub fn reaches(&self, organization: u64) -> bool {
        self.is_member() && self.organizations.contains(&organization)
    }
}
