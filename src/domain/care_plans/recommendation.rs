//! What a plan recommends, and the categories that a practice sorts it by.

use crate::engine::{Call, Draft, Entity, Made, Refusal};
use crate::schema::names::{
    CarePlan, CarePlanRecommendationCategory, Recommendation, createRecommendationInput, deleteCarePlanRecommendationCategoryInput,
    updateRecommendationInput,
};

pub fn entity() -> Entity<Recommendation> {
    Entity::usual()
        .indexed(Recommendation::care_plan_id)
        .computed(Recommendation::sanitized_body, |recommendation| recommendation.get(Recommendation::recommendation_body).map(stripped))
        .visible(|recommendation| {
            let on = recommendation.on;
            let plan = recommendation.get(Recommendation::care_plan_id).map(|plan| on.find::<CarePlan>(plan));
            plan.map_or_else(|| on.viewer().reaches(recommendation.organization()), |plan| plan.is_some())
        })
}

pub fn category() -> Entity<CarePlanRecommendationCategory> {
    Entity::usual()
        .requires(CarePlanRecommendationCategory::name)
        .defaults(CarePlanRecommendationCategory::is_active, true)
        .defaults(CarePlanRecommendationCategory::is_editable, true)
        .derives(|category, _| {
            let organization = category.organization();
            category.put(CarePlanRecommendationCategory::organization, organization);
        })
}

/// Without its tags.
fn stripped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    text
}

pub fn create_recommendation(call: &mut Call<'_, createRecommendationInput>) -> Result<Made, Refusal> {
    type Input = createRecommendationInput;
    let plan = call.target::<CarePlan, _>(Input::care_plan_id)?;
    // Assumed: where the text came from is not shown anywhere.
    call.accept(Input::form_answer_id);
    let recommendation = call.draft::<Recommendation>();
    refuse_both(&recommendation)?;
    call.check(&recommendation)?;
    Ok(recommendation.set(Recommendation::care_plan_id, plan.id()).save(call).into())
}

pub fn update_recommendation(call: &mut Call<'_, updateRecommendationInput>) -> Result<Made, Refusal> {
    let recommendation = call.target::<Recommendation, _>(updateRecommendationInput::id)?;
    let changed = call.edit(&recommendation);
    refuse_both(&changed)?;
    call.check(&changed)?;
    Ok(changed.save(call).into())
}

/// Documented: a category stands instead of a type.
fn refuse_both(recommendation: &Draft<Recommendation>) -> Result<(), Refusal> {
    let both = !recommendation.is_blank(Recommendation::recommendation_type)
        && !recommendation.is_blank(Recommendation::care_plan_recommendation_category_id);
    if both { Err(Refusal::named("recommendation_type", "can't be given with a category")) } else { Ok(()) }
}

/// Inferred: those that come with every practice stay.
pub fn delete_category(call: &mut Call<'_, deleteCarePlanRecommendationCategoryInput>) -> Result<Made, Refusal> {
    let category = call.target::<CarePlanRecommendationCategory, _>(deleteCarePlanRecommendationCategoryInput::id)?;
    if category.get(CarePlanRecommendationCategory::is_editable) == Some(false) {
        return Err(Refusal::base("This category can't be deleted"));
    }
    call.delete(&category);
    Ok(category.into())
}
