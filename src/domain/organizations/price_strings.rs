//! What Healthie says that another seat costs. Assumed: nobody pays in a sandbox.

use crate::engine::{Answer, Input, QueryError, Reading};
use crate::schema::names::args;

pub fn new_organization_price_string(_: Reading<'_>, asked: &Input<'_, args::newOrganizationPriceString>) -> Result<Answer, QueryError> {
    asked.accept(args::newOrganizationPriceString::new_provider_num);
    asked.accept(args::newOrganizationPriceString::new_provder_num);
    Ok(Answer::NULL)
}

pub fn new_organization_support_price_string(
    _: Reading<'_>,
    asked: &Input<'_, args::newOrganizationSupportPriceString>,
) -> Result<Answer, QueryError> {
    asked.accept(args::newOrganizationSupportPriceString::new_support_num);
    Ok(Answer::List(vec![]))
}
