//! `customModuleForm`: one template by its id, or the one that is used where nobody chooses.

use super::custom_module_form::kind;
use crate::engine::{Answer, Input, QueryError, Reading, View};
use crate::schema::names::{AppointmentSetting, CustomModuleForm, args};

type Asked = args::customModuleForm;

/// Documented: of any organization. Observed: null, without an error, for an unknown id.
pub fn custom_module_form(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    asked.accept(Asked::after);
    let by_default = asked.is(Asked::default);
    asked.accept(Asked::charting);
    if !asked.is_blank(Asked::id) {
        let id = asked.get(Asked::id).ok().flatten();
        return Ok(id.and_then(|id| on.find::<CustomModuleForm>(id)).into());
    }
    Ok(by_default.then(|| default_template(on)).flatten().into())
}

/// Assumed: the practice's default for charting, else the template that comes with every practice; `charting` or not.
fn default_template(on: Reading<'_>) -> Option<View<'_, CustomModuleForm>> {
    let mut settings = on.of_organization::<AppointmentSetting>(on.viewer().organization());
    let chosen = settings.find_map(|setting| setting.get(AppointmentSetting::default_charting_template_id));
    let provided = || {
        let mut all = on.all::<CustomModuleForm>();
        all.find(|form| form.is(CustomModuleForm::uploaded_by_healthie_team) && kind(form) == "charting")
    };
    chosen.and_then(|chosen| on.find(chosen)).or_else(provided)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn without_a_choice_it_is_the_free_text() {
        let clinic = Clinic::open();
        let answer = clinic.run("{ customModuleForm(default: true, charting: true) { name } none: customModuleForm { name } }");
        assert_eq!(answer["data"]["customModuleForm"]["name"], "Free Text", "{answer}");
        assert!(answer["data"]["none"].is_null());
    }
}
