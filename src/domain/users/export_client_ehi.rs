//! `exportClientEhi`: a patient's whole record as a file.

use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{User, exportClientEhiInput as Input, exportClientEhiPayload as Payload};

/// Assumed: the text of the banner. The emulator makes no file.
pub fn export_client_ehi(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.target::<User, _>(Input::client_id)?;
    call.accept(Input::should_run_in_job);
    Ok(Made::nothing().also(Payload::success_string, Value::from("The export has started")))
}
