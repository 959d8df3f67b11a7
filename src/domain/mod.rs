//! What Healthie does: a folder for each area, a file for each rule. Each area's `mod.rs` is its table of contents.

mod accounts;
mod announcements;
mod api_keys;
mod appointment_types;
mod appointments;
mod automations;
mod availability;
mod branding;
mod care_alerts;
mod care_plans;
mod chart;
mod charting;
mod chat;
mod claims;
mod codes;
mod documents;
mod encounters;
mod faxes;
mod feature_toggles;
mod form_requests;
mod forms;
mod goals;
mod insurance;
mod integrations;
mod invited;
mod journal;
mod labs;
mod leftovers;
mod locations;
mod mails;
mod members;
mod notifications;
mod onboarding;
mod organizations;
mod packages;
mod payments;
mod people;
mod permission_templates;
mod programs;
mod referrals;
mod scheduling_settings;
mod tags;
mod tasks;
mod users;
mod webhooks;

use crate::engine::Catalogue;
use std::sync::Arc;

/// Everything that is emulated.
pub fn catalogue() -> Arc<Catalogue> {
    let areas = vec![
        organizations::area(),
        members::area(),
        users::area(),
        api_keys::area(),
        tags::area(),
        locations::area(),
        appointment_types::area(),
        appointments::area(),
        webhooks::area(),
        accounts::area(),
        announcements::area(),
        automations::area(),
        availability::area(),
        branding::area(),
        care_alerts::area(),
        care_plans::area(),
        chart::area(),
        charting::area(),
        chat::area(),
        claims::area(),
        codes::area(),
        documents::area(),
        encounters::area(),
        faxes::area(),
        feature_toggles::area(),
        form_requests::area(),
        forms::area(),
        goals::area(),
        insurance::area(),
        integrations::area(),
        journal::area(),
        labs::area(),
        leftovers::area(),
        mails::area(),
        notifications::area(),
        onboarding::area(),
        packages::area(),
        payments::area(),
        permission_templates::area(),
        programs::area(),
        referrals::area(),
        scheduling_settings::area(),
        tasks::area(),
    ];
    Catalogue::new(areas, api_keys::identify)
}
