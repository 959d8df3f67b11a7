//! Does to a server what a life says, and compares it with the model after each step.

use super::expected::{ADDRESSES, Answer, Data, Delivery, EVENTS, Heard, Hook, How, Luck, Mishap, Sandbox};
use super::receiving::Scripted;
use super::{Change, NOW, Step};
use crate::server::{Caller, Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// At most so many sandboxes.
const SANDBOXES: usize = 3;

/// What all lives together have seen.
#[derive(Debug, Default)]
pub struct Happened {
    pub cases: usize,
    pub delivered: usize,
    pub retried: usize,
    pub failed: usize,
    pub warned: usize,
    pub disabled: usize,
    pub forked_while_retrying: usize,
    pub restored_while_retrying: usize,
    pub drawn: usize,
}

impl Happened {
    pub fn is_enough(&self) -> bool {
        let all = [
            self.delivered,
            self.retried,
            self.failed,
            self.warned,
            self.disabled,
            self.forked_while_retrying,
            self.restored_while_retrying,
            self.drawn,
        ];
        all.iter().all(|count| *count > 0)
    }
}

pub struct Run<'s> {
    server: &'s Server,
    receiver: &'s Scripted,
    happened: &'s mut Happened,
    sandboxes: Vec<Sandbox>,
    /// How many have been made.
    made: usize,
}

impl<'s> Run<'s> {
    pub fn new(server: &'s Server, receiver: &'s Scripted, happened: &'s mut Happened) -> Self {
        Self { server, receiver, happened, sandboxes: vec![], made: 0 }
    }

    /// The first thing about it that is not as it must be.
    pub async fn live(mut self, life: Vec<(usize, Step)>) -> Result<(), String> {
        self.receiver.answer([Answer::EveryOther; ADDRESSES]);
        self.receiver.heard();
        let first = self.free_name();
        self.control("PUT", format!("/sandboxes/{first}"), None).await;
        self.sandboxes.push(Sandbox::holding(&first, fresh()));
        self.step(0, Step::Hook { address: 0, events: 7, retries: true }).await?;
        for (number, (sandbox, step)) in life.into_iter().enumerate() {
            let which = sandbox % self.sandboxes.len();
            let told = format!("step {number}, {step:?} in {}", self.sandboxes[which].name);
            self.step(which, step).await.map_err(|why| format!("{told}: {why}"))?;
        }
        for which in 0..self.sandboxes.len() {
            let settled = self.settled(which).await;
            self.compare(which, &settled, true).await?;
        }
        while let Some(sandbox) = self.sandboxes.pop() {
            self.control("DELETE", format!("/sandboxes/{}", sandbox.name), None).await;
        }
        Ok(())
    }

    fn free_name(&mut self) -> String {
        self.made += 1;
        format!("life-{}-{}", self.happened.cases, self.made)
    }

    async fn step(&mut self, which: usize, step: Step) -> Result<(), String> {
        let of = format!("/sandboxes/{}", self.sandboxes[which].name);
        let hook = |number: usize| {
            let hooks = &self.sandboxes[which].data.hooks;
            hooks.keys().nth(number.checked_rem(hooks.len()).unwrap_or(0)).copied()
        };
        let mut heard = vec![];
        match step {
            Step::Change(change, mishap) => {
                // In a second of a minute that no other change has: what is tried again at one instant is in no order.
                let told = self.advance(which, SignedDuration::from_secs(1)).await;
                self.compare_heard(told, false)?;
                return self.change(which, change, mishap).await;
            }
            Step::Hook { address, events, retries } => {
                if self.sandboxes[which].data.hooks.len() < 3 {
                    let input = json!({ "url": self.receiver.url(address), "webhook_events": listed(events), "should_retry": retries });
                    let id = self.mutate(which, "createWebhook", "webhook", input).await?.expect("one may");
                    let mut hook = Hook { address, enabled: true, retries, warned_at: None, events: BTreeMap::new() };
                    hook.listen(&named(events));
                    self.sandboxes[which].data.hooks.insert(id, hook);
                }
            }
            Step::Listen { hook: number, events } => {
                if let Some(id) = hook(number) {
                    self.mutate(which, "updateWebhook", "webhook", json!({ "id": id.to_string(), "webhook_events": listed(events) }))
                        .await?;
                    self.hook(which, id).listen(&named(events));
                }
            }
            Step::Disable(number) => {
                if let Some(id) = hook(number) {
                    self.mutate(which, "updateWebhook", "webhook", json!({ "id": id.to_string(), "is_enabled": false })).await?;
                    self.hook(which, id).enabled = false;
                    self.sandboxes[which].give_up(id);
                }
            }
            Step::Enable(number) => {
                if let Some(id) = hook(number) {
                    self.mutate(which, "updateWebhook", "webhook", json!({ "id": id.to_string(), "is_enabled": true })).await?;
                    self.hook(which, id).enable();
                }
            }
            Step::Unhook(number) => {
                if let Some(id) = hook(number) {
                    self.mutate(which, "deleteWebhook", "webhook", json!({ "id": id.to_string() })).await?;
                    self.sandboxes[which].data.hooks.remove(&id);
                    self.sandboxes[which].give_up(id);
                }
            }
            Step::Answer(address, answer) => {
                let mut answers = self.receiver.answers();
                answers[address] = answer;
                self.receiver.answer(answers);
                return Ok(());
            }
            Step::Strike(strike) => {
                self.control("DELETE", format!("{of}/faults"), None).await;
                if let Some((address, how)) = strike {
                    self.fault(which, address, None, respond(how)).await;
                }
                self.sandboxes[which].strike = strike;
            }
            Step::Advance(minutes) => heard = self.advance(which, SignedDuration::from_mins(minutes.into())).await,
            Step::Snapshot => {
                self.control("POST", format!("{of}/snapshots"), Some(json!({ "name": "kept" }))).await;
                self.sandboxes[which].snapshot = Some(self.sandboxes[which].data.clone());
            }
            Step::Restore => {
                if let Some(kept) = self.sandboxes[which].snapshot.clone() {
                    self.control("POST", format!("{of}/snapshots/kept/restore"), None).await;
                    self.happened.restored_while_retrying += usize::from(self.is_retrying(which));
                    self.go_on(which, kept);
                }
            }
            Step::Reset => {
                self.control("POST", format!("{of}/reset"), None).await;
                self.go_on(which, fresh());
            }
            Step::Fork => {
                if self.sandboxes.len() < SANDBOXES {
                    let name = self.free_name();
                    self.control("POST", "/sandboxes".to_owned(), Some(json!({ "name": name, "from": self.sandboxes[which].name }))).await;
                    self.happened.forked_while_retrying += usize::from(self.is_retrying(which));
                    let data = self.sandboxes[which].data.clone();
                    self.sandboxes.push(Sandbox::holding(&name, data));
                    let last = self.sandboxes.len() - 1;
                    let settled = self.settled(last).await;
                    self.compare(last, &settled, true).await?;
                }
            }
            Step::Delete => {
                if self.sandboxes.len() > 1 {
                    self.control("DELETE", of, None).await;
                    self.sandboxes.remove(which);
                    return self.compare_heard(vec![], true);
                }
            }
        }
        let settled = self.settled(which).await;
        self.compare_heard(heard, true)?;
        self.compare(which, &settled, true).await
    }

    fn is_retrying(&self, which: usize) -> bool {
        self.sandboxes[which].deliveries.iter().any(|delivery| delivery.next.is_some())
    }

    /// Restored or reset: without deliveries and faults, with its snapshots.
    fn go_on(&mut self, which: usize, data: Data) {
        let old = &mut self.sandboxes[which];
        *old = Sandbox { snapshot: old.snapshot.take(), ..Sandbox::holding(&old.name.clone(), data) };
    }

    fn hook(&mut self, which: usize, id: u64) -> &mut Hook {
        self.sandboxes[which].data.hooks.get_mut(&id).expect("it was found just now")
    }

    async fn advance(&mut self, which: usize, by: SignedDuration) -> Vec<Vec<Heard>> {
        let path = format!("/sandboxes/{}/clock", self.sandboxes[which].name);
        self.control("POST", path, Some(json!({ "advance": format!("{}s", by.as_secs()) }))).await;
        let heard = self.sandboxes[which].advance(by, &self.receiver.answers());
        self.happened.retried += heard.iter().map(Vec::len).sum::<usize>();
        heard
    }

    async fn change(&mut self, which: usize, change: Change, mishap: Mishap) -> Result<(), String> {
        let fault = match mishap {
            Mishap::Nothing => None,
            Mishap::Twice { address } => Some(self.fault(which, address, Some((0, 1)), json!({ "duplicate": true })).await),
            Mishap::Late { address } => Some(self.fault(which, address, Some((0, 1)), json!({ "reorder": true })).await),
            Mishap::Struck { address, how, after, times } => Some(self.fault(which, address, Some((after, times)), respond(how)).await),
            Mishap::Perhaps { address } => Some(self.fault(which, address, None, respond(How::Before)).await),
        };
        let commits = self.commits(which, change).await?;
        let settled = self.settled(which).await;
        if let Some(fault) = fault {
            self.control("DELETE", format!("/sandboxes/{}/faults/{fault}", self.sandboxes[which].name), None).await;
        }
        let known = deliveries(&settled);
        let drawn = |told: (u64, &str, u64)| {
            let is_struck = |faults: &[bool]| faults.first() == Some(&true);
            known.iter().any(|(it, faults)| is_struck(faults) && (it.hook, it.event.as_str(), it.resource) == told)
        };
        let mut luck = Luck { mishap, matched: 0, drawn: &drawn };
        let answers = self.receiver.answers();
        let told = commits.iter().flat_map(|(event, resource)| self.sandboxes[which].commit(event, *resource, &mut luck, &answers));
        let told: Vec<Heard> = told.collect();
        // One that is late may come whenever it likes, all others in the order of their commits.
        let told = if matches!(mishap, Mishap::Late { .. }) { vec![told] } else { told.into_iter().map(|told| vec![told]).collect() };
        self.happened.drawn += if matches!(mishap, Mishap::Perhaps { .. }) { luck.matched as usize } else { 0 };
        self.compare_heard(told, true)?;
        self.compare(which, &settled, false).await
    }

    /// Makes the change. Its commits that somebody may be told of.
    async fn commits(&mut self, which: usize, change: Change) -> Result<Vec<(&'static str, u64)>, String> {
        let of = |number: usize| {
            let locations = &self.sandboxes[which].data.locations;
            locations.get(number.checked_rem(locations.len()).unwrap_or(0)).copied()
        };
        let name = format!("Office {}", self.sandboxes[which].data.now);
        let rename = |id: u64| json!({ "id": id.to_string(), "name": format!("{name}, renamed") });
        let [created, updated, deleted] = EVENTS;
        Ok(match change {
            Change::Create => {
                let id = self.create(which, &name).await?;
                self.sandboxes[which].data.locations.push(id);
                vec![(created, id)]
            }
            Change::Rename(number) => {
                let Some(id) = of(number) else { return Ok(vec![]) };
                self.mutate(which, "updateLocation", "location", rename(id)).await?;
                vec![(updated, id)]
            }
            Change::Remove(number) => {
                let Some(id) = of(number) else { return Ok(vec![]) };
                self.mutate(which, "deleteLocation", "location", json!({ "id": id.to_string() })).await?;
                self.sandboxes[which].data.locations.retain(|known| *known != id);
                vec![(deleted, id)]
            }
            Change::Life => {
                let id = self.create(which, &name).await?;
                self.mutate(which, "updateLocation", "location", rename(id)).await?;
                self.mutate(which, "deleteLocation", "location", json!({ "id": id.to_string() })).await?;
                vec![(created, id), (updated, id), (deleted, id)]
            }
            Change::Nothing(number) => {
                let Some(id) = of(number) else { return Ok(vec![]) };
                self.mutate(which, "updateLocation", "location", json!({ "id": id.to_string() })).await?;
                vec![]
            }
            Change::Refused => {
                let made = self.mutate(which, "updateLocation", "location", json!({ "id": "1", "name": name })).await?;
                made.map_or(Ok(vec![]), |id| Err(format!("location {id} is nobody")))?
            }
        })
    }

    async fn create(&mut self, which: usize, name: &str) -> Result<u64, String> {
        let id = self.mutate(which, "createLocation", "location", json!({ "name": name })).await?.expect("one may");
        let expected = self.sandboxes[which].data.next_location.replace(id + 1);
        if expected.is_none_or(|expected| expected == id) { Ok(id) } else { Err(format!("location {id}, after {expected:?}")) }
    }

    fn owner(&self, which: usize) -> Caller<'s> {
        self.server.caller(&format!("gh_sbox_{}_owner", self.sandboxes[which].name))
    }

    /// The id of what a mutation made or changed; None where it refused.
    async fn mutate(&self, which: usize, mutation: &str, shown: &str, input: Value) -> Result<Option<u64>, String> {
        let query =
            format!("mutation ($input: {mutation}Input!) {{ {mutation}(input: $input) {{ {shown} {{ id }} messages {{ message }} }} }}");
        let answer = self.owner(which).answer(&query, json!({ "input": input })).await;
        let payload = &answer["data"][mutation];
        if !payload.is_object() || payload[shown].is_null() == payload["messages"].is_null() {
            return Err(format!("{mutation} {input}: {answer}"));
        }
        Ok(payload[shown]["id"].as_str().map(|id| id.parse().expect("a number")))
    }

    async fn control(&self, method: &str, path: String, body: Option<Value>) -> Value {
        let (status, answer) = self.server.control(method, &path, body).await;
        assert!(status < 300, "{method} {path}: {answer}");
        answer
    }

    /// The id of a fault of what is sent to an address: some go well, some are struck; else each by chance or all.
    async fn fault(&self, which: usize, address: usize, limit: Option<(u64, u64)>, respond: Value) -> u64 {
        let mut fault = json!({ "match": { "webhook_url": self.receiver.url(address) }, "respond": respond });
        if let Some((after, times)) = limit {
            (fault["after"], fault["times"]) = (json!(after), json!(times));
        }
        let made = self.control("POST", format!("/sandboxes/{}/faults", self.sandboxes[which].name), Some(json!([fault]))).await;
        made["faults"][0]["id"].as_str().expect("an id").parse().expect("a number")
    }

    async fn settled(&self, which: usize) -> Value {
        self.server.get(&format!("/sandboxes/{}/settled?wait=60s", self.sandboxes[which].name)).await
    }

    /// Each address has heard just what it must, the parts in their order.
    fn compare_heard(&self, expected: Vec<Vec<Heard>>, and_no_more: bool) -> Result<(), String> {
        let mut heard: BTreeMap<usize, Vec<Heard>> = BTreeMap::new();
        for told in self.receiver.heard().into_iter().rev() {
            heard.entry(told.address).or_default().push(told);
        }
        for mut part in expected {
            part.sort();
            for address in 0..ADDRESSES {
                let wanted: Vec<&Heard> = part.iter().filter(|told| told.address == address).collect();
                let come = heard.entry(address).or_default();
                let mut come = come.split_off(come.len().saturating_sub(wanted.len()));
                come.sort();
                if come.iter().collect::<Vec<_>>() != wanted {
                    return Err(format!("address {address} heard {come:#?}\ninstead of {wanted:#?}"));
                }
            }
        }
        let more: Vec<Heard> = heard.into_values().flatten().filter(|_| and_no_more).collect();
        if more.is_empty() { Ok(()) } else { Err(format!("heard besides: {more:#?}")) }
    }

    /// What the program says of its deliveries, webhooks, mails and time.
    async fn compare(&mut self, which: usize, settled: &Value, moved: bool) -> Result<(), String> {
        let sandbox = &self.sandboxes[which];
        let mut known: Vec<Delivery> = deliveries(settled).into_iter().map(|(delivery, _)| delivery).collect();
        let mut expected = sandbox.deliveries.clone();
        known.sort();
        expected.sort();
        like("deliveries", &known, &expected)?;
        let count = |status: &str| known.iter().filter(|delivery| delivery.status() == status).count();
        self.happened.delivered += count("delivered");
        self.happened.failed += count("failed");
        let hooks = self.owner(which).run("{ webhooks { id is_enabled warned_at webhook_events { event_type first_failed_at } } }").await;
        let hooks: BTreeMap<u64, _> = list(&hooks["webhooks"]).map(|hook| (number(&hook["id"]), shown(hook))).collect();
        let expected = sandbox.data.hooks.iter().map(|(id, hook)| {
            (*id, (hook.enabled, hook.warned_at, hook.events.iter().map(|(event, since)| ((*event).to_owned(), *since)).collect()))
        });
        like("webhooks", &hooks, &expected.collect())?;
        // Time alone makes mails, or what carries them.
        if !moved {
            return Ok(());
        }
        let mails = self.server.get(&format!("/sandboxes/{}/outbox", sandbox.name)).await;
        let mut mails: Vec<_> = list(&mails["mails"]).filter_map(mail).collect();
        let mut expected: Vec<_> = sandbox.data.mails.iter().map(|(at, kind, hook)| (*at, (*kind).to_owned(), *hook)).collect();
        mails.sort();
        expected.sort();
        like("mails", &mails, &expected)?;
        let clock = self.server.get(&format!("/sandboxes/{}/clock", sandbox.name)).await;
        like("now", &time(&clock["now"]), &Some(sandbox.data.now))?;
        self.happened.warned += expected.iter().filter(|(_, kind, _)| kind == "webhook_warning").count();
        self.happened.disabled += expected.iter().filter(|(_, kind, _)| kind == "webhook_disabled").count();
        Ok(())
    }
}

fn fresh() -> Data {
    Data { now: NOW.parse().expect("a time"), ..Data::default() }
}

/// The events of which each is a bit.
fn named(events: usize) -> Vec<&'static str> {
    EVENTS.iter().enumerate().filter(|(bit, _)| events >> bit & 1 == 1).map(|(_, event)| *event).collect()
}

fn listed(events: usize) -> Value {
    named(events).into_iter().map(|event| json!({ "event_type": event })).collect()
}

fn respond(how: How) -> Value {
    match how {
        How::Status => json!({ "status": 503 }),
        How::Before => json!({ "disconnect": "before" }),
        How::After => json!({ "disconnect": "after" }),
    }
}

fn list(of: &Value) -> impl Iterator<Item = &Value> {
    of.as_array().into_iter().flatten()
}

fn number(of: &Value) -> u64 {
    of.as_str().expect("an id").parse().expect("a number")
}

fn time(of: &Value) -> Option<Timestamp> {
    of.as_str().map(|at| at.parse().expect("a time"))
}

/// What is known of each delivery, and which of its attempts a fault struck.
fn deliveries(settled: &Value) -> Vec<(Delivery, Vec<bool>)> {
    let read = |it: &Value| {
        let attempts = || list(&it["attempts"]);
        let delivery = Delivery {
            hook: number(&it["webhook_id"]),
            event: it["event_type"].as_str().expect("a text").to_owned(),
            resource: number(&it["resource_id"]),
            attempts: attempts()
                .map(|attempt| (time(&attempt["at"]).expect("a time"), attempt["status"].as_u64().map(|status| status as u16)))
                .collect(),
            next: time(&it["next_attempt_at"]),
        };
        assert_eq!(it["status"], delivery.status(), "{it}");
        (delivery, attempts().map(|attempt| attempt["error"].as_str().is_some_and(|why| why.starts_with("fault"))).collect())
    };
    list(&settled["deliveries"]).chain(list(&settled["retrying"])).map(read).collect()
}

type Shown = (bool, Option<Timestamp>, BTreeMap<String, Option<Timestamp>>);

fn shown(hook: &Value) -> Shown {
    let events = list(&hook["webhook_events"]);
    let events = events.map(|it| (it["event_type"].as_str().expect("a text").to_owned(), time(&it["first_failed_at"])));
    (hook["is_enabled"] == true, time(&hook["warned_at"]), events.collect())
}

fn mail(mail: &Value) -> Option<(Timestamp, String, u64)> {
    let kind = mail["kind"].as_str().filter(|kind| kind.starts_with("webhook_"))?;
    Some((time(&mail["at"])?, kind.to_owned(), number(&mail["about"]["id"])))
}

fn like<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, must_be: &T) -> Result<(), String> {
    if is == must_be { Ok(()) } else { Err(format!("{what} are {is:#?}\ninstead of {must_be:#?}")) }
}
