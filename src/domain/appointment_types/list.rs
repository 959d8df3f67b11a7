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

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use insta::assert_json_snapshot;

    fn names(clinic: &Clinic, arguments: &str) -> Vec<String> {
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let answer = clinic.run(&format!("{{ appointmentTypes{arguments} {{ name }} }}"));
        let types = answer["data"]["appointmentTypes"].as_array().unwrap_or_else(|| panic!("no list: {answer}"));
        types.iter().map(|kind| kind["name"].as_str().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn members_see_what_they_offer() {
        let clinic = Clinic::open();
        assert_json_snapshot!(names(&clinic.as_role("provider"), ""), @r#"
        [
          "Initial Consultation",
          "Follow-up",
          "Mindful Eating Class",
          "Care Coordination"
        ]
        "#);
        assert_json_snapshot!(names(&clinic.as_role("provider2"), ""), @r#"
        [
          "Initial Consultation",
          "Follow-up",
          "Mindful Eating Class",
          "Counseling Session",
          "Care Coordination"
        ]
        "#);
        assert_json_snapshot!(names(&clinic.as_role("outsider"), ""), @r#"
        [
          "Intake"
        ]
        "#);
    }

    #[test]
    fn clients_see_what_they_can_book() {
        let clinic = Clinic::open();
        assert_json_snapshot!(names(&clinic.as_role("patient"), ""), @r#"
        [
          "Initial Consultation",
          "Follow-up",
          "Mindful Eating Class"
        ]
        "#);
        assert_json_snapshot!(names(&clinic.as_role("patient2"), ""), @r#"
        [
          "Initial Consultation",
          "Follow-up",
          "Mindful Eating Class",
          "Counseling Session"
        ]
        "#);
    }

    #[test]
    fn a_booking_page_asks_without_a_key() {
        let clinic = Clinic::open().as_role("nobody");
        let provider = clinic.id("User", "provider");
        let document = format!(
            r#"{{ appointmentTypes(provider_id: "{provider}", clients_can_book: true, show_group: false) {{
                name length available_contact_types metadata
            }} }}"#
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "appointmentTypes": [
              {
                "name": "Initial Consultation",
                "length": 60,
                "available_contact_types": [
                  "Healthie Video Call",
                  "In Person",
                  "Phone Call"
                ],
                "metadata": null
              },
              {
                "name": "Follow-up",
                "length": 30,
                "available_contact_types": [
                  "Healthie Video Call",
                  "In Person",
                  "Phone Call"
                ],
                "metadata": null
              }
            ]
          }
        }
        "#);
    }

    #[test]
    fn types_are_filtered() {
        let clinic = Clinic::open();
        let [initial, class] = ["initial", "class"].map(|handle| clinic.id("AppointmentType", handle));
        assert_eq!(names(&clinic, &format!(r#"org_level: true, appointment_type_ids: "[\"{initial}\",\"{class}\"]""#)).len(), 2);
        assert_eq!(names(&clinic, "org_level: true, show_group: true"), ["Mindful Eating Class"]);
        assert_eq!(names(&clinic, r#"org_level: true, keywords: "follow""#), ["Follow-up"]);
        let with_deleted = names(&clinic, "org_level: true, with_deleted_appt_types: true");
        assert_eq!(with_deleted.len(), names(&clinic, "org_level: true").len() + 1);
        assert_eq!(names(&clinic, "org_level: true, page_size: 2, offset: 1, order_by: POSITION_DESC").len(), 2);
    }

    #[test]
    fn a_deleted_type_is_listed_no_more() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentType", "internal");
        let delete = format!(r#"deleteAppointmentType(input: {{id: "{id}"}})"#);
        let before = names(&clinic, "org_level: true").len();
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {delete} {{ appointmentType {{ name }} messages {{ field }} }} }}")), @r#"
        {
          "data": {
            "deleteAppointmentType": {
              "appointmentType": {
                "name": "Care Coordination"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(names(&clinic, "org_level: true").len(), before - 1);
        assert_json_snapshot!(clinic.run(&format!(r#"{{ appointmentType(id: "{id}") {{ name }} appointmentTypesCount(org_level: true) }}"#)), @r#"
        {
          "data": {
            "appointmentType": null,
            "appointmentTypesCount": 4
          }
        }
        "#);
    }

    #[test]
    fn the_newest_version_shows_a_connection() {
        let clinic = Clinic::open().in_version(Version::V2026_01_01);
        assert_json_snapshot!(clinic.run("{ appointmentTypes(org_level: true, first: 1) { nodes { name } total_count } }"), @r#"
        {
          "data": {
            "appointmentTypes": {
              "nodes": [
                {
                  "name": "Initial Consultation"
                }
              ],
              "total_count": 5
            }
          }
        }
        "#);
    }
}
