//! Promo codes: how much they take off, of which packages, how often.

use crate::domain::payments::money;
use crate::engine::{Answer, Call, Entity, Input, List, Made, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    BillingItem, Offering, OfferingCoupon as Coupon, RequestedPayment, User, ValidateOfferingCoupon as Verdict, args,
    args::offeringCoupons as Args, createOfferingCouponInput as New, deleteOfferingCouponInput,
};

pub fn entity() -> Entity<Coupon> {
    Entity::usual()
        .about_nobody()
        .requires(Coupon::code)
        .searched_anew()
        .searched(Coupon::code)
        .indexed(Coupon::user_id)
        .computed(Coupon::is_expired, |coupon| Some(is_expired(coupon)))
        .computed(Coupon::is_valid, |coupon| Some(why_not(coupon, None).is_none()))
        .computed(Coupon::number_of_times_used, |coupon| Some(used(coupon)))
        .computed(Coupon::amount_off_string, |coupon| Some(amount_in_words(coupon)))
        .computed(Coupon::applies_to_string, |coupon| Some(applies_in_words(coupon)))
        .computed(Coupon::to_one_line, |coupon| Some(format!("{} {}", amount_in_words(coupon), applies_in_words(coupon))))
        .answers(Coupon::offering_coupon_owner, |coupon| coupon.follow::<User, _>(Coupon::user_id).into())
        .answers(Coupon::package_connection_names, |coupon| {
            let names = packages(coupon).filter_map(|package| package.get(Offering::name).map(Value::text));
            Value::List(names.collect()).into()
        })
}

fn packages<'s>(coupon: &View<'s, Coupon>) -> impl Iterator<Item = View<'s, Offering>> + use<'s> {
    let on = coupon.on;
    coupon.get(Coupon::offering_ids).unwrap_or_default().into_iter().filter_map(move |id| on.find_any::<Offering>(id))
}

fn is_expired(coupon: &View<'_, Coupon>) -> bool {
    coupon.get(Coupon::expires_at).is_some_and(|end| end <= coupon.on.now())
}

fn used(coupon: &View<'_, Coupon>) -> i64 {
    coupon.on.count_having(BillingItem::offering_coupon_id, coupon.id()) as i64
}

/// Assumed: a share in percent, or an amount.
fn amount_in_words(coupon: &View<'_, Coupon>) -> String {
    match (coupon.get(Coupon::amount_off), coupon.get(Coupon::flat_amount_off)) {
        (Some(share), _) if !share.trim().is_empty() => format!("{}%", share.trim().trim_end_matches('%')),
        (_, Some(amount)) => format!("${}", amount.trim().trim_start_matches('$')),
        _ => String::new(),
    }
}

/// Assumed: without a number it applies to every payment.
fn applies_in_words(coupon: &View<'_, Coupon>) -> String {
    match coupon.get(Coupon::repeat_times) {
        None => "off all payments".to_owned(),
        Some(1) => "off the first payment".to_owned(),
        Some(times) => format!("off the first {times} payments"),
    }
}

/// `price` without what the code takes off, never below nothing.
pub fn reduced(coupon: &Row<Coupon>, price: i64) -> i64 {
    let share = coupon.get(Coupon::amount_off).and_then(|share| share.trim().trim_end_matches('%').parse::<f64>().ok());
    let off = match share.filter(|share| share.is_finite()) {
        Some(share) => (price as f64 * share.clamp(0.0, 100.0) / 100.0).round() as i64,
        None => money::of(coupon.get(Coupon::flat_amount_off)),
    };
    (price - off).max(0)
}

/// Why the code does not work; the texts are assumed.
fn why_not(coupon: &View<'_, Coupon>, package: Option<u64>) -> Option<&'static str> {
    let only_for = coupon.get(Coupon::offering_ids).unwrap_or_default();
    match () {
        () if coupon.get(Coupon::deleted_at).is_some() => Some("Promo code is not valid"),
        () if is_expired(coupon) => Some("Promo code has expired"),
        () if coupon.get(Coupon::usage_limit).is_some_and(|limit| used(coupon) >= limit) => Some("Promo code has reached its usage limit"),
        () if package.is_some_and(|package| !only_for.is_empty() && !only_for.contains(&package)) => {
            Some("Promo code is not valid for this package")
        }
        () => None,
    }
}

pub fn refuse_invalid<I: Named>(call: &Call<'_, I>, coupon: &Row<Coupon>, package: Option<&Row<Offering>>) -> Result<(), Refusal> {
    let coupon = View::new(call.on(), coupon.record());
    match why_not(&coupon, package.map(Row::id)) {
        Some(text) => Err(Refusal::named("offering_coupon_id", text)),
        None => Ok(()),
    }
}

pub fn offering_coupons() -> List<Coupon, Args> {
    List::new()
        .keywords(Args::keywords)
        .filter(Args::offering_id, |coupon, package| {
            let only_for = coupon.get(Coupon::offering_ids).unwrap_or_default();
            only_for.is_empty() || only_for.contains(&package)
        })
        .filter_eq(Args::user_id, Coupon::user_id)
        // Says on which page the list is shown.
        .accepts(Args::from_package_details)
        .order("TYPE", &[Coupon::promo_type.slot])
        .order_by("APPLIES_TO", |coupon| applies_in_words(coupon).into())
        .order_by("AMOUNT", |coupon| {
            let amount = coupon.get(Coupon::amount_off).or(coupon.get(Coupon::flat_amount_off));
            Value::Int(money::of(amount.map(|amount| amount.trim_end_matches('%'))))
        })
        .order_by("TOTAL_USAGE", |coupon| Value::Int(used(coupon)))
        .default_order("CODE_ASC")
}

/// `createOfferingCoupon`. Assumed: one of the two amounts is needed, and a code is unique in its organization in any case.
pub fn create_offering_coupon(call: &mut Call<'_, New>) -> Result<Made, Refusal> {
    let code = call.require(New::code)?.trim().to_owned();
    let owner = call.viewer().organization();
    let mut taken = call.on().of_organization::<Coupon>(owner).filter(|other| other.get(Coupon::deleted_at).is_none());
    if taken.any(|other| other.get(Coupon::code).is_some_and(|other| other.eq_ignore_ascii_case(&code))) {
        return Err(Refusal::on(New::code, "has already been taken"));
    }
    drop(taken);
    let share = call.get(New::amount_off)?.map(|share| share.trim().trim_end_matches('%').to_owned()).filter(|share| !share.is_empty());
    let fits = |share: &String| share.parse::<f64>().is_ok_and(|share| (0.0..=100.0).contains(&share));
    if share.as_ref().is_some_and(|share| !fits(share)) {
        return Err(Refusal::on(New::amount_off, "must be between 0 and 100"));
    }
    let flat = money::sent(call, New::flat_amount_off)?;
    if share.is_none() && flat.is_none() {
        return Err(Refusal::on(New::amount_off, "can't be blank"));
    }
    let packages = call.targets::<Offering>(New::offering_ids)?;
    let mut coupon = call.draft::<Coupon>();
    coupon.put(Coupon::code, code);
    coupon.put(Coupon::user_id, call.viewer_id());
    coupon.put(Coupon::offering_ids, packages.iter().map(Row::id).collect());
    if coupon.is_blank(Coupon::promo_type) {
        coupon.put(Coupon::promo_type, if share.is_some() { "percent" } else { "flat" }.to_owned());
    }
    call.check(&coupon)?;
    Ok(coupon.save(call).into())
}

pub fn delete_offering_coupon(call: &mut Call<'_, deleteOfferingCouponInput>) -> Result<Made, Refusal> {
    let coupon = call.target::<Coupon, _>(deleteOfferingCouponInput::id)?;
    let now = call.now();
    Ok(call.change(&coupon).set(Coupon::deleted_at, now).save(call).into())
}

/// `validateCoupon`: what a package or an invoice costs with the code. Documented: open to everybody.
pub fn validate_coupon(on: Reading<'_>, asked: &Input<'_, args::validateCoupon>) -> Result<Answer, QueryError> {
    type A = args::validateCoupon;
    let code = asked.get(A::coupon_code).ok().flatten().unwrap_or_default().trim().to_owned();
    let package = asked.get(A::offering_id).ok().flatten().and_then(|id| on.find::<Offering>(id));
    let invoice = asked.get(A::requested_payment_id).ok().flatten().and_then(|id| on.find_any::<RequestedPayment>(id));
    let provider = asked.get(A::provider_id).ok().flatten().and_then(|id| on.find_any::<User>(id));
    let home = package.as_ref().map(|package| package.organization());
    let home = home.or(invoice.as_ref().map(|invoice| invoice.organization())).or(provider.map(|provider| provider.organization()));
    let home = home.unwrap_or(on.viewer().organization());
    let of_package =
        package.as_ref().map(|package| package.id()).or(invoice.as_ref().and_then(|invoice| invoice.get(RequestedPayment::offering_id)));
    let mut known = on.of_organization::<Coupon>(home).filter(|coupon| coupon.get(Coupon::deleted_at).is_none());
    let found = known.find(|coupon| coupon.get(Coupon::code).is_some_and(|known| known.eq_ignore_ascii_case(&code)));
    let Some(coupon) = found.filter(|_| !code.is_empty()) else { return Ok(fails("Promo code is not valid")) };
    if let Some(text) = why_not(&coupon, of_package) {
        return Ok(fails(text));
    }
    let price = package.as_ref().map_or_else(
        || invoice.as_ref().map_or(0, |invoice| money::of(invoice.get(RequestedPayment::price))),
        |package| money::of(package.get(Offering::price)),
    );
    let first = package.as_ref().map_or(price, |package| super::first_price(package.row()));
    let [new_price, new_first] = [price, first].map(|price| reduced(coupon.row(), price));
    let text = |field: crate::schema::Field<Verdict, crate::schema::Text>, text: String| (field.slot, Answer::from(Value::from(text)));
    let mut values = vec![
        text(Verdict::new_price, money::show(new_price)),
        text(Verdict::new_first_price, money::show(new_first)),
        text(Verdict::first_amount, money::show(first - new_first)),
        // Assumed: what costs nothing needs no card.
        (Verdict::still_ask_for_cc.slot, Value::Bool(new_price > 0 || new_first > 0).into()),
    ];
    values.extend(coupon.get(Coupon::repeat_times).map(|times| text(Verdict::repeat_times, times.to_string())));
    Ok(Answer::Object(Verdict::TYPE, values))
}

/// Documented: only the reason.
fn fails(text: &str) -> Answer {
    Answer::Object(Verdict::TYPE, vec![(Verdict::fail_reason.slot, Value::text(text).into())])
}
