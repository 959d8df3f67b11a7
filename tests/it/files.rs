//! Files: sent as multipart or as text, kept, and fetched again by links that expire.

use crate::server::{Server, quiet};
use healthie_mock::config::Config;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

const UPLOAD: &str = "mutation Upload($file: Upload, $name: String) { createDocument(input: { file: $file, display_name: $name }) {
    document { id display_name file_content_type extension expiring_url } messages { field message } } }";

const PDF: &[u8] = b"%PDF-1.4 \x00\xff\r\n--boundary-like\r\nnot text";

fn pdf() -> Part {
    Part::bytes(PDF).file_name("scan.pdf").mime_str("application/pdf").expect("a type")
}

fn form(operations: &Value, map: &Value) -> Form {
    Form::new().text("operations", operations.to_string()).text("map", map.to_string())
}

async fn post(server: &Server, role: &str, form: Form) -> (u16, Value) {
    let request = server.request(Method::POST, "/graphql").header("Authorization", format!("Basic gh_sbox_default_{role}"));
    let response = request.multipart(form).send().await.expect("up");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

/// A clock that stands still.
async fn frozen() -> Server {
    let now = Some("2026-03-02T15:00:00Z".parse().expect("a time"));
    Server::start_with(Config { now, ..quiet() }).await
}

async fn fetch(url: &str) -> reqwest::Response {
    reqwest::Client::builder().no_proxy().build().expect("no TLS to set up").get(url).send().await.expect("up")
}

async fn uploaded(server: &Server, role: &str) -> Value {
    let operations = json!({ "query": UPLOAD, "variables": { "file": null } });
    let (status, answer) = post(server, role, form(&operations, &json!({ "0": ["variables.file"] })).part("0", pdf())).await;
    let made = &answer["data"]["createDocument"];
    assert_eq!((status, &made["messages"]), (200, &Value::Null), "{answer}");
    made["document"].clone()
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    let server = frozen().await;
    let document = uploaded(&server, "provider").await;
    assert_eq!(
        (&document["display_name"], &document["file_content_type"], &document["extension"]),
        (&json!("scan.pdf"), &json!("application/pdf"), &json!("pdf"))
    );
    let url = document["expiring_url"].as_str().expect("a link");
    assert!(url.starts_with(&server.url("/files/default/Document/")), "{url}");
    let response = fetch(url).await;
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(response.status(), 200);
    assert_eq!(
        (header("content-type"), header("content-length"), header("content-disposition")),
        ("application/pdf".to_owned(), PDF.len().to_string(), "inline; filename=\"scan.pdf\"".to_owned())
    );
    assert_eq!(header("access-control-allow-origin"), "*");
    assert_eq!(response.bytes().await.expect("a body"), PDF);
}

#[tokio::test]
async fn a_link_is_good_until_the_sandbox_s_clock_says_otherwise() {
    let server = frozen().await;
    let document = uploaded(&server, "provider").await;
    let url = document["expiring_url"].as_str().expect("a link");
    for (at, status) in [("2026-03-02T15:00:10Z", 200), ("2026-03-02T15:00:11Z", 403), ("2026-03-02T15:00:05Z", 200)] {
        server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": at }))).await;
        let response = fetch(url).await;
        assert_eq!(response.status(), status, "{at}");
        if status == 403 {
            let body: Value = response.json().await.expect("JSON");
            let message = "this link was good until 2026-03-02T15:00:10Z, and the sandbox's clock says 2026-03-02T15:00:11Z; ask the API for a new one";
            assert_eq!(body, json!({ "error": { "code": "link_expired", "message": message } }));
        }
    }
}

#[tokio::test]
async fn a_changed_link_opens_nothing() {
    let server = frozen().await;
    let document = uploaded(&server, "patient").await;
    let private = server.id("Document", "handbook").await;
    let url = document["expiring_url"].as_str().expect("a link");
    let own = document["id"].as_str().expect("an id");
    for forged in
        [url.replace(own, &private), url.replace("expires=", "expires=9"), url.replace("/default/", "/other/"), server.url("/files/x")]
    {
        let response = fetch(&forged).await;
        assert_eq!(response.status(), 403, "{forged}");
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], "bad_link", "{forged}");
    }
}

#[tokio::test]
async fn an_avatar_sent_as_text_is_shown_for_an_hour_and_taken_away_by_null() {
    let server = frozen().await;
    let patient = server.role("patient");
    let set =
        "mutation ($image: String) { updateUser(input: { avatar_string: $image }) { user { avatar_url } messages { field message } } }";
    let answer = patient.answer(set, json!({ "image": "data:image/png;base64,aGVsbG8=" })).await;
    let url = answer["data"]["updateUser"]["user"]["avatar_url"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    assert!(url.contains("/avatar.png?"), "{url}");
    let unchanged = patient.answer(set, json!({ "image": "" })).await;
    assert_eq!(unchanged["data"]["updateUser"]["user"]["avatar_url"], json!(url));
    let refused = patient.answer(set, json!({ "image": "not base64!" })).await;
    assert_eq!(refused["data"]["updateUser"], json!({ "user": null, "messages": [{ "field": "avatar_string", "message": "is invalid" }] }));
    let response = fetch(&url).await;
    assert_eq!((response.status().as_u16(), response.headers()["content-type"].to_str().expect("text")), (200, "image/png"));
    assert_eq!(response.text().await.expect("a body"), "hello");
    for (at, status) in [("2026-03-02T16:00:00Z", 200), ("2026-03-02T16:00:01Z", 403)] {
        server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": at }))).await;
        assert_eq!(fetch(&url).await.status(), status, "{at}");
    }
    let gone = patient.answer("mutation { updateUser(input: { avatar: null }) { user { avatar_url } } }", json!({})).await;
    assert_eq!(gone["data"]["updateUser"]["user"]["avatar_url"], Value::Null);
}

#[tokio::test]
async fn a_patient_gets_no_link_to_what_is_another_s() {
    let server = frozen().await;
    let document = uploaded(&server, "patient").await;
    let ask = format!("{{ document(id: {}) {{ expiring_url }} }}", document["id"]);
    assert_eq!(server.role("patient2").run(&ask).await["document"], Value::Null);
    assert_eq!(server.role("patient").run(&ask).await["document"]["expiring_url"], document["expiring_url"]);
}

#[tokio::test]
async fn a_fork_carries_the_files_and_a_reset_drops_them() {
    let server = frozen().await;
    let document = uploaded(&server, "provider").await;
    server.control("POST", "/sandboxes", Some(json!({ "name": "copy", "from": "default" }))).await;
    server.control("POST", "/sandboxes/default/reset", None).await;
    let url = document["expiring_url"].as_str().expect("a link");
    assert_eq!(fetch(url).await.status(), 404);
    let ask = format!("{{ document(id: {}) {{ expiring_url }} }}", document["id"]);
    let copied = server.caller("gh_sbox_copy_provider").run(&ask).await;
    let response = fetch(copied["document"]["expiring_url"].as_str().expect("a link")).await;
    assert_eq!(response.bytes().await.expect("a body"), PDF);
}

#[tokio::test]
async fn a_request_takes_several_files_and_a_file_several_places() {
    let server = frozen().await;
    let query = "mutation ($a: Upload, $b: Upload) {
        a: createDocument(input: { file: $a }) { document { display_name } }
        b: createDocument(input: { file: $b }) { document { display_name } } }";
    let operations = json!({ "query": query, "variables": { "a": null, "b": null } });
    let map = json!({ "x": ["variables.a"], "y": ["variables.b"] });
    let other = Part::bytes(b"a,b".as_slice()).file_name("C:\\data\\list.csv");
    let (_, answer) = post(&server, "provider", form(&operations, &map).part("y", other).part("x", pdf())).await;
    assert_eq!(
        answer["data"],
        json!({ "a": { "document": { "display_name": "scan.pdf" } }, "b": { "document": { "display_name": "list.csv" } } })
    );
    let same = json!({ "x": ["variables.a", "variables.b"] });
    let (_, answer) = post(&server, "provider", form(&operations, &same).part("x", pdf())).await;
    assert_eq!(answer["data"]["a"], answer["data"]["b"]);
}

#[tokio::test]
async fn an_array_of_operations_has_its_files_too() {
    let server = frozen().await;
    let one = json!({ "query": UPLOAD, "variables": { "file": null } });
    let map = json!({ "0": ["0.variables.file"], "1": ["1.variables.file"] });
    let text = Part::bytes(b"hello".as_slice()).file_name("note.txt");
    let (_, answer) = post(&server, "provider", form(&json!([one, one]), &map).part("0", pdf()).part("1", text)).await;
    let names = [0, 1].map(|at| answer[at]["data"]["createDocument"]["document"]["display_name"].clone());
    assert_eq!(names, [json!("scan.pdf"), json!("note.txt")], "{answer}");
    assert_eq!(answer[1]["data"]["createDocument"]["document"]["file_content_type"], "text/plain");
}

#[tokio::test]
async fn what_is_no_upload_is_told_so() {
    let server = frozen().await;
    let operations = json!({ "query": UPLOAD, "variables": { "file": null, "name": "x" } });
    let fitting = json!({ "0": ["variables.file"] });
    let with = |map: &Value| form(&operations, map).part("0", pdf());
    let only = |name: &'static str, text: &str| Form::new().text(name, text.to_owned());
    for (form, hint) in [
        (only("map", "{}"), "`operations` is missing"),
        (only("operations", "{}"), "`map` is missing"),
        (only("operations", "{").text("map", "{}"), "`operations` is not the JSON"),
        (only("operations", "{}").text("map", "[]"), "`map` is not the JSON"),
        (form(&operations, &fitting), "which did not come along"),
        (form(&operations, &fitting).text("0", "text"), "has no filename"),
        (with(&json!({ "0": "variables.file" })), "a list of places"),
        (with(&json!({ "0": [7] })), "no text: 7"),
        (with(&json!({ "0": ["file"] })), "no room for a file"),
        (with(&json!({ "0": ["query"] })), "no room for a file"),
        (with(&json!({ "0": ["variables.input.file"] })), "no room for a file"),
        (with(&json!({ "0": ["variables.name"] })), "no room for a file"),
        (with(&json!({ "0": ["variables.file", "variables.file"] })), "no room for a file"),
        (with(&json!({ "0": ["0.variables.file"] })), "no room for a file"),
        (with(&fitting).part("0", pdf()), "comes twice"),
    ] {
        let (status, answer) = post(&server, "provider", form).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(status == 400 && message.contains(hint), "{hint}: {answer}");
    }
    for (kind, body) in
        [("multipart/form-data", "x"), ("multipart/form-data; boundary=a", "x"), ("multipart/form-data; boundary=a", "--a\r\n")]
    {
        let request = server.request(Method::POST, "/graphql").header("Content-Type", kind).body(body);
        let response = request.send().await.expect("up");
        let (status, answer) = (response.status(), response.json::<Value>().await.expect("JSON"));
        assert!(status == 400 && answer["errors"][0]["message"].as_str().is_some_and(|message| message.contains("multipart")), "{answer}");
    }
    let long = Part::bytes(vec![7; 20 * 1024 * 1024]).file_name("long.bin");
    assert_eq!(post(&server, "provider", form(&operations, &fitting).part("0", long)).await.0, 413);
}

#[tokio::test]
async fn only_a_file_is_an_upload_and_a_file_is_nothing_else() {
    let server = frozen().await;
    let answer = server.role("provider").answer(UPLOAD, json!({ "file": "upload://0" })).await;
    let message = "Variable $file of type Upload was provided invalid value";
    assert_eq!((&answer["errors"][0]["message"], &answer["data"]), (&json!(message), &Value::Null));
    let operations = json!({ "query": UPLOAD, "variables": { "name": null } });
    let (_, answer) = post(&server, "provider", form(&operations, &json!({ "0": ["variables.name"] })).part("0", pdf())).await;
    assert_eq!(answer["errors"][0]["message"], "Variable $name of type String was provided invalid value");
}

#[tokio::test]
async fn a_seeded_document_opens_as_a_file_that_says_it_is_none() {
    let server = frozen().await;
    let id = server.id("Document", "handbook").await;
    let document = server.role("provider").run(&format!("{{ document(id: {id}) {{ expiring_url file_content_type }} }}")).await;
    let response = fetch(document["document"]["expiring_url"].as_str().expect("a link")).await;
    assert_eq!(response.headers()["content-type"].to_str().ok(), document["document"]["file_content_type"].as_str());
    let text = response.text().await.expect("a body");
    assert!(text.starts_with("%PDF-1.4") && text.contains("without the contents"), "{text}");
}

#[tokio::test]
async fn what_is_fetched_is_a_viewing_of_whoever_had_the_link() {
    let server = frozen().await;
    let document = uploaded(&server, "provider").await;
    fetch(document["expiring_url"].as_str().expect("a link")).await;
    let ask = format!("{{ documentViewings(document_id: {}) {{ user {{ first_name }} viewed_at }} }}", document["id"]);
    let viewings = server.role("provider").run(&ask).await;
    assert_eq!(viewings["documentViewings"], json!([{ "user": { "first_name": "Priya" }, "viewed_at": "2026-03-02 10:00:00 -0500" }]));
}

#[tokio::test]
async fn an_announced_file_is_put_attached_and_read() {
    let server = frozen().await;
    let id = server.id("CustomModule", "plate").await;
    let owner = server.role("owner");
    // The MD5 of `hello`.
    let announced = owner
        .run(&format!(
            r#"mutation {{ announced: createCustomModuleFileAttachmentUploadUrl(input: {{ custom_module_id: "{id}", filename: "p.png", byte_size: 5,
                checksum: "XUFAKrxLKna5cZ2REBfFkg==", content_type: "image/png" }}) {{ upload_id upload_url headers {{ name value }} }} }}"#
        ))
        .await["announced"]
        .clone();
    let url = announced["upload_url"].as_str().expect("a link");
    let client = reqwest::Client::builder().no_proxy().build().expect("no TLS to set up");
    for (bytes, status, code) in [("hell", 400, "bad_size"), ("hallo", 400, "bad_checksum"), ("hello", 204, "")] {
        let response = client.put(url).body(bytes).send().await.expect("up");
        assert_eq!(response.status(), status, "{bytes}");
        let text = response.text().await.expect("a body");
        assert!(text.contains(code), "{text}");
    }
    let attached = owner
        .run(&format!(
            r#"mutation {{ attached: createCustomModuleFileAttachment(input: {{ custom_module_id: "{id}", upload_id: {} }}) {{ file_attachment {{ url }} }} }}"#,
            announced["upload_id"]
        ))
        .await;
    let url = attached["attached"]["file_attachment"]["url"].as_str().expect("a link");
    let response = fetch(url).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.text().await.expect("a body"), "hello");
    assert_eq!(client.put(url).body("other").send().await.expect("up").status(), 405);
}

#[tokio::test]
async fn files_go_where_their_names_lead() {
    let server = frozen().await;
    let brand = "mutation ($input: createBrandInput) { createBrand(input: $input) { brand { logo logo_url logo_file_name } messages { message } } }";
    let operations = json!({ "query": brand, "variables": { "input": { "logo": null } } });
    let (_, answer) = post(&server, "owner", form(&operations, &json!({ "0": ["variables.input.logo"] })).part("0", pdf())).await;
    let brand = &answer["data"]["createBrand"]["brand"];
    assert_eq!((&brand["logo"], &brand["logo_file_name"]), (&Value::Null, &json!("scan.pdf")), "{answer}");

    let news = "mutation ($input: createAnnouncementInput) { createAnnouncement(input: $input) {
        announcement { announcement_image_url announcement_image_name } messages { message } } }";
    let talk = server.id("Conversation", "patient").await;
    let note = "mutation ($input: createNoteInput) { createNote(input: $input) {
        note { attached_image_url image_name attached_audio_url document_name document_id } messages { message } } }";
    let files = json!({ "conversation_id": talk, "attached_document": null, "attached_audio": null, "attached_image": null });
    let operations = json!([
        { "query": news, "variables": { "input": { "name": "News", "announcement_image": { "image": null } } } },
        { "query": note, "variables": { "input": files } },
    ]);
    let places = [
        "0.variables.input.announcement_image.image",
        "1.variables.input.attached_document",
        "1.variables.input.attached_audio",
        "1.variables.input.attached_image",
    ];
    let (_, answer) = post(&server, "provider", form(&operations, &json!({ "0": places })).part("0", pdf())).await;
    let (news, note) = (&answer[0]["data"]["createAnnouncement"]["announcement"], &answer[1]["data"]["createNote"]["note"]);
    for name in [&news["announcement_image_name"], &note["image_name"], &note["document_name"]] {
        assert_eq!(*name, "scan.pdf", "{answer}");
    }
    for url in [&brand["logo_url"], &news["announcement_image_url"], &note["attached_image_url"], &note["attached_audio_url"]] {
        let response = fetch(url.as_str().unwrap_or_else(|| panic!("{answer}"))).await;
        assert_eq!(response.bytes().await.expect("a body"), PDF, "{url}");
    }
    let ask = format!("{{ document(id: {}) {{ display_name }} }}", note["document_id"]);
    assert_eq!(server.role("patient").run(&ask).await["document"]["display_name"], "scan.pdf");
}
