//! A patient's stored payment methods.

use crate::engine::{Entity, Input, List, Reading, View, Within};
use crate::schema::names::{StripeCustomerDetail as Card, User, args};
use jiff::ToSpan;

pub fn entity() -> Entity<Card> {
    Entity::usual()
        .defaults(Card::is_default, false)
        // Documented.
        .defaults(Card::card_type_label, "personal".to_owned())
        .about_only(Card::user_id)
        .computed(Card::expiring_next_month, |card| Some(expires_soon(card)))
        .ruled(Card::is_default)
        .ruled(Card::user_id)
}

/// The method that is charged where none is named.
pub fn default_of(on: Reading<'_>, patient: u64) -> Option<View<'_, Card>> {
    let all: Vec<_> = stored(on, patient).collect();
    let preferred = all.iter().position(|card| card.is(Card::is_default)).unwrap_or(0);
    all.into_iter().nth(preferred)
}

pub fn stored(on: Reading<'_>, patient: u64) -> impl Iterator<Item = View<'_, Card>> {
    on.having(Card::user_id, patient).filter(|card| card.get(Card::deleted_at).is_none())
}

/// Assumed: it ends with the month after this one.
fn expires_soon(card: &View<'_, Card>) -> bool {
    let zone = &card.on.viewer().zone;
    let Some(end) = card.get(Card::expiration) else { return false };
    let next = zone.to_datetime(card.on.now()).date().saturating_add(1.month());
    let end = zone.to_datetime(end).date();
    (end.year(), end.month()) == (next.year(), next.month())
}

pub fn is_expired(card: &View<'_, Card>) -> bool {
    card.get(Card::expiration).is_some_and(|end| end < card.on.now())
}

/// Documented: methods that failed, expired, or do so soon.
pub fn has_issue(card: &View<'_, Card>) -> bool {
    card.get(Card::charge_error).is_some() || is_expired(card) || expires_soon(card)
}

pub fn expires(card: &View<'_, Card>) -> bool {
    expires_soon(card)
}

pub fn stripe_customer_details() -> List<Card, args::stripeCustomerDetails> {
    List::new().unpaged().within(of_person)
}

/// Assumed: without `user_id` the caller's own.
fn of_person(on: Reading<'_>, asked: &Input<'_, args::stripeCustomerDetails>) -> Within {
    let named = asked.get(args::stripeCustomerDetails::user_id).ok().flatten();
    named.or(on.viewer().id()).map_or_else(Within::nothing, |user| Within::having(Card::user_id, user))
}

pub fn card_issues() -> List<Card, args::cardIssues> {
    List::new()
        .keep(|card, _| has_issue(card))
        .order("EXPIRATION_DATE", &[Card::expiration.slot])
        .order_by("PATIENT_FIRST_NAME", |card| {
            let patient = card.follow::<User, _>(Card::user_id);
            patient.and_then(|patient| Some(patient.get(User::first_name)?.to_lowercase())).into()
        })
        .default_order("EXPIRATION_DATE_DESC")
}
