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

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame as it was understood: the identifier's text, and what is wanted.
    fn understood(text: &str) -> Option<String> {
        let frame = read(text)?;
        let command = match frame.command {
            Command::Subscribe => "subscribe".to_owned(),
            Command::Unsubscribe => "unsubscribe".to_owned(),
            Command::Execute(operation) => operation.into_owned(),
        };
        Some(format!("{} {command}", frame.identifier.text))
    }

    #[test]
    fn what_clients_send_is_understood() {
        for (sent, expected) in [
            (r#"{"command":"subscribe","identifier":"x"}"#, "x subscribe"),
            (r#"{"identifier":"\u0078","command":"unsubscribe","more":1}"#, "x unsubscribe"),
            (
                r#"{"command":"message","identifier":"x","data":"{\"query\":\"{a}\",\"action\":\"execute\"}"}"#,
                r#"x {"query":"{a}","action":"execute"}"#,
            ),
            (r#"{"command":"message","identifier":"x","data":"{\"query\":\"{a}\"}"}"#, r#"x {"query":"{a}"}"#),
            (r#"{"command":"message","identifier":"x","data":{"query":"{a}"}}"#, r#"x {"query":"{a}"}"#),
            (r#"{"command":"message","identifier":"x","data":"{ a }"}"#, r#"x {"query":"{ a }"}"#),
            (r#"{"command":"message","identifier":"x","data":"subscription { a }"}"#, r#"x {"query":"subscription { a }"}"#),
        ] {
            assert_eq!(understood(sent).as_deref(), Some(expected), "{sent}");
        }
    }

    #[test]
    fn what_is_no_frame_is_nothing() {
        for sent in [
            "",
            "{",
            "[]",
            "7",
            r#"{"command":"subscribe"}"#,
            r#"{"command":"subscribe","identifier":{}}"#,
            r#"{"command":"dance","identifier":"x"}"#,
            r#"{"command":"message","identifier":"x"}"#,
            r#"{"command":"message","identifier":"x","data":"{\"query\":\"{a}\",\"action\":\"perform\"}"}"#,
            r#"{"command":"message","identifier":"x","data":"{\"action\":7,\"action\":8"}"x"#,
        ] {
            assert_eq!(understood(sent), None, "{sent}");
        }
    }

    #[test]
    fn a_channel_is_known_by_its_name() {
        let is_known = |text: &str| Identifier { raw: "", text: text.into() }.is_known();
        assert!(is_known(r#"{"channel":"GraphqlChannel","channelId":"1"}"#));
        for unknown in ["", "GraphqlChannel", r#"{"channel":"$pubsub","signed_stream_name":"x"}"#, r#"{"channel":7}"#, "[]"] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }

    #[test]
    fn what_clients_are_sent_is_as_actioncable_writes_it() {
        assert_eq!(welcome(10), r#"{"type":"welcome","sid":"000000000000000a"}"#);
        assert_eq!(ping(1_772_463_600), r#"{"type":"ping","message":1772463600}"#);
        assert_eq!(confirm(r#""\u0078""#), r#"{"identifier":"\u0078","type":"confirm_subscription"}"#);
        assert_eq!(reject(r#""x""#), r#"{"identifier":"x","type":"reject_subscription"}"#);
        let told = message(r#""x""#, br#"{"data":{}}"#, true);
        assert_eq!(told, r#"{"identifier":"x","message":{"result":{"data":{}},"more":true}}"#);
        assert_eq!(disconnect("unauthorized", false), r#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#);
    }
}
