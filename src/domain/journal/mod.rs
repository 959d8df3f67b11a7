//! Journal entries, metrics, food and comments.

mod comment;
mod create_entry;
mod entry;
mod graph;

use crate::engine::Area;
use crate::schema::names::{Comment, Entry, Food, Meal, Mutation, Query, ServingSize};

pub fn area() -> Area {
    Area::new("journal")
        .entity(comment::entity())
        .entity(entry::entity())
        .gets(Query::comment, Comment)
        .lists(Query::comments, comment::comments())
        .counts(Query::commentsCount, Query::comments)
        .lists(Query::entries, entry::entries())
        .query(Query::entriesCount, entry::entries_count)
        .query(Query::entry, entry::entry)
        .lists_all(Query::foodSearch, Food)
        .counts(Query::foodSearchCount, Query::foodSearch)
        .lists_all(Query::mealSearch, Meal)
        .counts(Query::mealSearchCount, Query::mealSearch)
        .query(Query::metricGraphData, graph::metric_graph_data)
        .query(Query::metricGraphsData, graph::metric_graphs_data)
        .query(Query::multiLineMetricGraphData, graph::multi_line_metric_graph_data)
        .lists_all(Query::recentFoods, Food)
        .lists_all(Query::servingSizes, ServingSize)
        .query(Query::waterIntakeEntry, entry::water_intake_entry)
        .mutation(Mutation::bulkCreateEntries, create_entry::bulk_create_entries)
        .patients_too()
        .mutation(Mutation::createComment, comment::create_comment)
        .patients_too()
        .creates(Mutation::createCustomFood, Food)
        .patients_too()
        .mutation(Mutation::createEntry, create_entry::create_entry)
        .patients_too()
        .creates(Mutation::createMeal, Meal)
        .patients_too()
        .mutation(Mutation::createOrAddToWaterIntakeEntry, create_entry::add_water)
        .patients_too()
        .mutation(Mutation::deleteComment, comment::delete_comment)
        .patients_too()
        .deletes(Mutation::deleteCustomFood, Food)
        .patients_too()
        .deletes(Mutation::deleteEntry, Entry)
        .patients_too()
        .deletes(Mutation::deleteMeal, Meal)
        .patients_too()
        .updates(Mutation::updateCustomFood, Food)
        .patients_too()
        .mutation(Mutation::updateEntry, create_entry::update_entry)
        .patients_too()
        .updates(Mutation::updateMeal, Meal)
        .patients_too()
}
