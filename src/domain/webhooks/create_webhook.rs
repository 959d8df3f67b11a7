//! `createWebhook`: deliveries of some events go to an address.

use super::{secret::new_secret, url::refuse_invalid_url, webhook_event};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{Webhook, createWebhookInput as Input};

pub fn create_webhook(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let url = refuse_url(call);
    let events = wanted(call);
    let events = match (url, events) {
        (Err(url), Err(events)) => return Err(url.and(events)),
        (url, events) => {
            url?;
            events?
        }
    };
    let secret = new_secret(call);
    let single = call.get(Input::event_type)?.map(str::to_owned);
    let mut webhook = call.draft::<Webhook>().set(Webhook::signature_secret, secret);
    if let Some(event) = single.filter(|event| !event.is_empty()) {
        webhook.set_value(Webhook::event_type.slot, event.into());
    }
    for (flag, default) in [(Webhook::is_enabled, true), (Webhook::should_retry, true)] {
        if webhook.get(flag).is_none() {
            webhook.put(flag, default);
        }
    }
    let webhook = webhook.save(call);
    webhook_event::replace(call, &webhook, &events);
    webhook_event::note_never_sent(call, &events);
    Ok(webhook.into())
}

fn refuse_url(call: &Call<'_, Input>) -> Result<(), Refusal> {
    refuse_invalid_url(call.require(Input::url)?)
}

/// Documented: an event is needed, either the one in `event_type` or those in `webhook_events`.
fn wanted(call: &Call<'_, Input>) -> Result<Vec<&'static str>, Refusal> {
    let mut events = webhook_event::wanted(&call.get(Input::webhook_events)?.unwrap_or_default())?;
    let single = call.get(Input::event_type)?.and_then(webhook_event::kept_as);
    if let Some(single) = single.filter(|single| !events.contains(single)) {
        events.insert(0, single);
    }
    if events.is_empty() { Err(Refusal::on(Input::event_type, CANT_BE_BLANK)) } else { Ok(events) }
}

#[cfg(test)]
mod tests {
    use crate::schema::Version;
    use crate::testing::Clinic;

    #[test]
    fn the_two_odd_names_of_the_help_article_are_taken_where_an_event_is_a_text() {
        let clinic = Clinic::open();
        let create = r#"mutation { createWebhook(input: { url: "https://hooks.example", event_type: "goal.delated", webhook_events: [{ event_type: "conversation_membership.updated" }] }) {
            webhook { event_type webhook_events { event_type } } messages { field message } } }"#;
        let made = clinic.run(create)["data"]["createWebhook"].clone();
        let events = serde_json::json!([{ "event_type": "goal.deleted" }, { "event_type": "conversation_membership.updated" }]);
        assert_eq!(made["webhook"], serde_json::json!({ "event_type": "goal.deleted", "webhook_events": events }), "{made}");
        let newer = clinic.in_version(Version::V2026_01_01).run("{ webhooks(first: 1) { nodes { webhook_events { event_type } } } }");
        assert_eq!(newer["data"]["webhooks"]["nodes"][0]["webhook_events"], serde_json::json!([{ "event_type": "GOAL_DELETED" }]));
        for odd in ["GOAL_DELATED", "CONVERSATION_MEMBERSHIP_UPDATED"] {
            let newer = clinic.in_version(Version::V2026_01_01);
            let refused = newer.run(&format!(
                r#"mutation {{ createWebhook(input: {{ url: "https://hooks.example", webhook_events: [{{ event_type: {odd} }}] }}) {{ webhook {{ id }} }} }}"#
            ));
            assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.contains(odd)), "{refused}");
        }
    }

    #[test]
    fn an_older_client_names_one_event() {
        let clinic = Clinic::open();
        let mut made = clinic.run(
            r#"mutation { createWebhook(input: { url: "https://hooks.example/healthie", event_type: "appointment.created" }) {
                webhook { url event_type is_enabled should_retry warned_at signature_secret webhook_events { event_type retry_count } } messages { message }
            } }"#,
        );
        let secret = made["data"]["createWebhook"]["webhook"]["signature_secret"].take();
        assert!(secret.as_str().is_some_and(|secret| secret.starts_with("whsec_")));
        insta::assert_json_snapshot!(made, @r#"
        {
          "data": {
            "createWebhook": {
              "webhook": {
                "url": "https://hooks.example/healthie",
                "event_type": "appointment.created",
                "is_enabled": true,
                "should_retry": true,
                "warned_at": null,
                "signature_secret": null,
                "webhook_events": [
                  {
                    "event_type": "appointment.created",
                    "retry_count": 0
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
    fn a_newer_client_names_several() {
        let clinic = Clinic::open().in_version(Version::V2026_01_01);
        insta::assert_json_snapshot!(clinic.run(
            r#"mutation { createWebhook(input: { url: "https://hooks.example", is_enabled: false, should_retry: false, webhook_events: [{ event_type: PATIENT_CREATED }, { event_type: PATIENT_UPDATED }] }) {
                webhook { event_type is_enabled should_retry webhook_events { event_type webhook { url } } } messages { message }
            } }"#
        ), @r#"
        {
          "data": {
            "createWebhook": {
              "webhook": {
                "event_type": null,
                "is_enabled": false,
                "should_retry": false,
                "webhook_events": [
                  {
                    "event_type": "PATIENT_CREATED",
                    "webhook": {
                      "url": "https://hooks.example"
                    }
                  },
                  {
                    "event_type": "PATIENT_UPDATED",
                    "webhook": {
                      "url": "https://hooks.example"
                    }
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        let older = clinic.in_version(Version::V2024_06_01);
        insta::assert_json_snapshot!(older.run(r#"{ webhooks(keywords: "hooks patient.updated") { event_type webhook_events { event_type } } webhooksCount }"#), @r#"
        {
          "data": {
            "webhooks": [
              {
                "event_type": null,
                "webhook_events": [
                  {
                    "event_type": "patient.created"
                  },
                  {
                    "event_type": "patient.updated"
                  }
                ]
              }
            ],
            "webhooksCount": 1
          }
        }
        "#);
    }

    #[test]
    fn what_a_webhook_needs() {
        let clinic = Clinic::open();
        clinic.refuses("createWebhook(input: {})", &[("url", "can't be blank"), ("event_type", "can't be blank")]);
        clinic.refuses(r#"createWebhook(input: { url: "hooks", event_type: "patient.created" })"#, &[("url", "is invalid")]);
        clinic
            .refuses(r#"createWebhook(input: { url: "https://h.example", event_type: "patient.eaten" })"#, &[("event_type", "is invalid")]);
        clinic.as_role("provider2").refuses("createWebhook(input: {})", &[("base", "You do not have permission to create this webhook.")]);
    }
}
