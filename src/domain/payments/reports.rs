//! What the billing pages add up.

use super::{billing_item, money, scope};
use crate::domain::{members, packages};
use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{
    BillingItem as Item, Cms1500, MonthlyBillingItemsDataType as Month, Offering, OrganizationMembership, User, args,
};
use jiff::ToSpan;

/// Assumed, since nobody has published it: the last twelve months, as `2026-03`, in whole dollars.
pub fn monthly_billing_items_data(on: Reading<'_>, asked: &Input<'_, args::monthlyBillingItemsData>) -> Result<Answer, QueryError> {
    type A = args::monthlyBillingItemsData;
    let viewer = on.viewer();
    let whole = asked.is(A::org_level) && scope::sees_all(viewer);
    // Documented: gross leaves refunds in.
    let gross = asked.is(A::gross);
    let today = viewer.zone.to_datetime(on.now()).date();
    let first = today.first_of_month().saturating_sub(11.months());
    let mut sums = [0; 12];
    let own = viewer.id().unwrap_or(0);
    for item in on.of_organization::<Item>(viewer.organization()).filter(billing_item::has_succeeded) {
        let Some(at) = item.get(Item::created_at).filter(|_| whole || item.get(Item::recipient_id) == Some(own)) else { continue };
        let day = viewer.zone.to_datetime(at).date();
        let month = i64::from(day.year() - first.year()) * 12 + i64::from(day.month()) - i64::from(first.month());
        if let Some(sum) = usize::try_from(month).ok().and_then(|month| sums.get_mut(month)) {
            *sum += if gross { billing_item::amount(&item) } else { billing_item::net(&item) };
        }
    }
    let shown = sums.iter().enumerate().map(|(at, sum)| {
        let month = first.saturating_add((at as i64).months());
        let name = Value::from(format!("{:04}-{:02}", month.year(), month.month()));
        Answer::Object(Month::TYPE, vec![(Month::month.slot, name.into()), (Month::amount.slot, Value::Int(sum / 100).into())])
    });
    Ok(Answer::List(shown.collect()))
}

/// `canInvoiceSenderSeeRecipient`: true where the provider may open the client.
pub fn can_invoice_sender_see_recipient(
    on: Reading<'_>,
    asked: &Input<'_, args::canInvoiceSenderSeeRecipient>,
) -> Result<Answer, QueryError> {
    type A = args::canInvoiceSenderSeeRecipient;
    let [sender, client] = [A::sender_id, A::recipient_id].map(|id| asked.get(id).ok().flatten().and_then(|id| on.find::<User>(id)));
    let (Some(sender), Some(client)) = (sender, client) else { return Ok(Value::Bool(false).into()) };
    let cares = client.get(User::cared_for_by_ids).unwrap_or_default().contains(&sender.id());
    let flags = [OrganizationMembership::sees_all_clients, OrganizationMembership::can_see_clients, OrganizationMembership::is_admin];
    let sees = members::is_owner(&sender) || flags.iter().any(|flag| members::has_flag(&sender, flag.slot));
    Ok(Value::Bool(cares || sees && sender.organization() == client.organization()).into())
}

/// `invoiceBasePrice`: what a new invoice suggests. Documented: the package's price, or what the client owes of the claim.
pub fn invoice_base_price(on: Reading<'_>, asked: &Input<'_, args::invoiceBasePrice>) -> Result<Answer, QueryError> {
    type A = args::invoiceBasePrice;
    if let Some(package) = asked.get(A::offering_id).ok().flatten().and_then(|id| on.find::<Offering>(id)) {
        return Ok(Value::from(money::show(packages::first_price(package.row()))).into());
    }
    let claim = asked.get(A::cms1500_id).ok().flatten().and_then(|id| on.find::<Cms1500>(id));
    Ok(claim
        .and_then(|claim| claim.get(Cms1500::total_charge).map(|charge| Value::from(money::show(money::of(Some(charge))))))
        .unwrap_or_default()
        .into())
}
