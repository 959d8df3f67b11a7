//! `lastClientActivities`: the patients who were active last.

use crate::engine::{List, Value, Within};
use crate::schema::names::{User, args};

/// Documented: six, unless `limit` says otherwise. Assumed: of the caller's own, or of all where the caller sees all; by when
/// they signed in.
pub fn last_client_activities() -> List<User, args::lastClientActivities> {
    List::new()
        .page_size(6)
        .within(|on, _| match on.viewer().is_member() {
            true => Within::organization(on.viewer().organization()).and(User::is_patient, true).and(User::active, true),
            false => Within::nothing(),
        })
        .order_by("ACTIVITY", |user| {
            let never = user.get(User::last_sign_in_at).is_none();
            let at = user.get(User::last_sign_in_at).or(user.get(User::created_at)).map_or(0, |at| at.as_microsecond());
            Value::from(format!("{}{at:020}", !never))
        })
        .default_order("ACTIVITY_DESC")
        .accepts(args::lastClientActivities::limit)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn who_signed_in_last_is_first() {
        let clinic = Clinic::open();
        clinic
            .as_role("nobody")
            .run(r#"mutation { signIn(input: { email: "patient2@clinic.example", password: "Sandbox-pass-1" }) { token } }"#);
        let seen = clinic.run("{ lastClientActivities { first_name } two: lastClientActivities(limit: 2) { id } }");
        assert_eq!(seen["data"]["lastClientActivities"][0]["first_name"], "Marcus");
        assert_eq!(seen["data"]["lastClientActivities"].as_array().map(Vec::len), Some(6));
        assert_eq!(seen["data"]["two"].as_array().map(Vec::len), Some(2));
    }
}
