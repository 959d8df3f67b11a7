//! Prices and codes of a person's, or a type's, visits.

use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{
    AdvanceAppointmentPrice as Price, AdvanceAppointmentPricesInput as One, AppointmentType, AppointmentTypeCptCodeType as Link, CptCode,
    User, createAppointmentTypeCptCodeInput as CreateLink, updateAppointmentTypeCptCodeInput as UpdateLink,
    updateUserAppointmentPricingInput as Input, updateUserAppointmentPricingPayload as Payload,
};

/// Documented: the prices that are sent are those that the person has from now on. A blank price takes one away (assumed).
pub fn update_user_appointment_pricing(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let user = call.target::<User, _>(Input::user_id)?;
    let wanted = call.get(Input::advance_appointment_prices)?.unwrap_or_default();
    let known = call.having(Price::user_id, user.id());
    let mut kept = vec![];
    for one in &wanted {
        let kind = one.get(One::appointment_type_id).and_then(|kind| call.find::<AppointmentType>(kind));
        let kind = kind.ok_or_else(|| Refusal::not_found(Input::advance_appointment_prices.name(), AppointmentType::TYPE.name()))?;
        let Some(price) = one.get(One::price).map(str::trim).filter(|price| !price.is_empty()) else { continue };
        if price.parse::<f64>().is_err() {
            return Err(Refusal::on(Input::advance_appointment_prices, "is not a number"));
        }
        let own = known.iter().find(|known| known.get(Price::appointment_type_id) == Some(kind.id()));
        let draft = match own {
            Some(own) => call.change(own),
            None => call.blank_draft().belongs_to(user.organization()).set(Price::user_id, user.id()),
        };
        kept.push(draft.set(Price::appointment_type_id, kind.id()).set(Price::price, price.to_owned()).save(call));
    }
    for gone in known.iter().filter(|known| !kept.iter().any(|kept| kept.id() == known.id())) {
        call.delete(gone);
    }
    Ok(Made::nothing().also(Payload::advance_appointment_prices, Answer::records(kept)))
}

pub fn create_cpt_code(call: &mut Call<'_, CreateLink>) -> Result<Made, Refusal> {
    let blank = [CreateLink::appointment_type_id, CreateLink::cpt_code_id].into_iter().filter(|field| call.is_blank(*field));
    Refusal::all(blank.map(|field| Refusal::on(field, CANT_BE_BLANK)))?;
    call.target::<AppointmentType, _>(CreateLink::appointment_type_id)?;
    call.target::<CptCode, _>(CreateLink::cpt_code_id)?;
    let link = call.draft::<Link>();
    call.check(&link)?;
    Ok(link.save(call).into())
}

pub fn update_cpt_code(call: &mut Call<'_, UpdateLink>) -> Result<Made, Refusal> {
    let before = call.target::<Link, _>(UpdateLink::id)?;
    if !call.is_blank(UpdateLink::appointment_type_id) {
        call.target::<AppointmentType, _>(UpdateLink::appointment_type_id)?;
    }
    if !call.is_blank(UpdateLink::cpt_code_id) {
        call.target::<CptCode, _>(UpdateLink::cpt_code_id)?;
    }
    let link = call.edit(&before);
    call.check(&link)?;
    Ok(link.save(call).into())
}
