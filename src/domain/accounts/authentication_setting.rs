//! `authenticationSetting`: how an organization signs in.

use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{AuthenticationSetting, args};

/// Assumed: everybody signs in with a password, as practices do that have arranged nothing else with Healthie.
pub fn authentication_setting(_: Reading<'_>, asked: &Input<'_, args::authenticationSetting>) -> Result<Answer, QueryError> {
    asked.accept(args::authenticationSetting::brand_identifier);
    let no = |slot| (slot, Value::Bool(false).into());
    let off = [AuthenticationSetting::auth_service_enabled.slot, AuthenticationSetting::mobile_sdk_login_enabled.slot].map(no);
    Ok(Answer::Object(AuthenticationSetting::TYPE, off.into()))
}
