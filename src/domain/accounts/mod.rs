//! Signing in and up, passwords, and the accounts of one person.

mod authentication_setting;
mod generate_activation_link;
mod human;
mod reset_password;
mod second_factor;
mod session;
mod sign_in;
mod sign_up;
mod tokens;

pub use human::human_of;

use crate::engine::Area;
use crate::schema::names::{Mutation, Query};

pub fn area() -> Area {
    Area::new("accounts")
        .entity(human::entity())
        .query(Query::authenticationSetting, authentication_setting::authentication_setting)
        .public()
        .query(Query::basicUserInfoFromToken, tokens::basic_user_info_from_token)
        .public()
        .query(Query::validateResetPasswordToken, tokens::validate_reset_password_token)
        .public()
        .query(Query::validateSignupToken, tokens::validate_signup_token)
        .public()
        .mutation(Mutation::generateActivationLink, generate_activation_link::generate_activation_link)
        .public()
        .mutation(Mutation::resetMfa, second_factor::reset_mfa)
        .mutation(Mutation::resetPassword, reset_password::reset_password)
        .public()
        .mutation(Mutation::signIn, sign_in::sign_in)
        .public()
        .mutation(Mutation::signUp, sign_up::sign_up)
        .public()
        .mutation(Mutation::updateHuman, human::update_human)
        .patients_too()
        .mutation(Mutation::validateVerificationToken, second_factor::validate_verification_token)
        .public()
}
