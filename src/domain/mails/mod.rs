//! E-mails that Healthie would send: kept as records, which nobody but a test reads.

pub mod letters;

use crate::engine::{AnyInput, Area, Call, Draft, Entity, Row};
use crate::schema::Named;
use crate::schema::names::{SentMail, SentNotificationRecord, User};

/// How many a sandbox keeps, for memory does not grow with traffic.
const KEPT: usize = 10_000;

pub fn area() -> Area {
    Area::new("mails").entity(Entity::<SentMail>::new().keeps_newest(KEPT))
}

/// An e-mail before it is known to whom it goes. All wording is ours: nobody documents Healthie's.
pub struct Mail<'t> {
    pub kind: &'static str,
    pub subject: String,
    pub text: String,
    /// The page behind the link in it, and the secret that the link carries: `/set_initial_password?signup_token=`.
    pub link: Option<(&'static str, &'t str)>,
}

/// Puts a mail to `person` into the outbox, unless they have no address. `about` is the record that it is sent for.
pub fn send<I: Named, T: Named>(call: &mut Call<'_, I>, person: &Row<User>, about: &Row<T>, mail: Mail<'_>) {
    let address = person.get(User::email).map(str::trim).unwrap_or_default().to_owned();
    if address.is_empty() {
        return;
    }
    let now = call.now();
    let mut sent = call
        .blank_draft::<SentMail>()
        .belongs_to(person.organization())
        .set(SentMail::kind, mail.kind.to_owned())
        .set(SentMail::to, address)
        .set(SentMail::subject, mail.subject)
        .set(SentMail::text, mail.text)
        .set(SentMail::resource_id, about.id())
        .set(SentMail::resource_id_type, T::TYPE.name().to_owned())
        .set(SentMail::created_at, now);
    if let Some((page, token)) = mail.link {
        sent.put(SentMail::link, format!("{}{page}{token}", call.scene().origin));
        sent.put(SentMail::token, token.to_owned());
    }
    sent.save(call);
}

/// What `person` is reminded of is on record, and `sent_notification_record.created` tells of it: by `category` (`email`, `sms`), of which
/// `kind`, about one of `things`.
pub fn on_record(
    call: &mut Call<'_, AnyInput>,
    person: &Row<User>,
    category: &str,
    kind: &str,
    things: &str,
) -> Draft<SentNotificationRecord> {
    call.blank_draft::<SentNotificationRecord>()
        .belongs_to(person.organization())
        .set(SentNotificationRecord::user_id, person.id())
        .set(SentNotificationRecord::category, category.to_owned())
        .set(SentNotificationRecord::notification_type, kind.to_owned())
        .set(SentNotificationRecord::representation_type, things.to_owned())
}
