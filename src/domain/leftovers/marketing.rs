//! Forms of Healthie's own website and of its onboarding.

use crate::engine::{Call, Entity, Made, Refusal, Value};
use crate::schema::names::{
    Visitor, createPersonalizationQuestionnaireInput as Input, createPersonalizationQuestionnairePayload as Payload,
};

/// Whoever fills one in is answered, and nobody else sees it.
pub fn visitor() -> Entity<Visitor> {
    Entity::usual().silent().visible(|_| false)
}

pub fn create_personalization_questionnaire(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::billing_address);
    call.accept(Input::clients_in_a_month);
    call.accept(Input::most_important_features);
    call.accept(Input::plans_to_add_more_users);
    call.accept(Input::professions);
    Ok(Made::nothing().also(Payload::was_saved, Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_form_is_answered() {
        let answer = Clinic::open().as_role("nobody").run(
            r#"mutation { createContact(input: { email: "a@b.example", first_name: "Nia" }) { visitor { email first_name } messages { message } } }"#,
        );
        assert_eq!(
            answer["data"]["createContact"],
            serde_json::json!({ "visitor": { "email": "a@b.example", "first_name": "Nia" }, "messages": null })
        );
    }
}
