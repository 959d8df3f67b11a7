//! One mutation, tried again and again, and what every answer of its has to be: done, or refused with a reason and
//! without a trace.

use crate::{
    clinic::{Clinic, data},
    root_field::RootField,
    selection::Below,
};
use healthie_mock::{
    engine::{World, table},
    schema::{FieldDef, InputDef, TypeDef, TypeId, Version},
};
use serde_json::{Value as Json, json};
use std::slice;

pub struct Mutation<'c> {
    pub clinic: &'c Clinic,
    pub field: &'c RootField,
    /// The type that stands for the arguments, of which `input` is the only one.
    pub args: TypeId,
    pub input: &'static InputDef,
    pub document: String,
    payload: Below,
    /// The payload's fields that show records.
    records: Vec<Shown>,
}

/// A field that shows records of one type, and the queries that find one by its id, each with the argument that takes it.
struct Shown {
    field: &'static str,
    of: TypeId,
    getters: Vec<(&'static str, &'static str, String)>,
}

impl<'c> Mutation<'c> {
    pub fn new(clinic: &'c Clinic, field: &'c RootField) -> Self {
        let payload = Below::whole(field.version.schema(), field.def.ty, 2);
        let input = field.def.arg(field.version, "input").expect("a mutation takes an input");
        let args = field.def.args_shape().expect("it is one of them");
        let stored = field.answers_with().fields().iter().filter(|field| clinic.catalogue.is_stored(field.ty.base));
        let records = stored.map(|shown| Shown::new(clinic, field.version, shown)).collect();
        Self { document: field.document("mutation", &[input], &payload), clinic, field, args, input, payload, records }
    }

    pub fn input_type(&self) -> &'static TypeDef {
        self.field.version.schema().of(self.input.ty)
    }

    /// The fields that the caller is told to mend, none where there is nothing to mend. Err for a word that isn't kept.
    pub fn attempt(&self, world: &World, caller: &str, input: &Json) -> Result<Vec<String>, String> {
        let before = world.snapshot().commit;
        let data = self.ask(world, caller, &self.document, &json!({ "input": input }))?;
        let payload = &data[self.field.def.name()];
        self.payload.check(self.field.version.schema(), self.field.def.ty, payload).map_err(|misfit| format!("its answer{misfit}"))?;
        let leaves_a_trace = world.snapshot().commit != before;
        let judged = match payload.get("messages") {
            // What two mutations share, and answer with as it is.
            None if payload.is_null() && leaves_a_trace => Err("is refused, and leaves a trace".to_owned()),
            None => Ok(vec![]),
            Some(Json::Array(_)) if leaves_a_trace => Err("is refused, and leaves a trace".to_owned()),
            Some(Json::Array(messages)) => self.judge_refusal(payload, messages),
            Some(_) => self.judge_success(world, caller, payload).map(|()| vec![]),
        };
        judged.map_err(|why| format!("{why}\nin {data}"))
    }

    fn ask(&self, world: &World, caller: &str, document: &str, variables: &Json) -> Result<Json, String> {
        data(&self.clinic.ask(world, caller, self.field.version, document, variables)?)
    }

    fn judge_refusal(&self, payload: &Json, messages: &[Json]) -> Result<Vec<String>, String> {
        let is_worded = |message: &Json| message["message"].as_str().is_some_and(|text| !text.trim().is_empty());
        match messages {
            _ if self.shows_something(payload) => Err("is refused, and shows what was made".to_owned()),
            [] => Err("is refused for no reason".to_owned()),
            messages if !messages.iter().all(is_worded) => Err("is refused without words".to_owned()),
            messages => Ok(messages.iter().filter_map(|message| message["field"].as_str()).map(str::to_owned).collect()),
        }
    }

    fn judge_success(&self, world: &World, caller: &str, payload: &Json) -> Result<(), String> {
        if !self.records.is_empty() && !self.shows_something(payload) {
            return Err("says neither that it is done nor why not".to_owned());
        }
        let name = self.field.def.name().to_lowercase();
        if ["delete", "remove", "destroy"].iter().any(|verb| name.contains(verb)) {
            return Ok(());
        }
        // Who has just signed in or up sees more of themselves than whoever called.
        let token = payload["token"].as_str().unwrap_or_default();
        let holder = token.rsplit('_').next().unwrap_or_default();
        for shown in &self.records {
            let records = payload[shown.field].as_array().map_or(slice::from_ref(&payload[shown.field]), Vec::as_slice);
            for id in records.iter().filter_map(|record| record["id"].as_str()) {
                if !shown.can_be_read(self, world, &[caller, holder, "owner", "outsider"], id)? {
                    return Err(format!("is done, but {} {id} cannot be read", shown.of.name()));
                }
            }
        }
        Ok(())
    }

    /// What may not be null says nothing.
    /// Beside why not: documented, Stripe's answer to a refused charge is a field of its own.
    fn shows_something(&self, payload: &Json) -> bool {
        let reasons = ["messages", "stripeError"];
        let mut fields =
            self.field.answers_with().fields().iter().filter(|field| !reasons.contains(&field.name()) && !field.ty.is_non_null());
        fields.any(|field| !payload[field.name()].is_null())
    }
}

impl Shown {
    fn new(clinic: &Clinic, version: Version, shown: &'static FieldDef) -> Self {
        let of = shown.ty.base;
        let queries = RootField::all("Query", |slot| clinic.catalogue.query(slot).is_some());
        let gets = |field: &RootField| {
            let asks_for_more = field.args().iter().any(|arg| arg.is_required() && arg.name() != "id");
            field.version == version && field.def.ty.base == of && !field.def.ty.is_list() && !asks_for_more
        };
        // `conversationMembership(id:)` takes the id of something else.
        let names_one = |arg: &str| {
            let own = |stem: &str| stem.replace('_', "").eq_ignore_ascii_case(of.name());
            arg == "id" || arg.strip_suffix("_id").is_some_and(own)
        };
        let getters_of = |field: RootField| {
            let below = Below::whole(version.schema(), field.def.ty, 1);
            let args = field.args().iter().filter(|arg| names_one(arg.name()));
            let getters = args.map(|arg| (field.def.name(), arg.name(), field.document("query", &[arg], &below)));
            getters.collect::<Vec<_>>()
        };
        Self { field: shown.name(), of, getters: queries.into_iter().filter(gets).flat_map(getters_of).collect() }
    }

    /// By the caller, or by an owner: some give away what they may see. In the state alone, where no query gets one.
    fn can_be_read(&self, mutation: &Mutation<'_>, world: &World, readers: &[&str], id: &str) -> Result<bool, String> {
        let is_stored = id.parse().is_ok_and(|id| world.snapshot().state.get(table(self.of), id).is_some());
        let mut is_found = self.getters.is_empty();
        for (getter, arg, document) in &self.getters {
            for reader in readers {
                is_found |= mutation.ask(world, reader, document, &json!({ *arg: id }))?[getter]["id"] == *id;
            }
        }
        Ok(is_stored && is_found)
    }
}
