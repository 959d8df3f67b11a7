//! Automations: steps that a trigger starts. They are kept and shown; the emulator runs none.

mod automation;

use crate::engine::Area;
use crate::schema::names::{Automation, AutomationRun, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("automations")
        .entity(automation::entity())
        .entity(automation::run())
        .entity(automation::step())
        .entity(automation::trigger())
        .gets(Query::automation, Automation)
        .needs(OrganizationMembership::can_view_automations)
        .gets(Query::automationRun, AutomationRun)
        .needs(OrganizationMembership::can_view_automations)
        .lists_all(Query::automationRuns, AutomationRun)
        .needs(OrganizationMembership::can_view_automations)
        .lists_all(Query::automations, Automation)
        .needs(OrganizationMembership::can_view_automations)
        .creates(Mutation::createAutomation, Automation)
        .needs(OrganizationMembership::can_edit_automations)
        .deletes(Mutation::deleteAutomation, Automation)
        .needs(OrganizationMembership::can_delete_automations)
        .updates(Mutation::updateAutomation, Automation)
        .needs(OrganizationMembership::can_edit_automations)
}
