//! What a lab found, analyte by analyte.

use crate::engine::{Entity, View};
use crate::schema::EnumValue;
use crate::schema::names::{LabObservationRequest, LabObservationResult, LabOrderInterpretation as Interpretation, LabResult};

pub fn entity() -> Entity<LabResult> {
    Entity::usual()
        .about(LabResult::patient_id)
        .indexed(LabResult::lab_order_id)
        .collects(LabResult::lab_observation_requests, LabObservationRequest::lab_result_id)
        .computed(LabResult::interpretation, |result| Some(worst(interpretations(result))))
}

pub fn request() -> Entity<LabObservationRequest> {
    Entity::usual().collects(LabObservationRequest::lab_observation_results, LabObservationResult::lab_observation_request_id)
}

pub fn observation() -> Entity<LabObservationResult> {
    Entity::usual()
        .indexed(LabObservationResult::lab_observation_request_id)
        .computed(LabObservationResult::is_abnormal, |result| {
            Some(rank_of(interpretation(result).name) > rank_of(Interpretation::NORMAL.name))
        })
        .computed(LabObservationResult::interpretation, |result| Some(interpretation(result)))
}

/// Inferred from the flag, in HL7's letters: high and low are abnormal, twice the letter is critical.
fn interpretation(result: &View<'_, LabObservationResult>) -> EnumValue<Interpretation> {
    match result.get(LabObservationResult::abnormal_flag).unwrap_or_default().trim().to_uppercase().as_str() {
        "" => Interpretation::UNKNOWN,
        "N" | "NORMAL" => Interpretation::NORMAL,
        "HH" | "LL" | "AA" | "C" | "CRITICAL" => Interpretation::CRITICAL,
        _ => Interpretation::ABNORMAL,
    }
}

fn rank_of(interpretation: &str) -> usize {
    ["UNKNOWN", "NORMAL", "ABNORMAL", "CRITICAL"].iter().position(|name| *name == interpretation).unwrap_or(0)
}

/// What each finding of a result means.
pub fn interpretations(result: &View<'_, LabResult>) -> Vec<EnumValue<Interpretation>> {
    let requests = result.on.having(LabObservationRequest::lab_result_id, result.id());
    let found = requests.flat_map(|request| request.on.having(LabObservationResult::lab_observation_request_id, request.id()));
    found.map(|own| interpretation(&own)).collect()
}

pub fn worst(all: impl IntoIterator<Item = EnumValue<Interpretation>>) -> EnumValue<Interpretation> {
    all.into_iter().max_by_key(|own| rank_of(own.name)).unwrap_or(Interpretation::UNKNOWN)
}
