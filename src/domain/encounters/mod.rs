//! Encounters, and the episodes of care that they belong to.

mod episode_of_care;
mod patient_encounter;

pub use patient_encounter::follow_visit;

use crate::engine::Area;
use crate::schema::names::{EpisodeOfCare, Mutation, Query};

pub fn area() -> Area {
    Area::new("encounters")
        .entity(episode_of_care::entity())
        .entity(patient_encounter::entity())
        .lists_all(Query::episodesOfCare, EpisodeOfCare)
        .query(Query::patientEncounter, patient_encounter::patient_encounter)
        .mutation(Mutation::createEpisodeOfCare, episode_of_care::create)
        .mutation(Mutation::deleteEpisodeOfCare, episode_of_care::delete)
        .mutation(Mutation::linkEncounterToEpisodeOfCare, episode_of_care::link)
        .mutation(Mutation::unlinkEncounterToEpisodeOfCare, episode_of_care::unlink)
        .mutation(Mutation::updateEpisodeOfCare, episode_of_care::update)
}
