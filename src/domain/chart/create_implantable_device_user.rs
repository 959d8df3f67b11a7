//! `createImplantableDeviceUser` and its update: the device that an identifier on a label names, in a patient.

use crate::engine::{Call, Draft, Entity, Made, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    ImplantableDevice, ImplantableDeviceUser, createImplantableDeviceUserInput as Create, updateImplantableDeviceUserInput as Update,
};

pub fn entity() -> Entity<ImplantableDeviceUser> {
    Entity::usual()
        .requires(ImplantableDeviceUser::user_id)
        .requires(ImplantableDeviceUser::udi)
        .defaults(ImplantableDeviceUser::active, true)
}

pub fn create_implantable_device_user(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let mut implant = call.draft::<ImplantableDeviceUser>();
    call.check(&implant)?;
    look_up(call, &mut implant);
    Ok(implant.save(call).into())
}

pub fn update_implantable_device_user(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let implant = call.target::<ImplantableDeviceUser, _>(Update::id)?;
    let mut draft = call.edit(&implant);
    call.check(&draft)?;
    if draft.get(ImplantableDeviceUser::udi) != implant.get(ImplantableDeviceUser::udi) {
        look_up(call, &mut draft);
    }
    Ok(draft.save(call).into())
}

/// Assumed, in place of the register of devices: one whose number is in the identifier, else a new one that has only its number.
fn look_up<I: Named>(call: &mut Call<'_, I>, implant: &mut Draft<ImplantableDeviceUser>) {
    let udi = implant.get(ImplantableDeviceUser::udi).unwrap_or_default().to_owned();
    let known = call
        .on()
        .all::<ImplantableDevice>()
        .find(|device| text_of(device.value(ImplantableDevice::device_id.slot)).is_some_and(|number| udi.contains(&number)));
    let device = match known {
        Some(known) => known.id(),
        None => {
            let mut device = call.blank_draft::<ImplantableDevice>();
            device.set_value(ImplantableDevice::device_id.slot, Value::from(number_in(&udi)));
            device.save(call).id()
        }
    };
    implant.put(ImplantableDeviceUser::implantable_device_id, device);
}

/// GS1's form: `(01)` and fourteen digits; any other text stands for itself.
fn number_in(udi: &str) -> String {
    let behind = udi.split_once("(01)").map_or(udi, |(_, behind)| behind);
    behind.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The number may have been read as an id.
fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_id().map(|id| id.to_string())).filter(|text| !text.is_empty())
}
