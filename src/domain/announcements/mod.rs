//! Announcements: what a practice tells its patients when they sign in.

mod announcement;
mod dismiss;
mod write;

pub use announcement::on_user;

use crate::engine::Area;
use crate::schema::names::{Announcement, Mutation, Query};

pub fn area() -> Area {
    Area::new("announcements")
        .entity(announcement::entity())
        .gets(Query::announcement, Announcement)
        .lists(Query::announcements, announcement::announcements())
        .counts(Query::announcementsCount, Query::announcements)
        .mutation(Mutation::createAnnouncement, write::create_announcement)
        .mutation(Mutation::deleteAnnouncement, write::delete_announcement)
        .mutation(Mutation::dismissAllAnnouncements, dismiss::dismiss_all_announcements)
        .patients_too()
        .mutation(Mutation::dismissAnnouncement, dismiss::dismiss_announcement)
        .patients_too()
        .mutation(Mutation::updateAnnouncement, write::update_announcement)
}
