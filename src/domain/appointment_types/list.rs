//! `appointmentTypes`: what a provider offers, or a client may book.

use super::offers;
use crate::engine::{Input, List, View, ViewerKind, Within};
use crate::schema::names::{AppointmentType, User, args::appointmentTypes as Args};

pub fn appointment_types() -> List<AppointmentType, Args> {
    List::new()
        .page_size(1000)
        // Deleted ones are seen when they are asked for, so that seeing is left to `is_offered`.
        .within(|on, asked| {
            let provider = asked.get(Args::provider_id).ok().flatten().and_then(|provider| on.find_any::<User>(provider));
            match provider.map_or(on.viewer().organization(), |provider| provider.organization()) {
                0 => Within::everything().all_visible(),
                organization => Within::organization(organization).all_visible(),
            }
        })
        .keep(is_there)
        .keep(is_offered)
        .reads(Args::org_level)
        .reads(Args::provider_ids)
        .reads(Args::with_deleted_appt_types)
        .filter(Args::clients_can_book, |kind, only| !only || kind.is(AppointmentType::clients_can_book))
        // Assumed: a booking widget shows what clients can book.
        .filter(Args::embed_or_sharing_link, |kind, only| !only || kind.is(AppointmentType::clients_can_book))
        .filter(Args::show_group, |kind, group| kind.is(AppointmentType::is_group) == group)
        .filter(Args::appointment_type_ids, |kind, ids| ids.is_empty() || ids.contains(&kind.id()))
        .keywords(Args::keywords)
        .order("POSITION", &[AppointmentType::position.slot])
        .default_order("POSITION_ASC")
}

fn is_there(kind: &View<'_, AppointmentType>, asked: &Input<'_, Args>) -> bool {
    let viewer = kind.on.viewer();
    let may_see = !viewer.is_member() || viewer.reaches(kind.organization());
    may_see && (kind.get(AppointmentType::deleted_at).is_none() || asked.is(Args::with_deleted_appt_types))
}

fn is_offered(kind: &View<'_, AppointmentType>, asked: &Input<'_, Args>) -> bool {
    let viewer = kind.on.viewer();
    if viewer.is_patient() && !is_bookable_by_viewer(kind) {
        return false;
    }
    if asked.is(Args::org_level) {
        return true;
    }
    if let Some(provider) = asked.get(Args::provider_id).ok().flatten() {
        return offers(kind, provider);
    }
    match asked.get(Args::provider_ids).ok().flatten() {
        Some(providers) if !providers.is_empty() => return providers.into_iter().any(|provider| offers(kind, provider)),
        _ => {}
    }
    let provider = match viewer.kind {
        ViewerKind::Patient => viewer.user.as_ref().and_then(|user| user.get(User::dietitian_id)),
        _ => viewer.id(),
    };
    // Assumed: without a key and a provider there is nobody to ask for, so every type is shown.
    provider.is_none_or(|provider| offers(kind, provider))
}

/// Documented: types for groups are for the groups that they name; the others may be closed to clients without a group.
fn is_bookable_by_viewer(kind: &View<'_, AppointmentType>) -> bool {
    let group = kind.on.viewer().user.as_ref().and_then(|user| user.get(User::user_group_id));
    let open = match group {
        Some(group) => {
            let groups = kind.get(AppointmentType::bookable_group_ids).unwrap_or_default();
            !kind.is(AppointmentType::bookable_by_groups) || groups.is_empty() || groups.contains(&group)
        }
        None => kind.is(AppointmentType::bookable_without_group),
    };
    open && kind.is(AppointmentType::clients_can_book)
}
