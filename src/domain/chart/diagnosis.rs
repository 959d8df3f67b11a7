//! What a patient has, by code.

use crate::engine::Entity;
use crate::schema::names::{Diagnosis, IcdCode};

pub fn entity() -> Entity<Diagnosis> {
    Entity::usual().requires(Diagnosis::user_id).requires(Diagnosis::icd_code_id).defaults(Diagnosis::active, true).computed(
        Diagnosis::display_name,
        |diagnosis| {
            let code = diagnosis.follow::<IcdCode, _>(Diagnosis::icd_code_id)?;
            let part = |field| code.get(field).unwrap_or_default();
            Some(format!("{}: {}", part(IcdCode::code), part(IcdCode::description)))
        },
    )
}
