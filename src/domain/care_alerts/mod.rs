//! Care alerts: what everybody should know who opens a patient.

mod care_alert;
mod template;

use crate::engine::Area;
use crate::schema::names::{AlertTemplate, Mutation, Query};

pub fn area() -> Area {
    Area::new("care_alerts")
        .entity(care_alert::entity())
        .entity(template::entity())
        .lists_all(Query::alertTemplates, AlertTemplate)
        .lists(Query::careAlerts, care_alert::care_alerts())
        .creates(Mutation::createAlertTemplate, AlertTemplate)
        .mutation(Mutation::createCareAlert, care_alert::create_care_alert)
        .deletes(Mutation::deleteAlertTemplate, AlertTemplate)
        .mutation(Mutation::deleteCareAlert, care_alert::delete_care_alert)
        .updates(Mutation::updateAlertTemplate, AlertTemplate)
        .mutation(Mutation::updateCareAlert, care_alert::update_care_alert)
}
