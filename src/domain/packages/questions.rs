//! What the pages about packages ask besides the packages.

use super::purchase::is_still_scheduled;
use crate::domain::payments::scope;
use crate::engine::{Answer, Input, List, QueryError, Reading, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    AppointmentType, BillingItem, Offering, OfferingGroupVisibility, OfferingInclude, OfferingsDataType as Month,
    ScheduledUserPackageSelection as Scheduled, UserPackageSelection, args,
};
use jiff::ToSpan;

/// Documented: one for each kind of visit. Assumed: those that aren't included yet have the quantity 0 and no id of their own.
pub fn initialized_offering_includes(on: Reading<'_>, asked: &Input<'_, args::initializedOfferingIncludes>) -> Result<Answer, QueryError> {
    let package = asked.get(args::initializedOfferingIncludes::offering_id).ok().flatten();
    let included: Vec<View<'_, OfferingInclude>> = match package.and_then(|id| on.find::<Offering>(id)) {
        Some(package) => on.having(OfferingInclude::offering_id, package.id()).collect(),
        None => vec![],
    };
    let kinds = on.of_organization::<AppointmentType>(on.viewer().organization());
    let kinds = kinds.filter(|kind| on.viewer().is_member() && on.may_see(AppointmentType::TYPE, kind.record()));
    let one = |kind: View<'_, AppointmentType>| {
        let known = included.iter().find(|include| include.get(OfferingInclude::appointment_type_id) == Some(kind.id()));
        match known {
            Some(known) => Answer::from(known.row().clone()),
            None => {
                let values = vec![
                    (OfferingInclude::appointment_type_id.slot, Value::Id(kind.id()).into()),
                    (OfferingInclude::quantity.slot, Value::text("0").into()),
                    (OfferingInclude::is_repeating.slot, Value::Bool(false).into()),
                    (OfferingInclude::required_appointment_type.slot, Value::Bool(false).into()),
                    (OfferingInclude::appointment_type.slot, kind.into()),
                ];
                Answer::Object(OfferingInclude::TYPE, values)
            }
        }
    };
    Ok(Answer::List(kinds.map(one).collect()))
}

/// Assumed: labs have no prices here, so that a package may cost nothing.
pub fn minimum_offering_price(_: Reading<'_>, asked: &Input<'_, args::minimumOfferingPrice>) -> Result<Answer, QueryError> {
    asked.accept(args::minimumOfferingPrice::lab_option_ids);
    asked.accept(args::minimumOfferingPrice::state);
    Ok(Value::text("0.0").into())
}

/// Assumed: every member may set how often a package is sold.
pub fn can_cap_offering_purchases(on: Reading<'_>, asked: &Input<'_, args::canCapOfferingPurchases>) -> Result<Answer, QueryError> {
    asked.accept(args::canCapOfferingPurchases::token);
    Ok(Value::Bool(on.viewer().is_member()).into())
}

/// Assumed, like the months of payments: the last twelve, as `2026-03`.
pub fn offerings_data(on: Reading<'_>, asked: &Input<'_, args::offeringsData>) -> Result<Answer, QueryError> {
    let viewer = on.viewer();
    let whole = asked.is(args::offeringsData::org_level) && scope::sees_all(viewer);
    let first = viewer.zone.to_datetime(on.now()).date().first_of_month().saturating_sub(11.months());
    let own = viewer.id().unwrap_or(0);
    let mut counts = [0_i64; 12];
    for bought in on.of_organization::<UserPackageSelection>(viewer.organization()) {
        let package = bought.follow::<Offering, _>(UserPackageSelection::offering_id);
        let sells = package.is_some_and(|package| package.get(Offering::user_id) == Some(own));
        let Some(at) = bought.get(UserPackageSelection::created_at).filter(|_| whole || sells) else { continue };
        let day = viewer.zone.to_datetime(at).date();
        let month = i64::from(day.year() - first.year()) * 12 + i64::from(day.month()) - i64::from(first.month());
        if let Some(count) = usize::try_from(month).ok().and_then(|month| counts.get_mut(month)) {
            *count += 1;
        }
    }
    let shown = counts.iter().enumerate().map(|(at, count)| {
        let month = first.saturating_add((at as i64).months());
        let name = Value::from(format!("{:04}-{:02}", month.year(), month.month()));
        Answer::Object(Month::TYPE, vec![(Month::month.slot, name.into()), (Month::freq.slot, Value::from(count.to_string()).into())])
    });
    Ok(Answer::List(shown.collect()))
}

pub fn offering_billing_items() -> List<BillingItem, args::offeringBillingItems> {
    type A = args::offeringBillingItems;
    List::new()
        .filter_eq(A::offering_id, BillingItem::offering_id)
        .keep(|item, _| item.get(BillingItem::offering_id).is_some())
        .default_order("CREATED_AT_DESC")
}

/// Documented: the groups that packages of a provider are shown to.
pub fn offering_group_visibilities() -> List<OfferingGroupVisibility, args::offeringGroupVisibilities> {
    type A = args::offeringGroupVisibilities;
    List::new().unpaged().filter(A::provider_id, |row, provider| {
        let package = row.follow::<Offering, _>(OfferingGroupVisibility::offering_id);
        package.is_some_and(|package| package.get(Offering::user_id) == Some(provider))
    })
}

/// Documented: payments to come that a package belongs to, in the form of purchases.
pub fn scheduled_user_package_selections(
    on: Reading<'_>,
    asked: &Input<'_, args::scheduledUserPackageSelections>,
) -> Result<Answer, QueryError> {
    type A = args::scheduledUserPackageSelections;
    let user = asked.get(A::user_id).ok().flatten().or(on.viewer().id()).unwrap_or(0);
    let package = asked.get(A::offering_id).ok().flatten();
    let all = on.having(BillingItem::sender_id, user).filter(is_still_scheduled);
    let all = all.filter(|item| on.may_see(BillingItem::TYPE, item.record()));
    let wanted = all.filter(|item| package.is_none() || item.get(BillingItem::offering_id) == package);
    let shown = wanted.map(|item| {
        let values = vec![
            (Scheduled::id.slot, Answer::from(Value::Id(item.id()))),
            (Scheduled::offering.slot, item.follow::<Offering, _>(BillingItem::offering_id).into()),
            (Scheduled::user.slot, item.follow::<crate::schema::names::User, _>(BillingItem::sender_id).into()),
            (
                Scheduled::recurring_payment.slot,
                item.follow::<crate::schema::names::RecurringPayment, _>(BillingItem::recurring_payment).into(),
            ),
        ];
        Answer::Object(Scheduled::TYPE, values)
    });
    Ok(Answer::List(shown.collect()))
}
