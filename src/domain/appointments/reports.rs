//! Visits in numbers: by month, by day, by status, type and provider.

use super::calendar;
use crate::domain::people::full_name;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View, moment};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentDataType, AppointmentFrequencyDataType as Frequency, AppointmentPerDayData as PerDay,
    AppointmentPerTypePerDayData as PerType, AppointmentPerUserData as PerUser, AppointmentSummaryData as Summary, AppointmentType,
    AppointmentTypeAppointmentCountData as TypeCount, User, args,
};
use jiff::{ToSpan, civil};
use std::collections::BTreeMap;

/// The visits that a report may count, of these providers or, without any, of all that the viewer sees.
fn counted<'s>(on: Reading<'s>, providers: &[u64]) -> Vec<View<'s, Appointment>> {
    let all = on.of_organization::<Appointment>(on.viewer().organization());
    let wanted = |visit: &View<'_, Appointment>| {
        let of = visit.get(Appointment::provider_ids).unwrap_or_default();
        let is_there = visit.get(Appointment::deleted_at).is_none() && !visit.is(Appointment::is_blocker);
        is_there
            && on.viewer().is_member()
            && calendar::is_on(visit)
            && (providers.is_empty() || of.iter().any(|id| providers.contains(id)))
    };
    all.filter(wanted).collect()
}

fn day(visit: &View<'_, Appointment>) -> Option<civil::Date> {
    Some(visit.on.viewer().zone.to_datetime(visit.get(Appointment::date)?).date())
}

/// How many visits there are of each status. Assumed: one that the practice calls something else has none of these.
fn frequency(visits: &[&View<'_, Appointment>]) -> Answer {
    let count = |status: Option<&str>| {
        let same = |own: Option<&str>| match (own, status) {
            (Some(own), Some(status)) => own.eq_ignore_ascii_case(status),
            (own, status) => own.is_none() && status.is_none(),
        };
        Value::Int(visits.iter().filter(|visit| same(visit.get(Appointment::pm_status))).count() as i64).into()
    };
    Answer::Object(
        Frequency::TYPE,
        vec![
            (Frequency::occurred.slot, count(Some("Occurred"))),
            (Frequency::cancelled.slot, count(Some("Cancelled"))),
            (Frequency::noshow.slot, count(Some("No-Show"))),
            (Frequency::rescheduled.slot, count(Some("Re-Scheduled"))),
            (Frequency::late_cancellation.slot, count(Some("Late Cancellation"))),
            (Frequency::checked_in.slot, count(Some("Checked-In"))),
            (Frequency::no_status.slot, count(None)),
        ],
    )
}

/// Assumed: a month is written `2026-03`, and the last twelve that have visits are told.
pub fn appointment_frequency_data(on: Reading<'_>, asked: &Input<'_, args::appointmentFrequencyData>) -> Result<Answer, QueryError> {
    type A = args::appointmentFrequencyData;
    let own: Vec<u64> = on.viewer().id().filter(|_| !asked.is(A::org_level)).into_iter().collect();
    let past_only = asked.is(A::only_to_current_date);
    let visits = counted(on, &own);
    let mut months: BTreeMap<String, Vec<&View<'_, Appointment>>> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| !past_only || visit.get(Appointment::date) <= Some(on.now())) {
        if let Some(day) = day(visit) {
            months.entry(day.strftime("%Y-%m").to_string()).or_default().push(visit);
        }
    }
    let shown = months.iter().rev().take(12).map(|(month, visits)| {
        let values =
            vec![(AppointmentDataType::month.slot, Value::text(month).into()), (AppointmentDataType::freq.slot, frequency(visits))];
        Answer::Object(AppointmentDataType::TYPE, values)
    });
    let mut shown: Vec<Answer> = shown.collect();
    shown.reverse();
    Ok(Answer::List(shown))
}

/// Assumed, since its keys are not documented: days as `2026-03-02`, those that have visits.
pub fn appointment_number_per_day_of_month(
    on: Reading<'_>,
    asked: &Input<'_, args::appointmentNumberPerDayOfMonth>,
) -> Result<Answer, QueryError> {
    type A = args::appointmentNumberPerDayOfMonth;
    let Some(me) = on.viewer().id() else { return Ok(Answer::NULL) };
    let said = asked.get(A::date).ok().flatten().and_then(moment::parse_date);
    let month = said.unwrap_or_else(|| on.viewer().zone.to_datetime(on.now()).date());
    let own = match on.viewer().is_patient() {
        true => on.having(Appointment::attendee_ids, vec![me]),
        false => on.having(Appointment::provider_ids, vec![me]),
    };
    let blockers_too = asked.is(A::include_blockers);
    let mut days: BTreeMap<String, i64> = BTreeMap::new();
    for visit in own.filter(|visit| super::is_active(visit) && (blockers_too || !visit.is(Appointment::is_blocker))) {
        if let Some(day) = day(&visit).filter(|day| day.first_of_month() == month.first_of_month()) {
            *days.entry(day.to_string()).or_default() += 1;
        }
    }
    Ok(Value::from(serde_json::json!(days).to_string()).into())
}

pub fn appointments_summary(on: Reading<'_>, asked: &Input<'_, args::appointmentsSummary>) -> Result<Answer, QueryError> {
    type A = args::appointmentsSummary;
    asked.accept(A::range_type);
    // Documented: it asks for a cache, which nobody needs here.
    asked.accept(A::require_cache_threshold);
    let today = on.viewer().zone.to_datetime(on.now()).date();
    let said = |field| asked.get(field).ok().flatten().and_then(moment::parse_date);
    let (first, last) = (said(A::range_start).unwrap_or(today), said(A::range_end).unwrap_or(today));
    let providers: Vec<u64> = asked.get(A::provider_ids).ok().flatten().unwrap_or_default();
    let all = counted(on, &providers);
    let within = |from: civil::Date, to: civil::Date| -> Vec<&View<'_, Appointment>> {
        all.iter().filter(|visit| day(visit).is_some_and(|day| from <= day && day <= to)).collect()
    };
    let visits = within(first, last);
    let days = i64::from((last - first).get_days()).clamp(0, 36_600) + 1;
    let before = first.checked_sub(days.days()).unwrap_or(first);
    let earlier = within(before, first.yesterday().unwrap_or(first)).len() as i64;
    let total = visits.len() as i64;
    Ok(Answer::Object(
        Summary::TYPE,
        vec![
            (Summary::total_count.slot, Value::Int(total).into()),
            (Summary::percent_diff.slot, Value::Int(percent(total, earlier)).into()),
            (Summary::avg_per_day.slot, Value::Int(total / days).into()),
            (Summary::avg_per_day_percent_diff.slot, Value::Int(percent(total, earlier)).into()),
            (Summary::busiest_days_of_week.slot, busiest(&visits)),
            (Summary::cache_generation_in_progress.slot, Value::Bool(false).into()),
            (Summary::appointment_history.slot, per_day(&visits)),
            (Summary::appointments_per_type_count.slot, per_type_count(&visits)),
            (Summary::appointment_history_per_type.slot, per_type(&visits)),
            (Summary::appointment_history_per_provider.slot, per_provider(&visits)),
        ],
    ))
}

fn percent(now: i64, before: i64) -> i64 {
    if before == 0 { 0 } else { (now - before) * 100 / before }
}

fn busiest(visits: &[&View<'_, Appointment>]) -> Answer {
    let mut counts = [0; 7];
    visits.iter().filter_map(|visit| day(visit)).for_each(|day| counts[day.weekday().to_sunday_zero_offset() as usize] += 1);
    let most = counts.iter().copied().max().unwrap_or(0);
    let names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    let busiest = names.iter().zip(counts).filter(|(_, count)| most > 0 && *count == most);
    Value::List(busiest.map(|(name, _)| Value::text(name)).collect()).into()
}

fn per_day(visits: &[&View<'_, Appointment>]) -> Answer {
    let mut days: BTreeMap<civil::Date, Vec<&View<'_, Appointment>>> = BTreeMap::new();
    for visit in visits {
        if let Some(day) = day(visit) {
            days.entry(day).or_default().push(visit);
        }
    }
    let shown = days.into_iter().map(|(day, visits)| {
        let date = Value::Date(crate::engine::days_since_1970(day));
        Answer::Object(PerDay::TYPE, vec![(PerDay::date.slot, date.into()), (PerDay::count.slot, frequency(&visits))])
    });
    Answer::List(shown.collect())
}

type Grouped<'a, 's> = BTreeMap<String, Vec<&'a View<'s, Appointment>>>;

fn by<'a, 's>(visits: &[&'a View<'s, Appointment>], name: impl Fn(&View<'s, Appointment>) -> Option<String>) -> Grouped<'a, 's> {
    let mut named: Grouped<'a, 's> = BTreeMap::new();
    for visit in visits {
        named.entry(name(visit).unwrap_or_default()).or_default().push(visit);
    }
    named
}

fn kind_name(visit: &View<'_, Appointment>) -> Option<String> {
    visit.follow::<AppointmentType, _>(Appointment::appointment_type_id)?.get(AppointmentType::name).map(str::to_owned)
}

fn provider_name(visit: &View<'_, Appointment>) -> Option<String> {
    visit.follow::<User, _>(Appointment::other_party_id).map(|user| full_name(&user))
}

fn per_type_count(visits: &[&View<'_, Appointment>]) -> Answer {
    let shown = by(visits, kind_name).into_iter().map(|(name, visits)| {
        let count = Value::Int(visits.len() as i64);
        Answer::Object(
            TypeCount::TYPE,
            vec![(TypeCount::name.slot, Value::from(name).into()), (TypeCount::appointment_count.slot, count.into())],
        )
    });
    Answer::List(shown.collect())
}

fn per_type(visits: &[&View<'_, Appointment>]) -> Answer {
    let shown = by(visits, kind_name).into_iter().map(|(name, visits)| {
        Answer::Object(PerType::TYPE, vec![(PerType::name.slot, Value::from(name).into()), (PerType::appointments.slot, per_day(&visits))])
    });
    Answer::List(shown.collect())
}

fn per_provider(visits: &[&View<'_, Appointment>]) -> Answer {
    let shown = by(visits, provider_name).into_iter().map(|(name, visits)| {
        Answer::Object(PerUser::TYPE, vec![(PerUser::name.slot, Value::from(name).into()), (PerUser::appointments.slot, per_day(&visits))])
    });
    Answer::List(shown.collect())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn visits_are_counted_by_day_month_and_status() {
        let clinic = Clinic::open().as_role("provider");
        let answer = clinic.run(
            r#"{ appointmentNumberPerDayOfMonth(date: "2026-03-15") appointmentFrequencyData(only_to_current_date: true) { month freq { occurred noshow cancelled no_status } }
                appointmentsSummary(range_start: "2026-02-01", range_end: "2026-03-01") { total_count cache_generation_in_progress
                    appointments_per_type_count { name appointment_count } } }"#,
        );
        let days = r#"{"2026-03-03":1,"2026-03-05":1,"2026-03-10":1,"2026-03-12":1}"#;
        assert_eq!(answer["data"]["appointmentNumberPerDayOfMonth"], days);
        let february = answer["data"]["appointmentFrequencyData"]
            .as_array()
            .and_then(|months| months.iter().find(|month| month["month"] == "2026-02"));
        assert_eq!(
            february,
            Some(&json!({ "month": "2026-02", "freq": { "occurred": 1, "noshow": 1, "cancelled": 1, "no_status": 1 } })),
            "{answer}"
        );
        let types = json!([{ "name": "Follow-up", "appointment_count": 2 }, { "name": "Initial Consultation", "appointment_count": 1 }, { "name": "Mindful Eating Class", "appointment_count": 1 }]);
        let summary = json!({ "total_count": 4, "cache_generation_in_progress": false, "appointments_per_type_count": types });
        assert_eq!(answer["data"]["appointmentsSummary"], summary);
    }
}
