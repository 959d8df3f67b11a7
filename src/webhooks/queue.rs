//! From an event to the lanes: who hears of it, and whose turn it is at an address.

use super::{Delivery, Outbox, lanes, outbox::Kept, record};
use crate::engine::{Event, Row, table};
use crate::schema::names::{Organization, Webhook};
use crate::schema::{EventDef, Named};
use crate::state::State;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;

impl Outbox {
    /// Puts a new delivery into the lane of its address.
    pub(super) fn queue(&self, kept: &mut Kept, mut delivery: Delivery) {
        kept.mark(&mut delivery);
        let (id, url) = (delivery.id, delivery.url.clone());
        kept.pending.insert(id, Arc::new(delivery));
        if let Some(lane) = kept.lanes.get_mut(&url) {
            lane.push_back(id);
            return;
        }
        kept.lanes.insert(url.clone(), VecDeque::from([id]));
        if let Some(me) = self.me.upgrade() {
            self.courier().runtime().spawn(lanes::run(me, url));
        }
    }

    /// The next delivery to `url`, and when it leaves on the sandbox's clock; None ends the lane.
    pub(super) fn next(&self, url: &Arc<str>) -> Option<(Arc<Delivery>, Timestamp)> {
        let mut kept = self.kept();
        while let Some(id) = kept.lanes.get_mut(url).and_then(VecDeque::pop_front) {
            // None: it was given up meanwhile.
            if let Some(begun) = self.begin(&mut kept, id) {
                return Some(begun);
            }
        }
        kept.lanes.remove(url);
        None
    }
}

/// The webhooks that hear of `event`: those of its organization and of the parent that are enabled and listen to it.
pub(super) fn wanting(event: &Event, state: &State) -> Vec<Row<Webhook>> {
    let all = state.all(table(Webhook::TYPE)).cloned().map(Row::<Webhook>::new);
    if let Some(only) = event.only {
        return all.filter(|webhook| webhook.id() == only).collect();
    }
    let parent = state.get(table(Organization::TYPE), event.organization);
    let parent = parent.and_then(|organization| organization.get(Organization::parent_organization_id.slot).as_id());
    all.filter(|webhook| webhook.is(Webhook::is_enabled))
        .filter(|webhook| {
            let its = webhook.get(Webhook::organization_id).unwrap_or(webhook.organization());
            its == event.organization || Some(its) == parent
        })
        .filter(|webhook| listens(webhook, event.def, state))
        .collect()
}

fn listens(webhook: &Row<Webhook>, event: &EventDef, state: &State) -> bool {
    let single = webhook.value(Webhook::event_type.slot).as_str().and_then(EventDef::find);
    single.is_some_and(|single| single.name() == event.name()) || record::webhook_event(state, webhook.id(), event.choice()).is_some()
}
