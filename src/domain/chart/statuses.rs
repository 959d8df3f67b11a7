//! The smaller objects of a chart, which most integrations only write.

use crate::engine::Entity;
use crate::schema::names::{Immunization, Problem, Procedure};

/// Documented: all but the notes is never null.
pub fn immunization() -> Entity<Immunization> {
    Entity::usual()
        .requires(Immunization::user_id)
        .requires(Immunization::cvx_code)
        .requires(Immunization::vaccine_name)
        .requires(Immunization::received_at)
        .requires(Immunization::status)
}

pub fn problem() -> Entity<Problem> {
    Entity::usual().defaults(Problem::requires_consolidation, false)
}

pub fn procedure() -> Entity<Procedure> {
    Entity::usual().requires(Procedure::cpt_code_id)
}
