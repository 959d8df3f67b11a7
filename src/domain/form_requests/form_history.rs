//! What happened to a request or to an onboarding step: asked for, opened, edited, completed, skipped.

use crate::domain::people::full_name;
use crate::engine::{Call, Entity, List, Row};
use crate::schema::names::{FormHistory, FormHistoryAction, OnboardingItem, RequestedFormCompletion, User, args::formHistories as Asked};
use crate::schema::{EnumValue, Named};

/// Documented: whoever did it, else the patient's provider.
pub fn entity() -> Entity<FormHistory> {
    Entity::usual().about_only(FormHistory::patient_id).indexed(FormHistory::sourceable_id).answers(FormHistory::creator, |history| {
        let creator = history.follow::<User, _>(FormHistory::creator_id);
        let provider = || history.follow::<User, _>(FormHistory::patient_id)?.follow::<User, _>(User::dietitian_id);
        creator.or_else(provider).into()
    })
}

/// Assumed: in the order in which it happened.
pub fn form_histories() -> List<FormHistory, Asked> {
    List::new()
        .filter_eq(Asked::patient_id, FormHistory::patient_id)
        .filter_eq(Asked::sourceable_id, FormHistory::sourceable_id)
        .filter(Asked::sourceable_type, |history, wanted| history.get(FormHistory::sourceable_type) == Some(wanted))
}

/// The caller did something about a request.
pub fn tell<I: Named>(call: &mut Call<'_, I>, request: &Row<RequestedFormCompletion>, action: EnumValue<FormHistoryAction>) {
    let patient = request.get(RequestedFormCompletion::recipient_id);
    write(call, patient, request.organization(), action, (request.id(), "RequestedFormCompletion"));
}

/// `patient` opened, completed or skipped an onboarding step.
pub fn opened<I: Named>(call: &mut Call<'_, I>, step: &Row<OnboardingItem>, patient: Option<u64>, action: EnumValue<FormHistoryAction>) {
    write(call, patient, step.organization(), action, (step.id(), "OnboardingItem"));
}

fn write<I: Named>(
    call: &mut Call<'_, I>,
    patient: Option<u64>,
    organization: u64,
    action: EnumValue<FormHistoryAction>,
    about: (u64, &str),
) {
    let Some(patient) = patient else { return };
    let (now, caller) = (call.now(), call.viewer().id());
    let name = caller.and_then(|caller| call.on().find_any::<User>(caller)).map(|user| full_name(&user)).unwrap_or_default();
    // Assumed: the words.
    let title = format!("{} by {name}", capitalized(action.name));
    let mut history = call
        .blank_draft::<FormHistory>()
        .belongs_to(organization)
        .set(FormHistory::patient_id, patient)
        .set(FormHistory::action, action)
        .set(FormHistory::title, title.trim_end_matches(" by ").to_owned())
        .set(FormHistory::sourceable_id, about.0)
        .set(FormHistory::sourceable_type, about.1.to_owned())
        .set(FormHistory::created_at, now);
    if let Some(caller) = caller {
        history.put(FormHistory::creator_id, caller);
    }
    history.save(call);
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
