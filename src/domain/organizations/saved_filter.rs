//! Filters of the calendar, kept under a name; a uuid shares them.

use crate::engine::{Answer, Call, Entity, Input as Args, List, Made, QueryError, Reading, Refusal, Row, Within};
use crate::schema::Named;
use crate::schema::names::{
    Organization, SavedFilter, args, createSavedFilterInput as Input, deleteSavedFilterInput, updateSavedFilterInput,
};
use uuid::Builder;

/// Assumed: the members of the organization that has access see it.
pub fn entity() -> Entity<SavedFilter> {
    Entity::new()
        .silent()
        .requires(SavedFilter::name)
        .indexed(SavedFilter::uuid)
        .made_by(SavedFilter::user_id)
        // Assumed: the filter that is set in somebody's calendar is not known here, so that a new one is empty.
        .defaults(SavedFilter::filter_data, "{}".to_owned())
}

/// Documented: by id, or by the uuid of a link that somebody shared.
pub fn saved_filter(on: Reading<'_>, asked: &Args<'_, args::savedFilter>) -> Result<Answer, QueryError> {
    type Asked = args::savedFilter;
    let by_uuid = || {
        let uuid = asked.lifted.sent(Asked::uuid.slot).and_then(Option::as_ref).and_then(|uuid| uuid.as_str().map(str::to_owned));
        on.having(SavedFilter::uuid, uuid?).next()
    };
    asked.accept(Asked::uuid);
    let found = match asked.get(Asked::id).ok().flatten() {
        Some(id) => on.find::<SavedFilter>(id),
        None => by_uuid().and_then(|filter| on.find::<SavedFilter>(filter.id())),
    };
    Ok(found.into())
}

/// Documented: a person's, or an organization's; the caller's organization's where nothing is named.
pub fn saved_filters() -> List<SavedFilter, args::savedFilters> {
    type Asked = args::savedFilters;
    List::new()
        .unpaged()
        .within(|on, _| match on.viewer().is_member() {
            true => Within::organization(on.viewer().organization()),
            false => Within::nothing(),
        })
        .filter_eq(Asked::user_id, SavedFilter::user_id)
        .filter_eq(Asked::organization_id, SavedFilter::organization_id)
}

pub fn create_saved_filter(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let organization = match call.is_blank(Input::organization_id) {
        true => call.viewer().organization(),
        false => call.target::<Organization, _>(Input::organization_id)?.id(),
    };
    let uuid = Builder::from_random_bytes(call.random().bytes16()).into_uuid().to_string();
    let mut filter = call.draft::<SavedFilter>().set(SavedFilter::uuid, uuid);
    filter.set_value(SavedFilter::organization_id.slot, crate::engine::Value::Id(organization));
    call.check(&filter)?;
    Ok(filter.save(call).into())
}

pub fn update_saved_filter(call: &mut Call<'_, updateSavedFilterInput>) -> Result<Made, Refusal> {
    let filter = own(call, call.target::<SavedFilter, _>(updateSavedFilterInput::id)?, "update this saved filter")?;
    let filter = call.edit(&filter);
    call.check(&filter)?;
    Ok(filter.save(call).into())
}

pub fn delete_saved_filter(call: &mut Call<'_, deleteSavedFilterInput>) -> Result<Made, Refusal> {
    let filter = own(call, call.target::<SavedFilter, _>(deleteSavedFilterInput::id)?, "delete this saved filter")?;
    call.delete(&filter);
    Ok(filter.into())
}

/// Assumed: whoever made it, and administrators.
fn own<I: Named>(call: &Call<'_, I>, filter: Row<SavedFilter>, to: &str) -> Result<Row<SavedFilter>, Refusal> {
    let owner = filter.value(SavedFilter::user_id.slot).as_id();
    if call.viewer().is_admin() || owner == call.viewer().id() { Ok(filter) } else { Err(Refusal::no_permission(to)) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_filter_is_shared_by_its_uuid() {
        let clinic = Clinic::open();
        let made = clinic.run(r#"mutation { createSavedFilter(input: { name: "Mornings" }) { savedFilter { id name uuid filter_data } messages { message } } }"#);
        let filter = &made["data"]["createSavedFilter"]["savedFilter"];
        let (id, uuid) = (filter["id"].as_str().expect("made"), filter["uuid"].as_str().expect("made"));
        let seen = clinic.as_role("provider").run(&format!(r#"{{ savedFilter(uuid: "{uuid}") {{ name }} savedFilters {{ name }} }}"#));
        assert_eq!(seen["data"]["savedFilter"]["name"], "Mornings");
        clinic.as_role("provider").refuses(
            &format!(r#"deleteSavedFilter(input: {{ id: "{id}" }})"#),
            &[("base", "You do not have permission to delete this saved filter.")],
        );
        clinic.refuses(&format!(r#"updateSavedFilter(input: {{ id: "{id}", name: " " }})"#), &[("name", "can't be blank")]);
    }
}
