//! Chargebacks: payments that a client's bank asked back. Seeded, or made through the control API; no call makes one.

use super::{money, scope};
use crate::engine::{Call, Entity, List, Made, Refusal, Value, View};
use crate::schema::names::{
    BillingItem, ChargeBack, ChargeBackEvidence as Evidence, ChargeBackEvidenceInput as EvidenceInput, ChargeDisputeType as Dispute,
    args::chargeBacks as Args, updateChargeBackInput as Input,
};

pub fn entity() -> Entity<ChargeBack> {
    Entity::usual()
        .visible(|back| {
            let item = back.follow::<BillingItem, _>(ChargeBack::billing_item);
            let payee = item.and_then(|item| item.get(BillingItem::recipient_id));
            back.on.viewer().is_member() && scope::may_see(back.on.viewer(), back.organization(), &[payee])
        })
        .extra("billing_item_id", |back| back.value(ChargeBack::billing_item.slot).clone())
        .computed(ChargeBack::formatted_reason, |back| Some(in_words(back.get(ChargeBack::reason)?)))
        .computed(ChargeBack::formatted_status, |back| Some(in_words(back.get(ChargeBack::status)?)))
        .computed(ChargeBack::total_amount, |back| {
            let parts = [ChargeBack::disputed_amount, ChargeBack::fee].map(|part| money::of(back.get(part)));
            Some(money::show(parts.iter().sum()))
        })
        .answers(ChargeBack::evidence, |back| back.on.having(Evidence::charge_back_id, back.id()).next().into())
}

/// `product_not_received` as `Product not received`.
fn in_words(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

pub fn dispute() -> Entity<Dispute> {
    Entity::usual().visible(|dispute| {
        let viewer = dispute.on.viewer();
        let payee = dispute.get(Dispute::provider).and_then(|provider| provider.id());
        viewer.is_member() && scope::may_see(viewer, dispute.organization(), &[payee])
    })
}

/// Documented: the organization's for those who see all billing and ask for it, else the own.
pub fn charge_backs() -> List<ChargeBack, Args> {
    List::new()
        .reads(Args::show_all_for_org)
        .keep(|back, asked| {
            let all = asked.is(Args::show_all_for_org) && scope::sees_all(back.on.viewer());
            all || is_own(back)
        })
        .default_order("CREATED_AT_DESC")
}

fn is_own(back: &View<'_, ChargeBack>) -> bool {
    let item = back.follow::<BillingItem, _>(ChargeBack::billing_item);
    item.and_then(|item| item.get(BillingItem::recipient_id)).is_some_and(|payee| back.on.viewer().is(payee))
}

/// `updateChargeBack`: keeps evidence. Documented: it is submitted once.
pub fn update_charge_back(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let back = call.target::<ChargeBack, _>(Input::id)?;
    if back.is(ChargeBack::submitted) {
        return Err(Refusal::base("Evidence has already been submitted"));
    }
    if let Some(sent) = call.get(Input::charge_back_evidence)? {
        let known = call.having(Evidence::charge_back_id, back.id()).into_iter().next();
        let mut evidence = match &known {
            Some(known) => call.change(known),
            None => call.blank_draft::<Evidence>().set(Evidence::charge_back_id, back.id()),
        };
        call.fill_from(&mut evidence, &sent);
        for (file, kept) in [
            (EvidenceInput::cancellation_policy, Evidence::cancellation_policy),
            (EvidenceInput::customer_communication, Evidence::customer_communication),
            (EvidenceInput::refund_policy, Evidence::refund_policy),
            (EvidenceInput::uncategorized_file, Evidence::uncategorized_file),
        ] {
            // Documented: an id of the uploaded file, which is Stripe's.
            if sent.get(file).is_some() {
                let id = super::processor::id(call, "file_1", 23);
                evidence.set_value(kept.slot, Value::from(id));
            }
        }
        evidence.belongs_to(back.organization()).save(call);
    }
    let mut draft = call.change(&back);
    if call.is(Input::final_submission) {
        draft.put(ChargeBack::submitted, true);
        draft.put(ChargeBack::status, "under_review".to_owned());
    }
    Ok(draft.save(call).into())
}
