//! What was ordered of a lab, and the lists of it.

use super::lab_result::{interpretations, worst};
use crate::engine::{Answer, Entity, List, Reading, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{LabFiltersDataType, LabOption, LabOrder, LabResult, User, args};

pub fn entity() -> Entity<LabOrder> {
    Entity::usual()
        .about(LabOrder::patient_id)
        .indexed(LabOrder::patient_id)
        .collects(LabOrder::lab_results, LabResult::lab_order_id)
        .computed(LabOrder::interpretation, |order| Some(worst(results(order).iter().flat_map(interpretations))))
        .computed(LabOrder::abnormal, |order| {
            let worst = worst(results(order).iter().flat_map(interpretations));
            Some(["ABNORMAL", "CRITICAL"].contains(&worst.name))
        })
        .computed(LabOrder::latest_result_received_at, |order| {
            results(order).iter().filter_map(|result| result.get(LabResult::created_at)).max()
        })
        .answers(LabOrder::pdf_document, |order| order.follow::<crate::schema::names::Document, _>(LabOrder::document_id).into())
}

fn results<'s>(order: &View<'s, LabOrder>) -> Vec<View<'s, LabResult>> {
    order.on.having(LabResult::lab_order_id, order.id()).collect()
}

/// Documented for the list: public.
pub fn option() -> Entity<LabOption> {
    Entity::usual().public()
}

pub fn lab_options() -> List<LabOption, args::labOptions> {
    List::new()
        .unpaged()
        .within(|_, _| Within::everything())
        .filter(args::labOptions::search_by_organization, |option, only| {
            !only || option.organization() != 0 && option.on.viewer().reaches(option.organization())
        })
        .keywords(args::labOptions::search_string)
}

/// Documented: filters are lists in one text, of names as `labFiltersData` has them. Assumed: ids of people are taken too.
pub fn lab_orders() -> List<LabOrder, args::labOrders> {
    type Asked = args::labOrders;
    List::new()
        .filter_eq(Asked::client_id, LabOrder::patient_id)
        .filter(Asked::client_filter, |order, wanted| is_one_of(wanted, &person(order.follow(LabOrder::patient_id))))
        .filter(Asked::provider_filter, |order, wanted| is_one_of(wanted, &person(order.follow(LabOrder::orderer_id))))
        .filter(Asked::orderer_filter, |order, wanted| is_one_of(wanted, &person(order.follow(LabOrder::orderer_id))))
        .filter(Asked::reviewing_provider_filter, |order, wanted| is_one_of(wanted, &person(order.follow(LabOrder::reviewing_provider_id))))
        .filter(Asked::lab_filter, |order, wanted| {
            is_one_of(wanted, &[text(order, LabOrder::lab.slot), text(order, LabOrder::lab_company.slot)])
        })
        .filter(Asked::status_filter, |order, wanted| {
            is_one_of(wanted, &[text(order, LabOrder::status.slot), text(order, LabOrder::normalized_status.slot)])
        })
        .filter(Asked::keywords, |order, words| {
            let people = [person(order.follow(LabOrder::patient_id)), person(order.follow(LabOrder::orderer_id))].concat();
            let own = [order.id().to_string(), text(order, LabOrder::lab.slot), text(order, LabOrder::status.slot)];
            let all = [people, own.to_vec()].concat().join(" ").to_lowercase();
            words.to_lowercase().split_whitespace().all(|word| all.contains(word))
        })
        // Documented: the ten newest.
        .filter(Asked::recent_orders, |order, only| {
            let newer = order.on.all::<LabOrder>().filter(|other| other.organization() == order.organization() && other.id() > order.id());
            !only || newer.take(10).count() < 10
        })
        .order("NAME", &[LabOrder::lab.slot])
        .order("APPT", &[LabOrder::test_date.slot])
        .order_by("CLIENT_LAST_NAME", |order| last_name(order.follow(LabOrder::patient_id)))
        .order_by("CLIENT_NAME", |order| last_name(order.follow(LabOrder::patient_id)))
        .order_by("PROVIDER_LAST_NAME", |order| last_name(order.follow(LabOrder::orderer_id)))
        .order_by("PROVIDER_NAME", |order| last_name(order.follow(LabOrder::orderer_id)))
        .order_by("REVIEWING_PROVIDER_LAST_NAME", |order| last_name(order.follow(LabOrder::reviewing_provider_id)))
        .order_by("INTERPRETATION", |order| Value::text(worst(results(order).iter().flat_map(interpretations)).name))
        .default_order("UPDATED_AT_DESC")
}

fn is_one_of(wanted: &str, own: &[String]) -> bool {
    wanted.split(',').map(str::trim).any(|wanted| own.iter().any(|own| !own.is_empty() && own.eq_ignore_ascii_case(wanted)))
}

fn text(order: &View<'_, LabOrder>, slot: crate::schema::Slot) -> String {
    order.value(slot).as_str().unwrap_or_default().to_owned()
}

fn person(user: Option<View<'_, User>>) -> Vec<String> {
    user.map(|user| vec![user.id().to_string(), crate::domain::people::full_name(&user)]).unwrap_or_default()
}

fn last_name(user: Option<View<'_, User>>) -> Value {
    user.map_or(Value::Null, |user| user.value(User::sort_name.slot).clone())
}

pub fn filters(on: Reading<'_>) -> Answer {
    let orders: Vec<View<'_, LabOrder>> = on.all::<LabOrder>().filter(|order| on.may_see(LabOrder::TYPE, order.record())).collect();
    let people = |field: crate::schema::Slot| {
        let mut ids: Vec<u64> = orders.iter().filter_map(|order| order.value(field).as_id()).collect();
        ids.sort_unstable();
        ids.dedup();
        Answer::List(ids.into_iter().filter_map(|id| on.find::<User>(id)).map(Answer::from).collect())
    };
    let words = |field: crate::schema::Slot| {
        let mut words: Vec<String> = orders.iter().map(|order| text(order, field)).filter(|word| !word.is_empty()).collect();
        words.sort();
        words.dedup();
        Answer::Value(Value::List(words.into_iter().map(Value::from).collect()))
    };
    let fields = vec![
        (LabFiltersDataType::clients.slot, people(LabOrder::patient_id.slot)),
        (LabFiltersDataType::providers.slot, people(LabOrder::orderer_id.slot)),
        (LabFiltersDataType::reviewing_providers.slot, people(LabOrder::reviewing_provider_id.slot)),
        (LabFiltersDataType::labs.slot, words(LabOrder::lab.slot)),
        (LabFiltersDataType::statuses.slot, words(LabOrder::status.slot)),
        (LabFiltersDataType::normalized_statuses.slot, words(LabOrder::normalized_status.slot)),
    ];
    Answer::Object(LabFiltersDataType::TYPE, fields)
}

pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity
        .computed(User::has_lab_orders, |user| Some(user.on.count_having(LabOrder::patient_id, user.id()) > 0))
        .computed(User::total_lab_orders, |user| Some(user.on.count_having(LabOrder::patient_id, user.id()) as i64))
}
