//! Announcements: what a practice tells its patients when they sign in.

use crate::engine::Area;
use crate::schema::names::{Announcement, Mutation, Query};

pub fn area() -> Area {
    Area::new("announcements")
        .gets(Query::announcement, Announcement)
        .lists_all(Query::announcements, Announcement)
        .counts(Query::announcementsCount, Query::announcements)
        .creates(Mutation::createAnnouncement, Announcement)
        .deletes(Mutation::deleteAnnouncement, Announcement)
        .leaves_out(Mutation::dismissAllAnnouncements, "not built yet")
        .leaves_out(Mutation::dismissAnnouncement, "not built yet")
        .updates(Mutation::updateAnnouncement, Announcement)
}
