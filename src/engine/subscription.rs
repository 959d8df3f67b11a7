//! What commits mean to those who subscribe: who hears of a change, and what each is shown of it.

use super::{Answer, Changed, Input, Lifted, Reading, row::table};
use crate::schema::{Named, Slot};
use crate::state::{Change, TableId};
use jiff::Timestamp;
use std::collections::HashSet;
use std::marker::PhantomData;

/// What a subscriber waits for: a field of `Subscription`, and the id of a conversation, form, visit or person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Topic {
    pub field: Slot,
    pub of: u64,
}

/// Something that subscribers to `topic` hear of: the record with the id `about`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Happening {
    pub topic: Topic,
    pub about: u64,
}

type Waits = Box<dyn Fn(Reading<'_>, &Lifted) -> Option<u64> + Send + Sync>;
type Happens = Box<dyn Fn(&Change, Reading<'_>) -> Vec<(u64, u64)> + Send + Sync>;
type Passing = Box<dyn Fn(Reading<'_>, Timestamp) -> Vec<u64> + Send + Sync>;
type Shows = Box<dyn Fn(Reading<'_>, Happening) -> Answer + Send + Sync>;

/// How a field of `Subscription` is answered.
pub struct SubscriptionRules {
    pub slot: Slot,
    pub area: &'static str,
    waits: Waits,
    happens: Vec<(TableId, Happens)>,
    passing: Option<Passing>,
    shows: Shows,
}

impl SubscriptionRules {
    /// What somebody who subscribes with these arguments waits for; None where nothing can come.
    pub fn topic(&self, on: Reading<'_>, args: &Lifted) -> Option<Topic> {
        Some(Topic { field: self.slot, of: (self.waits)(on, args)? })
    }

    /// True where time alone makes something happen.
    pub fn is_timed(&self) -> bool {
        self.passing.is_some()
    }

    /// What has happened to a subscriber by the passing of time alone, `since` then.
    pub fn passed(&self, on: Reading<'_>, topic: Topic, since: Timestamp) -> Vec<Happening> {
        let about = self.passing.as_ref().map_or(vec![], |passing| passing(on, since));
        about.into_iter().map(|about| Happening { topic, about }).collect()
    }

    /// What the viewer is shown of what happened; null is not sent.
    pub fn show(&self, on: Reading<'_>, happening: Happening) -> Answer {
        (self.shows)(on, happening)
    }
}

/// A builder for how a field with the arguments `A` is answered.
pub struct Subscribing<A> {
    waits: Waits,
    happens: Vec<(TableId, Happens)>,
    passing: Option<Passing>,
    shows: Shows,
    of: PhantomData<fn() -> A>,
}

impl<A: Named + 'static> Subscribing<A> {
    /// Subscribers wait for what their arguments name.
    pub fn to(named: fn(&Input<'_, A>) -> Option<u64>) -> Self {
        Self::waiting(Box::new(move |_, args| named(&Input::new(args))))
    }
}

impl<A> Subscribing<A> {
    /// Subscribers wait for what concerns themselves, whatever they ask for.
    pub fn to_own() -> Self {
        Self::waiting(Box::new(|on, args| {
            args.each().for_each(|(slot, _)| args.accept(slot));
            on.viewer().id()
        }))
    }

    fn waiting(waits: Waits) -> Self {
        Self { waits, happens: vec![], passing: None, shows: Box::new(|_, _| Answer::NULL), of: PhantomData }
    }

    /// What a change of a `T` means: pairs of what is waited for and the record that it is about.
    pub fn when<T: Named + 'static>(mut self, happens: fn(&Changed<T>, Reading<'_>) -> Vec<(u64, u64)>) -> Self {
        let happens = move |change: &Change, on: Reading<'_>| Changed::new(change).map_or(vec![], |changed| happens(&changed, on));
        self.happens.push((table(T::TYPE), Box::new(happens)));
        self
    }

    /// The records of the viewer's to which something happened because time has passed since then.
    pub fn passing(mut self, passing: fn(Reading<'_>, Timestamp) -> Vec<u64>) -> Self {
        self.passing = Some(Box::new(passing));
        self
    }

    /// What a subscriber is shown, looking at the commit with its own eyes.
    pub fn shows(mut self, shows: fn(Reading<'_>, Happening) -> Answer) -> Self {
        self.shows = Box::new(shows);
        self
    }

    pub(super) fn rules(self, slot: Slot, area: &'static str) -> SubscriptionRules {
        SubscriptionRules { slot, area, waits: self.waits, happens: self.happens, passing: self.passing, shows: self.shows }
    }
}

/// What `changes` mean, in their order and each thing once.
pub fn happenings<'r>(rules: impl Iterator<Item = &'r SubscriptionRules> + Clone, changes: &[Change], on: Reading<'_>) -> Vec<Happening> {
    let (mut known, mut found) = (HashSet::new(), vec![]);
    for change in changes {
        for rules in rules.clone() {
            for (_, happens) in rules.happens.iter().filter(|(table, _)| *table == change.table) {
                let told = happens(change, on).into_iter();
                let told = told.map(|(of, about)| Happening { topic: Topic { field: rules.slot, of }, about });
                found.extend(told.filter(|happening| known.insert(*happening)));
            }
        }
    }
    found
}
