//! Goals, their templates, and what was achieved of them.

mod create_goal;
mod goal;
mod goal_history;
mod goal_instances;
mod goal_template;
mod intervals;
mod reminder;
mod report;

use crate::engine::Area;
use crate::schema::names::{Goal, GoalHistory, Mutation, Query};

pub fn area() -> Area {
    Area::new("goals")
        .entity(goal::entity())
        .entity(goal_history::entity())
        .entity(goal_template::entity())
        .gets(Query::goal, Goal)
        .due("reminder", Goal::remind_at, reminder::remind)
        .lists(Query::goalHistories, goal_history::goal_histories())
        .counts(Query::goalHistoriesCount, Query::goalHistories)
        .gets(Query::goalHistory, GoalHistory)
        .query(Query::goalInstances, goal_instances::goal_instances)
        .query(Query::goalInstancesCount, goal_instances::count)
        .lists(Query::goalTemplates, goal_template::goal_templates())
        .counts(Query::goalTemplatesCount, Query::goalTemplates)
        .lists(Query::goals, goal::goals())
        .counts(Query::goalsCount, Query::goals)
        .query(Query::goalsData, report::goals_data)
        .query(Query::goalsOverallCompletionRate, report::completion_rate)
        .query(Query::goalsOverallCompletionRateInfo, report::completion_rate_info)
        .query(Query::goalsStreakCount, report::streak_count)
        .lists(Query::subGoals, goal::sub_goals())
        .counts(Query::subGoalsCount, Query::subGoals)
        .mutation(Mutation::createGoal, create_goal::create_goal)
        .patients_too()
        .mutation(Mutation::createGoalHistory, goal_history::create)
        .patients_too()
        .mutation(Mutation::deleteGoal, create_goal::delete_goal)
        .patients_too()
        .mutation(Mutation::deleteGoalHistory, goal_history::delete)
        .patients_too()
        .mutation(Mutation::updateGoal, create_goal::update_goal)
        .patients_too()
}
