//! Secure e-mail between providers.

use crate::engine::{Entity, List};
use crate::schema::names::{Document, ReceivedDirectMessage, SentDirectMessage, args};

pub fn sent() -> Entity<SentDirectMessage> {
    Entity::usual()
        .requires(SentDirectMessage::message_body)
        .about_nobody()
        .made_by(SentDirectMessage::sender_id)
        .searched(SentDirectMessage::subject)
        .searched(SentDirectMessage::outbound_recipient)
        .searched(SentDirectMessage::message_body)
        .visible(|message| message.on.viewer().reaches(message.organization()))
        .answers(SentDirectMessage::attachments, |message| {
            let ids = message.get(SentDirectMessage::attachment_ids).unwrap_or_default().into_iter();
            crate::engine::Answer::List(ids.filter_map(|id| message.on.find::<Document>(id)).map(Into::into).collect())
        })
        .computed(SentDirectMessage::attachments_count, |message| {
            Some(message.get(SentDirectMessage::attachment_ids).map_or(0, |ids| ids.len() as i64))
        })
        .computed(SentDirectMessage::has_binary_attachment, |message| {
            Some(message.get(SentDirectMessage::attachment_ids).is_some_and(|ids| !ids.is_empty()))
        })
        .computed(SentDirectMessage::has_cda, |message| Some(message.get(SentDirectMessage::include_patient_xml).is_some()))
}

pub fn received() -> Entity<ReceivedDirectMessage> {
    Entity::usual()
        .about_nobody()
        .searched(ReceivedDirectMessage::subject)
        .searched(ReceivedDirectMessage::listed_sender)
        .searched(ReceivedDirectMessage::message_body)
        .visible(|message| message.on.viewer().reaches(message.organization()))
        .computed(ReceivedDirectMessage::has_cda, |message| Some(message.get(ReceivedDirectMessage::cda_xml).is_some()))
}

pub fn sent_direct_messages() -> List<SentDirectMessage, args::sentDirectMessages> {
    List::usual().default_order("CREATED_AT_DESC")
}

pub fn received_direct_messages() -> List<ReceivedDirectMessage, args::receivedDirectMessages> {
    List::usual().default_order("CREATED_AT_DESC")
}
