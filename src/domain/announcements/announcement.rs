//! What an announcement is, and who reads it.

use crate::engine::{Answer, Entity, List, View, Within};
use crate::schema::Named;
use crate::schema::names::{Announcement, User, UserGroup, args};

/// Documented: the name is for the practice alone, title and description for its patients.
pub fn entity() -> Entity<Announcement> {
    Entity::usual()
        .about_nobody()
        .silent()
        .requires(Announcement::name)
        .defaults(Announcement::active, false)
        .ruled(Announcement::user_group_ids)
        .ruled(Announcement::last_toggled_at)
        .ruled(Announcement::last_toggled_by)
        .computed(Announcement::user_group_ids, |announcement| joined(announcement, |group| group.id().to_string()))
        .computed(Announcement::user_group_names, |announcement| {
            joined(announcement, |group| group.get(UserGroup::name).unwrap_or_default().to_owned())
        })
        .visible(is_visible)
}

fn joined(announcement: &View<'_, Announcement>, told: impl Fn(&View<'_, UserGroup>) -> String) -> Option<String> {
    let groups = announcement.get(Announcement::group_ids).unwrap_or_default();
    let told: Vec<String> =
        groups.into_iter().filter_map(|group| announcement.on.find_any::<UserGroup>(group)).map(|group| told(&group)).collect();
    (!told.is_empty()).then(|| told.join(","))
}

/// The members of its organization; patients, where it is active and for their group, or for all.
fn is_visible(announcement: &View<'_, Announcement>) -> bool {
    let viewer = announcement.on.viewer();
    match viewer.user.as_ref().filter(|_| viewer.is_patient()) {
        Some(patient) => patient.organization() == announcement.organization() && is_for(announcement, patient.get(User::user_group_id)),
        None => viewer.reaches(announcement.organization()),
    }
}

pub fn is_for(announcement: &View<'_, Announcement>, group: Option<u64>) -> bool {
    let groups = announcement.get(Announcement::group_ids).unwrap_or_default();
    announcement.is(Announcement::active) && (groups.is_empty() || group.is_some_and(|group| groups.contains(&group)))
}

pub fn is_dismissed(announcement: &View<'_, Announcement>, patient: u64) -> bool {
    announcement.get(Announcement::dismissed_by_ids).unwrap_or_default().contains(&patient)
}

/// Documented by the guide's sample: the newest first.
pub fn announcements() -> List<Announcement, args::announcements> {
    type Asked = args::announcements;
    List::new()
        .within(|on, _| match on.viewer().id() {
            Some(_) => Within::organization(on.viewer().organization()),
            None => Within::nothing(),
        })
        .filter(Asked::exclude_dismissed, |announcement, exclude| {
            !exclude || announcement.on.viewer().id().is_none_or(|viewer| !is_dismissed(announcement, viewer))
        })
        .keywords(Asked::keywords)
        .order("NEWEST", &[])
        .default_order("NEWEST_DESC")
}

/// Documented: a provider's are those of the organization, a patient's those that the patient reads.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity.answers_to(User::announcements, args::User_announcements, |user, asked| {
        let exclude = asked.is(args::User_announcements::exclude_dismissed);
        let on = user.on;
        let wanted = |announcement: &View<'_, Announcement>| {
            let shown = !user.is(User::is_patient) || is_for(announcement, user.get(User::user_group_id));
            shown && !(exclude && is_dismissed(announcement, user.id())) && on.may_see(Announcement::TYPE, announcement.record())
        };
        let mut found: Vec<_> = on.of_organization::<Announcement>(user.organization()).filter(wanted).collect();
        found.reverse();
        Answer::List(found.into_iter().map(Answer::from).collect())
    })
}
