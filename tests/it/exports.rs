//! Exports: a whole state as a document, and what becomes of it elsewhere.

use crate::server::{Server, quiet};
use healthie_mock::{Mock, config::Config};
use serde_json::{Value, json};

async fn exported(server: &Server, sandbox: &str) -> String {
    let path = format!("/_mock/sandboxes/{sandbox}/export");
    let answer = server.request(reqwest::Method::GET, &path).send().await.expect("the server is up");
    assert_eq!(answer.status(), 200);
    answer.text().await.expect("a body")
}

async fn sent(server: &Server, method: reqwest::Method, path: &str, body: String) -> (u16, Value) {
    let answer = server.request(method, &format!("/_mock{path}")).body(body).send().await.expect("the server is up");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn imported(server: &Server, sandbox: &str, text: &str) -> (u16, Value) {
    sent(server, reqwest::Method::POST, &format!("/sandboxes/{sandbox}/import"), text.to_owned()).await
}

const MAKE: &str = r#"mutation { createApiKey(input: { name: "drawn", user_id: "55480001" }) { api_key api_key_object { id created_at } } createLocation(input: { name: "New" }) { location { id } } }"#;

#[tokio::test]
async fn what_is_imported_goes_on_as_the_original_does() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    let owner = server.role("owner");
    owner.add_location("Kept").await;
    owner.hook("http://127.0.0.1:9/", "patient.created").await;
    owner.run(r#"mutation { createDocument(input: { file_string: "data:text/plain;base64,aGVsbG8=", display_name: "Hello.txt" }) { document { id } messages { message } } }"#).await;
    server.control("PATCH", "/sandboxes/default/settings", Some(json!({ "bad_key_status": 200 }))).await;
    let text = exported(&server, "default").await;
    assert_eq!(exported(&server, "default").await, text, "the same state gives the same bytes");

    let elsewhere = Server::start().await;
    let (status, sandbox) = imported(&elsewhere, "default", &text).await;
    assert_eq!((status, &sandbox["now"]), (200, &json!("2026-03-02T15:00:00Z")), "{sandbox}");
    assert_eq!(exported(&elsewhere, "default").await, text);
    assert_eq!(elsewhere.get("/sandboxes/default/settings").await["bad_key_status"], 200);
    assert_eq!(sandbox["records"], server.get("/sandboxes/default").await["records"]);
    assert_eq!(sandbox["keys"], server.get("/sandboxes/default").await["keys"]);
    let (original, copy) = (owner.answer(MAKE, Value::Null).await, elsewhere.role("owner").answer(MAKE, Value::Null).await);
    assert!(original["data"]["createLocation"]["location"]["id"].is_string(), "{original}");
    assert!(original["data"]["createApiKey"]["api_key"].is_string(), "{original}");
    assert_eq!(original, copy, "ids, times and keys");
    assert_eq!(exported(&elsewhere, "default").await, exported(&server, "default").await);
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_said_and_nothing_changes() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    server.role("owner").add_location("Here").await;
    let text = exported(&server, "default").await;
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no line {start}")).to_owned();
    let locations = line(r#"{"type": "Location""#);
    let location = text.lines().skip_while(|line| **line != locations).nth(1).expect("a record").trim_end_matches(',').trim().to_owned();
    let id = location.split('"').nth(3).expect("an id");
    let instead = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let in_location = |from: &str, to: &str| {
        assert!(location.contains(from), "{from} in {location}");
        text.replacen(&location, &location.replacen(from, to, 1), 1)
    };
    let wrong = [
        (text[..text.len() / 2].to_owned(), "not all of one"),
        (text.clone() + "{}", "trailing characters"),
        (String::new(), "not all of one"),
        ("[]".to_owned(), "no export"),
        (r#"{"users": []}"#.to_owned(), "has no \"healthie_mock_export\""),
        (instead(r#""healthie_mock_export": 1"#, r#""healthie_mock_export": 2"#), "of format 2, and this program reads 1"),
        (instead(r#""seed": "clinic""#, r#""seed": "clinic", "mood": 1"#), "unknown field `mood`"),
        (instead(r#""draws":"#, r#""draw":"#), "unknown field `draw`"),
        (instead(r#""bad_key_status":401"#, r#""bad_key_status":500"#), "settings: bad_key_status is 401 or 200"),
        (instead(r#"{"frozen_at":"2026-"#, r#"{"frozen_at":"9999-"#), "clock: give a time in the years 1 to 8999"),
        (instead(r#"{"type": "Location""#, r#"{"type": "Place""#), "there is no type \"Place\""),
        (
            instead(&locations, &format!("{{\"type\": \"Location\", \"next_id\": \"1\", \"records\": []}},\n{locations}")),
            "the type Location stands there twice",
        ),
        (instead(&location, &format!("{location}, {location}")), &format!("(Location).records[1]: the id {id} is taken")),
        (in_location(r#""name":"#, r#""nmae":"#), "(Location).records[0]: Location has no column \"nmae\""),
        (in_location(r#""values":{"#, r#""values":{"name":7,"#), "(Location).records[0]"),
        (in_location(r#""values":{"#, r#""values":{"city":7,"#), "(Location).records[0]"),
        (in_location(id, &format!("0{id}")), "is not an id in digits"),
        (in_location(r#""organization":"#, r#""organisation":"#), "unknown field `organisation`"),
        (instead(&locations, &locations.replace("\"next_id\": \"", "\"next_id\": \"-")), "next_id"),
        (instead(&locations, &locations.replace(&locations[21..], r#""next_id": "1", "records": ["#)), "and a record has the id"),
    ];
    for (document, hint) in wrong {
        let (status, answer) = imported(&server, "default", &document).await;
        let told = answer["error"]["message"].as_str().unwrap_or_default();
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("bad_export")), "{hint}: {answer}");
        assert!(told.contains(hint) && told.ends_with("nothing was changed"), "{hint}: {told}");
    }
    assert_eq!(exported(&server, "default").await, text);
}

#[tokio::test]
async fn an_export_is_a_seed_by_flag_and_by_name() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    server.role("owner").add_location("Exported").await;
    let text = exported(&server, "default").await;
    let (status, added) = sent(&server, reqwest::Method::PUT, "/seeds/prepared", text.clone()).await;
    assert_eq!((status, &added["seed"]), (200, &json!("prepared")), "{added}");
    assert_eq!(server.get("/seeds").await, json!({ "seeds": ["clinic", "prepared"] }));
    let (status, made) = server.control("POST", "/sandboxes", Some(json!({ "name": "mine", "seed": "prepared" }))).await;
    assert_eq!((status, &made["seed"], &made["keys"]["owner"]["key"]), (201, &json!("prepared"), &json!("gh_sbox_mine_owner")), "{made}");
    let names = server.caller("gh_sbox_mine_owner").run("{ locations { name } }").await;
    assert!(names.to_string().contains("Exported"), "{names}");
    server.caller("gh_sbox_mine_owner").add_location("More").await;
    assert_eq!(server.control("POST", "/sandboxes/mine/reset", None).await.0, 200);
    assert_eq!(server.caller("gh_sbox_mine_owner").run("{ locations { name } }").await, names);

    let file = std::env::temp_dir().join(format!("healthie-mock-export-{}.json", std::process::id()));
    std::fs::write(&file, &text).expect("a place for files");
    let seed = file.to_string_lossy().into_owned();
    let seeded = Server::start_with(Config { seed: seed.clone(), ..quiet() }).await;
    assert_eq!(seeded.get("/sandboxes/default/clock").await["now"], "2026-03-02T15:00:00Z", "the clock is the export's");
    assert_eq!(seeded.caller("gh_sbox_other_owner").run("{ locations { name } }").await, names, "by the key of one of its roles");
    std::fs::write(&file, &text[..1000]).expect("a place for files");
    let refused = Mock::start_with(Config { seed, ..quiet() }).await.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("healthie-mock-export-") && refused.contains("not all of one"), "{refused}");
    std::fs::remove_file(&file).expect("it is there");
}

#[tokio::test]
async fn a_seed_is_added_as_files() {
    let server = Server::start().await;
    let files = |location: &str| json!({ "seed.yaml": "extends: clinic", "Location.yaml": location }).to_string();
    let put = async |name: &str, body: String| sent(&server, reqwest::Method::PUT, &format!("/seeds/{name}"), body).await;
    assert_eq!(put("two", files("- handle: annex\n  name: Annex\n")).await.0, 200);
    let (status, made) = server.control("POST", "/sandboxes", Some(json!({ "name": "mine", "seed": "two" }))).await;
    assert!(status == 201 && made["records"]["Location"]["annex"].is_string(), "{made}");
    for (name, body, status, code, hint) in [
        ("two", files("- handle: annex\n  nmae: Annex\n"), 400, "bad_seed", "two/Location.yaml:2"),
        ("two", "[]".to_owned(), 400, "bad_seed", "file names with their YAML"),
        ("two", r#"{"healthie_mock_export": 1}"#.to_owned(), 400, "bad_seed", "missing field"),
        ("clinic", files(""), 400, "bad_seed", "is built in"),
        ("No%20Name", files(""), 400, "bad_name", "1 to 63"),
    ] {
        let (was, answer) = put(name, body).await;
        let told = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(was == status && answer["error"]["code"] == code && told.contains(hint), "{name} {hint}: {answer}");
    }
}

#[tokio::test]
async fn a_seed_is_added_as_the_tar_of_its_folder() {
    let folder = std::env::temp_dir().join(format!("healthie-mock-tar-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a place for files");
    std::fs::write(folder.join("seed.yaml"), "extends: clinic").expect("a place for files");
    std::fs::write(folder.join("Location.yaml"), "- handle: annex\n  name: Annex\n").expect("a place for files");
    let server = Server::start().await;
    for flags in ["c", "cz"] {
        let packed = std::process::Command::new("tar").arg(flags).arg("-C").arg(&folder).arg(".").output().expect("tar is there").stdout;
        let put = server.request(reqwest::Method::PUT, "/_mock/seeds/packed").body(packed.clone()).send().await.expect("up");
        assert_eq!(put.status(), 200, "{flags}: {}", put.text().await.expect("a body"));
        let (_, made) = server.control("PUT", "/sandboxes/mine", Some(json!({ "seed": "packed" }))).await;
        assert!(made["records"]["Location"]["annex"].is_string(), "{flags}: {made}");
        let cut = packed[..packed.len().min(1_800) / 2].to_vec();
        let refused = server.request(reqwest::Method::PUT, "/_mock/seeds/packed").body(cut).send().await.expect("up");
        assert_eq!(refused.status(), 400, "{flags}");
    }
    std::fs::remove_dir_all(&folder).expect("it is there");
}

#[tokio::test]
async fn a_clinic_of_any_size_is_a_seed() {
    let server = Server::start().await;
    let (status, made) = server.control("POST", "/sandboxes", Some(json!({ "name": "large", "seed": "clinic:40" }))).await;
    assert_eq!((status, &made["seed"]), (201, &json!("clinic:40")), "{made}");
    let large = server.caller("gh_sbox_large_owner").run("{ usersCount }").await["usersCount"].as_u64();
    let usual = server.role("owner").run("{ usersCount }").await["usersCount"].as_u64();
    assert!(large >= usual.map(|usual| usual + 40), "{large:?} {usual:?}");
    let (status, refused) = server.control("POST", "/sandboxes", Some(json!({ "seed": "clinic:99999999" }))).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!("unknown_seed")), "{refused}");
}
