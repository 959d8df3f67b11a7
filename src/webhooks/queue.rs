//! From an event to the lanes: who hears of it, and whose turn it is at an address.

use super::{Deliver, Delivery, Outbox, lanes, outbox::Kept, record};
use crate::engine::{Event, Row, table};
use crate::schema::names::{Organization, Webhook};
use crate::schema::{EventDef, Named};
use crate::state::State;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;

/// One address; in [`Deliver::Sync`] for each commit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Lane {
    pub(super) url: Arc<str>,
    commit: Option<u64>,
}

impl Outbox {
    /// Puts a new delivery where it leaves from.
    pub(super) fn queue(&self, kept: &mut Kept, mut delivery: Delivery) {
        kept.mark(&mut delivery);
        let deliver = self.courier().deliver;
        if deliver == Deliver::Collect {
            kept.finished.push(Arc::new(delivery));
            return;
        }
        let id = delivery.id;
        let lane = Lane { url: delivery.url.clone(), commit: (deliver == Deliver::Sync).then_some(delivery.commit) };
        kept.pending.insert(id, Arc::new(delivery));
        if deliver == Deliver::Pull {
            kept.shelf.add(id);
            return;
        }
        if let Some(waiting) = kept.lanes.get_mut(&lane) {
            waiting.push_back(id);
            return;
        }
        kept.lanes.insert(lane.clone(), VecDeque::from([id]));
        if let Some(me) = self.me.upgrade() {
            self.courier().runtime().spawn(lanes::run(me, lane));
        }
    }

    /// Leaves `delivery` to a task of its own, so that those made after it overtake it. What nobody sends has no order.
    pub(super) fn queue_late(&self, kept: &mut Kept, mut delivery: Delivery) {
        if matches!(self.courier().deliver, Deliver::Collect | Deliver::Pull) {
            return self.queue(kept, delivery);
        }
        kept.mark(&mut delivery);
        let id = delivery.id;
        kept.pending.insert(id, Arc::new(delivery));
        if let Some(me) = self.me.upgrade() {
            self.courier().runtime().spawn(lanes::late(me, id));
        }
    }

    /// The next delivery of a lane, and when it leaves on the sandbox's clock; None ends the lane.
    pub(super) fn next(&self, lane: &Lane) -> Option<(Arc<Delivery>, Timestamp)> {
        let mut kept = self.kept();
        while let Some(id) = kept.lanes.get_mut(lane).and_then(VecDeque::pop_front) {
            // None: it was given up meanwhile.
            if let Some(begun) = self.begin(&mut kept, id) {
                return Some(begun);
            }
        }
        kept.lanes.remove(lane);
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
