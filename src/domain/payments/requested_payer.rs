//! Who is asked to pay: a patient, or somebody without an account.

use crate::domain::people;
use crate::engine::{Answer, Call, Nested, Reading, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{Location, RequestedPayer, RequestedPayerInput as Input, User};

/// Documented: always somebody, with a name, an e-mail address and an id, which is the patient's where it is a patient.
pub fn show(on: Reading<'_>, payer: Option<u64>, person: Option<u64>) -> Answer {
    if let Some(payer) = payer.and_then(|payer| on.find_any::<RequestedPayer>(payer)) {
        return payer.into();
    }
    let Some(person) = person.and_then(|person| on.find_any::<User>(person)) else { return Answer::NULL };
    let home = on.having(Location::user_id, person.id()).next();
    let address = home.map(|home| {
        let lines = [Location::line1, Location::city, Location::state, Location::zip].map(|line| home.get(line).unwrap_or_default());
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
    });
    let values: Vec<(_, Answer)> = vec![
        (RequestedPayer::id.slot, Value::Id(person.id()).into()),
        (RequestedPayer::name.slot, Value::from(people::full_name(&person)).into()),
        (RequestedPayer::email.slot, person.value(User::email.slot).clone().into()),
        (RequestedPayer::address.slot, Value::from(address).into()),
    ];
    Answer::Object(RequestedPayer::TYPE, values)
}

/// Stores somebody without an account, or changes who that is.
pub fn write<I: Named>(call: &mut Call<'_, I>, input: &Nested<'_, Input>, before: Option<u64>) -> Result<Row<RequestedPayer>, Refusal> {
    let known = input.get(Input::id).or(before).and_then(|id| call.find::<RequestedPayer>(id));
    let mut payer = match &known {
        Some(known) => call.change(known),
        None => {
            let uuid = call.random().hex(32);
            call.blank_draft().set(RequestedPayer::uuid, uuid)
        }
    };
    call.fill_from(&mut payer, input);
    if payer.is_blank(RequestedPayer::name) {
        return Err(Refusal::named("requested_payer", "name can't be blank"));
    }
    Ok(payer.save(call))
}
