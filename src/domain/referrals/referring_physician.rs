//! Physicians who send patients: a directory that the organization shares.

use crate::engine::{Answer, Call, Draft, Entity, Input, List, Made, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::names::{
    Location, Referral, ReferringPhysician, User, args, createReferringPhysicianInput as Create,
    createReferringPhysicianPayload as Created, deleteReferringPhysicianInput as Delete,
};

pub fn entity() -> Entity<ReferringPhysician> {
    Entity::usual()
        .about_nobody()
        .made_by(ReferringPhysician::provider)
        .searched(ReferringPhysician::business_name)
        .computed(ReferringPhysician::full_name, |physician| Some(full_name(physician)))
        .computed(ReferringPhysician::referrals_count, |physician| {
            Some(physician.on.count_having(Referral::referring_physician_id, physician.id()) as i64)
        })
}

fn full_name(physician: &View<'_, ReferringPhysician>) -> String {
    let names = [ReferringPhysician::first_name, ReferringPhysician::last_name].map(|name| physician.get(name).unwrap_or_default().trim());
    names.join(" ").trim().to_owned()
}

pub fn referral() -> Entity<Referral> {
    Entity::usual().requires(Referral::user_id).requires(Referral::referring_physician_id)
}

pub fn referring_physicians() -> List<ReferringPhysician, args::referringPhysicians> {
    type Asked = args::referringPhysicians;
    List::new()
        .filter(Asked::has_fax_number, |physician, only| !only || has_fax(physician))
        .keywords(Asked::keywords)
        .order("NAME", &[ReferringPhysician::last_name.slot, ReferringPhysician::first_name.slot])
        .order_by("CITY", |physician| {
            let location = physician.follow::<Location, _>(ReferringPhysician::location_id);
            location.map_or(Value::Null, |location| location.value(Location::city.slot).clone())
        })
        .order_by("CLIENTS_REFERRED", |physician| {
            Value::Int(physician.on.count_having(Referral::referring_physician_id, physician.id()) as i64)
        })
        .default_order("NAME_ASC")
}

fn has_fax(physician: &View<'_, ReferringPhysician>) -> bool {
    physician.get(ReferringPhysician::fax_number).is_some_and(|number| !number.trim().is_empty())
}

/// Documented: by id, or the one who referred a patient.
pub fn referring_physician(on: Reading<'_>, asked: &Input<'_, args::referringPhysician>) -> Result<Answer, QueryError> {
    type Asked = args::referringPhysician;
    let of_patient = |patient| {
        let patient = on.find::<User>(patient)?;
        let mut referrals = on.having(Referral::user_id, patient.id());
        referrals.find_map(|referral| on.find::<ReferringPhysician>(referral.get(Referral::referring_physician_id)?))
    };
    let found = match asked.get(Asked::id).ok().flatten() {
        Some(id) => on.find::<ReferringPhysician>(id),
        None => asked.get(Asked::user_id).ok().flatten().and_then(of_patient),
    };
    let only = asked.is(Asked::has_fax_number);
    Ok(found.filter(|physician| !only || has_fax(physician)).into())
}

/// Observed: first name, last name and NPI are enough. Inferred: one who is known by them is shown instead of made.
pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let physician = call.draft::<ReferringPhysician>();
    call.check(&physician)?;
    let names = [ReferringPhysician::first_name, ReferringPhysician::last_name, ReferringPhysician::business_name];
    if names.iter().all(|name| physician.is_blank(*name)) {
        return Err(Refusal::on(Create::first_name, crate::engine::CANT_BE_BLANK));
    }
    if let Some(known) = duplicate(call, &physician) {
        return Ok(Made::nothing().also(Created::duplicated_physician, known));
    }
    let physician = physician.save(call);
    let physician = call.save_nested(&physician)?;
    // Two fields of the payload could show it.
    Ok(Made::nothing().also(Created::referring_physician, physician))
}

fn duplicate(call: &Call<'_, Create>, physician: &Draft<ReferringPhysician>) -> Option<Row<ReferringPhysician>> {
    let same =
        |known: &View<'_, ReferringPhysician>, field| known.get(field).unwrap_or_default() == physician.get(field).unwrap_or_default();
    let fields =
        [ReferringPhysician::first_name, ReferringPhysician::last_name, ReferringPhysician::business_name, ReferringPhysician::npi];
    let mut own = call.on().of_organization::<ReferringPhysician>(call.viewer().organization());
    own.find(|known| fields.iter().all(|field| same(known, *field))).map(|known| known.row().clone())
}

/// Inferred: the referrals go too.
pub fn delete(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let physician = call.target::<ReferringPhysician, _>(Delete::id)?;
    for referral in call.having(Referral::referring_physician_id, physician.id()) {
        call.delete(&referral);
    }
    call.delete(&physician);
    Ok(physician.into())
}

pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity.answers(User::referring_physicians, |user| {
        let mut ids: Vec<u64> =
            user.on.having(Referral::user_id, user.id()).filter_map(|referral| referral.get(Referral::referring_physician_id)).collect();
        ids.sort_unstable();
        ids.dedup();
        Answer::List(ids.into_iter().filter_map(|id| user.on.find_any::<ReferringPhysician>(id)).map(Answer::from).collect())
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_physician_is_known_once_and_refers_patients() {
        let clinic = Clinic::open();
        let noor = clinic.id("User", "noor");
        let create = format!(
            r#"mutation {{ createReferringPhysician(input: {{first_name: "Ida", last_name: "Frost", npi: "1999999984", location: {{city: "Troy"}}, referrals: [{{user_id: "{noor}", referral_reason: "Diet"}}]}}) {{
                referring_physician {{ full_name referrals_count location {{ city }} provider {{ first_name }} }} duplicated_physician {{ full_name }} messages {{ message }}
            }} }}"#
        );
        let made =
            json!({"full_name": "Ida Frost", "referrals_count": 1, "location": {"city": "Troy"}, "provider": {"first_name": "Margaret"}});
        let answer = clinic.run(&create)["data"]["createReferringPhysician"].clone();
        assert_eq!(answer, json!({"referring_physician": made, "duplicated_physician": null, "messages": null}));
        let again = clinic.run(&create)["data"]["createReferringPhysician"].clone();
        assert_eq!(again, json!({"referring_physician": null, "duplicated_physician": {"full_name": "Ida Frost"}, "messages": null}));
        let of_patient = format!(r#"{{ user(id: "{noor}") {{ referring_physicians {{ full_name }} }} }}"#);
        assert_eq!(clinic.run(&of_patient)["data"]["user"]["referring_physicians"], json!([{"full_name": "Ida Frost"}]));
    }
}
