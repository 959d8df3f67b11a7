//! What a patient's own fields say of the chart.

use super::medication;
use crate::engine::{Answer, Entity, Input, Row, Value, View};
use crate::schema::names::{AllergySensitivity, Diagnosis, MedicationType, Prescription, Problem, User, args};

pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity
        .collects(User::diagnoses, Diagnosis::user_id)
        .answers_to(User::allergy_sensitivities, args::User_allergy_sensitivities, |user, asked| {
            type Asked = args::User_allergy_sensitivities;
            let category = asked.get(Asked::category).ok().flatten();
            let mut allergies = allergies(user, category);
            allergies.retain(|allergy| !asked.is(Asked::is_current) || allergy.get(AllergySensitivity::status) == Some("ACTIVE"));
            let unreconciled = asked.is(Asked::unreconciled_from_ccda_ingest);
            allergies.retain(|allergy| allergy.is(AllergySensitivity::requires_consolidation) == unreconciled);
            Answer::records(allergies)
        })
        .answers_to(User::last_updated_allergy, args::User_last_updated_allergy, |user, asked| {
            let allergies = allergies(user, asked.get(args::User_last_updated_allergy::category).ok().flatten());
            allergies.into_iter().max_by_key(|allergy| allergy.get(AllergySensitivity::updated_at)).into()
        })
        .answers_to(User::diagnoses, args::User_diagnoses, |user, asked| {
            // Nothing imported is kept as a diagnosis.
            match asked.is(args::User_diagnoses::unreconciled_from_ccda_ingest) {
                true => Answer::List(vec![]),
                false => Answer::List(user.on.having(Diagnosis::user_id, user.id()).map(Answer::from).collect()),
            }
        })
        .answers_to(User::problems, args::User_problems, |user, asked| {
            let unreconciled = asked.is(args::User_problems::unreconciled_from_ccda_ingest);
            let problems = user.on.having(Problem::user_id, user.id());
            Answer::List(problems.filter(|problem| problem.is(Problem::requires_consolidation) == unreconciled).map(Answer::from).collect())
        })
        .answers_to(User::medications_count, args::User_medications_count, medications_count)
        .answers_to(User::prescriptions_count, args::User_prescriptions_count, prescriptions_count)
}

fn allergies(user: &View<'_, User>, category: Option<&str>) -> Vec<Row<AllergySensitivity>> {
    let all = user.on.having(AllergySensitivity::user_id, user.id()).map(|allergy| allergy.row().clone());
    let wanted = category.filter(|category| !category.is_empty());
    all.filter(|allergy| {
        wanted.is_none_or(|wanted| allergy.get(AllergySensitivity::category).is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
    })
    .collect()
}

fn medications_count(user: &View<'_, User>, asked: &Input<'_, args::User_medications_count>) -> Answer {
    type Asked = args::User_medications_count;
    let whose = asked.get(Asked::patient_id).ok().flatten().and_then(|id| user.on.find::<User>(id)).map_or(user.id(), |other| other.id());
    let all = user.on.having(MedicationType::user_id, whose);
    let counted = all.filter(|own| !own.is(MedicationType::requires_consolidation));
    let only_active = asked.is(Asked::active);
    Value::Int(counted.filter(|own| !only_active || medication::is_active(own)).count() as i64).into()
}

fn prescriptions_count(user: &View<'_, User>, asked: &Input<'_, args::User_prescriptions_count>) -> Answer {
    type Asked = args::User_prescriptions_count;
    let whose = asked.get(Asked::patient_id).ok().flatten().and_then(|id| user.on.find::<User>(id)).map_or(user.id(), |other| other.id());
    let status = asked.get(Asked::status).ok().flatten();
    let all = user.on.having(Prescription::user_id, whose);
    Value::Int(all.filter(|own| super::prescription::is_in(own, status)).count() as i64).into()
}
