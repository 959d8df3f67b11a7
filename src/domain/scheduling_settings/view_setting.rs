//! How somebody likes to see the calendar, and what its colours can stand for.

use super::setting::{effective, whom};
use crate::engine::{Answer, Entity, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{
    AppointmentLocation, AppointmentType, CalendarViewSetting, ColorCodeOption, OrganizationMembership, User, args,
};

type V = CalendarViewSetting;

pub fn entity() -> Entity<V> {
    Entity::new()
        .indexed(V::user_id)
        .made_by(V::user_id)
        .defaults(V::show_appointments, true)
        .defaults(V::show_availabilities, true)
        .defaults(V::one_time_availabilities, true)
        .defaults(V::weekly_availabilities, true)
        .defaults(V::calendar_interval, "30".to_owned())
        .ruled(V::user_id)
        .visible(|setting| setting.get(V::user_id).is_some_and(|user| setting.on.viewer().is(user)))
}

/// Documented: everybody has one. Assumed: until something is changed it is the calendar as it comes.
pub fn calendar_view_setting(on: Reading<'_>, asked: &Input<'_, args::calendarViewSetting>) -> Result<Answer, QueryError> {
    asked.accept(args::calendarViewSetting::saved_filter_id);
    let Some(me) = on.viewer().id().filter(|_| on.viewer().is_member()) else { return Ok(Answer::NULL) };
    if let Some(own) = on.having(V::user_id, me).next() {
        return Ok(own.into());
    }
    let yes = [V::show_appointments, V::show_availabilities, V::one_time_availabilities, V::weekly_availabilities];
    let mut values: Vec<_> = yes.iter().map(|field| (field.slot, Value::Bool(true).into())).collect();
    values.push((V::id.slot, Value::Id(me).into()));
    values.push((V::calendar_interval.slot, Value::text("30").into()));
    Ok(Answer::Object(V::TYPE, values))
}

/// Assumed: the categories are called as the columns of a visit, and statuses by their own name.
pub fn color_code_options(on: Reading<'_>, asked: &Input<'_, args::colorCodeOptions>) -> Result<Answer, QueryError> {
    asked.accept(args::colorCodeOptions::appointment_setting_id);
    let category = asked.get(args::colorCodeOptions::color_code_by).ok().flatten().unwrap_or_default().to_lowercase();
    let own = on.viewer().organization();
    let named = |id: u64, name: Option<&str>| (name.unwrap_or_default().to_owned(), id.to_string());
    let same = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), name)).collect();
    let options: Vec<(String, String)> = match category.as_str() {
        _ if !on.viewer().is_member() => vec![],
        by if by.contains("contact") => same(effective(on, whom(on), None).contact_types()),
        by if by.contains("status") => same(["Occurred", "Cancelled", "No-Show", "Re-Scheduled"].map(str::to_owned).to_vec()),
        by if by.contains("location") => on
            .of_organization::<AppointmentLocation>(own)
            .map(|place| named(place.id(), place.get(AppointmentLocation::location)))
            .collect(),
        by if by.contains("provider") || by.contains("user") => {
            let members = on.having(OrganizationMembership::organization_id, own).filter(|m| m.is(OrganizationMembership::is_provider));
            let people = members.filter_map(|member| on.find_any::<User>(member.get(OrganizationMembership::user_id)?));
            people.map(|user| (crate::domain::people::full_name(&user), user.id().to_string())).collect()
        }
        by if by.contains("type") => {
            let kinds = on.of_organization::<AppointmentType>(own).filter(|kind| kind.get(AppointmentType::deleted_at).is_none());
            kinds.map(|kind| named(kind.id(), kind.get(AppointmentType::name))).collect()
        }
        _ => vec![],
    };
    let shown = options.into_iter().map(|(label, value)| {
        let values =
            vec![(ColorCodeOption::label.slot, Value::from(label).into()), (ColorCodeOption::value.slot, Value::from(value).into())];
        Answer::Object(ColorCodeOption::TYPE, values)
    });
    Ok(Answer::List(shown.collect()))
}
