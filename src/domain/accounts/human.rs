//! A human: the accounts with one address, of which one is in use.

use crate::engine::{Call, Draft, Entity, Made, Reading, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{Human, User, updateHumanInput as Input};

/// Seen by the accounts with its address.
pub fn entity() -> Entity<Human> {
    Entity::new().indexed(Human::email).visible(|human| {
        let own = human.on.viewer().user.as_ref().and_then(|user| user.get(User::email));
        own.is_some() && own == human.get(Human::email)
    })
}

/// The human behind an account, once somebody has signed in to one of its accounts.
pub fn human_of<'s>(on: Reading<'s>, user: &Row<User>) -> Option<View<'s, Human>> {
    let email = user.get(User::email).filter(|email| !email.is_empty())?;
    on.having(Human::email, email.to_owned()).next()
}

/// The human behind an account, to be changed; a new one where there is none yet.
pub fn draft_of<I: Named>(call: &mut Call<'_, I>, user: &Row<User>) -> Draft<Human> {
    let known = human_of(call.on(), user).map(|human| human.row().clone());
    match known {
        Some(human) => call.change(&human),
        None => {
            let human = call.blank_draft::<Human>().belongs_to(user.organization());
            human.set(Human::email, user.get(User::email).unwrap_or_default().to_owned())
        }
    }
}

/// The accounts among which a human switches.
pub fn accounts(on: Reading<'_>, user: &Row<User>) -> Vec<Row<User>> {
    match user.get(User::email).filter(|email| !email.is_empty()) {
        Some(email) => on.having(User::email, email.to_owned()).map(|user| user.row().clone()).collect(),
        None => vec![user.clone()],
    }
}

/// `updateHuman`: which of the caller's own accounts is in use.
pub fn update_human(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().user.clone().ok_or_else(|| Refusal::no_permission("update this human"))?;
    if !call.is_blank(Input::id) {
        call.target::<Human, _>(Input::id)?;
    }
    let human = draft_of(call, &own);
    let Some(wanted) = call.get(Input::current_user_id)? else { return Ok(human.save(call).into()) };
    if !accounts(call.on(), &own).iter().any(|account| account.id() == wanted) {
        return Err(Refusal::not_found("current_user_id", "User"));
    }
    Ok(human.set(Human::current_user_id, wanted).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_human_switches_among_the_own_accounts_only() {
        let clinic = Clinic::open();
        let own = clinic.id("User", "patient");
        clinic.run(r#"mutation { createClient(input: { first_name: "Ida", last_name: "Thornton", email: "patient@clinic.example" }) { user { id } } }"#);
        let patient = clinic.as_role("patient");
        let seen = patient.run("{ currentUser { switchable_users { first_name } switchable_users_count has_user_switch_options } }");
        assert_eq!(
            seen["data"]["currentUser"],
            serde_json::json!({ "switchable_users": [{ "first_name": "Ida" }], "switchable_users_count": 1, "has_user_switch_options": true })
        );
        let switched =
            patient.run(&format!("mutation {{ updateHuman(input: {{ current_user_id: {own} }}) {{ human {{ email current_user {{ first_name }} }} messages {{ message }} }} }}"));
        assert_eq!(
            switched["data"]["updateHuman"],
            serde_json::json!({ "human": { "email": "patient@clinic.example", "current_user": { "first_name": "Ava" } }, "messages": null })
        );
        let other = clinic.id("User", "patient2");
        patient.refuses(&format!("updateHuman(input: {{ current_user_id: {other} }})"), &[("current_user_id", "User not found")]);
    }
}
