//! Exports of worlds in which much has happened, to which the same happens afterwards.

use crate::{
    clinic::Clinic,
    invention::{Inventor, Manner, Pick},
    root_field::RootField,
    selection::Below,
};
use healthie_mock::{engine::World, env::Random, seeds::Export};
use serde_json::json;
use std::collections::BTreeMap;

/// How many mutations happen in a world, and to it afterwards.
const MANY: usize = 150;
const CALLERS: &[&str] = &["owner", "provider", "patient", "outsider"];
const MANNERS: &[Manner] = &[Manner::Whole, Manner::Partial, Manner::Least, Manner::Strange, Manner::Blanks];

/// Whether a world, and one that is made of its export, are the same: their exports, what everybody sees, what happens next.
pub fn loses_nothing(clinic: &Clinic, mutations: &[RootField], queries: &[RootField], chance: u64) -> Result<(), String> {
    let world = clinic.world();
    let mut random = Random::new("exports", chance);
    live_on(clinic, &[&world], mutations, &mut random)?;
    let text = written(&world);
    let read = Export::read(&text, &clinic.catalogue).map_err(|error| error.to_string())?;
    let again = World::going_on("test", clinic.catalogue.clone(), read.standing);
    same_text(&text, &written(&again))?;
    for field in queries {
        let below = Below::whole(field.version.schema(), field.def.ty, 2).parts().into_iter().next();
        let Some(below) = below else { continue };
        let of = field.def.args_shape().unwrap_or(field.def.ty.base);
        let arguments = Inventor::new(clinic, field, Manner::Least, Pick::First).object(of, field.args());
        let document = field.document("query", &field.args().iter().collect::<Vec<_>>(), &below);
        let caller = CALLERS[random.below(CALLERS.len() as u64) as usize];
        let ask = |world: &World| clinic.ask(world, caller, field.version, &document, &arguments);
        if ask(&world)? != ask(&again)? {
            return Err(format!("{caller} sees something else: {document}\nwith {arguments}"));
        }
    }
    live_on(clinic, &[&world, &again], mutations, &mut random)?;
    same_text(&written(&world), &written(&again))
}

/// Mutations by chance, in each of `worlds`, which have to answer alike.
fn live_on(clinic: &Clinic, worlds: &[&World], mutations: &[RootField], random: &mut Random) -> Result<(), String> {
    let mut below = |many: usize| random.below(many as u64) as usize;
    for turn in 0..MANY {
        let field = &mutations[below(mutations.len())];
        let (caller, manner) = (CALLERS[below(CALLERS.len())], MANNERS[below(MANNERS.len())]);
        let (Some(args), Some(input)) = (field.def.args_shape(), field.def.arg(field.version, "input")) else { continue };
        let mut inventor = Inventor::new(clinic, field, manner, Pick::Any { turn });
        let input_value = inventor.value(args, input);
        let payload = Below::whole(field.version.schema(), field.def.ty, 2);
        let document = field.document("mutation", &[input], &payload);
        let answers = worlds.iter().map(|world| clinic.ask(world, caller, field.version, &document, &json!({ "input": input_value })));
        let answers = answers.collect::<Result<Vec<_>, _>>()?;
        if answers.iter().any(|answer| *answer != answers[0]) {
            return Err(format!("{caller} is answered something else: {document}\nwith {input_value}"));
        }
    }
    Ok(())
}

fn written(world: &World) -> String {
    let export =
        Export { seed: "clinic".to_owned(), standing: world.standing(), next_delivery: 1, roles: vec![], records: BTreeMap::new() };
    String::from_utf8(export.write()).expect("JSON is UTF-8")
}

fn same_text(first: &str, second: &str) -> Result<(), String> {
    let differs = first.lines().zip(second.lines()).find(|(first, second)| first != second);
    match differs {
        _ if first == second => Ok(()),
        Some((first, second)) => Err(format!("the exports differ:\n{first}\n{second}")),
        None => Err("one export goes on where the other ends".to_owned()),
    }
}
