//! Smart phrases: texts that a member writes often, by a short name.

use crate::domain::members;
use crate::engine::{Call, Entity, Kind, List, Made, Refusal, Row, View};
use crate::schema::names::{
    OrganizationMembership, SmartPhrase, User, args::smartPhrases as Asked, createSmartPhraseInput as Create,
    deleteSmartPhraseInput as Delete, updateSmartPhraseInput as Update,
};
use crate::schema::{Field, Named};

/// A member's own. Documented (share_smart_phrases): others see those of members who share them.
pub fn entity() -> Entity<SmartPhrase> {
    Entity::usual()
        .requires(SmartPhrase::name)
        .requires(SmartPhrase::phrase)
        .searched_anew()
        .searched(SmartPhrase::name)
        .searched(SmartPhrase::phrase)
        .visible(|phrase| owner(phrase).is_some_and(|owner| phrase.on.viewer().is(owner)) || is_shared(phrase))
}

fn owner(phrase: &Row<SmartPhrase>) -> Option<u64> {
    phrase.value(SmartPhrase::user.slot).as_id()
}

fn is_shared(phrase: &View<'_, SmartPhrase>) -> bool {
    let membership = owner(phrase).and_then(|owner| members::of_user(phrase.on, owner));
    phrase.on.viewer().reaches(phrase.organization())
        && membership.is_some_and(|member| member.is(OrganizationMembership::share_smart_phrases))
}

pub fn smart_phrases() -> List<SmartPhrase, Asked> {
    List::new()
        .keywords(Asked::keywords)
        .filter(Asked::user_id, |phrase, user| owner(phrase) == Some(user))
        .page_size(15)
        .default_order("NAME_ASC")
}

/// Assumed: only the owner and administrators make one for somebody else.
pub fn create_smart_phrase(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let whose = match call.is_blank(Create::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Create::user_id)?.id(),
    };
    if !call.viewer().is(whose) && !call.viewer().is_admin() {
        return Err(Refusal::no_permission("create this smart phrase"));
    }
    let phrase = call.draft::<SmartPhrase>().set(SmartPhrase::user, whose);
    call.check(&phrase)?;
    Ok(phrase.save(call).into())
}

pub fn update_smart_phrase(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let phrase = own(call, Update::id)?;
    let draft = call.edit(&phrase);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

pub fn delete_smart_phrase(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let phrase = own(call, Delete::id)?;
    call.delete(&phrase);
    Ok(phrase.into())
}

/// Shared ones are to be used, not to be changed.
fn own<I: Named, K: Kind>(call: &Call<'_, I>, id: Field<I, K>) -> Result<Row<SmartPhrase>, Refusal> {
    let phrase = call.target::<SmartPhrase, _>(id)?;
    let owns = owner(&phrase).is_some_and(|owner| call.viewer().is(owner));
    if owns { Ok(phrase) } else { Err(Refusal::no_permission("change this smart phrase")) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn phrases_are_ones_own_and_those_that_others_share() {
        let clinic = Clinic::open();
        let make = |role, name: &str| {
            let document = format!(
                r#"mutation {{ createSmartPhrase(input: {{name: "{name}", phrase: "Text"}}) {{ smartPhrase {{ id user {{ id }} }} messages {{ message }} }} }}"#
            );
            let answer = clinic.as_role(role).run(&document);
            answer["data"]["createSmartPhrase"]["smartPhrase"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
        };
        let (owners, _) = (make("owner", "zz"), make("provider2", "yy"));
        let seen = |role| {
            clinic.as_role(role).run(r#"{ smartPhrases(keywords: "text") { name } smartPhrasesCount(keywords: "text") }"#)["data"].clone()
        };
        assert_eq!(seen("provider2"), json!({"smartPhrases": [{"name": "yy"}, {"name": "zz"}], "smartPhrasesCount": 2}));
        assert_eq!(seen("owner"), json!({"smartPhrases": [{"name": "zz"}], "smartPhrasesCount": 1}));
        assert_eq!(seen("patient"), json!({"smartPhrases": [], "smartPhrasesCount": 0}));
        let refused = [("base", "You do not have permission to change this smart phrase.")];
        clinic.as_role("provider2").refuses(&format!("deleteSmartPhrase(input: {{id: {owners}}})"), &refused);
        clinic.refuses(r#"createSmartPhrase(input: {name: "x"})"#, &[("phrase", "can't be blank")]);
    }
}
