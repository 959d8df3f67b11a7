//! Journeys with several people, webhooks or sandboxes.

mod a_dead_receiver_delays_nobody;
mod a_form_is_asked_for_and_met;
mod a_key_acts_as_its_user;
mod a_receiver_fails_for_a_while;
mod a_sandbox_is_a_world_of_its_own;
mod a_visit_is_booked_and_announced;
mod days_pass_at_once;
mod many_sandboxes_live_at_once;
mod only_developers_make_keys_and_webhooks;
mod people_see_their_own_patients;
mod what_waits_stays_behind;
