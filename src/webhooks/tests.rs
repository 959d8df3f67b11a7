use super::*;
use crate::engine::{Area, Catalogue, Entity, Made, Refusal, Viewer, ViewerKind, World, table};
use crate::env::Clock;
use crate::schema::names::{Location, Mutation, Organization, SentWebhook, Webhook, WebhookEvent, sendTestWebhookInput};
use crate::schema::{EventDef, Named, Version};
use crate::state::{Record, State, Transaction, Value};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::runtime::Handle;

const PARENT: u64 = 1;
const BRANCH: u64 = 2;
const OTHER: u64 = 3;

fn catalogue() -> Arc<Catalogue> {
    let area = Area::new("test")
        .entity(Entity::<Organization>::new())
        .entity(Entity::<Webhook>::new().public())
        .entity(Entity::<WebhookEvent>::new())
        .entity(Entity::<SentWebhook>::new().keeps_newest(2))
        .entity(Entity::<Location>::new().announces("location"))
        .mutation(Mutation::sendTestWebhook, |call| {
            let webhook = call.target::<Webhook, _>(sendTestWebhookInput::id)?;
            call.send_test(&webhook);
            Ok(Made::nothing())
        });
    Catalogue::new(vec![area], |_, _| None)
}

/// Three organizations, the second a branch of the first, each with a webhook of its own number for new locations.
fn world() -> Arc<World> {
    let catalogue = catalogue();
    let mut tx = Transaction::on(&catalogue.empty());
    for id in [PARENT, BRANCH, OTHER] {
        let mut organization = Record::new(id, id);
        if id == BRANCH {
            organization.set(Organization::parent_organization_id.slot, Value::Id(PARENT));
        }
        tx.put(table(Organization::TYPE), organization);
        let mut webhook = Record::new(id, id);
        webhook.set(Webhook::url.slot, format!("http://127.0.0.1:1/{id}").into());
        webhook.set(Webhook::is_enabled.slot, true.into());
        tx.put(table(Webhook::TYPE), webhook);
        let mut event = Record::new(id, id);
        event.set(WebhookEvent::webhook_id.slot, Value::Id(id));
        event.set(WebhookEvent::event_type.slot, "LOCATION_CREATED".into());
        tx.put(table(WebhookEvent::TYPE), event);
    }
    let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
    Arc::new(World::new("test", "test", catalogue, tx.commit().0, Clock::Frozen(now)))
}

fn courier() -> Arc<Courier> {
    Arc::new(Courier::new(Roads::default(), Handle::current()).unwrap())
}

fn add_location(world: &World, organization: u64) {
    world.change("test", |tx| {
        let id = tx.new_id(table(Location::TYPE));
        tx.put(table(Location::TYPE), Record::new(id, organization));
    });
}

fn heard(outbox: &Outbox) -> Vec<u64> {
    outbox.list(&Filter::default()).iter().map(|delivery| delivery.webhook).collect()
}

// On one thread nothing is sent before the test waits.
#[tokio::test]
async fn a_parent_hears_of_its_branches_and_nobody_of_others() {
    let world = world();
    let outbox = Outbox::follow(&world, courier());
    for (organization, webhooks) in [(PARENT, vec![PARENT]), (BRANCH, vec![PARENT, BRANCH]), (OTHER, vec![OTHER])] {
        let before = heard(&outbox).len();
        add_location(&world, organization);
        assert_eq!(heard(&outbox)[before..], webhooks);
    }
}

#[tokio::test]
async fn a_disabled_webhook_hears_nothing() {
    let world = world();
    let outbox = Outbox::follow(&world, courier());
    world.change("test", |tx| {
        let mut webhook = Record::clone(tx.state().get(table(Webhook::TYPE), OTHER).unwrap());
        webhook.set(Webhook::is_enabled.slot, false.into());
        tx.put(table(Webhook::TYPE), webhook);
    });
    add_location(&world, OTHER);
    assert_eq!(heard(&outbox), [0; 0]);
}

#[tokio::test]
async fn a_legacy_webhook_has_one_event_in_either_spelling() {
    for spelled in ["location.created", "LOCATION_CREATED"] {
        let world = world();
        let outbox = Outbox::follow(&world, courier());
        world.change("test", |tx| {
            tx.delete(table(WebhookEvent::TYPE), OTHER);
            let mut webhook = Record::clone(tx.state().get(table(Webhook::TYPE), OTHER).unwrap());
            webhook.set(Webhook::event_type.slot, spelled.into());
            tx.put(table(Webhook::TYPE), webhook);
        });
        add_location(&world, OTHER);
        assert_eq!(heard(&outbox), [OTHER], "{spelled}");
    }
}

/// The `sendTestWebhook` of this file's area, for one webhook.
fn send_test(world: &World, webhook: u64) -> crate::engine::Outcome {
    let input = Value::Object([(sendTestWebhookInput::id.slot, Value::Id(webhook))].into());
    let viewer = Viewer { kind: ViewerKind::Owner, organizations: vec![OTHER], ..Viewer::nobody() };
    let scene = world.scene(viewer, Version::V2026_01_01, "http://localhost".into());
    world.mutate(Mutation::sendTestWebhook.slot, Some(&input), &scene, &|_| false).unwrap()
}

#[tokio::test]
async fn a_test_goes_to_one_webhook_though_nothing_changes() {
    let world = world();
    let outbox = Outbox::follow(&world, courier());
    let before = world.snapshot();
    let outcome = send_test(&world, OTHER);
    assert_eq!((outcome.result.is_ok(), outcome.commit), (true, Some(before.commit + 1)));
    let deliveries = outbox.list(&Filter::default());
    assert_eq!(deliveries.len(), 1);
    assert_eq!(&*deliveries[0].body, r#"{"resource_id":1,"resource_id_type":"Test","event_type":"test.created","changed_fields":[]}"#);
}

#[tokio::test]
async fn a_full_outbox_refuses_what_would_add_to_it_and_nothing_else() {
    let world = world();
    let outbox = Outbox::holding(&world, courier(), 2);
    add_location(&world, OTHER);
    add_location(&world, OTHER);
    let refused = send_test(&world, OTHER);
    assert!(refused.result.as_ref().is_err_and(Refusal::is_no_room) && refused.commit.is_none());
    let commit = world.snapshot().commit;
    world.change("test", |tx| tx.delete(table(WebhookEvent::TYPE), OTHER));
    assert_eq!((world.snapshot().commit, outbox.pending()), (commit + 1, 2));
}

fn delivery() -> Delivery {
    let world = world();
    let state: &State = &world.snapshot().state;
    let webhook = crate::engine::Row::new(state.get(table(Webhook::TYPE), OTHER).unwrap().clone());
    let event = crate::engine::Event {
        def: EventDef::find("location.created").unwrap(),
        resource_id: 5,
        changed_fields: vec![],
        extra: vec![],
        organization: OTHER,
        only: None,
    };
    let commit =
        crate::engine::Commit { number: 1, at: world.now(), actor: None, cause: "test", changes: Arc::new([]), events: Arc::new([]) };
    Delivery::new(1, &world.name, &commit, &event, &webhook, "{}".into(), false)
}

#[test]
fn each_attempt_is_a_sent_webhook_and_a_success_clears_the_failures() {
    let world = world();
    let delivery = Arc::new(delivery());
    let attempt = |status| Attempt { at: world.now(), status, error: None, duration_ms: 1, url: None };
    record::record(&world, &[(delivery.clone(), &attempt(None))]);
    let state = world.snapshot().state.clone();
    let event = record::webhook_event(&state, OTHER, "LOCATION_CREATED").unwrap();
    assert!(!event.get(WebhookEvent::first_failed_at.slot).is_null());
    record::record(&world, &[(delivery.clone(), &attempt(Some(204)))]);
    let state = world.snapshot().state.clone();
    let event = record::webhook_event(&state, OTHER, "LOCATION_CREATED").unwrap();
    assert!(event.get(WebhookEvent::first_failed_at.slot).is_null());
    let statuses: Vec<_> = state
        .all(table(SentWebhook::TYPE))
        .map(|sent| sent.get(SentWebhook::http_response_status.slot).as_str().map(str::to_owned))
        .collect();
    assert_eq!(statuses, [None, Some("204".to_owned())]);
    record::record(&world, &[(delivery.clone(), &attempt(Some(201)))]);
    let state = world.snapshot().state.clone();
    let statuses: Vec<_> =
        state.all(table(SentWebhook::TYPE)).filter_map(|sent| sent.get(SentWebhook::http_response_status.slot).as_str()).collect();
    assert_eq!(statuses, ["204", "201"], "the oldest goes where there are too many");
}

#[tokio::test]
async fn certificates_that_cannot_be_read_stop_the_start() {
    let roads = Roads { ca: Some("Cargo.toml".into()), ..Roads::default() };
    let refused = Courier::new(roads, Handle::current()).err().unwrap().to_string();
    assert!(refused.contains("--webhook-ca Cargo.toml") && refused.contains("PEM"), "{refused}");
}
