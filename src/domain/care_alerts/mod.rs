//! Care alerts: what everybody should know who opens a patient.

use crate::engine::Area;
use crate::schema::names::{AlertTemplate, CareAlert, Mutation, Query};

pub fn area() -> Area {
    Area::new("care_alerts")
        .lists_all(Query::alertTemplates, AlertTemplate)
        .lists_all(Query::careAlerts, CareAlert)
        .creates(Mutation::createAlertTemplate, AlertTemplate)
        .creates(Mutation::createCareAlert, CareAlert)
        .deletes(Mutation::deleteAlertTemplate, AlertTemplate)
        .deletes(Mutation::deleteCareAlert, CareAlert)
        .updates(Mutation::updateAlertTemplate, AlertTemplate)
        .updates(Mutation::updateCareAlert, CareAlert)
}
