//! Goals, their templates, and what was achieved of them.

use crate::engine::Area;
use crate::schema::names::{Goal, GoalHistory, GoalTemplate, Mutation, Query};

pub fn area() -> Area {
    Area::new("goals")
        .gets(Query::goal, Goal)
        .lists_all(Query::goalHistories, GoalHistory)
        .counts(Query::goalHistoriesCount, Query::goalHistories)
        .gets(Query::goalHistory, GoalHistory)
        .leaves_out(Query::goalInstances, "not built yet")
        .leaves_out(Query::goalInstancesCount, "not built yet")
        .lists_all(Query::goalTemplates, GoalTemplate)
        .counts(Query::goalTemplatesCount, Query::goalTemplates)
        .lists_all(Query::goals, Goal)
        .counts(Query::goalsCount, Query::goals)
        .leaves_out(Query::goalsData, "not built yet")
        .leaves_out(Query::goalsOverallCompletionRate, "not built yet")
        .leaves_out(Query::goalsOverallCompletionRateInfo, "not built yet")
        .leaves_out(Query::goalsStreakCount, "not built yet")
        .lists_all(Query::subGoals, Goal)
        .counts(Query::subGoalsCount, Query::subGoals)
        .creates(Mutation::createGoal, Goal)
        .creates(Mutation::createGoalHistory, GoalHistory)
        .deletes(Mutation::deleteGoal, Goal)
        .deletes(Mutation::deleteGoalHistory, GoalHistory)
        .updates(Mutation::updateGoal, Goal)
}
