//! What an address is, and the list of somebody's.

use crate::engine::{Entity, List, View, Within};
use crate::schema::names::{Location, args};

pub fn entity() -> Entity<Location> {
    Entity::new()
        .about(Location::user_id)
        .indexed(Location::user_id)
        .searched(Location::name)
        .searched(Location::line1)
        .searched(Location::line2)
        .searched(Location::city)
        .searched(Location::state)
        .searched(Location::zip)
        .computed(Location::to_oneline, to_oneline)
        .announces("location")
}

/// Somebody's addresses, the viewer's own where nobody is named.
pub fn locations() -> List<Location, args::locations> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            if asked.is(args::locations::has_service_facilities) {
                return Within::organization(on.viewer().organization());
            }
            let asked = asked.get(args::locations::user_id).ok().flatten();
            asked.or(on.viewer().id()).map_or_else(Within::nothing, |user| Within::having(Location::user_id, user))
        })
        // Assumed: a facility is an address that is nobody's but the organization's.
        .filter(args::locations::has_service_facilities, |location, only| !only || location.get(Location::user_id).is_none())
        .keywords(args::locations::keywords)
        .filter(args::locations::has_name, |location, only| !only || location.get(Location::name).is_some_and(|name| !name.is_empty()))
}

/// Assumed: the parts as an envelope has them, state and postal code together.
fn to_oneline(location: &View<'_, Location>) -> Option<String> {
    let part = |field| location.get(field).map(str::trim).filter(|part| !part.is_empty());
    let place: Vec<&str> = [part(Location::state), part(Location::zip)].into_iter().flatten().collect();
    let place = place.join(" ");
    let parts = [part(Location::line1), part(Location::line2), part(Location::city), Some(place.as_str()), part(Location::country)];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Some(parts.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn somebody_s_addresses_are_listed() {
        let clinic = Clinic::open();
        let patient2 = clinic.id("User", "patient2");
        let document = format!(
            r#"{{
                all: locations(user_id: "{patient2}") {{ name to_oneline }}
                named: locations(user_id: "{patient2}", has_name: true) {{ line1 }}
                found: locations(user_id: "{patient2}", keywords: "foundry") {{ line1 }}
                page: locations(user_id: "{patient2}", should_paginate: true, page_size: 1) {{ line1 }}
            }}"#
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "all": [
              {
                "name": null,
                "to_oneline": "2210 Manzanita Drive, Los Angeles, CA 90026, US"
              },
              {
                "name": "Work",
                "to_oneline": "500 Foundry Street, Los Angeles, CA 90013, US"
              }
            ],
            "named": [
              {
                "line1": "500 Foundry Street"
              }
            ],
            "found": [
              {
                "line1": "500 Foundry Street"
              }
            ],
            "page": [
              {
                "line1": "2210 Manzanita Drive"
              }
            ]
          }
        }
        "#);
    }

    #[test]
    fn without_a_user_they_are_the_viewer_s() {
        let clinic = Clinic::open().as_role("patient2");
        assert_json_snapshot!(clinic.run("{ locations { line1 user_id } locationsCount }")["data"]["locationsCount"], @"2");
    }

    #[test]
    fn a_facility_is_nobody_s() {
        let clinic = Clinic::open();
        assert_json_snapshot!(clinic.run("{ locations(has_service_facilities: true) { name user { id } } }"), @r#"
        {
          "data": {
            "locations": [
              {
                "name": "Juniper Family Nutrition",
                "user": null
              }
            ]
          }
        }
        "#);
    }

    #[test]
    fn an_address_changes_and_goes() {
        let clinic = Clinic::open();
        let id = clinic.id("Location", "patient");
        let update = format!(r#"updateLocation(input: {{id: "{id}", line2: null, city: "Yonkers"}})"#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {update} {{ location {{ to_oneline }} messages {{ field }} }} }}")), @r#"
        {
          "data": {
            "updateLocation": {
              "location": {
                "to_oneline": "12 Larkspur Lane, Yonkers, NY 10025, US"
              },
              "messages": null
            }
          }
        }
        "#);
        let delete = format!(r#"deleteLocation(input: {{id: "{id}"}})"#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {delete} {{ location {{ city }} messages {{ field }} }} }}")), @r#"
        {
          "data": {
            "deleteLocation": {
              "location": {
                "city": "Yonkers"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["location.updated", "location.deleted"]);
        clinic.refuses(&update, &[("id", "Location not found")]);
    }

    #[test]
    fn those_of_strangers_are_not_there() {
        let clinic = Clinic::open();
        let id = clinic.id("Location", "outsider_patient");
        assert_json_snapshot!(clinic.run(&format!(r#"{{ location(id: "{id}") {{ id }} }}"#)), @r#"
        {
          "data": {
            "location": null
          }
        }
        "#);
    }
}
