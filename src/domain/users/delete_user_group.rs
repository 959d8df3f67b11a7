//! `deleteUserGroup`: its patients go to another group, or to none.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{FeatureToggle, User, UserGroup, deleteUserGroupInput as Input};

pub fn delete_user_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let group = call.target::<UserGroup, _>(Input::id)?;
    let heir = match call.is_blank(Input::group_to_receive_clients) {
        true => None,
        false => Some(call.target::<UserGroup, _>(Input::group_to_receive_clients)?.id()),
    };
    if heir == Some(group.id()) {
        return Err(Refusal::on(Input::group_to_receive_clients, "is invalid"));
    }
    for patient in call.having(User::user_group_id, group.id()) {
        let mut moved = call.change(&patient);
        match heir {
            Some(heir) => moved.put(User::user_group_id, heir),
            None => moved.clear(User::user_group_id),
        }
        moved.save(call);
    }
    // Assumed: what its members were allowed goes with it.
    for toggle in call.having(FeatureToggle::user_group_id, group.id()) {
        call.delete(&toggle);
    }
    call.delete(&group);
    Ok(group.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_patients_of_a_group_go_where_they_are_sent() {
        let clinic = Clinic::open();
        let made = clinic.run(r#"mutation { createGroup(input: { name: "New" }) { user_group { id } } }"#);
        let new = made["data"]["createGroup"]["user_group"]["id"].as_str().expect("made").to_owned();
        let (heart, patient) = (clinic.id("UserGroup", "heart"), clinic.id("User", "patient"));
        let deleted = clinic.run(&format!(
            "mutation {{ deleteUserGroup(input: {{ id: {heart}, group_to_receive_clients: {new} }}) {{ user_group {{ name }} messages {{ message }} }} }}"
        ));
        assert_eq!(deleted["data"]["deleteUserGroup"], json!({ "user_group": { "name": "Heart Health" }, "messages": null }));
        assert_eq!(clinic.run(&format!("{{ user(id: {patient}) {{ group_name }} }}"))["data"]["user"]["group_name"], "New");
        assert_eq!(clinic.events(), ["patient.updated", "patient.updated", "patient.updated"]);
        clinic.run(&format!("mutation {{ deleteUserGroup(input: {{ id: {new} }}) {{ messages {{ message }} }} }}"));
        assert_eq!(
            clinic.run(&format!("{{ user(id: {patient}) {{ group_name user_group {{ id }} }} }}"))["data"]["user"],
            json!({ "group_name": null, "user_group": null })
        );
        clinic.refuses("deleteUserGroup(input: { id: 1 })", &[("id", "UserGroup not found")]);
    }
}
