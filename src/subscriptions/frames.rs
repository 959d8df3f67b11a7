//! ActionCable's frames: what clients send, and what they are sent.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Observed: the one channel.
const CHANNEL: &str = "GraphqlChannel";

/// A frame of a client.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Which of the socket's channels it is about: JSON in a string, as it was sent.
    pub identifier: Identifier<'a>,
    pub command: Command<'a>,
}

#[derive(Debug)]
pub enum Command<'a> {
    Subscribe,
    Unsubscribe,
    /// An operation: JSON like the body of a request.
    Execute(Cow<'a, str>),
}

/// The name that a client gave a channel.
#[derive(Debug)]
pub struct Identifier<'a> {
    /// With its quotes and escapes, to be sent back byte for byte.
    pub raw: &'a str,
    pub text: Cow<'a, str>,
}

impl Identifier<'_> {
    /// True for a channel that there is.
    pub fn is_known(&self) -> bool {
        #[derive(Deserialize)]
        struct Channel<'c> {
            #[serde(borrow)]
            channel: Cow<'c, str>,
        }
        serde_json::from_str::<Channel<'_>>(&self.text).is_ok_and(|named| named.channel == CHANNEL)
    }
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    command: Cow<'a, str>,
    #[serde(borrow)]
    identifier: &'a RawValue,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// What a client says; None for what is no frame, which is ignored as ActionCable does.
pub fn read(text: &str) -> Option<Frame<'_>> {
    let sent: Sent<'_> = serde_json::from_str(text).ok()?;
    let raw = sent.identifier.get();
    let identifier = Identifier { raw, text: string(raw)? };
    let command = match &*sent.command {
        "subscribe" => Command::Subscribe,
        "unsubscribe" => Command::Unsubscribe,
        "message" => Command::Execute(operation(sent.data?.get())?),
        _ => return None,
    };
    Some(Frame { identifier, command })
}

fn string(raw: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(raw).ok().map(|text| text.0)
}

/// Observed: graphql-ruby-client names the action, the guide's example doesn't. Assumed: text that is no JSON object is the
/// document itself, and an object instead of a string is meant as one.
fn operation(data: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Action<'a> {
        #[serde(borrow)]
        action: Option<Cow<'a, str>>,
    }
    let text = if data.starts_with('"') { string(data)? } else { Cow::Borrowed(data) };
    match serde_json::from_str::<Action<'_>>(&text) {
        Ok(Action { action }) if text.trim_start().starts_with('{') => action.is_none_or(|action| action == "execute").then_some(text),
        _ => Some(Cow::Owned(serde_json::json!({ "query": text }).to_string())),
    }
}

/// The first frame; `sid` is AnyCable's name for the connection.
pub fn welcome(sid: u64) -> String {
    format!(r#"{{"type":"welcome","sid":"{sid:016x}"}}"#)
}

/// Documented: with the server's time, in seconds.
pub fn ping(seconds: i64) -> String {
    format!(r#"{{"type":"ping","message":{seconds}}}"#)
}

pub fn confirm(identifier: &str) -> String {
    format!(r#"{{"identifier":{identifier},"type":"confirm_subscription"}}"#)
}

pub fn reject(identifier: &str) -> String {
    format!(r#"{{"identifier":{identifier},"type":"reject_subscription"}}"#)
}

/// `result` is an answer as JSON; `more` says whether others may follow.
pub fn message(identifier: &str, result: &[u8], more: bool) -> String {
    let result = String::from_utf8_lossy(result);
    format!(r#"{{"identifier":{identifier},"message":{{"result":{result},"more":{more}}}}}"#)
}

pub fn disconnect(reason: &str, reconnect: bool) -> String {
    format!(r#"{{"type":"disconnect","reason":"{reason}","reconnect":{reconnect}}}"#)
}
