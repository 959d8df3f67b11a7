//! `bulkUpdateCardIssues`: a provider has seen which cards fail or expire.

use super::card;
use crate::engine::{Answer, Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{StripeCustomerDetail as Card, bulkUpdateCardIssuesInput as Input, bulkUpdateCardIssuesPayload as Payload};

pub fn bulk_update_card_issues(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let on = call.on();
    let seen = |card: &crate::engine::View<'_, Card>| card::has_issue(card) && on.may_see(Card::TYPE, card.record());
    let issues: Vec<Row<Card>> = on.of_organization(call.viewer().organization()).filter(seen).map(|card| card.row().clone()).collect();
    let mut shown = vec![];
    for issue in issues {
        if !call.is(Input::mark_all_as_seen) {
            shown.push(issue);
            continue;
        }
        call.silence(&issue);
        shown.push(call.change(&issue).set(Card::issue_seen, true).save(call));
    }
    Ok(Made::nothing().also(Payload::card_issues, Answer::records(shown)))
}
