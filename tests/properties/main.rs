//! What every emulated root field promises, in both versions. The catalogue says which there are: a new one is held to
//! it by being there. The same questions on every machine.

mod answers;
mod attempts;
mod clinic;
mod export;
mod invention;
mod mutation;
mod root_field;
mod selection;

use clinic::Clinic;
use root_field::{RootField, all_hold};
use std::sync::LazyLock;

static CLINIC: LazyLock<Clinic> = LazyLock::new(|| attempts::lived_in(Clinic::open()));

#[test]
fn every_root_field_answers_with_every_scalar_two_levels_deep() {
    let queries = RootField::all("Query", |slot| CLINIC.catalogue.query(slot).is_some());
    all_hold(&queries, |query| answers::are_what_the_schema_says(&CLINIC, query));
}

#[test]
fn every_mutation_keeps_its_word() {
    let mutations = RootField::all("Mutation", |slot| CLINIC.catalogue.mutation(slot).is_some());
    all_hold(&mutations, |mutation| attempts::keep_their_word(&CLINIC, mutation));
}

#[test]
fn an_export_loses_nothing() {
    let mutations = RootField::all("Mutation", |slot| CLINIC.catalogue.mutation(slot).is_some());
    let queries = RootField::all("Query", |slot| CLINIC.catalogue.query(slot).is_some());
    let complaints: Vec<String> = (0..3).filter_map(|chance| export::loses_nothing(&CLINIC, &mutations, &queries, chance).err()).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}
