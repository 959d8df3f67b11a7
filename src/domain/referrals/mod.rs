//! Referrals and the physicians who refer.

mod referring_physician;

pub use referring_physician::on_user;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationMembership, Query, Referral, ReferringPhysician};

pub fn area() -> Area {
    Area::new("referrals")
        .entity(referring_physician::entity())
        .entity(referring_physician::referral())
        .gets(Query::referral, Referral)
        .query(Query::referringPhysician, referring_physician::referring_physician)
        .lists(Query::referringPhysicians, referring_physician::referring_physicians())
        .counts(Query::referringPhysiciansCount, Query::referringPhysicians)
        .creates(Mutation::createReferral, Referral)
        .mutation(Mutation::createReferringPhysician, referring_physician::create)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteReferral, Referral)
        .mutation(Mutation::deleteReferringPhysician, referring_physician::delete)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updateReferral, Referral)
        .updates(Mutation::updateReferringPhysician, ReferringPhysician)
        .needs(OrganizationMembership::can_edit_settings)
}
