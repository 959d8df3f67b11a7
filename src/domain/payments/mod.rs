//! Payments, invoices, cards and payouts.

mod billing_item;
mod bulk_update_card_issues;
mod cancel_recurring_payment;
mod card;
mod charge_back;
mod create_billing_item;
mod create_requested_payment;
mod create_stripe_customer_detail;
mod delete_billing_item;
mod delete_requested_payment;
mod delete_stripe_customer_detail;
mod intents;
mod invoice_visit;
pub mod money;
mod pay;
mod payouts;
mod person;
pub mod processor;
mod receipt;
mod recurring_payment;
mod reports;
mod requested_payer;
mod requested_payment;
mod schedule;
pub mod scope;
mod stripe_account;
mod update_billing_item;
mod update_requested_payment;
mod update_stripe_customer_detail;
mod write_off;

pub use billing_item::{has_succeeded, is_scheduled};
pub use invoice_visit::invoice_visit;
pub use person::{has_card, on_user};
pub use recurring_payment::cancel as cancel_recurring;

use crate::engine::Area;
use crate::schema::names::{
    BillingItem, ChargeBack, ChargeDisputeType, Mutation, OrganizationMembership, PayoutAccount, Query, RecurringPayment,
    RequestedPaymentTemplate, WriteOff,
};

pub fn area() -> Area {
    let area = Area::new("payments")
        .entity(billing_item::entity())
        .entity(recurring_payment::entity())
        .entity(requested_payment::entity())
        .entity(card::entity())
        .entity(write_off::entity())
        .entity(charge_back::entity())
        .entity(charge_back::dispute())
        .due("charge", BillingItem::due_at, schedule::charge_scheduled)
        .due("recurring payment", RecurringPayment::due_at, recurring_payment::turn);
    stripe(invoices(cards(payments(area))))
}

fn payments(area: Area) -> Area {
    area.gets(Query::billingItem, BillingItem)
        .lists(Query::billingItems, billing_item::billing_items())
        .needs(OrganizationMembership::can_see_billing)
        .counts(Query::billingItemsCount, Query::billingItems)
        .needs(OrganizationMembership::can_see_billing)
        .query(Query::monthlyBillingItemsData, reports::monthly_billing_items_data)
        .gets(Query::recurringPayment, RecurringPayment)
        .lists(Query::recurringPayments, recurring_payment::recurring_payments())
        .mutation(Mutation::createBillingItem, create_billing_item::create_billing_item)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::updateBillingItem, update_billing_item::update_billing_item)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::deleteBillingItem, delete_billing_item::delete_billing_item)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::cancelRecurringPayment, cancel_recurring_payment::cancel_recurring_payment)
        .needs(OrganizationMembership::can_charge_clients)
}

fn cards(area: Area) -> Area {
    area.lists(Query::cardIssues, card::card_issues())
        .needs(OrganizationMembership::can_see_billing)
        .counts(Query::cardIssuesCount, Query::cardIssues)
        .needs(OrganizationMembership::can_see_billing)
        .lists(Query::stripeCustomerDetails, card::stripe_customer_details())
        .mutation(Mutation::createStripeCustomerDetail, create_stripe_customer_detail::create_stripe_customer_detail)
        .patients_too()
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::updateStripeCustomerDetail, update_stripe_customer_detail::update_stripe_customer_detail)
        .patients_too()
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::deleteStripeCustomerDetail, delete_stripe_customer_detail::delete_stripe_customer_detail)
        .patients_too()
        .mutation(Mutation::bulkUpdateCardIssues, bulk_update_card_issues::bulk_update_card_issues)
        .needs(OrganizationMembership::can_see_billing)
        .mutation(Mutation::createPaymentIntent, intents::create_payment_intent)
        .public()
        .mutation(Mutation::createSetupIntent, intents::create_setup_intent)
        .public()
}

fn invoices(area: Area) -> Area {
    area.query(Query::requestedPayment, requested_payment::requested_payment)
        .public()
        .lists(Query::requestedPayments, requested_payment::requested_payments())
        .needs(OrganizationMembership::can_see_billing)
        .counts(Query::requestedPaymentsCount, Query::requestedPayments)
        .needs(OrganizationMembership::can_see_billing)
        .query(Query::canInvoiceSenderSeeRecipient, reports::can_invoice_sender_see_recipient)
        .query(Query::invoiceBasePrice, reports::invoice_base_price)
        .lists_all(Query::invoiceTemplates, RequestedPaymentTemplate)
        .mutation(Mutation::createRequestedPayment, create_requested_payment::create_requested_payment)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::updateRequestedPayment, update_requested_payment::update_requested_payment)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::deleteRequestedPayment, delete_requested_payment::delete_requested_payment)
        .needs(OrganizationMembership::can_charge_clients)
        .gets(Query::writeOff, WriteOff)
        .mutation(Mutation::createWriteOff, write_off::create_write_off)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::updateWriteOff, write_off::update_write_off)
        .needs(OrganizationMembership::can_charge_clients)
        .mutation(Mutation::deleteWriteOff, write_off::delete_write_off)
        .needs(OrganizationMembership::can_charge_clients)
}

fn stripe(area: Area) -> Area {
    area.gets(Query::payoutAccount, PayoutAccount)
        .needs(OrganizationMembership::can_see_transfers)
        .lists_all(Query::payoutAccounts, PayoutAccount)
        .needs(OrganizationMembership::can_see_transfers)
        .query(Query::transfers, payouts::transfers)
        .needs(OrganizationMembership::can_see_transfers)
        .query(Query::paginate_transfers, payouts::paginate_transfers)
        .needs(OrganizationMembership::can_see_transfers)
        .query(Query::transactions, payouts::transactions)
        .question(Query::stripeBankAccount, stripe_account::stripe_bank_account)
        .question(Query::stripeCompany, stripe_account::stripe_company)
        .question(Query::stripeCountries, stripe_account::stripe_countries)
        .query(Query::stripeCountry, stripe_account::stripe_country)
        .mutation(Mutation::updateStripeVerificationDetails, stripe_account::update_stripe_verification_details)
        .gets(Query::chargeBack, ChargeBack)
        .lists(Query::chargeBacks, charge_back::charge_backs())
        .counts(Query::chargeBacksCount, Query::chargeBacks)
        .lists_all(Query::chargeDisputes, ChargeDisputeType)
        .mutation(Mutation::updateChargeBack, charge_back::update_charge_back)
}
