//! How each event comes about, as a table: `plans.tsv`; and what is made for the occasion: `makings.tsv`.

use crate::schema::EventDef;
use std::sync::LazyLock;

/// How one event comes about.
#[derive(Debug)]
pub struct Plan {
    pub event: &'static str,
    /// The name of the record that it happens to; "" where it makes one.
    pub about: &'static str,
    /// What has to be there besides.
    pub needs: Vec<&'static str>,
    pub by: By,
    /// A mutation, or the body of a call of the control API; `$names` stand for ids and times.
    pub what: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A mutation of somebody with this role.
    Role(&'static str),
    /// The calls of the control API that have these names.
    Records,
    Events,
    Clock,
}

/// All of them.
pub static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
    let plan = |line: &'static str| {
        let [event, about, by, what] = columns(line);
        let by = match by {
            "records" => By::Records,
            "events" => By::Events,
            "clock" => By::Clock,
            role => By::Role(role),
        };
        let mut names = about.split(' ');
        Plan { event, about: names.next().unwrap_or_default(), needs: names.collect(), by, what }
    };
    lines(include_str!("plans.tsv")).map(plan).collect()
});

impl Plan {
    pub fn of(event: &EventDef) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.event == event.name())
    }
}

/// The type and the fields of what is made under this name.
pub fn making(name: &str) -> Option<(&'static str, &'static str)> {
    let makings = lines(include_str!("makings.tsv")).map(columns);
    makings.into_iter().find_map(|[made, ty, fields]| (made == name).then_some((ty, fields)))
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// Those that a line lacks are empty; the tests see to it that none lacks any.
fn columns<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut columns = line.splitn(N, '\t');
    std::array::from_fn(|_| columns.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_plan_and_every_plan_an_event() {
        let planned: Vec<&str> = PLANS.iter().map(|plan| plan.event).collect();
        let mut events: Vec<&str> = EventDef::all().iter().map(EventDef::name).collect();
        events.sort_unstable();
        assert_eq!(planned, events);
    }
}
