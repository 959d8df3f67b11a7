//! What was faxed to the practice, and who has looked at it.

use crate::engine::{Call, Entity, Input, List, Reading, Value};
use crate::schema::names::{ReceivedFax, ReferringPhysician, args};

pub fn entity() -> Entity<ReceivedFax> {
    Entity::usual()
        .defaults(ReceivedFax::archived, false)
        .searched_anew()
        .searched(ReceivedFax::from_number)
        .searched(ReceivedFax::comments)
        .visible(|fax| fax.on.viewer().reaches(fax.organization()))
        .computed(ReceivedFax::viewed_by_current_user, |fax| {
            let viewer = fax.on.viewer().id()?;
            Some(fax.get(ReceivedFax::viewed_by_ids).unwrap_or_default().contains(&viewer))
        })
        .computed(ReceivedFax::referring_provider_name, |fax| {
            let number = digits(fax.get(ReceivedFax::from_number)?);
            let physicians = fax.on.of_organization::<ReferringPhysician>(fax.organization());
            let mut matching =
                physicians.filter(|known| known.get(ReferringPhysician::fax_number).is_some_and(|own| digits(own) == number));
            matching.next().map(|known| {
                let names = [known.get(ReferringPhysician::first_name), known.get(ReferringPhysician::last_name)];
                names.into_iter().flatten().collect::<Vec<_>>().join(" ")
            })
        })
}

/// The last ten: with or without the country's code.
fn digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(10)..].iter().collect()
}

pub fn received_faxes() -> List<ReceivedFax, args::receivedFaxes> {
    List::usual()
        .page_size(20)
        .filter(args::receivedFaxes::active_status, |fax, status| match status {
            "active" => !fax.is(ReceivedFax::archived),
            "archived" => fax.is(ReceivedFax::archived),
            _ => true,
        })
        .order("NUMBER", &[ReceivedFax::from_number.slot])
        .default_order("CREATED_AT_DESC")
}

/// Inferred: reading a fax by itself marks it as viewed by whoever reads it.
pub fn is_new_to_caller(on: Reading<'_>, asked: &Input<'_, args::receivedFax>) -> bool {
    let fax = asked.get(args::receivedFax::id).ok().flatten().and_then(|id| on.find::<ReceivedFax>(id));
    let viewer = on.viewer();
    let may = viewer.may(crate::schema::names::OrganizationMembership::can_see_faxes);
    may && fax.is_some_and(|fax| !fax.get(ReceivedFax::viewed_by_ids).unwrap_or_default().iter().any(|id| viewer.is(*id)))
}

pub fn view(call: &mut Call<'_, args::receivedFax>) {
    let Some(fax) = call.get(args::receivedFax::id).ok().flatten().and_then(|id| call.find::<ReceivedFax>(id)) else { return };
    let mut viewed = fax.get(ReceivedFax::viewed_by_ids).unwrap_or_default();
    viewed.push(call.viewer_id());
    let mut draft = call.change(&fax);
    draft.set_value(ReceivedFax::viewed_by_ids.slot, Value::List(viewed.into_iter().map(Value::Id).collect()));
    draft.save(call);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_fax_is_new_until_somebody_reads_it() {
        let clinic = Clinic::open();
        let id = clinic.id("ReceivedFax", "results");
        let viewed = |clinic: &Clinic| {
            clinic.run("{ receivedFaxes { id viewed_by_current_user referring_provider_name } }")["data"]["receivedFaxes"].clone()
        };
        let fax = |viewed: bool| json!([{ "id": id, "viewed_by_current_user": viewed, "referring_provider_name": null }]);
        assert_eq!(viewed(&clinic), fax(false), "the archived one is not listed");
        clinic.run(&format!("{{ receivedFax(id: {id}) {{ id }} }}"));
        assert_eq!((viewed(&clinic), viewed(&clinic.as_role("admin"))), (fax(true), fax(false)));
        assert_eq!(
            clinic.as_role("limited").run("{ receivedFaxes { id } receivedFaxesCount }")["data"],
            json!({ "receivedFaxes": [], "receivedFaxesCount": 0 })
        );
    }
}
