//! `updateWebhook`: another address, other events, or none for a while.

use super::{url::refuse_invalid_url, webhook_event};
use crate::engine::{Call, Draft, Given, Made, Refusal, Row, failing};
use crate::schema::names::{Webhook, WebhookEvent, updateWebhookInput as Input};

pub fn update_webhook(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let webhook = call.target::<Webhook, _>(Input::id)?;
    if call.given(Input::url)?.is_sent() {
        refuse_invalid_url(call.require(Input::url)?)?;
    }
    let events = wanted(call)?;
    let mut draft = call.edit(&webhook);
    keep_flags(&webhook, &mut draft);
    if let Given::Value(event) = call.given(Input::event_type)? {
        draft.set_value(Webhook::event_type.slot, event.into());
    }
    let enabled_again = !webhook.is(Webhook::is_enabled) && draft.get(Webhook::is_enabled) == Some(true);
    if enabled_again {
        draft.clear(Webhook::warned_at);
    }
    if enabled_again || draft.get(Webhook::is_enabled) == Some(false) {
        draft.clear(Webhook::warns_at);
        draft.clear(Webhook::disables_at);
    }
    let saved = draft.save(call);
    if enabled_again {
        forget_failures(call, &saved);
    }
    let Some(events) = events else { return Ok(saved.into()) };
    webhook_event::replace(call, &saved, &events);
    webhook_event::note_never_sent(call, &events);
    Ok(watch(call, saved).into())
}

/// The whole new set of events, where the caller names one. The older `event_type` names a set of one (assumed).
fn wanted(call: &Call<'_, Input>) -> Result<Option<Vec<&'static str>>, Refusal> {
    if let Some(inputs) = call.get(Input::webhook_events)? {
        return webhook_event::wanted(&inputs).map(Some);
    }
    Ok(call.get(Input::event_type)?.and_then(webhook_event::kept_as).map(|event| vec![event]))
}

/// Assumed: null is neither on nor off.
fn keep_flags(webhook: &Row<Webhook>, draft: &mut Draft<Webhook>) {
    for flag in [Webhook::is_enabled, Webhook::should_retry] {
        if let (None, Some(was)) = (draft.get(flag), webhook.get(flag)) {
            draft.put(flag, was);
        }
    }
}

/// The event that failed first may have been taken off: what it counted is counted from the first of the others.
fn watch(call: &mut Call<'_, Input>, webhook: Row<Webhook>) -> Row<Webhook> {
    let events = call.having(WebhookEvent::webhook_id, webhook.id());
    let watched = events.iter().filter(|_| webhook.is(Webhook::is_enabled));
    let failing = watched.filter_map(|event| event.get(WebhookEvent::first_failed_at));
    let (warns_at, disables_at) = failing::watch(failing, webhook.get(Webhook::warned_at));
    let mut watched = call.change(&webhook);
    for (field, at) in [(Webhook::warns_at, warns_at), (Webhook::disables_at, disables_at)] {
        match at {
            Some(at) => watched.put(field, at),
            None => watched.clear(field),
        }
    }
    watched.save(call)
}

/// Inferred: a webhook that is enabled again starts afresh.
fn forget_failures(call: &mut Call<'_, Input>, webhook: &Row<Webhook>) {
    for event in call.having(WebhookEvent::webhook_id, webhook.id()) {
        let mut event = call.change(&event).set(WebhookEvent::retry_count, 0);
        event.clear(WebhookEvent::first_failed_at);
        event.clear(WebhookEvent::last_failed_at);
        event.save(call);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn made(clinic: &Clinic) -> String {
        let made = clinic.run(
            r#"mutation { createWebhook(input: { url: "https://hooks.example", webhook_events: [{ event_type: "patient.created" }, { event_type: "patient.updated" }] }) { webhook { id } } }"#,
        );
        made["data"]["createWebhook"]["webhook"]["id"].as_str().expect("made").to_owned()
    }

    #[test]
    fn the_events_given_are_the_new_set() {
        let clinic = Clinic::open();
        let id = made(&clinic);
        insta::assert_json_snapshot!(clinic.run(&format!(
            r#"mutation {{ updateWebhook(input: {{ id: {id}, is_enabled: false, webhook_events: [{{ event_type: "patient.updated" }}, {{ event_type: "location.created" }}] }}) {{
                webhook {{ url is_enabled should_retry webhook_events {{ event_type }} }} messages {{ message }}
            }} }}"#
        )), @r#"
        {
          "data": {
            "updateWebhook": {
              "webhook": {
                "url": "https://hooks.example",
                "is_enabled": false,
                "should_retry": true,
                "webhook_events": [
                  {
                    "event_type": "patient.updated"
                  },
                  {
                    "event_type": "location.created"
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
    }

    #[test]
    fn what_is_not_sent_stays() {
        let clinic = Clinic::open();
        let id = made(&clinic);
        insta::assert_json_snapshot!(clinic.run(&format!(
            r#"mutation {{ updateWebhook(input: {{ id: {id}, url: "https://other.example" }}) {{ webhook {{ url is_enabled webhook_events {{ event_type }} }} }} }}"#
        )), @r#"
        {
          "data": {
            "updateWebhook": {
              "webhook": {
                "url": "https://other.example",
                "is_enabled": true,
                "webhook_events": [
                  {
                    "event_type": "patient.created"
                  },
                  {
                    "event_type": "patient.updated"
                  }
                ]
              }
            }
          }
        }
        "#);
        clinic.refuses(&format!(r#"updateWebhook(input: {{ id: {id}, url: "" }})"#), &[("url", "can't be blank")]);
        let stranger = clinic.as_role("outsider");
        stranger.refuses(&format!("updateWebhook(input: {{ id: {id} }})"), &[("id", "Webhook not found")]);
    }

    #[test]
    fn a_deleted_webhook_takes_its_events_along() {
        let clinic = Clinic::open();
        let id = made(&clinic);
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ deleteWebhook(input: {{ id: {id} }}) {{ webhook {{ url }} messages {{ message }} }} }}")), @r#"
        {
          "data": {
            "deleteWebhook": {
              "webhook": {
                "url": "https://hooks.example"
              },
              "messages": null
            }
          }
        }
        "#);
        let events = <crate::schema::names::WebhookEvent as crate::schema::Named>::TYPE;
        assert_eq!(clinic.world.snapshot().state.len(crate::engine::table(events)), 0);
    }
}
