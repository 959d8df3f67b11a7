//! `signFormAnswerGroup`, `createFormAnswerGroupSigning` and `deleteFormAnswerGroupSigning`: who stands for a note.

use super::{
    audit,
    permission::{Deed, refuse_without},
};
use crate::engine::{Call, Entity, Made, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{
    Action, FormAnswerGroup as Group, FormAnswerGroupAuditEvent, FormAnswerGroupSigning as Signing, OrganizationMembership, SignInput,
    SignPayload, User, createFormAnswerGroupSigningInput as Create, deleteFormAnswerGroupSigningInput as Delete,
};

/// Whoever sees a note sees who signed it.
pub fn entity() -> Entity<Signing> {
    fn signer<'s>(signing: &View<'s, Signing>) -> Option<View<'s, User>> {
        signing.follow::<User, _>(Signing::user)
    }
    Entity::usual()
        .visible(|signing| {
            let group = signing.follow::<Group, _>(Signing::form_answer_group_id);
            group.is_some_and(|group| group.on.may_see(Group::TYPE, group.record()))
        })
        .answers(Signing::user, |signing| signer(signing).into())
        .computed(Signing::user_avatar_url, |signing| signer(signing)?.url(User::avatar_url))
        .computed(Signing::user_qualifications, |signing| signer(signing)?.get(User::qualifications).map(str::to_owned))
        .computed(Signing::user_full_legal_name, |signing| {
            let signer = signer(signing)?;
            let first = signer.get(User::legal_name).filter(|name| !name.trim().is_empty()).or(signer.get(User::first_name));
            Some([first, signer.get(User::last_name)].into_iter().flatten().collect::<Vec<_>>().join(" "))
        })
}

pub fn sign_form_answer_group(call: &mut Call<'_, SignInput>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(SignInput::id)?;
    let signer = call.viewer_id();
    let (group, signing) = sign(call, &group, signer)?;
    Ok(Made::from(group).also(SignPayload::form_answer_group_signing, signing))
}

/// Assumed: only administrators sign for somebody else.
pub fn create_form_answer_group_signing(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Create::form_answer_group_id)?;
    let signer = match call.is_blank(Create::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Create::user_id)?.id(),
    };
    if !call.viewer().is(signer) && !call.viewer().is_admin() {
        return Err(Refusal::no_permission("sign this form answer group"));
    }
    Ok(sign(call, &group, signer)?.1.into())
}

/// Documented: each signs once, several may. Observed: a locked note can be signed. Assumed: the text.
fn sign<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, signer: u64) -> Result<(Row<Group>, Row<Signing>), Refusal> {
    refuse_without(call, group, Deed::Sign)?;
    let mut signed_by = group.get(Group::signed_by_ids).unwrap_or_default();
    if signed_by.contains(&signer) {
        return Err(Refusal::base("This form has already been signed by this provider"));
    }
    signed_by.push(signer);
    let signing = call.blank_draft::<Signing>().belongs_to(group.organization());
    let signing = signing.set(Signing::form_answer_group_id, group.id()).set(Signing::user, signer).save(call);
    audit::entry(call, group, Action::SIGNED).set(FormAnswerGroupAuditEvent::signing_id, signing.id()).save(call);
    Ok((call.change(group).set(Group::signed_by_ids, signed_by).save(call), signing))
}

/// Documented: one's own, or with a permission; announced by no event.
pub fn delete_form_answer_group_signing(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let signing = call.target::<Signing, _>(Delete::id)?;
    let signer = signing.value(Signing::user.slot).as_id();
    if !signer.is_some_and(|signer| call.viewer().is(signer)) {
        call.needs(OrganizationMembership::can_remove_org_member_signatures, "remove this signature")?;
    }
    if let Some(group) = signing.get(Signing::form_answer_group_id).and_then(|group| call.find_any::<Group>(group)) {
        let mut signed_by = group.get(Group::signed_by_ids).unwrap_or_default();
        signed_by.retain(|by| Some(*by) != signer);
        let group = call.change(&group).set(Group::signed_by_ids, signed_by).save(call);
        audit::entry(call, &group, Action::REMOVE_SIGNATURE).save(call);
    }
    call.delete(&signing);
    Ok(signing.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn several_may_sign_each_of_them_once() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "patient_note");
        let sign = format!("signFormAnswerGroup(input: {{id: {id}}})");
        let answer = clinic.run(&format!(
            "mutation {{ {sign} {{ form_answer_group {{ chart_note_status form_answer_group_signings {{ user_full_legal_name user {{ first_name }} }} }}
                form_answer_group_signing {{ id user {{ first_name }} }} messages {{ message }} }} }}"
        ));
        let signed = &answer["data"]["signFormAnswerGroup"];
        assert_eq!(signed["form_answer_group"]["chart_note_status"], "CO_SIGNED_AND_LOCKED", "{answer}");
        assert_eq!(
            signed["form_answer_group"]["form_answer_group_signings"][1],
            json!({"user_full_legal_name": "Margaret Ellison", "user": {"first_name": "Margaret"}})
        );
        clinic.refuses(&sign, &[("base", "This form has already been signed by this provider")]);
        clinic.as_role("support").refuses(&sign, &[("base", "You do not have permission to sign this form answer group.")]);
        let signing = signed["form_answer_group_signing"]["id"].as_str().unwrap_or_default();
        let remove = format!("deleteFormAnswerGroupSigning(input: {{id: \"{signing}\"}})");
        clinic.as_role("provider").refuses(&remove, &[("base", "You do not have permission to remove this signature.")]);
        let answer = clinic.run(&format!("mutation {{ {remove} {{ formAnswerGroupSigning {{ id }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteFormAnswerGroupSigning"]["messages"], json!(null));
        assert_eq!(clinic.events(), ["form_answer_group.signed"]);
        let again = clinic.run(&format!("mutation {{ createFormAnswerGroupSigning(input: {{form_answer_group_id: \"{id}\"}}) {{ formAnswerGroupSigning {{ id }} messages {{ message }} }} }}"));
        assert_eq!(again["data"]["createFormAnswerGroupSigning"]["messages"], json!(null), "{again}");
    }
}
