//! `dismissAnnouncement` and `dismissAllAnnouncements`: a patient has read it.

use super::announcement::{is_dismissed, is_for};
use crate::engine::{Answer, Call, Made, Refusal, Row};
use crate::schema::names::{
    Announcement, User, dismissAllAnnouncementsInput, dismissAllAnnouncementsPayload, dismissAnnouncementInput as Input,
};
use crate::schema::{Field, Id, Named};

pub fn dismiss_announcement(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let announcement = call.target::<Announcement, _>(Input::id)?;
    let patient = patient(call, Input::patient_id)?;
    Ok(dismissed(call, &announcement, patient.id()).into())
}

/// Documented: all of them, for one patient.
pub fn dismiss_all_announcements(call: &mut Call<'_, dismissAllAnnouncementsInput>) -> Result<Made, Refusal> {
    let patient = patient(call, dismissAllAnnouncementsInput::patient_id)?;
    let group = patient.get(User::user_group_id);
    let all = call.on().of_organization::<Announcement>(patient.organization());
    let open = all.filter(|announcement| is_for(announcement, group) && !is_dismissed(announcement, patient.id()));
    let open: Vec<Row<Announcement>> = open.map(|announcement| announcement.row().clone()).collect();
    let mut told = Vec::with_capacity(open.len());
    for announcement in open {
        told.push(dismissed(call, &announcement, patient.id()));
    }
    Ok(Made::nothing().also(dismissAllAnnouncementsPayload::announcements, Answer::records(told)))
}

/// Documented: the caller, unless somebody else is named.
fn patient<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<Row<User>, Refusal> {
    match call.is_blank(field) {
        false => call.target::<User, _>(field),
        true => call.viewer().user.clone().ok_or_else(|| Refusal::not_found(field.name(), "User")),
    }
}

fn dismissed<I: Named>(call: &mut Call<'_, I>, announcement: &Row<Announcement>, patient: u64) -> Row<Announcement> {
    let mut by = announcement.get(Announcement::dismissed_by_ids).unwrap_or_default();
    if !by.contains(&patient) {
        by.push(patient);
    }
    call.change(announcement).set(Announcement::dismissed_by_ids, by).save(call)
}
