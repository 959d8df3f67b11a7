//! What people are allergic to: a small part of what a drug database knows.

use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, Within};
use crate::schema::names::{DrugAllergenType, args};

const DRUGS: [&str; 8] = ["Amoxicillin", "Aspirin", "Codeine", "Ibuprofen", "Latex", "Morphine", "Penicillin", "Sulfonamides"];
const ENVIRONMENT: [&str; 6] = ["Bee stings", "Dust mites", "Grass pollen", "Mold", "Ragweed", "Tree pollen"];
const FOODS: [&str; 9] = ["Eggs", "Fish", "Gluten", "Milk", "Peanuts", "Sesame", "Shellfish", "Soy", "Tree nuts"];
const PETS: [&str; 4] = ["Birds", "Cats", "Dogs", "Horses"];
const REACTIONS: [&str; 8] = ["Anaphylaxis", "Bloating", "Cough", "Diarrhea", "Hives", "Nausea", "Rash", "Swelling"];

pub fn entity() -> Entity<DrugAllergenType> {
    Entity::usual().visible(|allergen| allergen.on.viewer().user.is_some()).searched(DrugAllergenType::brand_name)
}

pub fn drug_allergens() -> List<DrugAllergenType, args::drugAllergens> {
    List::new().unpaged().within(|_, _| Within::everything()).keywords(args::drugAllergens::keywords)
}

/// Documented: the five categories. Assumed: of an unknown one, or without one, there is nothing to suggest.
pub fn allergy_suggestions(_: Reading<'_>, asked: &Input<'_, args::allergySuggestions>) -> Result<Answer, QueryError> {
    let category = asked.get(args::allergySuggestions::category).ok().flatten().unwrap_or_default().to_lowercase();
    let suggestions = match category.as_str() {
        "drug" => &DRUGS[..],
        "environmental" => &ENVIRONMENT,
        "food" => &FOODS,
        "pet" => &PETS,
        "reaction" => &REACTIONS,
        _ => &[],
    };
    Ok(Value::List(suggestions.iter().copied().map(Value::text).collect()).into())
}
