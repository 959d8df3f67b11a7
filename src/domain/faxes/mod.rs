//! Faxes and direct messages, as records.

use crate::engine::Area;
use crate::schema::names::{
    CdaActivityEvent, Mutation, OrganizationMembership, Query, ReceivedDirectMessage, ReceivedFax, SentDirectMessage, SentFax,
};

pub fn area() -> Area {
    Area::new("faxes")
        .lists_all(Query::cdaActivityEvents, CdaActivityEvent)
        .gets(Query::receivedDirectMessage, ReceivedDirectMessage)
        .lists_all(Query::receivedDirectMessages, ReceivedDirectMessage)
        .counts(Query::receivedDirectMessagesCount, Query::receivedDirectMessages)
        .gets(Query::receivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_see_faxes)
        .lists_all(Query::receivedFaxes, ReceivedFax)
        .needs(OrganizationMembership::can_see_faxes)
        .counts(Query::receivedFaxesCount, Query::receivedFaxes)
        .gets(Query::sentDirectMessage, SentDirectMessage)
        .lists_all(Query::sentDirectMessages, SentDirectMessage)
        .counts(Query::sentDirectMessagesCount, Query::sentDirectMessages)
        .gets(Query::sentFax, SentFax)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .lists_all(Query::sentFaxes, SentFax)
        .needs(OrganizationMembership::can_see_sent_faxes)
        .counts(Query::sentFaxesCount, Query::sentFaxes)
        .leaves_out(Mutation::createFaxAcctInfo, "not built yet")
        .leaves_out(Mutation::createFaxLineRequest, "not built yet")
        .leaves_out(Mutation::createSentDirectMessage, "not built yet")
        .leaves_out(Mutation::createSentFax, "not built yet")
        .leaves_out(Mutation::deleteFaxAcctInfo, "not built yet")
        .deletes(Mutation::deleteReceivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_delete_faxes)
        .leaves_out(Mutation::resendSentFax, "not built yet")
        .leaves_out(Mutation::updateFaxAcctInfo, "not built yet")
        .updates(Mutation::updateReceivedDirectMessage, ReceivedDirectMessage)
        .updates(Mutation::updateReceivedFax, ReceivedFax)
        .needs(OrganizationMembership::can_see_faxes)
}
