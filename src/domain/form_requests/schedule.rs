//! When a recurring form is due: `23:12` each day, on `Monday, Tuesday`, on the `31st`.

use crate::engine::{Refusal, Row};
use crate::schema::names::RecurringForm;
use jiff::{Timestamp, civil, tz::TimeZone};

pub const FREQUENCIES: [&str; 3] = ["Daily", "Weekly", "Monthly"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Refuses a frequency that nobody knows. Documented: the three of them.
pub fn frequency(sent: &str) -> Result<&'static str, Refusal> {
    let known = FREQUENCIES.iter().find(|frequency| frequency.eq_ignore_ascii_case(sent.trim()));
    known.copied().ok_or_else(|| Refusal::named("frequency", "is not included in the list"))
}

/// What is shown of the schedule.
pub fn interval(form: &Row<RecurringForm>) -> Option<String> {
    match form.get(RecurringForm::interval_type)? {
        "Daily" => {
            let time = time(form);
            Some(format!("{:02}:{:02}", time.hour(), time.minute()))
        }
        "Weekly" => form.get(RecurringForm::weekday).map(str::to_owned),
        _ => form.get(RecurringForm::monthday).map(str::to_owned),
    }
}

/// On a clock of twelve hours with `period`, of twenty-four without.
fn time(form: &Row<RecurringForm>) -> civil::Time {
    let number = |field| form.get(field).and_then(|text: &str| text.trim().parse::<i8>().ok());
    let hour = number(RecurringForm::hour).unwrap_or(0);
    let hour = match form.get(RecurringForm::period).map(str::to_uppercase).as_deref() {
        Some("PM") if hour < 12 => hour + 12,
        Some("AM") if hour == 12 => 0,
        _ => hour,
    };
    civil::Time::new(hour, number(RecurringForm::minute).unwrap_or(0), 0, 0).unwrap_or(civil::Time::midnight())
}

/// The first time after `after`, within a year and a day. Assumed: a month without that day has its last one for it.
pub fn next(form: &Row<RecurringForm>, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let (today, time) = (zone.to_datetime(after).date(), time(form));
    let days = (0..=366).map_while(|ahead| today.checked_add(jiff::Span::new().days(ahead)).ok());
    let due = days.filter(|day| falls_on(form, *day)).filter_map(|day| zone.to_timestamp(day.to_datetime(time)).ok());
    let until = form.get(RecurringForm::recurrence_end_at);
    due.into_iter().find(|at| *at > after).filter(|at| until.is_none_or(|until| *at <= until))
}

fn falls_on(form: &Row<RecurringForm>, day: civil::Date) -> bool {
    match form.get(RecurringForm::interval_type) {
        Some("Weekly") => {
            let name = DAYS[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
            form.get(RecurringForm::weekday).unwrap_or_default().to_lowercase().contains(&name.to_lowercase())
        }
        Some("Monthly") => {
            let digits: String = form.get(RecurringForm::monthday).unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            digits.parse::<i8>().unwrap_or(1).clamp(1, day.days_in_month()) == day.day()
        }
        _ => true,
    }
}
