//! `updateLocation`: an address changes.

use super::target;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::updateLocationInput as Input;

pub fn update_location(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let location = target(call, Input::id, "update this location")?;
    let draft = call.edit(&location);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn patients_change_their_own_addresses_only() {
        let clinic = Clinic::open().as_role("patient");
        let [own, office, others] = ["patient", "provider", "patient2"].map(|handle| clinic.id("Location", handle));
        let update = |id: &str| format!(r#"updateLocation(input: {{id: "{id}", line1: "1 Elm Street"}})"#);
        let delete = |id: &str| format!(r#"deleteLocation(input: {{id: "{id}"}})"#);
        clinic.refuses(&update(&office), &[("base", "You do not have permission to update this location.")]);
        clinic.refuses(&delete(&office), &[("base", "You do not have permission to delete this location.")]);
        clinic.refuses(&update(&others), &[("id", "Location not found")]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let answer = clinic.run(&format!("mutation {{ {} {{ location {{ line1 }} }} }}", update(&own)));
        assert_eq!(answer["data"]["updateLocation"]["location"]["line1"], "1 Elm Street");
    }
}
