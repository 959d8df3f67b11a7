//! Faxes and direct messages, as records: nothing is sent anywhere.

mod create_sent_direct_message;
mod create_sent_fax;
mod direct_message;
mod fax_account;
mod received_fax;
mod resend_sent_fax;
mod sent_fax;

use crate::engine::Area;
use crate::schema::names::{
    CdaActivityEvent, Mutation, OrganizationMembership, Query, ReceivedDirectMessage, ReceivedFax, SentDirectMessage, SentFax,
    WebhookEventType,
};

pub fn area() -> Area {
    Area::new("faxes")
        .entity(sent_fax::entity())
        .entity(received_fax::entity())
        .entity(direct_message::sent())
        .entity(direct_message::received())
        .entity(fax_account::entity())
        .entity(fax_account::line_request())
        .due("fax", SentFax::settles_at, sent_fax::settle)
        .event(WebhookEventType::SENT_FAX_STATUS_CHANGED, sent_fax::has_another_status)
        .lists_all(Query::cdaActivityEvents, CdaActivityEvent)
        .gets(Query::receivedDirectMessage, ReceivedDirectMessage)
        .lists(Query::receivedDirectMessages, direct_message::received_direct_messages())
        .counts(Query::receivedDirectMessagesCount, Query::receivedDirectMessages)
        .gets(Query::receivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_see_faxes)
        .leaves(received_fax::is_new_to_caller, received_fax::view)
        .lists(Query::receivedFaxes, received_fax::received_faxes())
        .needs(OrganizationMembership::can_see_faxes)
        .counts(Query::receivedFaxesCount, Query::receivedFaxes)
        .needs(OrganizationMembership::can_see_faxes)
        .gets(Query::sentDirectMessage, SentDirectMessage)
        .lists(Query::sentDirectMessages, direct_message::sent_direct_messages())
        .counts(Query::sentDirectMessagesCount, Query::sentDirectMessages)
        .gets(Query::sentFax, SentFax)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .lists(Query::sentFaxes, sent_fax::sent_faxes())
        .needs(OrganizationMembership::can_see_sent_faxes)
        .counts(Query::sentFaxesCount, Query::sentFaxes)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .mutation(Mutation::createFaxAcctInfo, fax_account::create_fax_acct_info)
        .mutation(Mutation::createFaxLineRequest, fax_account::create_fax_line_request)
        .mutation(Mutation::createSentDirectMessage, create_sent_direct_message::create_sent_direct_message)
        .mutation(Mutation::createSentFax, create_sent_fax::create_sent_fax)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .mutation(Mutation::deleteFaxAcctInfo, fax_account::delete_fax_acct_info)
        .deletes(Mutation::deleteReceivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_delete_faxes)
        .mutation(Mutation::resendSentFax, resend_sent_fax::resend_sent_fax)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .mutation(Mutation::updateFaxAcctInfo, fax_account::update_fax_acct_info)
        .updates(Mutation::updateReceivedDirectMessage, ReceivedDirectMessage)
        .updates(Mutation::updateReceivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_see_faxes)
}
