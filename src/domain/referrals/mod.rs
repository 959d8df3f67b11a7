//! Referrals and the physicians who refer.

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationMembership, Query, Referral, ReferringPhysician};

pub fn area() -> Area {
    Area::new("referrals")
        .gets(Query::referral, Referral)
        .gets(Query::referringPhysician, ReferringPhysician)
        .lists_all(Query::referringPhysicians, ReferringPhysician)
        .counts(Query::referringPhysiciansCount, Query::referringPhysicians)
        .creates(Mutation::createReferral, Referral)
        .creates(Mutation::createReferringPhysician, ReferringPhysician)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteReferral, Referral)
        .deletes(Mutation::deleteReferringPhysician, ReferringPhysician)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updateReferral, Referral)
        .updates(Mutation::updateReferringPhysician, ReferringPhysician)
        .needs(OrganizationMembership::can_edit_settings)
}
