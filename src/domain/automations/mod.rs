//! Automations: steps that a trigger starts.

use crate::engine::Area;
use crate::schema::names::{Automation, AutomationRun, Mutation, Query};

pub fn area() -> Area {
    Area::new("automations")
        .gets(Query::automation, Automation)
        .gets(Query::automationRun, AutomationRun)
        .lists_all(Query::automationRuns, AutomationRun)
        .lists_all(Query::automations, Automation)
        .creates(Mutation::createAutomation, Automation)
        .deletes(Mutation::deleteAutomation, Automation)
        .updates(Mutation::updateAutomation, Automation)
}
