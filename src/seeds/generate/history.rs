//! What a generated patient has behind: a chart note of the visit that took place, a conversation, weights, what the chart says,
//! a payment, a task.

use super::{Columns, Maker, Visit};
use crate::engine::table;
use crate::schema::names::{
    AllergySensitivity, AllergySensitivityCategory, AllergySensitivityCategoryType, AllergySensitivityStatus, BillingItem,
    BillingItemState, Conversation, ConversationMembership, CustomModule, CustomModuleForm, Entry, FormAnswer, FormAnswerGroup,
    MedicationType, Note, Task,
};
use crate::schema::{EnumValue, Field, Instant, Named, TypeId};
use crate::seeds::Seeded;
use crate::state::{Record, Value};
use jiff::{SignedDuration, Timestamp};

/// Name, dosage and how to take it.
const MEDICATIONS: [(&str, &str, &str); 5] = [
    ("Metformin", "500 mg", "Twice a day with meals"),
    ("Lisinopril", "10 mg", "Once a day"),
    ("Atorvastatin", "20 mg", "In the evening"),
    ("Levothyroxine", "50 mcg", "In the morning"),
    ("Vitamin D", "1000 IU", "Once a day"),
];
/// Kind, name and reaction.
const ALLERGIES: [(EnumValue<AllergySensitivityCategoryType>, &str, &str); 4] = [
    (AllergySensitivityCategoryType::FOOD, "Peanut", "Hives"),
    (AllergySensitivityCategoryType::DRUG, "Penicillin", "Rash"),
    (AllergySensitivityCategoryType::ENVIRONMENTAL, "Pollen", "Sneezing"),
    (AllergySensitivityCategoryType::FOOD, "Shellfish", "Swelling"),
];
const FOUND: [&str; 4] =
    ["Doing well with the plan.", "Sleep is better, less snacking.", "Walks three times a week.", "Wants easier recipes."];
const ASKED: [&str; 4] = ["Can I have the recipe again?", "Is Thursday still fine?", "I kept the diary this week.", "Thank you for today!"];
const TASKS: [&str; 4] = ["Send the meal plan", "Call about the lab results", "Check insurance", "Ask for the intake form"];
const AMOUNTS: [&str; 4] = ["45.00", "90.00", "120.00", "150.00"];

/// The seeded template that notes are written on.
pub struct Template {
    form: u64,
    name: String,
    /// Each question with its label.
    questions: Vec<(u64, String)>,
}

impl Template {
    /// The first one of the organization that charts are written on and that asks something in words.
    pub fn of(seeded: &Seeded, organization: u64) -> Option<Self> {
        let own = |ty: TypeId| seeded.state.all(table(ty)).filter(move |record| record.tenant() == organization);
        let text = |record: &Record, slot| record.get(slot).as_str().unwrap_or_default().to_owned();
        own(CustomModuleForm::TYPE).filter(|form| form.get(CustomModuleForm::use_for_charting.slot).as_bool() == Some(true)).find_map(
            |form| {
                let of_form =
                    |module: &&std::sync::Arc<Record>| module.get(CustomModule::custom_module_form_id.slot).as_id() == Some(form.id());
                let in_words =
                    |module: &&std::sync::Arc<Record>| ["text", "textarea"].contains(&text(module, CustomModule::mod_type.slot).as_str());
                let questions = own(CustomModule::TYPE).filter(of_form).filter(in_words);
                let questions: Vec<_> = questions.take(2).map(|module| (module.id(), text(module, CustomModule::label.slot))).collect();
                (!questions.is_empty()).then(|| Self { form: form.id(), name: text(form, CustomModuleForm::name.slot), questions })
            },
        )
    }
}

/// One of the patient's records, made and changed at the same time.
fn at<T: Named>(record: &mut Record, field: Field<T, Instant>, time: Timestamp) {
    record.set(field.slot, Value::Instant(time.as_microsecond()));
}

impl Maker<'_> {
    pub(super) fn history(&mut self, patient: u64, provider: u64, past: &Visit, joined: Timestamp) {
        if past.took_place {
            self.note(patient, provider, past);
            self.payment(patient, provider, past);
        }
        self.conversation(patient, provider, joined);
        self.weights(patient);
        self.chart(patient, joined);
        if self.below(2) == 0 {
            self.task(patient, provider);
        }
    }

    fn note(&mut self, patient: u64, provider: u64, past: &Visit) {
        let Some(template) = self.practice.template.take() else { return };
        let written = past.ends.min(self.now);
        let mut note = self.blank(FormAnswerGroup::TYPE);
        note.text(FormAnswerGroup::name, &template.name);
        note.points(FormAnswerGroup::custom_module_form_id, template.form);
        note.points(FormAnswerGroup::user_id, patient);
        note.points(FormAnswerGroup::filler_id, provider);
        note.points(FormAnswerGroup::appointment_id, past.id);
        note.set(FormAnswerGroup::finished.slot, true.into());
        at(&mut note, FormAnswerGroup::created_at, written);
        let id = note.id();
        self.store(FormAnswerGroup::TYPE, note);
        for (module, label) in &template.questions {
            let found = FOUND[self.below(FOUND.len())];
            let mut answer = self.blank(FormAnswer::TYPE);
            answer.points(FormAnswer::form_answer_group_id, id);
            answer.points(FormAnswer::custom_module_id, *module);
            answer.points(FormAnswer::user_id, patient);
            answer.text(FormAnswer::label, label);
            answer.text(FormAnswer::answer, found);
            at(&mut answer, FormAnswer::created_at, written);
            self.store(FormAnswer::TYPE, answer);
        }
        self.practice.template = Some(template);
    }

    fn payment(&mut self, patient: u64, provider: u64, past: &Visit) {
        let amount = AMOUNTS[self.below(AMOUNTS.len())];
        let mut paid = self.blank(BillingItem::TYPE);
        paid.points(BillingItem::sender_id, patient);
        paid.points(BillingItem::recipient_id, provider);
        paid.set(BillingItem::amount_paid.slot, Value::text(amount));
        paid.set(BillingItem::state.slot, Value::text(BillingItemState::SUCCEEDED.name));
        at(&mut paid, BillingItem::created_at, past.ends.min(self.now));
        self.store(BillingItem::TYPE, paid);
    }

    fn conversation(&mut self, patient: u64, provider: u64, joined: Timestamp) {
        let asked = self.now.saturating_add(SignedDuration::from_hours(-(self.below(60 * 24) as i64))).unwrap_or(joined).max(joined);
        let mut conversation = self.blank(Conversation::TYPE);
        conversation.points(Conversation::owner_id, provider);
        conversation.points(Conversation::dietitian_id, provider);
        conversation.points(Conversation::patient_id, patient);
        at(&mut conversation, Conversation::last_message_at, asked);
        at(&mut conversation, Conversation::created_at, joined);
        let id = conversation.id();
        self.store(Conversation::TYPE, conversation);
        for (user, viewed) in [(provider, false), (patient, true)] {
            let mut membership = self.blank(ConversationMembership::TYPE);
            membership.points(ConversationMembership::conversation_id, id);
            membership.points(ConversationMembership::user_id, user);
            membership.set(ConversationMembership::viewed.slot, viewed.into());
            at(&mut membership, ConversationMembership::last_message_at, asked);
            at(&mut membership, ConversationMembership::created_at, joined);
            self.store(ConversationMembership::TYPE, membership);
        }
        let asked_for = ASKED[self.below(ASKED.len())];
        for (user, content, time) in [(provider, "Welcome! Write whenever you like.", joined), (patient, asked_for, asked)] {
            let mut note = self.blank(Note::TYPE);
            note.points(Note::conversation_id, id);
            note.points(Note::user_id, user);
            note.text(Note::content, content);
            at(&mut note, Note::created_at, time);
            self.store(Note::TYPE, note);
        }
    }

    fn weights(&mut self, patient: u64) {
        let first = 110 + self.below(120) as i64;
        for weeks in [8, 4] {
            let pounds = first - (8 - weeks) / 2;
            let mut entry = self.blank(Entry::TYPE);
            entry.text(Entry::r#type, "MetricEntry");
            entry.text(Entry::category, "Weight");
            entry.points(Entry::poster_id, patient);
            entry.set(Entry::metric_stat.slot, Value::Float(pounds as f64));
            at(&mut entry, Entry::created_at, self.now.saturating_add(SignedDuration::from_hours(-weeks * 7 * 24)).unwrap_or(self.now));
            self.store(Entry::TYPE, entry);
        }
    }

    fn chart(&mut self, patient: u64, joined: Timestamp) {
        let (name, dosage, directions) = MEDICATIONS[self.below(MEDICATIONS.len())];
        let mut medication = self.blank(MedicationType::TYPE);
        medication.points(MedicationType::user_id, patient);
        medication.text(MedicationType::name, name);
        medication.text(MedicationType::dosage, dosage);
        medication.text(MedicationType::directions, directions);
        medication.set(MedicationType::active.slot, true.into());
        at(&mut medication, MedicationType::created_at, joined);
        self.store(MedicationType::TYPE, medication);
        if self.below(3) == 0 {
            let (kind, name, reaction) = ALLERGIES[self.below(ALLERGIES.len())];
            let mut allergy = self.blank(AllergySensitivity::TYPE);
            allergy.points(AllergySensitivity::user_id, patient);
            allergy.set(AllergySensitivity::category.slot, Value::text(AllergySensitivityCategory::ALLERGY.name));
            allergy.set(AllergySensitivity::category_type.slot, Value::text(kind.name));
            allergy.text(AllergySensitivity::name, name);
            allergy.text(AllergySensitivity::reaction, reaction);
            allergy.set(AllergySensitivity::status.slot, Value::text(AllergySensitivityStatus::ACTIVE.name));
            at(&mut allergy, AllergySensitivity::created_at, joined);
            self.store(AllergySensitivity::TYPE, allergy);
        }
    }

    fn task(&mut self, patient: u64, provider: u64) {
        let content = TASKS[self.below(TASKS.len())];
        let mut task = self.blank(Task::TYPE);
        task.text(Task::content, content);
        task.points(Task::user_id, provider);
        task.points(Task::client_id, patient);
        task.points(Task::created_by_id, provider);
        task.set(Task::complete.slot, false.into());
        self.store(Task::TYPE, task);
    }
}
