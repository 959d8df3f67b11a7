//! The model: what has to be delivered, warned about and disabled, without lanes, locks or threads.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub const EVENTS: [&str; 3] = ["location.created", "location.updated", "location.deleted"];
/// How many there are; webhooks may share one.
pub const ADDRESSES: usize = 2;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const THREE_DAYS: SignedDuration = SignedDuration::from_hours(72);

/// What a receiver does. Which it is depends on nothing but what it is sent, so that attempts beside each other don't matter.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    Well,
    Ill,
    Moved,
    /// A status line and half a body.
    BreaksOff,
    EveryOther,
}

pub type Answers = [Answer; ADDRESSES];

impl Answer {
    /// The status of an attempt; None where it breaks off.
    pub fn status(self, resource: u64, attempt: u64) -> Option<u16> {
        match self {
            Self::Well => Some(200),
            Self::EveryOther if (resource + attempt).is_multiple_of(2) => Some(204),
            Self::EveryOther | Self::Ill => Some(500),
            Self::Moved => Some(302),
            Self::BreaksOff => None,
        }
    }
}

/// A fault of deliveries: what becomes of an attempt in the receiver's place.
#[derive(Clone, Copy, Debug)]
pub enum How {
    Status,
    Before,
    After,
}

/// What goes wrong on purpose with the first attempts that one change causes.
#[derive(Clone, Copy, Debug)]
pub enum Mishap {
    Nothing,
    Twice { address: usize },
    Late { address: usize },
    Struck { address: usize, how: How, after: u64, times: u64 },
    Perhaps { address: usize },
}

/// How far a mishap has got: which of the attempts that match it are struck.
pub struct Luck<'d> {
    pub mishap: Mishap,
    pub matched: u64,
    /// Whether chance struck the first attempt of (webhook, event, resource): read off the program.
    pub drawn: &'d dyn Fn((u64, &'static str, u64)) -> bool,
}

impl Luck<'_> {
    fn matches(&mut self, of: usize) -> bool {
        let (Mishap::Twice { address } | Mishap::Struck { address, .. } | Mishap::Perhaps { address }) = self.mishap else { return false };
        self.matched += u64::from(address == of);
        address == of
    }

    fn doubles(&mut self, address: usize) -> bool {
        matches!(self.mishap, Mishap::Twice { .. }) && self.matches(address) && self.matched == 1
    }

    fn strikes(&mut self, address: usize, told: (u64, &'static str, u64)) -> Option<How> {
        match self.mishap {
            Mishap::Struck { how, after, times, .. } => {
                (self.matches(address) && self.matched > after && self.matched <= after + times).then_some(how)
            }
            Mishap::Perhaps { .. } => (self.matches(address) && (self.drawn)(told)).then_some(How::Before),
            Mishap::Nothing | Mishap::Twice { .. } | Mishap::Late { .. } => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Hook {
    pub address: usize,
    pub enabled: bool,
    pub retries: bool,
    pub warned_at: Option<Timestamp>,
    /// Since when each of its events fails.
    pub events: BTreeMap<&'static str, Option<Timestamp>>,
}

impl Hook {
    fn failing_since(&self) -> Option<Timestamp> {
        self.events.values().flatten().min().copied().filter(|_| self.enabled)
    }

    fn warns_at(&self) -> Option<Timestamp> {
        self.failing_since().filter(|since| self.warned_at.is_none_or(|warned| warned < *since)).map(|since| since + DAY)
    }

    fn disables_at(&self) -> Option<Timestamp> {
        self.failing_since().map(|since| since + THREE_DAYS)
    }

    pub fn listen(&mut self, events: &[&'static str]) {
        self.events.retain(|event, _| events.contains(event));
        for event in events {
            self.events.entry(event).or_default();
        }
    }

    /// Enabled again it starts afresh.
    pub fn enable(&mut self) {
        if !self.enabled {
            (self.enabled, self.warned_at) = (true, None);
            self.events.values_mut().for_each(|since| *since = None);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    pub hook: u64,
    pub event: String,
    pub resource: u64,
    pub attempts: Vec<(Timestamp, Option<u16>)>,
    /// When it is tried again.
    pub next: Option<Timestamp>,
}

impl Delivery {
    pub fn status(&self) -> &'static str {
        let is_well = self.attempts.last().is_some_and(|(_, status)| status.is_some_and(|status| status < 300));
        if self.next.is_some() {
            "retrying"
        } else if is_well {
            "delivered"
        } else {
            "failed"
        }
    }
}

/// What a receiver hears.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heard {
    pub address: usize,
    pub sandbox: String,
    pub event: String,
    pub resource: u64,
    pub attempt: u64,
}

/// What a fork or a snapshot carries.
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub now: Timestamp,
    pub locations: Vec<u64>,
    /// None before the first.
    pub next_location: Option<u64>,
    pub hooks: BTreeMap<u64, Hook>,
    /// When, what and about which webhook.
    pub mails: Vec<(Timestamp, &'static str, u64)>,
}

#[derive(Debug, Default)]
pub struct Sandbox {
    pub name: String,
    pub data: Data,
    pub snapshot: Option<Data>,
    /// In the order they were made.
    pub deliveries: Vec<Delivery>,
    /// Strikes every attempt at an address.
    pub strike: Option<(usize, How)>,
}

impl Sandbox {
    /// Goes on from `data`, without anything that waits.
    pub fn holding(name: &str, data: Data) -> Self {
        Self { name: name.to_owned(), data, ..Self::default() }
    }

    /// A change that everybody who listens to `event` is told of. What is heard of it, in order.
    pub fn commit(&mut self, event: &'static str, resource: u64, luck: &mut Luck<'_>, answers: &Answers) -> Vec<Heard> {
        let listens = |hook: &Hook| hook.enabled && hook.events.contains_key(event);
        let told: Vec<_> = self.data.hooks.iter().filter(|(_, hook)| listens(hook)).map(|(hook, told)| (*hook, told.address)).collect();
        let mut heard = vec![];
        for (hook, address) in told {
            for _ in 0..=u8::from(luck.doubles(address)) {
                self.deliveries.push(Delivery { hook, event: event.to_owned(), resource, attempts: vec![], next: None });
                let struck = self.struck(address).or_else(|| luck.strikes(address, (hook, event, resource)));
                heard.extend(self.attempt(self.deliveries.len() - 1, address, struck, answers));
            }
        }
        heard
    }

    fn struck(&self, address: usize) -> Option<How> {
        self.strike.filter(|(at, _)| *at == address).map(|(_, how)| how)
    }

    fn attempt(&mut self, which: usize, address: usize, struck: Option<How>, answers: &Answers) -> Option<Heard> {
        let (now, name, delivery) = (self.data.now, self.name.clone(), &mut self.deliveries[which]);
        let attempt = delivery.attempts.len() as u64 + 1;
        let status = match struck {
            None => answers[address].status(delivery.resource, attempt),
            Some(How::Status) => Some(503),
            Some(How::Before | How::After) => None,
        };
        delivery.attempts.push((now, status));
        delivery.next = None;
        let succeeded = delivery.status() == "delivered";
        if let Some(hook) = self.data.hooks.get_mut(&delivery.hook) {
            let mut since = delivery.attempts[0].0;
            if let Some(fails) = hook.events.get_mut(delivery.event.as_str()) {
                *fails = if succeeded { None } else { fails.or(Some(now)) };
                since = fails.map_or(since, |fails| fails.min(since));
            }
            // 1, 2, 4, … minutes, up to half a day, until three days have passed.
            let due = now + SignedDuration::from_mins(720.min(1 << (attempt - 1).min(10)));
            delivery.next = Some(due).filter(|due| !succeeded && hook.enabled && hook.retries && *due <= since + THREE_DAYS);
        }
        let arrives = !matches!(struck, Some(How::Status | How::Before));
        arrives.then(|| Heard { address, sandbox: name, event: delivery.event.clone(), resource: delivery.resource, attempt })
    }

    /// Lets time pass. What is heard at each instant, in no order.
    pub fn advance(&mut self, by: SignedDuration, answers: &Answers) -> Vec<Vec<Heard>> {
        let until = self.data.now + by;
        let mut heard = vec![];
        while let Some(at) = self.next_due().filter(|at| *at <= until) {
            self.data.now = at.max(self.data.now);
            self.mind_hooks();
            let now = self.data.now;
            let due: Vec<usize> =
                (0..self.deliveries.len()).filter(|which| self.deliveries[*which].next.is_some_and(|next| next <= now)).collect();
            let mut together = vec![];
            for which in due {
                let address = self.data.hooks[&self.deliveries[which].hook].address;
                together.extend(self.attempt(which, address, self.struck(address), answers));
            }
            heard.push(together);
        }
        self.data.now = until;
        heard
    }

    fn next_due(&self) -> Option<Timestamp> {
        let hooks = self.data.hooks.values().flat_map(|hook| [hook.warns_at(), hook.disables_at()]);
        hooks.chain(self.deliveries.iter().map(|delivery| delivery.next)).flatten().min()
    }

    /// Warns about those that have failed for a day, disables those that have for three.
    fn mind_hooks(&mut self) {
        let now = self.data.now;
        let is_over = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let mut disabled = vec![];
        for (id, hook) in &mut self.data.hooks {
            if is_over(hook.warns_at()) {
                hook.warned_at = Some(now);
                self.data.mails.push((now, "webhook_warning", *id));
            }
            if is_over(hook.disables_at()) {
                hook.enabled = false;
                self.data.mails.push((now, "webhook_disabled", *id));
                disabled.push(*id);
            }
        }
        for hook in disabled {
            self.give_up(hook);
        }
    }

    /// What waits for a webhook that is disabled or deleted fails.
    pub fn give_up(&mut self, hook: u64) {
        self.deliveries.iter_mut().filter(|delivery| delivery.hook == hook).for_each(|delivery| delivery.next = None);
    }
}
