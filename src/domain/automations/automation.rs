//! What an automation consists of.

use crate::engine::{Entity, Value};
use crate::schema::names::{Automation, AutomationRun, AutomationRunStatus, AutomationStep, AutomationTrigger, AutomationTriggerKind};

/// How often it ran is told by its runs.
pub fn entity() -> Entity<Automation> {
    Entity::usual()
        .silent()
        .requires(Automation::name)
        .defaults(Automation::is_enabled, true)
        .ruled(Automation::run_count)
        .collects(Automation::steps, AutomationStep::automation_id)
        .collects(Automation::triggers, AutomationTrigger::automation_id)
        .answers(Automation::run_count, |automation| {
            let runs = automation.on.count_having(AutomationRun::automation_id, automation.id());
            Value::Int(runs as i64).into()
        })
        .computed(Automation::last_run_at, |automation| {
            let runs = automation.on.having(AutomationRun::automation_id, automation.id());
            runs.filter_map(|run| run.get(AutomationRun::started_at)).max()
        })
}

pub fn run() -> Entity<AutomationRun> {
    Entity::usual().silent().indexed(AutomationRun::automation_id).defaults(AutomationRun::status, AutomationRunStatus::COMPLETED).answers(
        AutomationRun::automation_name,
        |run| {
            let automation = run.follow::<Automation, _>(AutomationRun::automation_id);
            let name = automation.and_then(|automation| automation.get(Automation::name).map(str::to_owned));
            Value::from(name.unwrap_or_default()).into()
        },
    )
}

pub fn step() -> Entity<AutomationStep> {
    Entity::usual().silent()
}

pub fn trigger() -> Entity<AutomationTrigger> {
    Entity::usual().silent().defaults(AutomationTrigger::trigger_type, AutomationTriggerKind::WEBHOOK)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_automation_is_kept_with_its_triggers_and_steps() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createAutomation(input: { name: "Welcome", triggers: [{ trigger_type: WEBHOOK, webhook_type: PATIENT_CREATED }], steps: [{ name: "Wait", step_identifier: "wait", step_type: DELAY }] }) {
                automation { name is_enabled run_count triggers { trigger_type webhook_type } steps { nodes { name step_identifier } } } messages { field message } } }"#,
        );
        assert_eq!(
            made["data"]["createAutomation"],
            json!({
                "automation": {
                    "name": "Welcome", "is_enabled": true, "run_count": 0, "triggers": [{ "trigger_type": "WEBHOOK", "webhook_type": "PATIENT_CREATED" }],
                    "steps": { "nodes": [{ "name": "Wait", "step_identifier": "wait" }] }
                },
                "messages": null
            })
        );
        let limited = clinic.as_role("limited");
        assert_eq!(limited.run("{ automations { total_count } }")["data"]["automations"]["total_count"], 0);
    }
}
