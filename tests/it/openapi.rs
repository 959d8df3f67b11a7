//! The description of the control API: it has every route, and every answer is as it says.

use crate::{
    receiver::Receiver,
    server::{Server, quiet},
};
use healthie_mock::config::{Config, WebhookFlag};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "any"];

/// `get /_mock/health`, by the lines of the routers.
fn routes() -> BTreeSet<String> {
    let of = |text: &str, prefix: &str| {
        let mut found = vec![];
        for route in text.split(".route(\"").skip(1) {
            let (path, rest) = route.split_once("\", ").expect("a path and its handlers");
            let mut depth = 1;
            let end = rest.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let handlers = &rest[..end.expect("it is closed")];
            let methods: Vec<&str> =
                METHODS.into_iter().filter(|method| handlers.split(&['.', '(', ' '][..]).any(|word| word == *method)).collect();
            assert!(!methods.is_empty(), "{path} has no methods");
            let path = path.replace("{*", "{");
            // Of what takes any method, one does something.
            found.extend(methods.into_iter().map(|method| format!("{} {prefix}{path}", if method == "any" { "post" } else { method })));
        }
        found
    };
    let mut all = of(include_str!("../../src/http/control/mod.rs"), "/_mock");
    all.extend(of(include_str!("../../src/http/mod.rs"), ""));
    all.into_iter().collect()
}

#[tokio::test]
async fn every_route_is_described() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await;
    assert_eq!((&document["openapi"], &document["info"]["version"]), (&json!("3.1.0"), &json!(env!("CARGO_PKG_VERSION"))));
    let operations = |(path, of): (&String, &Value)| {
        let methods = of.as_object().into_iter().flatten().map(|(method, _)| method.clone()).filter(|method| method != "parameters");
        methods.map(|method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    let described: BTreeSet<String> = document["paths"].as_object().expect("paths").iter().flat_map(operations).collect();
    let routes = routes();
    assert!(routes.len() > 30, "{routes:?}");
    let missing: Vec<_> = routes.difference(&described).collect();
    let extra: Vec<_> = described.difference(&routes).collect();
    assert!(missing.is_empty() && extra.is_empty(), "not in src/http/control/openapi.json: {missing:?}; only there: {extra:?}");
}

#[tokio::test]
async fn every_answer_and_example_is_as_it_is_described() {
    let receiver = Receiver::start().await;
    let webhooks = vec![WebhookFlag { url: receiver.url("/hook"), events: vec![] }];
    let now = Some("2026-03-02T15:00:00Z".parse().expect("a time"));
    let server = Server::start_with(Config { webhooks, now, ..quiet() }).await;
    let owner = server.role("owner");
    let id = owner.add_location("Annex").await;
    owner.run(&format!(r#"mutation {{ updateLocation(input: {{ id: "{id}", name: "Main" }}) {{ location {{ id }} }} }}"#)).await;
    owner
        .run(r#"mutation { createClient(input: { first_name: "Ada", last_name: "Lang", email: "ada@patients.example" }) { user { id } } }"#)
        .await;
    server.caller("gh_sbox_x_nobody").send(&json!({ "query": "{ currentUser { id } }" })).await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    server.control("POST", "/sandboxes/default/snapshots", Some(json!({ "name": "prepared" }))).await;

    let document = server.get("/openapi.json").await;
    let described = Described { document: &document };
    let mut wrong = vec![];
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let operation = &operations["get"];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        if schema.is_object() {
            let path = path.replace("{id}", "default").replace("{number}", "1").replace("/_mock", "");
            let answer = server.get(&path).await;
            described.check(schema, &answer, &path, &mut wrong);
            asked += 1;
        }
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let body = &operation["requestBody"]["content"]["application/json"];
            if let Some(example) = body.get("example") {
                described.check(&body["schema"], example, &format!("{method} {path} (example)"), &mut wrong);
            }
        }
    }
    assert!(asked > 15, "{asked}");

    // The others, with the document's own examples.
    for (method, path) in [
        ("put", "/_mock/seeds/{name}"),
        ("post", "/_mock/sandboxes"),
        ("put", "/_mock/sandboxes/{id}"),
        ("post", "/_mock/sandboxes/{id}/snapshots"),
        ("post", "/_mock/sandboxes/{id}/snapshots/{name}/restore"),
        ("delete", "/_mock/sandboxes/{id}/snapshots/{name}"),
        ("patch", "/_mock/sandboxes/{id}/settings"),
        ("post", "/_mock/sandboxes/{id}/records"),
        ("post", "/_mock/sandboxes/{id}/reset"),
        ("delete", "/_mock/sandboxes/{id}"),
    ] {
        let operation = &document["paths"][path][method];
        let example = operation["requestBody"]["content"]["application/json"].get("example").cloned();
        let place = path.replace("{id}", "other").replace("{name}", "prepared").replace("/_mock", "");
        let (status, answer) = server.control(&method.to_uppercase(), &place, example).await;
        let schema = &operation["responses"][status.to_string()]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path}: {status} is not described: {answer}");
        described.check(schema, &answer, &format!("{method} {place}"), &mut wrong);
    }
    let replay = &document["paths"]["/_mock/sandboxes/{id}/deliveries/{delivery}/replay"]["post"];
    for body in [None, Some(json!({ "url": receiver.url("/elsewhere") }))] {
        let (_, answer) = server.control("POST", "/sandboxes/default/deliveries/1/replay", body).await;
        described.check(&replay["responses"]["200"]["content"]["application/json"]["schema"], &answer, "a replay", &mut wrong);
    }
    let events = &document["paths"]["/_mock/sandboxes/{id}/events"]["post"];
    let event = json!({ "event_type": "location.updated", "resource_id": id, "changed_fields": ["name"] });
    described.check(&events["requestBody"]["content"]["application/json"]["schema"], &event, "an event", &mut wrong);
    let (_, announced) = server.control("POST", "/sandboxes/default/events", Some(event)).await;
    described.check(&events["responses"]["200"]["content"]["application/json"]["schema"], &announced, "an announced event", &mut wrong);
    let clock = &document["paths"]["/_mock/sandboxes/{id}/clock"]["post"];
    let moved = server.clock(clock["requestBody"]["content"]["application/json"]["example"].clone()).await;
    described.check(&clock["responses"]["200"]["content"]["application/json"]["schema"], &moved, "the clock", &mut wrong);
    let (_, error) = server.control("GET", "/sandboxes/No%20Name", None).await;
    described.check(&json!({ "$ref": "#/components/schemas/Error" }), &error, "an error", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_finds_what_is_wrong() {
    let document = json!({ "components": { "schemas": { "Name": { "type": "string" } } } });
    let schema = json!({
        "type": "object",
        "required": ["name", "kind"],
        "properties": {
            "name": { "$ref": "#/components/schemas/Name" },
            "kind": { "enum": ["a", "b"] },
            "many": { "type": "array", "items": { "type": ["integer", "null"] } },
            "either": { "anyOf": [{ "type": "string" }, { "const": 1 }] },
        },
    });
    let mut wrong = vec![];
    let described = Described { document: &document };
    let fine = json!({ "name": "x", "kind": "a", "many": [1, null], "either": 1 });
    described.check(&schema, &fine, "fine", &mut wrong);
    assert_eq!(wrong, [] as [&str; 0]);
    described.check(&schema, &json!({ "name": 1, "more": 2, "many": ["x"], "either": 2 }), "it", &mut wrong);
    assert_eq!(
        wrong,
        [
            "it: there is no \"kind\"",
            "it.name: 1 is no \"string\"",
            "it: \"more\" is not described",
            "it.many[0]: \"x\" is no [\"integer\",\"null\"]",
            "it.either: 2 is none of what is described"
        ]
    );
}

struct Described<'d> {
    document: &'d Value,
}

impl Described<'_> {
    /// As JSON Schema has it, but that an object has no members that nobody describes.
    fn check(&self, schema: &Value, value: &Value, place: &str, wrong: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = self.document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("there is no {reference}"));
            return self.check(found, value, place, wrong);
        }
        if let Some(choices) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
            let fits = |choice: &Value| {
                let mut wrong = vec![];
                self.check(choice, value, place, &mut wrong);
                wrong.is_empty()
            };
            if !choices.iter().any(fits) {
                wrong.push(format!("{place}: {value} is none of what is described"));
            }
            return;
        }
        let known = schema["enum"].as_array().is_none_or(|all| all.contains(value));
        if !known || schema.get("const").is_some_and(|only| only != value) {
            wrong.push(format!("{place}: {value} is none of the values that are described"));
        }
        let types = schema["type"].as_array().cloned().unwrap_or_else(|| schema.get("type").cloned().into_iter().collect());
        let is = |of: &Value| match of.as_str().expect("a type's name") {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("{other} is no type"),
        };
        if !types.is_empty() && !types.iter().any(is) {
            wrong.push(format!("{place}: {value} is no {}", schema["type"]));
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if value.is_object() && value.get(required).is_none() {
                wrong.push(format!("{place}: there is no {required:?}"));
            }
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            let place_of = format!("{place}.{name}");
            match (schema["properties"].get(name), schema.get("additionalProperties")) {
                (Some(schema), _) => self.check(schema, member, &place_of, wrong),
                (None, Some(Value::Bool(true))) => {}
                (None, Some(schema @ Value::Object(_))) => self.check(schema, member, &place_of, wrong),
                (None, _) if schema.get("type").is_some() => wrong.push(format!("{place}: {name:?} is not described")),
                (None, _) => {}
            }
        }
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(items) = schema.get("items") {
                self.check(items, item, &format!("{place}[{at}]"), wrong);
            }
        }
    }
}
