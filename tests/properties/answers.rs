//! Queries: every leaf two levels deep, for everybody, by the arguments that choose records.

use crate::{
    clinic::{Clinic, data},
    invention::{Inventor, Manner, Pick, is_id, smallest},
    root_field::RootField,
    selection::Below,
};
use healthie_mock::schema::InputDef;
use serde_json::Value as Json;
use std::{cell::RefCell, collections::BTreeSet};

/// Cursors would have to be a list's own.
const LEFT_OUT: &[&str] = &["after", "before", "last"];

pub fn are_what_the_schema_says(clinic: &Clinic, field: &RootField) -> Result<(), String> {
    let schema = field.version.schema();
    let world = clinic.world();
    let args: Vec<&InputDef> = field.args().iter().filter(|arg| !LEFT_OUT.contains(&arg.name())).collect();
    let (whole, thin) = asked_with(clinic, field, &args);
    for (at, below) in Below::whole(schema, field.def.ty, 2).parts().into_iter().enumerate() {
        let document = field.document("query", &args, &below);
        // Many are answered alike.
        let seen = RefCell::new(BTreeSet::new());
        let ask = |caller: &str, arguments: &Json| {
            let body = clinic.ask(&world, caller, field.version, &document, arguments)?;
            if !seen.borrow().contains(&body) {
                below.check(schema, field.def.ty, &data(&body)?[field.def.name()])?;
                seen.borrow_mut().insert(body);
            }
            Ok::<_, String>(())
        };
        // That arguments are taken shows in any part.
        let thin = if at == 0 { &thin[..] } else { &[] };
        for (arguments, caller) in
            whole.iter().chain(thin).flat_map(|arguments| clinic.callers.iter().map(move |caller| (arguments, caller)))
        {
            if ask(caller, arguments).is_err() {
                let arguments = smallest(arguments.clone(), args.iter().copied(), |less| ask(caller, less).is_err());
                let why = ask(caller, &arguments).expect_err("it is wrong still");
                return Err(format!("{caller}: {why}\nwith {arguments}\n{document}"));
            }
        }
    }
    Ok(())
}

/// The arguments that choose which records are seen whole, and the others.
fn asked_with(clinic: &Clinic, field: &RootField, args: &[&InputDef]) -> (Vec<Json>, Vec<Json>) {
    let invent = |manner, pick| Inventor::new(clinic, field, manner, pick);
    // Where there are none, nothing is asked of the type.
    let of = field.def.args_shape().unwrap_or(field.def.ty.base);
    let object = |manner, pick| invent(manner, pick).object(of, args.iter().copied());
    let least = object(Manner::Least, Pick::First);
    // A few of a list's records show as much as ten.
    let mut few = least.clone();
    for size in args.iter().filter(|arg| ["first", "page_size"].contains(&arg.name())) {
        few[size.name()] = 4.into();
    }
    let (mut whole, mut thin) = (vec![few.clone()], vec![object(Manner::Whole, Pick::First), object(Manner::Whole, Pick::Last), least]);
    for arg in args.iter().filter(|arg| is_id(arg.name(), arg.ty.base.name())) {
        let named = [Pick::First, Pick::Last, Pick::Others].map(|pick| {
            let mut arguments = few.clone();
            arguments[arg.name()] = invent(Manner::Whole, pick).value(of, arg);
            arguments
        });
        if arg.name() == "id" { whole.extend(named) } else { thin.extend(named) }
    }
    (whole, thin)
}
