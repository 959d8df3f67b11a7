//! Journal entries, metrics, food and comments.

use crate::engine::Area;
use crate::schema::names::{Comment, Entry, Food, Meal, Mutation, Query, ServingSize};

pub fn area() -> Area {
    Area::new("journal")
        .gets(Query::comment, Comment)
        .lists_all(Query::comments, Comment)
        .counts(Query::commentsCount, Query::comments)
        .lists_all(Query::entries, Entry)
        .counts(Query::entriesCount, Query::entries)
        .gets(Query::entry, Entry)
        .lists_all(Query::foodSearch, Food)
        .counts(Query::foodSearchCount, Query::foodSearch)
        .lists_all(Query::mealSearch, Meal)
        .counts(Query::mealSearchCount, Query::mealSearch)
        .leaves_out(Query::metricGraphData, "not built yet")
        .leaves_out(Query::metricGraphsData, "not built yet")
        .leaves_out(Query::multiLineMetricGraphData, "not built yet")
        .lists_all(Query::recentFoods, Food)
        .lists_all(Query::servingSizes, ServingSize)
        .gets(Query::waterIntakeEntry, Entry)
        .leaves_out(Mutation::bulkCreateEntries, "not built yet")
        .creates(Mutation::createComment, Comment)
        .creates(Mutation::createCustomFood, Food)
        .creates(Mutation::createEntry, Entry)
        .creates(Mutation::createMeal, Meal)
        .creates(Mutation::createOrAddToWaterIntakeEntry, Entry)
        .deletes(Mutation::deleteComment, Comment)
        .deletes(Mutation::deleteCustomFood, Food)
        .deletes(Mutation::deleteEntry, Entry)
        .deletes(Mutation::deleteMeal, Meal)
        .updates(Mutation::updateCustomFood, Food)
        .updates(Mutation::updateEntry, Entry)
        .updates(Mutation::updateMeal, Meal)
}
