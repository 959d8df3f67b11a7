//! The calls that a trigger makes.

use super::Unfired;
use crate::schema::Version;
use crate::webhooks::Courier;
use serde_json::{Value as Json, json};

pub struct Client<'a> {
    courier: &'a Courier,
    url: String,
    sandbox: String,
    token: Option<String>,
}

impl<'a> Client<'a> {
    pub fn new(courier: &'a Courier, url: &str, sandbox: &str, token: Option<&str>) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { courier, url, sandbox: sandbox.to_owned(), token: token.map(str::to_owned) }
    }

    /// What there is below the sandbox's address in the control API; "": the sandbox itself.
    pub async fn get(&self, path: &str) -> Result<Json, Unfired> {
        self.ask("GET", path, None).await
    }

    pub async fn control(&self, path: &str, body: &Json) -> Result<Json, Unfired> {
        self.ask("POST", path, Some(body.to_string())).await
    }

    async fn ask(&self, method: &str, path: &str, body: Option<String>) -> Result<Json, Unfired> {
        let url = format!("{}/_mock/sandboxes/{}/{path}", self.url, self.sandbox);
        let (status, answer) = self.exchange(method, url.trim_end_matches('/'), &[], self.token.as_deref(), body).await?;
        match answer["error"]["message"].as_str() {
            None if status == 200 => Ok(answer),
            Some(message) => Err(Unfired(message.to_owned())),
            None => Err(Unfired(format!("{url} answers {status}"))),
        }
    }

    /// Sends `createX(input: {…}) { x { id } }` as somebody with that role.
    pub async fn mutate(&self, role: &str, mutation: &str) -> Result<Json, Unfired> {
        let answer = self.graphql(role, &document(mutation)).await?;
        let messages = answer["caused"]["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let told: Vec<String> = messages.iter().map(|told| format!("{} {}", text(&told["field"]), text(&told["message"]))).collect();
        if told.is_empty() { Ok(answer) } else { Err(Unfired(format!("{mutation} as {role} is refused: {}", told.join("; ")))) }
    }

    /// The `data` of a document.
    pub async fn graphql(&self, role: &str, document: &str) -> Result<Json, Unfired> {
        // Its newest version is served in every phase.
        let newest = Version::ALL.into_iter().next_back().map_or("", Version::date);
        let headers = [
            ("Authorization", format!("Basic gh_sbox_{}_{role}", self.sandbox)),
            ("AuthorizationSource", "API".to_owned()),
            ("Healthie-GraphQL-API-Version", newest.to_owned()),
        ];
        let body = json!({ "query": document }).to_string();
        let (_, mut answer) = self.exchange("POST", &format!("{}/graphql", self.url), &headers, None, Some(body)).await?;
        match &answer["errors"][0]["message"] {
            Json::Null => Ok(answer["data"].take()),
            message => Err(Unfired(format!("{document} as {role} fails: {}", text(message)))),
        }
    }

    async fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, String)],
        token: Option<&str>,
        body: Option<String>,
    ) -> Result<(u16, Json), Unfired> {
        let unreached = |why| Unfired(format!("{url} does not answer: {why}; start the server, or say where it is with --url"));
        let (status, answer) = self.courier.exchange(method, url, headers, token, body).await.map_err(unreached)?;
        let unread = |_| Unfired(format!("{url} answers {status} with what is no JSON; is it a healthie-mock?"));
        Ok((status, serde_json::from_str(&answer).map_err(unread)?))
    }
}

/// Asks for the refusal's messages too, where the payload has any.
fn document(mutation: &str) -> String {
    let messages = if mutation.contains("... on") { "" } else { " messages { field message } }" };
    let open = mutation.strip_suffix('}').filter(|_| !messages.is_empty()).unwrap_or(mutation);
    format!("mutation {{ caused: {}{messages} }}", open.trim_end())
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}
