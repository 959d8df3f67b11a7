//! What came of a visit: one for each client, made when the visit has taken place.

use crate::engine::{Answer, Call, Entity, Input, QueryError, Reading, Row};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentFormAnswerGroupConnection as Link, Cms1500, FormAnswerGroup, PatientEncounter, RequestedPayment, args,
};

pub fn entity() -> Entity<PatientEncounter> {
    Entity::usual()
        .indexed(PatientEncounter::appointment_id)
        .indexed(PatientEncounter::episode_of_care_id)
        .answers(PatientEncounter::charting_notes, |encounter| {
            let Some(visit) = encounter.get(PatientEncounter::appointment_id) else { return Answer::List(vec![]) };
            let links = encounter.on.having(Link::appointment_id, visit);
            let notes = links.filter_map(|link| encounter.on.find::<FormAnswerGroup>(link.get(Link::form_answer_group_id)?));
            Answer::List(notes.map(Answer::from).collect())
        })
        .answers(PatientEncounter::cms1500, |encounter| {
            let visit = encounter.get(PatientEncounter::appointment_id);
            visit.and_then(|visit| encounter.on.having(Cms1500::appointment_id, visit).next()).into()
        })
        .answers(PatientEncounter::requested_payments, |encounter| {
            let visit = encounter.get(PatientEncounter::appointment_id);
            let own = visit.map(|visit| encounter.on.having(RequestedPayment::appointment_id, visit).map(Answer::from).collect());
            Answer::List(own.unwrap_or_default())
        })
}

/// Documented: by `id`, or by visit and patient; nothing otherwise.
pub fn patient_encounter(on: Reading<'_>, asked: &Input<'_, args::patientEncounter>) -> Result<Answer, QueryError> {
    type Asked = args::patientEncounter;
    let id = |field| asked.get(field).ok().flatten();
    if let Some(id) = id(Asked::id) {
        return Ok(on.find::<PatientEncounter>(id).into());
    }
    let (Some(visit), Some(patient)) = (id(Asked::appointment_id), id(Asked::patient_id)) else { return Ok(Answer::NULL) };
    let mut all = on.having(PatientEncounter::appointment_id, visit);
    let found = all.find(|own| own.get(PatientEncounter::patient_id) == Some(patient));
    Ok(found.filter(|own| on.may_see(PatientEncounter::TYPE, own.record())).into())
}

/// Documented: when a visit's status becomes `Occurred`. Assumed: what was made stays when the status changes again.
pub fn follow_visit<I: Named>(call: &mut Call<'_, I>, visit: &Row<Appointment>) {
    if visit.get(Appointment::pm_status) != Some("Occurred") {
        return;
    }
    let known = call.having(PatientEncounter::appointment_id, visit.id());
    for client in visit.get(Appointment::attendee_ids).unwrap_or_default() {
        if known.iter().any(|own| own.get(PatientEncounter::patient_id) == Some(client)) {
            continue;
        }
        let encounter = call.blank_draft::<PatientEncounter>().belongs_to(visit.organization());
        encounter.set(PatientEncounter::appointment_id, visit.id()).set(PatientEncounter::patient_id, client).save(call);
    }
}
