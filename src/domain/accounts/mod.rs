//! Signing in and up, passwords, and the accounts of one person.

use crate::engine::Area;
use crate::schema::names::{Human, Mutation, Query, User};

pub fn area() -> Area {
    Area::new("accounts")
        .leaves_out(Query::authenticationSetting, "not built yet")
        .gets(Query::basicUserInfoFromToken, User)
        .leaves_out(Query::validateResetPasswordToken, "not built yet")
        .leaves_out(Query::validateSignupToken, "not built yet")
        .leaves_out(Mutation::generateActivationLink, "not built yet")
        .leaves_out(Mutation::resetMfa, "not built yet")
        .leaves_out(Mutation::resetPassword, "not built yet")
        .leaves_out(Mutation::signIn, "not built yet")
        .creates(Mutation::signUp, User)
        .updates(Mutation::updateHuman, Human)
        .leaves_out(Mutation::validateVerificationToken, "not built yet")
}
