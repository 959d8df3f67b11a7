//! Favourites: the codes that a member keeps at hand.

use super::catalogue::label;
use crate::engine::{Call, Entity, List, Reading, Refusal, Row, View};
use crate::schema::names::{CptCode, IcdCode, PreferredMedicalCode, args};
use crate::schema::{Field, Named, Text};

pub fn entity() -> Entity<PreferredMedicalCode> {
    Entity::usual()
        .made_by(PreferredMedicalCode::user_id)
        .indexed(PreferredMedicalCode::cpt_code_id)
        .indexed(PreferredMedicalCode::icd_code_id)
        .visible(|one| one.get(PreferredMedicalCode::user_id).is_some_and(|user| one.on.viewer().is(user)))
        .computed(PreferredMedicalCode::code_identifier, |one| text(one, CptCode::code, IcdCode::code))
        .computed(PreferredMedicalCode::code_indentifier, |one| text(one, CptCode::code, IcdCode::code))
        .computed(PreferredMedicalCode::code_description, |one| text(one, CptCode::description, IcdCode::description))
        .computed(PreferredMedicalCode::display_name, |one| {
            let code = text(one, CptCode::code, IcdCode::code);
            Some(label(code.as_deref(), text(one, CptCode::description, IcdCode::description).as_deref(), ": "))
        })
}

fn text(one: &View<'_, PreferredMedicalCode>, of_cpt: Field<CptCode, Text>, of_icd: Field<IcdCode, Text>) -> Option<String> {
    match one.follow::<CptCode, _>(PreferredMedicalCode::cpt_code_id) {
        Some(code) => code.get(of_cpt).map(str::to_owned),
        None => one.follow::<IcdCode, _>(PreferredMedicalCode::icd_code_id)?.get(of_icd).map(str::to_owned),
    }
}

pub fn has_cpt(code: &View<'_, CptCode>) -> bool {
    Kind::Cpt.find(code.on, code.id()).is_some()
}

pub fn has_icd(code: &View<'_, IcdCode>) -> bool {
    Kind::Icd.find(code.on, code.id()).is_some()
}

/// Which catalogue a favourite is of.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Cpt,
    Icd,
}

impl Kind {
    /// Assumed: nothing says how a type of code is written, so whatever begins with its name in either case will do.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        match () {
            () if text.starts_with("cpt") => Some(Self::Cpt),
            () if text.starts_with("icd") => Some(Self::Icd),
            () => None,
        }
    }

    pub fn required<I: Named>(call: &Call<'_, I>, field: Field<I, Text>) -> Result<Self, Refusal> {
        Self::read(call.require(field)?).ok_or_else(|| Refusal::on(field, "is not included in the list"))
    }

    pub fn column(self) -> Field<PreferredMedicalCode, crate::schema::Id> {
        match self {
            Self::Cpt => PreferredMedicalCode::cpt_code_id,
            Self::Icd => PreferredMedicalCode::icd_code_id,
        }
    }

    /// The viewer's favourite that is this code.
    pub fn find(self, on: Reading<'_>, code: u64) -> Option<Row<PreferredMedicalCode>> {
        let viewer = on.viewer().id();
        let mut all = on.having(self.column(), code);
        all.find(|one| one.get(PreferredMedicalCode::user_id) == viewer).map(|one| one.row().clone())
    }
}

pub fn preferred_medical_codes() -> List<PreferredMedicalCode, args::preferred_medical_codes> {
    List::new().unpaged().filter(args::preferred_medical_codes::code_type, |one, wanted| {
        Kind::read(wanted).is_none_or(|kind| one.get(kind.column()).is_some())
    })
}
