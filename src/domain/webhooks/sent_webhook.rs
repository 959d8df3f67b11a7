//! What was delivered, or was tried to: the log of an organization's webhooks.

use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, View, Within};
use crate::schema::names::{SentWebhook, args};
use jiff::SignedDuration;

/// Documented: the log goes back that many days.
const KEPT_DAYS: i64 = 180;
/// Ours, for memory does not grow with traffic: of all organizations of a sandbox.
const KEPT: usize = 10_000;

pub fn entity() -> Entity<SentWebhook> {
    Entity::new().keeps_newest(KEPT).searched(SentWebhook::url).searched(SentWebhook::event_type)
}

/// Documented: the organization's, newest first.
pub fn sent_webhooks() -> List<SentWebhook, args::sentWebhooks> {
    type Asked = args::sentWebhooks;
    List::new()
        .within(|on, _| Within::organization(on.viewer().organization()).all_visible())
        .keep(|sent, asked| is_kept(sent) && is_in_span(sent, asked))
        .filter(Asked::keywords, |sent, words| is_found(sent, words))
        .filter_eq(Asked::resource_id, SentWebhook::resource_id)
        .filter(Asked::resource_type, |sent, resource| is_of(sent, resource))
        .filter(Asked::failed, |sent, failed| has_failed(sent) == failed)
        .default_order("CREATED_AT_DESC")
        .page_size(20)
}

pub fn sent_webhooks_count(on: Reading<'_>, asked: &Input<'_, args::sentWebhooksCount>) -> Result<Answer, QueryError> {
    type Asked = args::sentWebhooksCount;
    let words = asked.get(Asked::keywords).ok().flatten();
    let resource_id = asked.get(Asked::resource_id).ok().flatten();
    let resource = asked.get(Asked::resource_type).ok().flatten();
    let status = asked.get(Asked::http_response_status).ok().flatten().filter(|status| !status.is_empty());
    let sent = on.of_organization::<SentWebhook>(on.viewer().organization()).filter(is_kept);
    let found = sent.filter(|sent| {
        words.is_none_or(|words| is_found(sent, words))
            && resource_id.is_none_or(|id| sent.get(SentWebhook::resource_id) == Some(id))
            && resource.is_none_or(|resource| is_of(sent, resource))
            && status.is_none_or(|status| sent.get(SentWebhook::http_response_status) == Some(status))
    });
    Ok(crate::engine::Value::Int(found.count() as i64).into())
}

fn is_kept(sent: &View<'_, SentWebhook>) -> bool {
    let oldest = sent.on.now() - SignedDuration::from_hours(24 * KEPT_DAYS);
    sent.get(SentWebhook::created_at) >= Some(oldest)
}

/// Documented: `sent_before` counts only beside `sent_after`, and is now where it is not sent.
fn is_in_span(sent: &View<'_, SentWebhook>, asked: &Input<'_, args::sentWebhooks>) -> bool {
    let after = asked.get(args::sentWebhooks::sent_after).ok().flatten();
    let before = asked.get(args::sentWebhooks::sent_before).ok().flatten();
    let Some(after) = after else { return true };
    let at = sent.get(SentWebhook::created_at);
    at >= Some(after) && at <= Some(before.unwrap_or(sent.on.now()))
}

fn is_found(sent: &View<'_, SentWebhook>, words: &str) -> bool {
    let texts = [sent.get(SentWebhook::url), sent.get(SentWebhook::event_type)].map(|text| text.unwrap_or_default().to_lowercase());
    words.to_lowercase().split_whitespace().all(|word| {
        let spelled = word.replace('.', "_");
        texts.iter().any(|text| text.contains(word) || text.contains(&spelled))
    })
}

/// The argument has its types in capitals: `FORM_ANSWER_GROUP` for `FormAnswerGroup`.
fn is_of(sent: &View<'_, SentWebhook>, resource: &str) -> bool {
    let own = sent.get(SentWebhook::resource_id_type).unwrap_or_default();
    own.eq_ignore_ascii_case(&resource.replace('_', ""))
}

/// Documented: everything but a 2xx.
fn has_failed(sent: &View<'_, SentWebhook>) -> bool {
    !sent.get(SentWebhook::http_response_status).is_some_and(|status| status.starts_with('2') && status.len() == 3)
}
