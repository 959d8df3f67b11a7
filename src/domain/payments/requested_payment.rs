//! An invoice: what a patient, or an outside payer, is asked to pay, and what has come of it.

use super::{billing_item, money, requested_payer, scope};
use crate::domain::people;
use crate::engine::{Answer, Call, Draft, Entity, Input, List, QueryError, Reading, Row, Value, View, Within};
use crate::schema::names::{BillingItem, Offering, RequestedPayer, RequestedPayment as Invoice, User, WriteOff, args};
use crate::schema::{Field, Id, Named};
use jiff::tz::TimeZone;

pub const NOT_PAID: &str = "Not Yet Paid";
pub const PARTIAL: &str = "Partial";
pub const PAID: &str = "Paid";

pub fn entity() -> Entity<Invoice> {
    let entity = Entity::usual()
        .visible(is_visible)
        .indexed(Invoice::recipient_id)
        .indexed(Invoice::sender_id)
        .defaults(Invoice::status, NOT_PAID.to_owned())
        .defaults(Invoice::is_preview, false)
        .defaults(Invoice::currency, "USD".to_owned())
        .derives(number)
        .ruled(Invoice::status)
        .ruled(Invoice::requested_payer)
        .ruled(Invoice::price);
    what(parties(amounts(entity)))
}

/// Assumed: a patient sees the own ones, once they are more than a preview.
fn is_visible(invoice: &View<'_, Invoice>) -> bool {
    let viewer = invoice.on.viewer();
    let named = [Invoice::recipient_id, Invoice::sender_id].map(|person| invoice.get(person));
    !(viewer.is_patient() && invoice.is(Invoice::is_preview)) && scope::may_see(viewer, invoice.organization(), &named)
}

fn amounts(entity: Entity<Invoice>) -> Entity<Invoice> {
    entity
        .computed(Invoice::balance_due, |invoice| Some(money::dollars(balance(invoice))))
        .computed(Invoice::debt_decimal, |invoice| Some(money::dollars(balance(invoice).max(0))))
        .computed(Invoice::debt, |invoice| Some(balance(invoice).max(0) / 100))
        .computed(Invoice::write_off_amount, |invoice| Some(money::dollars(written_off(invoice))))
        .computed(Invoice::paid_percent, |invoice| match price(invoice) {
            0 => Some(0),
            price => Some((paid(invoice) * 100 / price).clamp(0, 100)),
        })
        .computed(Invoice::is_manually_paid, |invoice| {
            Some(invoice.get(Invoice::status) == Some(PAID) && invoice.is(Invoice::status_by_hand))
        })
        .answers_to(Invoice::billing_items, args::RequestedPayment_billing_items, |invoice, asked| {
            let all = asked.get(args::RequestedPayment_billing_items::only_successful).ok().flatten() == Some(false);
            let shown = items(invoice).filter(|item| all || billing_item::has_succeeded(item));
            Answer::List(shown.map(Answer::from).collect())
        })
        .answers(Invoice::billing_item_id, |invoice| {
            items(invoice).filter(billing_item::has_succeeded).last().map(|item| Value::Id(item.id())).into()
        })
        .collects(Invoice::write_offs, WriteOff::requested_payment)
}

fn parties(entity: Entity<Invoice>) -> Entity<Invoice> {
    entity
        .answers(Invoice::sender, |invoice| invoice.follow::<User, _>(Invoice::sender_id).into())
        .answers(Invoice::requested_payer, |invoice| {
            requested_payer::show(invoice.on, invoice.get(Invoice::requested_payer_id), invoice.get(Invoice::recipient_id))
        })
        // Documented: null where a client pays.
        .answers(Invoice::other_requested_payer, |invoice| invoice.follow::<RequestedPayer, _>(Invoice::requested_payer_id).into())
}

fn what(entity: Entity<Invoice>) -> Entity<Invoice> {
    entity
        .answers(Invoice::offering, |invoice| invoice.follow::<Offering, _>(Invoice::offering_id).into())
        .computed(Invoice::details, details)
        // Assumed from a sample: the day of the service, else when the invoice was made.
        .answers(Invoice::date_to_show, |invoice| {
            let first = [Invoice::service_date, Invoice::created_at].into_iter().find(|field| invoice.get(*field).is_some());
            first.map(|field| invoice.value(field.slot).clone()).into()
        })
        .computed(Invoice::service_day, |invoice| Some(invoice.on.viewer().zone.to_datetime(invoice.get(Invoice::service_date)?).date()))
}

/// Assumed from a sample, `UU-1-2022`: the payer's initials, a running number of the organization, the year.
fn number(invoice: &mut Draft<Invoice>, on: Reading<'_>) {
    if !invoice.is_blank(Invoice::invoice_id) {
        return;
    }
    let others = on.of_organization::<Invoice>(invoice.organization());
    let number = others.filter_map(|other| other.get(Invoice::number)).max().unwrap_or(0) + 1;
    let patient = invoice.get(Invoice::recipient_id).and_then(|id| on.find_any::<User>(id)).map(|patient| people::full_name(&patient));
    let outsider = || invoice.get(Invoice::requested_payer_id).and_then(|id| on.find_any::<RequestedPayer>(id));
    let name = patient.or_else(|| Some(outsider()?.get(RequestedPayer::name)?.to_owned())).unwrap_or_default();
    let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect();
    let made = invoice.get(Invoice::created_at).unwrap_or(on.now());
    let year = TimeZone::UTC.to_datetime(made).year();
    invoice.put(Invoice::number, number);
    let initials = if initials.is_empty() { "XX".to_owned() } else { initials };
    invoice.set_value(Invoice::invoice_id.slot, Value::from(format!("{initials}-{number}-{year}")));
}

/// Assumed from a sample, `Other: …`: the kind of invoice, and what it is for.
pub fn details(invoice: &View<'_, Invoice>) -> Option<String> {
    match invoice.get(Invoice::invoice_type)? {
        "offering" => {
            let package = invoice.follow::<Offering, _>(Invoice::offering_id)?;
            Some(format!("Package: {}", package.get(Offering::name).unwrap_or_default()))
        }
        "cms1500" => Some("CMS 1500".to_owned()),
        _ => Some(format!("Other: {}", invoice.get(Invoice::services_provided).or(invoice.get(Invoice::notes)).unwrap_or_default())),
    }
}

fn items<'s>(invoice: &View<'s, Invoice>) -> impl Iterator<Item = View<'s, BillingItem>> + use<'s> {
    invoice.on.having(BillingItem::requested_payment_id, invoice.id()).filter(|item| item.get(BillingItem::deleted_at).is_none())
}

pub fn price(invoice: &View<'_, Invoice>) -> i64 {
    money::of(invoice.get(Invoice::price))
}

/// What has come in, less what was given back.
fn paid(invoice: &View<'_, Invoice>) -> i64 {
    items(invoice).filter(billing_item::has_succeeded).map(|item| billing_item::net(&item)).sum()
}

fn written_off(invoice: &View<'_, Invoice>) -> i64 {
    let all = invoice.on.having(WriteOff::requested_payment, invoice.id());
    all.filter_map(|off| off.get(WriteOff::amount)).map(money::from_dollars).sum()
}

/// Documented: what payments and write-offs leave.
pub fn balance(invoice: &View<'_, Invoice>) -> i64 {
    price(invoice) - paid(invoice) - written_off(invoice)
}

pub fn is_open(invoice: &View<'_, Invoice>) -> bool {
    invoice.get(Invoice::status) != Some(PAID) && !invoice.is(Invoice::is_preview) && invoice.get(Invoice::deleted_at).is_none()
}

/// The status that payments make, unless somebody set it to paid by hand. Assumed: write-offs alone don't pay an invoice.
pub fn settle<I: Named>(call: &mut Call<'_, I>, invoice: Option<u64>) {
    let Some(row) = invoice.and_then(|id| call.find_any::<Invoice>(id)) else { return };
    if row.is(Invoice::status_by_hand) {
        return;
    }
    let view = View::new(call.on(), row.record());
    let status = match (paid(&view), balance(&view)) {
        (0, _) => NOT_PAID,
        (_, open) if open > 0 => PARTIAL,
        _ => PAID,
    };
    let mut draft = call.change(&row).set(Invoice::status, status.to_owned());
    match (status == PAID, row.get(Invoice::paid_at)) {
        (true, None) => draft.put(Invoice::paid_at, call.now()),
        (false, Some(_)) => draft.clear(Invoice::paid_at),
        _ => {}
    }
    draft.save(call);
}

type Args = args::requestedPayments;

pub fn requested_payments() -> List<Invoice, Args> {
    List::new()
        .page_size(20)
        .within(within)
        .reads(Args::preview)
        // Documented: previews are listed where they are asked for, and then alone.
        .keep(|invoice, asked| invoice.is(Invoice::is_preview) == asked.is(Args::preview))
        // Documented: whichever side.
        .filter(Args::sender_id, |invoice, person| {
            [Invoice::sender_id, Invoice::recipient_id].iter().any(|side| invoice.get(*side) == Some(person))
        })
        .filter(Args::status_filter, |invoice, wanted| match wanted.to_lowercase().as_str() {
            "paid" => invoice.get(Invoice::status) == Some(PAID),
            "partial" => invoice.get(Invoice::status) == Some(PARTIAL),
            "unpaid" => invoice.get(Invoice::status) == Some(NOT_PAID),
            _ => true,
        })
        .filter(Args::only_unpaid, |invoice, only| !only || invoice.get(Invoice::status) != Some(PAID))
        .filter(Args::keywords, |invoice, words| has_words(invoice, words))
        .order_by("CLIENT_NAME", |invoice| sort_name(invoice, Invoice::recipient_id))
        .order_by("CLIENT", |invoice| sort_name(invoice, Invoice::recipient_id))
        .order_by("PROVIDER_NAME", |invoice| sort_name(invoice, Invoice::sender_id))
        .order_by("PROVIDER", |invoice| sort_name(invoice, Invoice::sender_id))
        .order_by("PRICE", |invoice| Value::Int(price(invoice)))
        .order_by("AMOUNT", |invoice| Value::Int(price(invoice)))
        .order_by("BALANCE_DUE", |invoice| Value::Int(balance(invoice)))
        .order_by("WRITE_OFF_AMOUNT", |invoice| Value::Int(written_off(invoice)))
        .order("TYPE", &[Invoice::invoice_type.slot])
        .order("INVOICE_ID", &[Invoice::number.slot])
        .order("REQUESTED_ON", &[Invoice::created_at.slot])
        .default_order("CREATED_AT_DESC")
}

fn within(on: Reading<'_>, _: &Input<'_, Args>) -> Within {
    match on.viewer().is_patient() {
        true => Within::having(Invoice::recipient_id, on.viewer().id().unwrap_or(0)),
        false => Within::organization(on.viewer().organization()),
    }
}

/// Documented: in the status, the client's names and the package's name.
fn has_words(invoice: &View<'_, Invoice>, words: &str) -> bool {
    let client = invoice.follow::<User, _>(Invoice::recipient_id).map(|client| people::full_name(&client));
    let package = invoice.follow::<Offering, _>(Invoice::offering_id).and_then(|package| Some(package.get(Offering::name)?.to_owned()));
    let text = [invoice.get(Invoice::status).map(str::to_owned), client, package].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn sort_name(invoice: &View<'_, Invoice>, person: Field<Invoice, Id>) -> Value {
    invoice.follow::<User, _>(person).and_then(|person| Some(person.get(User::sort_name)?.to_owned())).into()
}

/// Documented: by `id`, or by `invoice_id` together with the payer's `uuid`, which opens it without an account.
pub fn requested_payment(on: Reading<'_>, asked: &Input<'_, args::requestedPayment>) -> Result<Answer, QueryError> {
    type A = args::requestedPayment;
    let preview = asked.is(A::preview);
    let uuid = asked.get(A::uuid).ok().flatten().filter(|uuid| !uuid.is_empty());
    if let Some(id) = asked.get(A::id).ok().flatten() {
        // Assumed: a preview is found by its id without saying so.
        return Ok(on.find::<Invoice>(id).filter(|invoice| !preview || invoice.is(Invoice::is_preview)).into());
    }
    asked.accept(A::invoice_id);
    let wanted = asked.lifted.sent(A::invoice_id.slot).and_then(Option::as_ref).filter(|wanted| !wanted.is_null());
    let Some(wanted) = wanted else { return Ok(Answer::NULL) };
    let found = on.all::<Invoice>().filter(|invoice| invoice.get(Invoice::deleted_at).is_none());
    let mut found = found.filter(|invoice| invoice.value(Invoice::invoice_id.slot) == wanted && invoice.is(Invoice::is_preview) == preview);
    let opens = |invoice: &View<'_, Invoice>| match uuid {
        Some(uuid) => payer_uuid(invoice).as_deref() == Some(uuid),
        None => on.may_see(Invoice::TYPE, invoice.record()),
    };
    Ok(found.find(opens).into())
}

/// An outside payer's own, or the id of the client.
fn payer_uuid(invoice: &View<'_, Invoice>) -> Option<String> {
    match invoice.follow::<RequestedPayer, _>(Invoice::requested_payer_id) {
        Some(payer) => payer.get(RequestedPayer::uuid).map(str::to_owned),
        None => invoice.get(Invoice::recipient_id).map(|id| id.to_string()),
    }
}

pub fn row_balance<I: Named>(call: &Call<'_, I>, invoice: &Row<Invoice>) -> i64 {
    balance(&View::new(call.on(), invoice.record()))
}
