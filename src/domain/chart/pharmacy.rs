//! Pharmacies: a small part of what an e-prescribing network knows.

use super::medication_option::LEAST;
use crate::engine::{Answer, Entity, Input, Page, QueryError, Reading, View};
use crate::schema::names::{Pharmacy, args};
use crate::schema::{Field, Named, Text, Version};

type Asked = args::pharmacies;

pub fn entity() -> Entity<Pharmacy> {
    Entity::usual().visible(|pharmacy| pharmacy.on.viewer().user.is_some())
}

/// Documented: texts have three characters, and the newer version needs a zip code, an NCPDP id or a number. Assumed: what is
/// asked otherwise finds nothing.
pub fn pharmacies(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let text = |field| asked.get(field).ok().flatten().map(str::trim).filter(|text: &&str| !text.is_empty()).map(str::to_lowercase);
    let state = asked.get(Asked::state).ok().flatten().map(str::to_lowercase);
    let ncpdp = asked.get(Asked::ncpdp_id).ok().flatten();
    let specialties = asked.get(Asked::specialties).ok().flatten().unwrap_or_default();
    let texts = [
        (text(Asked::name), Pharmacy::name),
        (text(Asked::city), Pharmacy::city),
        (text(Asked::address), Pharmacy::line1),
        (text(Asked::zip), Pharmacy::zip),
    ];
    let number = text(Asked::phone_or_fax).map(|number| digits(&number));
    let is_short = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() < LEAST);
    let names_none = texts[3].0.is_none() && ncpdp.is_none() && number.is_none();
    if texts.iter().any(|(text, _)| is_short(text)) || is_short(&number) || names_none && on.scene.version != Version::V2024_06_01 {
        return Ok(Answer::NULL);
    }
    let fits = |pharmacy: &View<'_, Pharmacy>| {
        let holds = |field: Field<Pharmacy, Text>, wanted: &str| pharmacy.get(field).is_some_and(|own| own.to_lowercase().contains(wanted));
        let called = |wanted: &String| {
            [Pharmacy::phone_number, Pharmacy::fax_number]
                .iter()
                .any(|field| pharmacy.get(*field).is_some_and(|own| digits(own).contains(wanted)))
        };
        let own = pharmacy.get(Pharmacy::specialties).unwrap_or_default();
        texts.iter().all(|(text, field)| text.as_ref().is_none_or(|text| holds(*field, text)))
            && state.as_ref().is_none_or(|state| holds(Pharmacy::state, state))
            && number.as_ref().is_none_or(called)
            && ncpdp.is_none_or(|wanted| pharmacy.get(Pharmacy::ncpdpid) == Some(wanted))
            && specialties.iter().all(|wanted| own.iter().any(|own| own.eq_ignore_ascii_case(wanted)))
    };
    let mut found: Vec<_> = on.all::<Pharmacy>().filter(fits).collect();
    found.sort_by_cached_key(|pharmacy| (pharmacy.get(Pharmacy::name).unwrap_or_default().to_owned(), pharmacy.id()));
    let rows = found.into_iter().map(|pharmacy| pharmacy.record().clone()).collect();
    let connection = on.scene.version != Version::V2024_06_01;
    Ok(Answer::Page(Page::whole(Pharmacy::TYPE, rows).cut(on, asked.lifted, connection)?))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
