//! The card processor: in the program, without a network. Cards pay, unless the test token they were made from says otherwise.

use crate::engine::{Answer, Call, Reading, Row, Value};
use crate::schema::Named;
use crate::schema::names::{FieldError, Organization, StripeCustomerDetail};

/// What a test token stands for.
#[derive(Debug, PartialEq)]
pub struct Source {
    pub brand: &'static str,
    pub last_four: &'static str,
    pub is_bank: bool,
    /// What the bank says to every charge.
    pub charge_error: Option<&'static str>,
}

/// Stripe's own texts.
const DECLINED: &str = "Your card was declined.";
const EXPIRED: &str = "Your card has expired.";
pub const NO_BANK: &str = "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments";

/// Stripe's published test tokens that are turned down when they are stored.
const TURNED_DOWN: [(&str, &str); 5] = [
    ("chargedeclinedinsufficientfunds", "Your card has insufficient funds."),
    ("chargedeclinedexpiredcard", EXPIRED),
    ("chargedeclinedincorrectcvc", "Your card's security code is incorrect."),
    ("chargedeclinedprocessingerror", "An error occurred while processing your card. Try again in a little bit."),
    ("chargedeclined", DECLINED),
];

/// What `token` stands for, or Stripe's answer to it. Any token in Stripe's form is taken, as integrations make their own.
pub fn read(token: &str) -> Result<Source, String> {
    let lower = token.trim().to_lowercase();
    if !["tok_", "pm_", "btok_", "ba_", "card_", "src_", "seti_"].iter().any(|prefix| lower.starts_with(prefix)) {
        return Err(format!("No such token: '{}'", token.trim()));
    }
    if let Some((_, text)) = TURNED_DOWN.iter().find(|(name, _)| lower.contains(name)) {
        return Err((*text).to_owned());
    }
    let is_bank = lower.starts_with("btok_") || lower.starts_with("ba_");
    let (brand, last_four) = match () {
        () if is_bank => ("STRIPE TEST BANK", "6789"),
        () if lower.contains("mastercard") => ("MasterCard", "4444"),
        () if lower.contains("amex") => ("American Express", "8431"),
        () if lower.contains("discover") => ("Discover", "1117"),
        () => ("Visa", "4242"),
    };
    let charge_error = lower.contains("chargecustomerfail").then_some(DECLINED);
    Ok(Source { brand, last_four, is_bank, charge_error })
}

/// Charges `card`, and answers with the charge's id or Stripe's refusal.
pub fn charge<I: Named>(call: &mut Call<'_, I>, card: &Row<StripeCustomerDetail>, cents: i64, organization: u64) -> Result<String, String> {
    if !takes_payments(call.on(), organization) {
        return Err(NO_BANK.to_owned());
    }
    if let Some(error) = card.get(StripeCustomerDetail::charge_error) {
        return Err(error.to_owned());
    }
    if card.get(StripeCustomerDetail::expiration).is_some_and(|end| end < call.now()) {
        return Err(EXPIRED.to_owned());
    }
    // Stripe's smallest charge; its text.
    if cents < 50 {
        return Err("Amount must be at least $0.50 usd".to_owned());
    }
    Ok(id(call, "ch_3", 23))
}

/// Documented: a sandbox takes payments once a test bank account was added.
pub fn takes_payments(on: Reading<'_>, organization: u64) -> bool {
    on.scene.settings.bank_set_up
        && on.find_any::<Organization>(organization).and_then(|organization| organization.get(Organization::bank_set_up)) != Some(false)
}

/// An id in Stripe's form.
pub fn id<I: Named>(call: &mut Call<'_, I>, prefix: &str, length: usize) -> String {
    format!("{prefix}{}", call.random().alphanumeric(length))
}

/// Assumed: Stripe's usual fee, 2.9 % and 30 cents.
pub fn fee(cents: i64) -> i64 {
    cents * 29 / 1000 + 30
}

/// Assumed: the JSON of Stripe's error object, as far as clients read it.
pub fn error_json(text: &str) -> String {
    serde_json::json!({ "error": { "type": "card_error", "code": "card_declined", "message": text } }).to_string()
}

/// The `messages` of a payload that says besides what Stripe said.
pub fn messages(text: &str) -> Answer {
    let values = vec![(FieldError::field.slot, Value::text("base").into()), (FieldError::message.slot, Value::text(text).into())];
    Answer::List(vec![Answer::Object(FieldError::TYPE, values)])
}

/// Documented: brand and last four digits, as one text.
pub fn source(card: &Row<StripeCustomerDetail>) -> String {
    let shown = [StripeCustomerDetail::card_type, StripeCustomerDetail::last_four].map(|field| card.get(field).unwrap_or_default());
    shown.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_say_how_their_card_behaves() {
        let told =
            ["tok_visa", "pm_card_mastercard", "tok_chargeCustomerFail", "btok_us_verified", "tok_chargeDeclinedExpiredCard", "4242"].map(
                |token| match read(token) {
                    Ok(source) => format!("{} {} {}", source.brand, source.last_four, source.charge_error.unwrap_or("pays")),
                    Err(text) => text,
                },
            );
        let expected = [
            "Visa 4242 pays",
            "MasterCard 4444 pays",
            "Visa 4242 Your card was declined.",
            "STRIPE TEST BANK 6789 pays",
            "Your card has expired.",
            "No such token: '4242'",
        ];
        assert_eq!(told, expected);
    }
}
