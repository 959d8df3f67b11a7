//! The zone in which a provider's hours are meant.

use crate::engine::View;
use crate::schema::names::User;
use jiff::tz::TimeZone;

/// Documented: where neither the person nor the person's provider has a time zone.
pub const PRACTICE: &str = "America/New_York";

/// The zone of that name, else the practice's.
pub fn named(name: Option<&str>) -> TimeZone {
    let found = name.and_then(|name| TimeZone::get(name.trim()).ok());
    found.or_else(|| TimeZone::get(PRACTICE).ok()).unwrap_or(TimeZone::UTC)
}

/// A person's own zone; a patient's without one is the provider's.
pub fn of_user(user: &View<'_, User>) -> TimeZone {
    let own = user.get(User::timezone).and_then(|name| TimeZone::get(name).ok());
    own.unwrap_or_else(|| named(user.follow::<User, _>(User::dietitian_id).as_ref().and_then(|provider| provider.get(User::timezone))))
}
