//! `appointmentBookingWarnings`: what speaks against a time before it is booked.

use super::{is_active, times};
use crate::domain::{availability::zone_of, scheduling_settings};
use crate::engine::{Answer, Input, QueryError, Reading, Value, View, moment};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentBookingWarning as Warning, AppointmentSetting, AppointmentType, AppointmentTypeCredit, User,
    args::appointmentBookingWarnings as Args,
};
use jiff::{Timestamp, tz::TimeZone};
use std::ops::Range;

pub fn appointment_booking_warnings(on: Reading<'_>, asked: &Input<'_, Args>) -> Result<Answer, QueryError> {
    let provider = asked.get(Args::provider_id).ok().flatten().or(on.viewer().id());
    let provider = provider.and_then(|id| on.find::<User>(id));
    let Some(provider) = provider.filter(|_| on.viewer().is_member()) else { return Ok(Answer::List(vec![])) };
    let named = asked.get(Args::timezone).ok().flatten().and_then(|name| TimeZone::get(name).ok());
    let zone = named.unwrap_or_else(|| zone_of(&provider));
    let kind = asked.get(Args::appointment_type_id).ok().flatten().and_then(|kind| on.find::<AppointmentType>(kind));
    let minutes = asked.get(Args::length_in_minutes).ok().flatten().or_else(|| kind.as_ref()?.get(AppointmentType::length)).unwrap_or(60);
    let date = asked.get(Args::date).ok().flatten();
    let start = date.map(|day| match asked.get(Args::time).ok().flatten() {
        Some(time) => times::on_day(asked.zone().to_datetime(day).date(), time, &zone).unwrap_or(day),
        None => day,
    });
    for told in [Args::is_repeating, Args::is_group_appt, Args::is_editing] {
        asked.accept(told);
    }
    let others = asked.get(Args::additional_providers).ok().flatten().unwrap_or_default();
    let providers: Vec<u64> = std::iter::once(provider.id()).chain(others.split(',').filter_map(|id| id.trim().parse().ok())).collect();
    let mut warnings = vec![];
    if let Some(start) = start {
        warnings.extend(conflicts(on, asked, &providers, &zone, start..moment::later(start, minutes.max(1) * 60)));
    }
    warnings.extend(kind.and_then(|kind| deficits(on, asked, &provider, &kind)));
    Ok(Answer::List(warnings))
}

/// Documented: the text, and how an event is called: `1:1 Session - Jul 11, 12:00 PM EDT`.
fn conflicts(on: Reading<'_>, asked: &Input<'_, Args>, providers: &[u64], zone: &TimeZone, time: Range<Timestamp>) -> Option<Answer> {
    let own = asked.get(Args::current_appt_id).ok().flatten();
    let series = asked.get(Args::recurring_appt_id).ok().flatten();
    let mut found: Vec<View<'_, Appointment>> = providers.iter().flat_map(|id| on.having(Appointment::provider_ids, vec![*id])).collect();
    found.sort_by_key(|visit| (visit.get(Appointment::date), visit.id()));
    found.dedup_by_key(|visit| visit.id());
    found.retain(|visit| {
        let overlaps = visit.get(Appointment::date) < Some(time.end) && visit.get(Appointment::ends_at) > Some(time.start);
        let is_own = own == Some(visit.id()) || series.is_some() && visit.get(Appointment::recurring_appointment_id) == series;
        overlaps && is_active(visit) && !is_own
    });
    let called = |visit: &View<'_, Appointment>| {
        let what = match (visit.is(Appointment::is_blocker), visit.is(Appointment::is_group)) {
            (true, _) => "Blocked",
            (_, true) => "Group Session",
            _ => "1:1 Session",
        };
        let at = visit.get(Appointment::date).map(|at| {
            let clock = zone.to_datetime(at).strftime("%b %-d, %-I:%M %p").to_string();
            format!("{clock} {}", zone.to_offset_info(at).abbreviation())
        });
        (format!("{what} - {}", at.unwrap_or_default()), visit.id().to_string())
    };
    let text = "Existing event(s) for the provider conflict with this one. Would you like to book this event anyway?";
    warning("Event Conflicts", text, found.iter().map(called).collect())
}

/// Documented: clients who have no credit left for the type. Assumed: the text, and that it matters where credits are used.
fn deficits(on: Reading<'_>, asked: &Input<'_, Args>, provider: &View<'_, User>, kind: &View<'_, AppointmentType>) -> Option<Answer> {
    let settings = scheduling_settings::effective(on, Some(provider.id()), Some(kind.id()));
    let clients: Vec<u64> = asked.get(Args::attendee_ids).ok().flatten().unwrap_or_default();
    if !settings.is(AppointmentSetting::use_client_credit_system) {
        return None;
    }
    let has_none = |client: &u64| {
        let mut credits = on.having(AppointmentTypeCredit::user_id, *client);
        let of = credits.find(|credit| credit.get(AppointmentTypeCredit::appointment_type_id) == Some(kind.id()));
        of.and_then(|of| of.get(AppointmentTypeCredit::quantity)?.trim().parse::<i64>().ok()).unwrap_or(0) <= 0
    };
    let named = |client: u64| Some((crate::domain::people::full_name(&on.find::<User>(client)?), client.to_string()));
    let without = clients.into_iter().filter(has_none).filter_map(named).collect();
    warning("Credit Deficits", "These clients do not have enough credit. Would you like to book this event anyway?", without)
}

fn warning(category: &str, subtitle: &str, issues: Vec<(String, String)>) -> Option<Answer> {
    if issues.is_empty() {
        return None;
    }
    let (names, ids): (Vec<Value>, Vec<Value>) = issues.into_iter().map(|(name, id)| (Value::from(name), Value::from(id))).unzip();
    Some(Answer::Object(
        Warning::TYPE,
        vec![
            (Warning::category.slot, Value::text(category).into()),
            (Warning::subtitle.slot, Value::text(subtitle).into()),
            (Warning::potential_issues.slot, Value::List(names.into()).into()),
            (Warning::potential_issue_ids.slot, Value::List(ids.into()).into()),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn what_is_on_the_calendar_already_is_told() {
        let clinic = Clinic::open().as_role("provider");
        let (provider, kind) = (clinic.id("User", "provider"), clinic.id("AppointmentType", "initial"));
        let ask = |time: &str| {
            let document = format!(
                r#"{{ appointmentBookingWarnings(provider_id: "{provider}", appointment_type_id: "{kind}", date: "March 5, 2026", time: "{time}") {{
                    category subtitle potential_issues potential_issue_ids }} }}"#
            );
            clinic.run(&document)["data"]["appointmentBookingWarnings"].clone()
        };
        assert_eq!(
            ask("09 30"),
            json!([{
                "category": "Event Conflicts",
                "subtitle": "Existing event(s) for the provider conflict with this one. Would you like to book this event anyway?",
                "potential_issues": ["1:1 Session - Mar 5, 10:00 AM EST"], "potential_issue_ids": [clinic.id("Appointment", "patient_next")],
            }])
        );
        assert_eq!(ask("10 30"), json!([]));
    }
}
