//! What other areas ask about a person.

use crate::engine::View;
use crate::schema::names::User;

/// True for staff, who belong to an organization by a membership; patients belong to their providers.
pub fn is_member(user: &View<'_, User>) -> bool {
    !user.is(User::is_patient)
}

/// First name and last name.
pub fn full_name(user: &View<'_, User>) -> String {
    let names = [User::first_name, User::last_name].map(|name| user.get(name).unwrap_or_default().trim());
    names.join(" ").trim().to_owned()
}
