//! A practice's fax line: asked for, or brought along from a carrier.

use crate::engine::Value;
use crate::engine::{Call, Entity, Made, Refusal, Row};
use crate::schema::names::{
    FaxAcctInfo, FaxLineRequest, User, createFaxAcctInfoInput, createFaxAcctInfoPayload, createFaxLineRequestInput,
    destroyFaxAcctInfoInput, destroyFaxAcctInfoPayload, updateFaxAcctInfoInput, updateFaxAcctInfoPayload,
};
use crate::schema::{Field, Id, Named};

pub fn entity() -> Entity<FaxAcctInfo> {
    Entity::usual().requires(FaxAcctInfo::fax_number).requires(FaxAcctInfo::username)
}

pub fn line_request() -> Entity<FaxLineRequest> {
    Entity::usual()
}

pub fn create_fax_line_request(call: &mut Call<'_, createFaxLineRequestInput>) -> Result<Made, Refusal> {
    let request = call.draft::<FaxLineRequest>();
    call.check(&request)?;
    Ok(request.save(call).into())
}

pub fn create_fax_acct_info(call: &mut Call<'_, createFaxAcctInfoInput>) -> Result<Made, Refusal> {
    let user = owner(call, createFaxAcctInfoInput::user_id)?;
    let mut account = call.draft::<FaxAcctInfo>();
    account.put(FaxAcctInfo::user_id, user);
    call.check(&account)?;
    account.save(call);
    Ok(Made::nothing().also(createFaxAcctInfoPayload::success_string, Value::from("The fax account was connected")))
}

pub fn update_fax_acct_info(call: &mut Call<'_, updateFaxAcctInfoInput>) -> Result<Made, Refusal> {
    let account = account(call, updateFaxAcctInfoInput::user_id)?;
    let changed = call.edit(&account);
    call.check(&changed)?;
    changed.save(call);
    Ok(Made::nothing().also(updateFaxAcctInfoPayload::success_string, Value::from("The fax account was updated")))
}

pub fn delete_fax_acct_info(call: &mut Call<'_, destroyFaxAcctInfoInput>) -> Result<Made, Refusal> {
    let account = account(call, destroyFaxAcctInfoInput::user_id)?;
    call.delete(&account);
    Ok(Made::nothing().also(destroyFaxAcctInfoPayload::success_string, Value::from("The fax account was removed")))
}

/// The caller's, where nobody is named.
fn owner<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<u64, Refusal> {
    if call.is_blank(field) { Ok(call.viewer_id()) } else { Ok(call.target::<User, _>(field)?.id()) }
}

fn account<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<Row<FaxAcctInfo>, Refusal> {
    let user = owner(call, field)?;
    call.having(FaxAcctInfo::user_id, user).pop().ok_or_else(|| Refusal::not_found(field.name(), "Fax account"))
}
