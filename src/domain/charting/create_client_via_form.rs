//! `createClientViaForm`: a form on a web page makes a lead a patient, or finds the one that there is.

use super::{answers, finish};
use crate::domain::users;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, Row};
use crate::schema::names::{CreateClientViaFormInput as Input, CustomModuleForm, FormAnswerGroup as Group, Organization, User};

/// Documented: meant to be called without a key; the patient is known by name and address. Assumed: new ones are cared for by
/// `provider_id`, else by whoever made the template, and every one of the names is needed.
pub fn create_client_via_form(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::send_product_recommendation_email);
    let form = call.target::<CustomModuleForm, _>(Input::custom_module_form_id)?;
    let blank = [
        call.is_blank(Input::email).then(|| Refusal::on(Input::email, CANT_BE_BLANK)),
        call.is_blank(Input::first_name).then(|| Refusal::on(Input::first_name, CANT_BE_BLANK)),
        call.is_blank(Input::last_name).then(|| Refusal::on(Input::last_name, CANT_BE_BLANK)),
    ];
    Refusal::all(blank.into_iter().flatten())?;
    let provider = provider(call, &form)?;
    let client = match known(call, provider.organization())? {
        Some(known) => known,
        None => new(call, &provider)?,
    };
    let now = call.now();
    let mut group = call
        .blank_draft::<Group>()
        .belongs_to(form.organization())
        .set(Group::custom_module_form_id, form.id())
        .set(Group::user_id, client.id())
        .set(Group::filler_id, client.id())
        .set(Group::finished, true)
        .set(Group::created_at, now)
        .set(Group::record_created_at, now);
    group.set_value(Group::name.slot, form.value(CustomModuleForm::name.slot).clone());
    let group = group.save(call);
    answers::write(call, &group, &call.get(Input::form_answers)?.unwrap_or_default())?;
    finish::follow(call, &group, None, None);
    Ok(group.into())
}

fn provider(call: &Call<'_, Input>, form: &Row<CustomModuleForm>) -> Result<Row<User>, Refusal> {
    let named = call.get(Input::provider_id)?;
    let maker = || form.value(CustomModuleForm::user.slot).as_id();
    let owner = || call.find_any::<Organization>(form.organization())?.get(Organization::owner_id);
    let provider = named.or_else(maker).or_else(owner).and_then(|provider| call.find_any::<User>(provider));
    let provider = provider.filter(|provider| !provider.is(User::is_patient) && provider.organization() == form.organization());
    provider.ok_or_else(|| Refusal::not_found("provider_id", "User"))
}

fn known(call: &Call<'_, Input>, organization: u64) -> Result<Option<Row<User>>, Refusal> {
    let same = |value: Option<&str>, wanted: Option<&str>| {
        value.unwrap_or_default().trim().to_lowercase() == wanted.unwrap_or_default().trim().to_lowercase()
    };
    let (email, first, last) = (call.require(Input::email)?.trim(), call.get(Input::first_name)?, call.get(Input::last_name)?);
    let mut found = call.having(User::email, email.to_owned());
    found.retain(|user| {
        let named = same(user.get(User::first_name), first) && same(user.get(User::last_name), last);
        user.is(User::is_patient) && user.organization() == organization && named
    });
    Ok(found.pop())
}

fn new(call: &mut Call<'_, Input>, provider: &Row<User>) -> Result<Row<User>, Refusal> {
    let mut client: Draft<User> = call
        .blank_draft::<User>()
        .belongs_to(provider.organization())
        .set(User::is_patient, true)
        .set(User::active, true)
        .set(User::email, call.require(Input::email)?.to_owned())
        .set(User::first_name, call.require(Input::first_name)?.to_owned())
        .set(User::last_name, call.require(Input::last_name)?.to_owned())
        .set(User::dietitian_id, provider.id());
    if let Some(phone) = call.get(Input::phone_number)? {
        client.put(User::phone_number, phone.to_owned());
    }
    client.set_value(User::timezone.slot, provider.value(User::timezone.slot).clone());
    users::refuse_invalid_email(&client)?;
    Ok(users::set_signup_token(call, client).save(call))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_lead_becomes_a_patient_once() {
        let clinic = Clinic::open();
        let (form, question) = (clinic.id("CustomModuleForm", "checkin"), clinic.id("CustomModule", "feeling"));
        let provider = clinic.id("User", "provider");
        let create = |email: &str| {
            format!(
                r#"createClientViaForm(input: {{custom_module_form_id: "{form}", provider_id: "{provider}", first_name: "Nia", last_name: "Nord", email: "{email}", phone_number: "2125550100",
                    form_answers: [{{custom_module_id: "{question}", answer: "Fine"}}]}})"#
            )
        };
        let nobody = clinic.as_role("nobody");
        for _ in 0..2 {
            let answer = nobody.run(&format!(
                "mutation {{ {} {{ form_answer_group {{ id }} messages {{ field message }} }} }}",
                create("nia@lead.example")
            ));
            assert_eq!(answer["data"]["createClientViaForm"]["messages"], json!(null), "{answer}");
        }
        let found = clinic.run(r#"{ users(keywords: "nord") { full_name phone_number dietitian { first_name } form_answer_groups { form_answers { answer } } } }"#);
        let filled = json!({"form_answers": [{"answer": "Fine"}]});
        let expected = json!([{"full_name": "Nia Nord", "phone_number": "2125550100", "dietitian": {"first_name": "Priya"}, "form_answer_groups": [filled, filled]}]);
        assert_eq!(found["data"]["users"], expected);
        assert_eq!(clinic.events(), ["patient.created", "form_answer_group.created", "form_answer_group.created"]);
        nobody.refuses(&create("nia"), &[("email", "is invalid")]);
        nobody.refuses("createClientViaForm(input: {})", &[("custom_module_form_id", "CustomModuleForm not found")]);
    }
}
