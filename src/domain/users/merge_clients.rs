//! `mergeClients`: two patients turn out to be one person.

use super::email;
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{User, mergeClientsInput as Input};

/// Documented: what was about the one is about the other then, whose own profile stays as it was. Assumed: the one that is
/// merged is gone.
pub fn merge_clients(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let target = patient(call.target::<User, _>(Input::target_user_id)?, "target_user_id")?;
    let named = call.targets::<User>(Input::ids)?;
    let other = named.into_iter().find(|user| user.id() != target.id()).ok_or_else(|| Refusal::on(Input::ids, CANT_BE_BLANK))?;
    let other = patient(other, "ids")?;

    let mut kept = call.change(&target).set(User::merged_from_id, other.id());
    if let Some(email) = call.get(Input::target_email)?.filter(|email| !email.trim().is_empty()) {
        kept.put(User::email, email.to_owned());
    }
    email::refuse_invalid_email(&kept)?;
    call.delete(&other);
    email::refuse_taken_email(call, &kept)?;
    let kept = kept.save(call);
    call.hand_over(&other, &kept);
    Ok(call.find_any::<User>(kept.id()).unwrap_or(kept).into())
}

fn patient(user: Row<User>, field: &'static str) -> Result<Row<User>, Refusal> {
    if user.is(User::is_patient) { Ok(user) } else { Err(Refusal::not_found(field, "User")) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn what_was_about_one_is_about_the_other() {
        let clinic = Clinic::open();
        let (kept, merged) = (clinic.id("User", "patient"), clinic.id("User", "rosa"));
        let visit = clinic.id("Appointment", "rosa_next");
        let answer = clinic.run(&format!(
            r#"mutation {{ mergeClients(input: {{ ids: [{kept}, {merged}], target_user_id: {kept}, target_email: "ava@example.com" }}) {{ user {{ id first_name email }} messages {{ field message }} }} }}"#
        ));
        assert_eq!(
            answer["data"]["mergeClients"],
            serde_json::json!({ "user": { "id": kept, "first_name": "Ava", "email": "ava@example.com" }, "messages": null })
        );
        let events = clinic.events();
        assert!(events.contains(&"patient.merged".to_owned()) && events.contains(&"patient.updated".to_owned()), "{events:?}");
        let seen =
            clinic.run(&format!("{{ user(id: {merged}) {{ id }} appointment(id: {visit}) {{ user {{ id }} attendees {{ id }} }} }}"));
        assert_eq!(
            seen["data"],
            serde_json::json!({ "user": null, "appointment": { "user": { "id": kept }, "attendees": [{ "id": kept }] } })
        );
        clinic.refuses(&format!("mergeClients(input: {{ ids: [{kept}], target_user_id: {kept} }})"), &[("ids", "can't be blank")]);
        clinic.refuses("mergeClients(input: {})", &[("target_user_id", "User not found")]);
        clinic.as_role("limited").refuses("mergeClients(input: {})", &[("base", "You do not have permission to merge this clients.")]);
    }
}
