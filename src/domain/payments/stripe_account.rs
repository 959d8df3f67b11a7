//! A provider's account with Stripe: the bank that is paid out to, the company, the countries.

use crate::engine::{Answer, Call, Input, Made, QueryError, Reading, Refusal, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Organization, OrganizationMembership, StripeBankAccountType as Bank, StripeCompanyType as Company, StripeCountry, User, args,
    updateStripeVerificationDetailsInput as Details,
};

fn own(on: Reading<'_>) -> Option<View<'_, Bank>> {
    let viewer = on.viewer();
    let all = on.of_organization::<Bank>(viewer.organization()).filter(|_| viewer.is_member());
    // Assumed: who has none of one's own is paid to the organization's.
    let all: Vec<_> = all.collect();
    let mine = all.iter().rposition(|bank| viewer.id() == bank.get(Bank::user_id));
    all.into_iter().nth(mine.unwrap_or(0))
}

/// Documented: the default bank account of the caller's connected account, with Stripe's own id for it.
pub fn stripe_bank_account(on: Reading<'_>) -> Answer {
    let Some(bank) = own(on) else { return Answer::NULL };
    let columns = Bank::TYPE.shape().columns().iter().enumerate().filter(|(_, column)| column.published && column.name() != "id");
    let kept = columns.map(|(slot, _)| (slot as u16, Answer::from(bank.value(slot as u16).clone())));
    let id = (Bank::id.slot, Answer::from(Value::from(format!("ba_1{:020}", bank.id()))));
    Answer::Object(Bank::TYPE, kept.chain([id]).collect())
}

/// Assumed: what Stripe would know of the caller's organization.
pub fn stripe_company(on: Reading<'_>) -> Answer {
    let Some(organization) = on.find::<Organization>(on.viewer().organization()).filter(|_| own(on).is_some()) else {
        return Answer::NULL;
    };
    let yes = || Answer::from(Value::Bool(true));
    let values = vec![
        (Company::name.slot, organization.value(Organization::name.slot).clone().into()),
        (Company::phone.slot, organization.value(Organization::phone_number.slot).clone().into()),
        (Company::directors_provided.slot, yes()),
        (Company::executives_provided.slot, yes()),
        (Company::owners_provided.slot, yes()),
        (Company::tax_id_provided.slot, yes()),
        (Company::verification.slot, Value::text("verified").into()),
    ];
    Answer::Object(Company::TYPE, values)
}

/// Where Stripe has accounts: code, name, currency.
const COUNTRIES: [(&str, &str, &str); 30] = [
    ("AU", "Australia", "AUD"),
    ("AT", "Austria", "EUR"),
    ("BE", "Belgium", "EUR"),
    ("BR", "Brazil", "BRL"),
    ("CA", "Canada", "CAD"),
    ("CZ", "Czech Republic", "CZK"),
    ("DK", "Denmark", "DKK"),
    ("FI", "Finland", "EUR"),
    ("FR", "France", "EUR"),
    ("DE", "Germany", "EUR"),
    ("GR", "Greece", "EUR"),
    ("HK", "Hong Kong", "HKD"),
    ("HU", "Hungary", "HUF"),
    ("IE", "Ireland", "EUR"),
    ("IT", "Italy", "EUR"),
    ("JP", "Japan", "JPY"),
    ("LU", "Luxembourg", "EUR"),
    ("MX", "Mexico", "MXN"),
    ("NL", "Netherlands", "EUR"),
    ("NZ", "New Zealand", "NZD"),
    ("NO", "Norway", "NOK"),
    ("PL", "Poland", "PLN"),
    ("PT", "Portugal", "EUR"),
    ("RO", "Romania", "RON"),
    ("SG", "Singapore", "SGD"),
    ("ES", "Spain", "EUR"),
    ("SE", "Sweden", "SEK"),
    ("CH", "Switzerland", "CHF"),
    ("GB", "United Kingdom", "GBP"),
    ("US", "United States", "USD"),
];

fn country((code, name, currency): &(&str, &str, &str)) -> Answer {
    let values = vec![
        (StripeCountry::country_code.slot, Value::text(code).into()),
        (StripeCountry::name.slot, Value::text(name).into()),
        (StripeCountry::currency.slot, Value::text(currency).into()),
        (StripeCountry::accepted_currencies.slot, Answer::List(vec![Value::text(currency).into()])),
        // Assumed: what a form for a bank account asks for there.
        (StripeCountry::field1.slot, Value::text(if *currency == "EUR" { "IBAN" } else { "Routing Number" }).into()),
        (StripeCountry::field2.slot, if *currency == "EUR" { Answer::NULL } else { Value::text("Account Number").into() }),
    ];
    Answer::Object(StripeCountry::TYPE, values)
}

pub fn stripe_countries(_: Reading<'_>) -> Answer {
    Answer::List(COUNTRIES.iter().map(country).collect())
}

pub fn stripe_country(_: Reading<'_>, asked: &Input<'_, args::stripeCountry>) -> Result<Answer, QueryError> {
    let code = asked.get(args::stripeCountry::country_code).ok().flatten().unwrap_or_default();
    Ok(COUNTRIES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(code)).map(country).into())
}

/// `updateStripeVerificationDetails`: adds the bank account, after which payments can be taken. Who somebody is, is not checked.
pub fn update_stripe_verification_details(call: &mut Call<'_, Details>) -> Result<Made, Refusal> {
    let user = match call.is_blank(Details::id) {
        true => call.find::<User>(call.viewer_id()),
        false => Some(call.target::<User, _>(Details::id)?),
    };
    let user = user.filter(|user| !user.is(User::is_patient)).ok_or_else(|| Refusal::not_found("id", "User"))?;
    if user.id() != call.viewer_id() {
        call.needs(OrganizationMembership::can_edit_members, "update these stripe verification details")?;
    }
    let account = call.get(Details::account_number)?.map(|number| number.trim().to_owned()).filter(|number| !number.is_empty());
    let routing = call.get(Details::routing_number)?.map(|number| number.trim().to_owned()).filter(|number| !number.is_empty());
    for (field, number) in [("account_number", &account), ("routing_number", &routing)] {
        if number.as_ref().is_some_and(|number| number.len() < 4 || !number.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            return Err(Refusal::named(field, "is invalid"));
        }
    }
    let known = call.having(Bank::user_id, user.id()).into_iter().next_back();
    let mut bank = match &known {
        Some(known) => call.edit(known),
        None => call.draft::<Bank>().set(Bank::user_id, user.id()),
    };
    let last = |number: &str| number[number.len() - 4..].to_owned();
    if let Some(account) = &account {
        bank.put(Bank::accounts_number_last_4, last(account));
        bank.put(Bank::account_holder_type, call.get(Details::entity_type)?.unwrap_or("individual").to_owned());
    }
    if let Some(routing) = &routing {
        bank.put(Bank::routing_number_last_4, last(routing));
    }
    for (field, flag) in [
        (!call.is_blank(Details::ssn) || !call.is_blank(Details::ssn_last_4), Bank::ssn_last_4_provided),
        (!call.is_blank(Details::business_tax_id), Bank::tax_id_provided),
        (!call.is_blank(Details::verification_document), Bank::id_image_provided),
    ] {
        if field {
            bank.put(flag, true);
        }
    }
    call.accept(Details::skip_adding_bank_info);
    bank.save(call);
    let organization = call.find_any::<Organization>(user.organization());
    if let Some(organization) = organization.filter(|own| account.is_some() && own.get(Organization::bank_set_up) == Some(false)) {
        call.change(&organization).set(Organization::bank_set_up, true).save(call);
    }
    Ok(user.into())
}
