//! Superbills and CMS-1500 claims.

mod claim;
mod cms1500;
mod connection;
mod create_cms1500;
mod create_line_payment;
mod create_line_write_off;
mod create_officeally_sftp_account;
mod create_secondary_claim;
mod create_super_bill;
mod delete_cms1500;
mod delete_super_bill;
mod line_payment;
mod permission;
mod prefill;
mod snapshot;
mod status;
mod submit;
mod submit_secondary_claim;
mod super_bill;
mod update_cms1500;
mod update_secondary_claim;
mod update_super_bill;
mod void_line_payment;
mod void_line_write_off;
mod write;

pub use connection::answer as answer_of_user;

use crate::domain::payments::money;
use crate::engine::{Answer, Area, Call, Entity, Input, Made, QueryError, Reading, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    CandidHealthConnection, ChangeClaimSubmitter, ClaimDetailsEra, ClaimSubmission, Cms1500, CreateChangeHealthPatientInput, Era,
    EraServiceLine, Mutation, OfficeallySftpAccount, OrganizationMembership, Query, User, WebhookEventType, args,
    updateChangeHealthAccountInput, updateChangeHealthAccountPayload,
};

pub fn area() -> Area {
    Area::new("claims")
        .entity(cms1500::entity())
        .entity(cms1500::policy_entity())
        .entity(cms1500::cpt_entity())
        .entity(cms1500::icd_entity())
        .query(Query::cms1500, cms1500::cms1500)
        .lists(Query::cms1500s, cms1500::cms1500s())
        .counts(Query::cms1500sCount, Query::cms1500s)
        .query(Query::initialCms1500, prefill::initial)
        .query(Query::baseCms1500ForUser, prefill::base)
        .mutation(Mutation::createCms1500, create_cms1500::create_cms1500)
        .mutation(Mutation::updateCms1500, update_cms1500::update_cms1500)
        .mutation(Mutation::deleteCms1500, delete_cms1500::delete_cms1500)
        .entity(line_payment::payment_entity())
        .entity(line_payment::adjustment_entity())
        .entity(line_payment::write_off_entity())
        .mutation(Mutation::createLinePayment, create_line_payment::create_line_payment)
        .mutation(Mutation::voidLinePayment, void_line_payment::void_line_payment)
        .mutation(Mutation::createLineWriteOff, create_line_write_off::create_line_write_off)
        .mutation(Mutation::voidLineWriteOff, void_line_write_off::void_line_write_off)
        .event(WebhookEventType::CMS1500_REIMBURSEMENT_UPDATED, line_payment::is_reimbursed)
        .entity(Entity::<ClaimSubmission>::usual().indexed(ClaimSubmission::cms1500_id))
        .mutation(Mutation::uploadCms1500sToIntegrations, submit::to_any)
        .mutation(Mutation::uploadBatchToOfficeally, submit::to_office_ally)
        .mutation(Mutation::uploadBatchToCandidHealth, submit::to_candid)
        .mutation(Mutation::uploadBatchToChangeHealth, submit::to_change)
        .entity(Entity::<Era>::usual().indexed(Era::cms1500_id))
        .entity(Entity::<EraServiceLine>::usual().indexed(EraServiceLine::era_id))
        .query(Query::claimDetailsEra, details_of_eras)
        .mutation(Mutation::createSecondaryClaim, create_secondary_claim::create_secondary_claim)
        .mutation(Mutation::updateSecondaryClaim, update_secondary_claim::update_secondary_claim)
        .mutation(Mutation::submitSecondaryClaim, submit_secondary_claim::submit_secondary_claim)
        .entity(connection::office_ally_entity())
        .entity(connection::candid_entity())
        .entity(connection::change_entity())
        .gets(Query::officeallySftpAccount, OfficeallySftpAccount)
        .mutation(Mutation::createOfficeallySftpAccount, create_officeally_sftp_account::create_officeally_sftp_account)
        .updates(Mutation::updateOfficeallySftpAccount, OfficeallySftpAccount)
        .gets(Query::candidHealthConnection, CandidHealthConnection)
        .gets(Query::changeClaimSubmitter, ChangeClaimSubmitter)
        .mutation(Mutation::createChangeHealthPatient, create_change_health_patient)
        .accepted()
        .mutation(Mutation::updateChangeHealthAccount, update_change_health_account)
        .accepted()
        .entity(super_bill::entity())
        .entity(super_bill::cpt_entity())
        .entity(super_bill::icd_entity())
        .entity(super_bill::receipt_entity())
        .query(Query::superBill, super_bill::super_bill)
        .lists(Query::superBills, super_bill::super_bills())
        .counts(Query::superBillsCount, Query::superBills)
        .lists(Query::receiptLineItems, super_bill::receipt_line_items())
        .query(Query::startingSuperBillCptCodes, super_bill::starting_cpt_codes)
        .query(Query::startingSuperBillIcd10s, super_bill::starting_icd_codes)
        .mutation(Mutation::createSuperBill, create_super_bill::create_super_bill)
        .mutation(Mutation::updateSuperBill, update_super_bill::update_super_bill)
        .mutation(Mutation::deleteSuperBill, delete_super_bill::delete_super_bill)
}

/// The remittances of a claim. No clearing house sends any: they are seeded, or stored by the control API.
fn details_of_eras(on: Reading<'_>, asked: &Input<'_, args::claimDetailsEra>) -> Result<Answer, QueryError> {
    let claim = asked.get(args::claimDetailsEra::cms1500_id).ok().flatten().and_then(|id| on.find::<Cms1500>(id));
    Ok(claim.map_or(Answer::NULL, |claim| {
        let eras = claim::eras(&claim).map(Answer::from).collect();
        Answer::Object(ClaimDetailsEra::TYPE, vec![(ClaimDetailsEra::eras.slot, Answer::List(eras))])
    }))
}

/// Nobody is registered anywhere: that service has ended.
fn create_change_health_patient(call: &mut Call<'_, CreateChangeHealthPatientInput>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(CreateChangeHealthPatientInput::id)?;
    Ok(patient.into())
}

/// Documented: stores the password of an account with a service that has ended. It is not kept. The text is assumed.
fn update_change_health_account(call: &mut Call<'_, updateChangeHealthAccountInput>) -> Result<Made, Refusal> {
    call.needs(OrganizationMembership::can_edit_settings, "update this change health account")?;
    call.require(updateChangeHealthAccountInput::password)?;
    Ok(Made::nothing().also(updateChangeHealthAccountPayload::success_string, Value::from("Password updated")))
}

/// Assumed: the texts, Rails' own.
fn refuse_other_than_amount(field: &'static str, amount: Option<&str>) -> Result<(), Refusal> {
    match amount.filter(|amount| !amount.trim().is_empty()).map(money::cents) {
        Some(None) => Err(Refusal::named(field, "is not a number")),
        Some(Some(cents)) if cents < 0 => Err(Refusal::named(field, "must be greater than or equal to 0")),
        _ => Ok(()),
    }
}
