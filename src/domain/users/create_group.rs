//! `createGroup`: a group that patients can be put into, or join by its code.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{UserGroup, createGroupInput as Input};

pub fn create_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Observed: codes are six hexadecimal digits.
    let code = call.random().hex(6);
    let owner = call.viewer_id();
    let group = call.draft::<UserGroup>().set(UserGroup::invite_code, code).set(UserGroup::user, owner);
    call.check(&group)?;
    Ok(group.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_group_has_a_code_to_join_by() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createGroup(input: { name: "New" }) { user_group { name invite_code users_count } messages { message } } }"#,
        );
        let code = made["data"]["createGroup"]["user_group"]["invite_code"].as_str().expect("made");
        assert!(code.len() == 6 && code.chars().all(|c| c.is_ascii_hexdigit()));
        clinic.refuses("createGroup(input: {})", &[("name", "can't be blank")]);
    }
}
