//! Claims that are not saved yet: what a form starts with.

use super::permission;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::names::{Cms1500, Cms1500Policy, FormAnswerGroup, Location, Organization, OrganizationInfo, Policy, User, args};
use crate::schema::{Named, Slot};

/// `initialCms1500`: from the patient and provider, or from a chart note.
pub fn initial(on: Reading<'_>, asked: &Input<'_, args::initialCms1500>) -> Result<Answer, QueryError> {
    type Asked = args::initialCms1500;
    let get = |field| asked.get(field).ok().flatten();
    let note = get(Asked::form_answer_group_id).and_then(|id| on.find::<FormAnswerGroup>(id));
    let patient = get(Asked::patient_id).or_else(|| note.as_ref()?.get(FormAnswerGroup::user_id));
    let start = Start { patient, provider: get(Asked::provider_id), note: note.map(|note| note.id()), only_active: true };
    start.claim(on)
}

/// `baseCms1500ForUser`: the claim that is named, else as for a new one of the patient.
pub fn base(on: Reading<'_>, asked: &Input<'_, args::baseCms1500ForUser>) -> Result<Answer, QueryError> {
    type Asked = args::baseCms1500ForUser;
    let get = |field| asked.get(field).ok().flatten();
    asked.accept(Asked::base_date);
    if let Some(claim) = get(Asked::cms1500_id).and_then(|id| on.find::<Cms1500>(id)) {
        return Ok(claim.into());
    }
    let start = Start {
        patient: get(Asked::patient_id),
        provider: get(Asked::rendering_provider_id),
        note: get(Asked::form_answer_group_id),
        only_active: asked.is(Asked::only_active_policies),
    };
    start.claim(on)
}

struct Start {
    patient: Option<u64>,
    provider: Option<u64>,
    note: Option<u64>,
    only_active: bool,
}

impl Start {
    /// Null where there is no patient whom the viewer may bill for.
    fn claim(&self, on: Reading<'_>) -> Result<Answer, QueryError> {
        let bills = on.viewer().is_member() && permission::denied_claims(on).is_none();
        let patient = self.patient.filter(|_| bills).and_then(|id| on.find::<User>(id));
        let Some(patient) = patient.filter(|patient| patient.is(User::is_patient)) else { return Ok(Answer::NULL) };
        // Assumed: the provider who asks, else the patient's.
        let provider = self.provider.or_else(|| patient.get(User::dietitian_id)).and_then(|id| on.find::<User>(id));
        let office = provider.as_ref().and_then(|provider| on.having(Location::user_id, provider.id()).next());
        let info = on.of_organization::<OrganizationInfo>(patient.organization()).next();
        let policies = on.having(Policy::user_id, patient.id()).filter(|policy| !self.only_active || is_active(policy));
        let id = |id: Option<u64>| Answer::from(id.map_or(Value::Null, Value::Id));
        let mut values: Vec<(Slot, Answer)> = vec![
            (Cms1500::patient_id.slot, id(Some(patient.id()))),
            (Cms1500::dietitian_id.slot, id(provider.as_ref().map(|provider| provider.id()))),
            (Cms1500::form_answer_group_id.slot, id(self.note)),
            (Cms1500::service_location_id.slot, id(office.as_ref().map(|office| office.id()))),
            (Cms1500::organization_info_id.slot, id(info.as_ref().map(|info| info.id()))),
            (Cms1500::cms1500_policies.slot, Answer::List(policies.map(of_policy).collect())),
            (Cms1500::billing_provider.slot, on.find::<Organization>(patient.organization()).into()),
            (Cms1500::status.slot, Value::from(new_status(on)).into()),
            (Cms1500::total_charge.slot, Value::from("0.00").into()),
        ];
        values.push((Cms1500::patient.slot, patient.into()));
        values.push((Cms1500::rendering_provider.slot, provider.into()));
        values.push((Cms1500::service_location.slot, office.into()));
        values.push((Cms1500::org_info.slot, info.into()));
        Ok(Answer::Object(Cms1500::TYPE, values))
    }
}

fn new_status(on: Reading<'_>) -> &'static str {
    match on.scene.version {
        crate::schema::Version::V2024_06_01 => "Not Sent",
        crate::schema::Version::V2026_01_01 => "NOT_SENT",
    }
}

fn is_active(policy: &View<'_, Policy>) -> bool {
    policy.get(Policy::priority_type) != Some("inactive")
}

fn of_policy(policy: View<'_, Policy>) -> Answer {
    let id = Answer::from(Value::Id(policy.id()));
    Answer::Object(Cms1500Policy::TYPE, vec![(Cms1500Policy::policy_id.slot, id), (Cms1500Policy::policy.slot, policy.into())])
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_new_claim_s_form_is_filled_in() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let document = format!(
            r#"{{ initialCms1500(patient_id: "{patient}") {{ id status patient {{ last_name }} rendering_provider {{ last_name }} service_location {{ city }}
                cms1500_policies {{ id policy {{ num }} }} cpt_codes_cms1500s {{ id }} claim_md_rejection_messages {{ message }} }}
                baseCms1500ForUser(patient_id: "{patient}") {{ cms1500_policies {{ policy_id }} }} }}"#
        );
        let answer = clinic.run(&document);
        assert_eq!(
            answer["data"]["initialCms1500"],
            json!({"id": null, "status": "Not Sent", "patient": {"last_name": "Thornton"}, "rendering_provider": {"last_name": "Raman"},
                "service_location": {"city": "New York"}, "cms1500_policies": [{"id": null, "policy": {"num": "W123456789"}}],
                "cpt_codes_cms1500s": null, "claim_md_rejection_messages": []})
        );
        assert_eq!(answer["data"]["baseCms1500ForUser"]["cms1500_policies"].as_array().map(Vec::len), Some(2));
        assert_eq!(clinic.as_role("patient").run(&document)["data"], json!({"initialCms1500": null, "baseCms1500ForUser": null}));
    }
}
