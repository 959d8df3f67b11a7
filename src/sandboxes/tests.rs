use super::*;
use crate::engine::{Area, Records, ViewerKind};
use crate::seeds::{RoleKey, Seeded};
use crate::webhooks::Roads;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::runtime::Handle;

/// Nobody is in it but the owner; counts how often it is asked.
struct Tiny(Arc<Catalogue>, AtomicUsize);

impl SeedSource for Tiny {
    fn names(&self) -> Vec<String> {
        vec!["tiny".to_owned()]
    }

    fn seeded(&self, _name: &str, _now: Timestamp) -> Result<Seeded, String> {
        self.1.fetch_add(1, SeqCst);
        let owner = RoleKey {
            role: "owner".to_owned(),
            secret: "owner".to_owned(),
            user_id: 1,
            email: "owner@clinic.example".to_owned(),
            password: "Sandbox-pass-1".to_owned(),
        };
        Ok(Seeded { state: self.0.empty(), roles: vec![owner], records: BTreeMap::new() })
    }
}

fn identify(_: Records<'_>, secret: &str) -> Option<Viewer> {
    (secret == "owner").then(|| Viewer { kind: ViewerKind::Owner, ..Viewer::nobody() })
}

fn sandboxes(most: usize, now: Option<&str>) -> (Sandboxes, Arc<Tiny>) {
    let catalogue = Catalogue::new(vec![Area::new("test")], identify);
    let courier = Arc::new(Courier::new(Roads::default(), Handle::current()).unwrap());
    let seeds = Arc::new(Tiny(catalogue.clone(), AtomicUsize::new(0)));
    let now = now.map(|now| now.parse().unwrap());
    let options = Options { seed: "tiny".to_owned(), now, most, webhooks: vec![], unique_ids: false };
    (Sandboxes::new(catalogue, courier, seeds.clone(), options).unwrap(), seeds)
}

#[tokio::test]
async fn only_a_roles_key_makes_a_sandbox() {
    let (all, _) = sandboxes(10, None);
    let caller = all.identify(Some("gh_sbox_mine_owner"), None).ok().unwrap();
    assert_eq!((&*caller.sandbox.world.name, caller.viewer.kind), ("mine", ViewerKind::Owner));
    let made = "a".repeat(64);
    for key in ["gh_sbox_other_nobody", "gh_sbox_Other_owner", &format!("gh_sbox_other_{made}"), "", "owner"] {
        assert!(matches!(all.identify(Some(key), None), Err(Turned::BadKey)), "{key}");
    }
    assert_eq!(all.all().len(), 2);
    assert_eq!(all.unmatched(|ring| ring.iter().count()), 5);
}

#[tokio::test]
async fn calls_that_found_no_room_or_no_name_are_remembered_too() {
    let (all, _) = sandboxes(1, None);
    assert_eq!(all.identify(Some("gh_sbox_other_owner"), None).err(), Some(Turned::Refused(Refused::Full(1))));
    assert!(matches!(all.identify(None, Some("No Name")), Err(Turned::Refused(Refused::Name(_)))));
    let reasons = all.unmatched(|ring| ring.iter().map(|call| call.to_json()["reason"].to_string()).collect::<Vec<_>>());
    assert!(reasons[0].contains("gh_sbox_other_owner: all 1 sandboxes are in use"), "{reasons:?}");
    assert!(reasons[1].contains("no key: ") && reasons[1].contains("is no name for a sandbox"), "{reasons:?}");
}

#[tokio::test]
async fn a_clock_does_not_stand_where_the_calendar_ends() {
    let (all, _) = sandboxes(10, None);
    for (at, takes) in [("9999-12-30T22:00:00Z", false), ("8999-12-31T23:59:59Z", true), ("-000001-01-01T00:00:00Z", false)] {
        let beginning = Beginning { freeze: Some(at.parse().unwrap()), ..Beginning::default() };
        assert_eq!(all.create(None, &beginning).is_ok(), takes, "{at}");
        let copy = Beginning { from: Some(DEFAULT.to_owned()), ..beginning };
        assert_eq!(all.create(None, &copy).is_ok(), takes, "a copy at {at}");
    }
}

#[tokio::test]
async fn forks_of_the_same_minute_share_one_seeding() {
    let (all, seeds) = sandboxes(10, None);
    all.enter("one").unwrap();
    all.enter("two").unwrap();
    assert_eq!(seeds.1.load(SeqCst), 1);
    let at = |freeze: &str| Beginning { freeze: Some(freeze.parse().unwrap()), ..Beginning::default() };
    all.create(Some("three"), &at("2026-03-02T15:00:00Z")).unwrap();
    all.create(Some("four"), &at("2026-03-02T15:00:00Z")).unwrap();
    assert_eq!(seeds.1.load(SeqCst), 2);
    all.create(Some("five"), &at("2026-03-02T15:00:01Z")).unwrap();
    assert_eq!(seeds.1.load(SeqCst), 3);
}

#[tokio::test]
async fn at_the_cap_the_longest_idle_goes_if_nobody_asked_for_it() {
    let (all, _) = sandboxes(3, None);
    all.create(Some("asked-for"), &Beginning::default()).unwrap();
    let idle = all.enter("idle").unwrap();
    assert_eq!(all.enter("one-more").err(), Some(Refused::Full(3)));
    let hours = |hours| machine_time() - SignedDuration::from_hours(hours);
    idle.used_at(hours(2));
    all.get("asked-for").unwrap().used_at(hours(3));
    assert!(all.enter("one-more").is_ok() && all.get("idle").is_none() && all.get("asked-for").is_some());
}

#[tokio::test]
async fn a_reset_goes_back_to_where_the_clock_began() {
    let (all, _) = sandboxes(3, Some("2026-03-02T15:00:00Z"));
    let sandbox = all.enter(DEFAULT).unwrap();
    sandbox.world.set_clock(Clock::default());
    let fresh = all.reset(DEFAULT).await.unwrap();
    assert_eq!(fresh.world.now().to_string(), "2026-03-02T15:00:00Z");
    assert_eq!(all.delete(DEFAULT).await, Err(Refused::Default));
    assert_eq!(all.delete("nobody").await, Err(Refused::Unknown("nobody".to_owned())));
}
