//! Mutations: all kinds of inputs from all kinds of callers, and the answers that a caller who reads them gets to see.

use crate::{
    clinic::{Clinic, NOBODY},
    invention::{Inventor, Manner, Pick, smallest},
    mutation::Mutation,
    root_field::RootField,
};
use healthie_mock::{engine::World, schema::Version};
use serde_json::Value as Json;

/// How often a caller does as the messages say.
const PATIENCE: usize = 6;

const SENSIBLE: &[Manner] = &[Manner::Whole, Manner::Partial, Manner::Partial, Manner::Least, Manner::Absent];
const SENSIBLE_CALLERS: &[&str] = &["owner", "provider", "limited", "patient", "outsider", NOBODY];
const ODD: &[Manner] = &[Manner::Nulls, Manner::Blanks, Manner::Blanks, Manner::WrongIds, Manner::WrongIds, Manner::Huge, Manner::Strange];
const ODD_CALLERS: &[&str] = &["owner", "patient"];

pub fn keep_their_word(clinic: &Clinic, field: &RootField) -> Result<(), String> {
    let mutation = Mutation::new(clinic, field);
    let of = |callers: &'static [&str], manners: &'static [Manner]| {
        callers.iter().flat_map(move |caller| manners.iter().map(move |manner| (*caller, *manner)))
    };
    for (turn, (caller, manner)) in of(SENSIBLE_CALLERS, SENSIBLE).chain(of(ODD_CALLERS, ODD)).enumerate() {
        let inventor = Inventor::new(clinic, field, manner, Pick::Any { turn });
        if let Err(input) = insist(&mutation, &clinic.world(), caller, inventor) {
            let attempt = |input: &Json| mutation.attempt(&clinic.world(), caller, input);
            let input = smallest(input, mutation.input_type().inputs(), |less| attempt(less).is_err());
            let why = attempt(&input).expect_err("it is wrong still");
            return Err(format!("{caller}, {manner:?}: {why}\nwith {input}\n{}", mutation.document));
        }
    }
    Ok(())
}

/// Tries until it is done, or nothing can be mended. Err is the input with which the mutation broke its word.
fn insist(mutation: &Mutation<'_>, world: &World, caller: &str, mut inventor: Inventor<'_>) -> Result<(), Json> {
    let mut input = inventor.value(mutation.args, mutation.input);
    for _ in 0..PATIENCE {
        let Ok(refused) = mutation.attempt(world, caller, &input) else { return Err(input) };
        if !inventor.mend(&mut input, mutation.input_type(), &refused) {
            break;
        }
    }
    Ok(())
}

/// The clinic with records of whatever can be created, in both organizations. What goes wrong here is told by the test.
pub fn lived_in(mut clinic: Clinic) -> Clinic {
    let mut creates = RootField::all("Mutation", |slot| clinic.catalogue.mutation(slot).is_some());
    creates.retain(|field| field.version == Version::V2026_01_01 && field.def.name().starts_with("create"));
    // Later with what was made before.
    for (turn, manner) in [Manner::Partial, Manner::Least, Manner::Partial, Manner::Partial].into_iter().enumerate() {
        let world = clinic.world();
        for field in &creates {
            let made = clinic.records(field.about(&clinic));
            let lacking = [("owner", &made.own), ("outsider", &made.others)].into_iter().filter(|(_, made)| made.len() < 3);
            for (caller, _) in lacking {
                let inventor = Inventor::new(&clinic, field, manner, Pick::Any { turn });
                insist(&Mutation::new(&clinic, field), &world, caller, inventor).unwrap_or_default();
            }
        }
        clinic = clinic.after(&world);
    }
    clinic
}
