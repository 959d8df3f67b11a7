//! Encounters, and the episodes of care that they belong to.

use crate::engine::Area;
use crate::schema::names::{EpisodeOfCare, Mutation, PatientEncounter, Query};

pub fn area() -> Area {
    Area::new("encounters")
        .lists_all(Query::episodesOfCare, EpisodeOfCare)
        .gets(Query::patientEncounter, PatientEncounter)
        .creates(Mutation::createEpisodeOfCare, EpisodeOfCare)
        .deletes(Mutation::deleteEpisodeOfCare, EpisodeOfCare)
        .leaves_out(Mutation::linkEncounterToEpisodeOfCare, "not built yet")
        .leaves_out(Mutation::unlinkEncounterToEpisodeOfCare, "not built yet")
        .updates(Mutation::updateEpisodeOfCare, EpisodeOfCare)
}
