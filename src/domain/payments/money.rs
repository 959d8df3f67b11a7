//! Amounts as the API writes them: texts such as `1234.00`, counted in hundredths.

use crate::engine::{Call, Refusal};
use crate::schema::{Field, Named, Text};

/// Whatever is longer is no amount that anybody pays.
const MOST: i64 = 100_000_000_000;

/// The hundredths of an amount; None for what is none. A currency sign and commas are allowed (assumed), more than two
/// decimals are rounded.
pub fn cents(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let digits: String = text.trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || whole.len() > 12 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |byte| i64::from(byte - b'0'));
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let cents = whole * 100 + digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5);
    (cents <= MOST).then_some(sign * cents)
}

/// Documented: two decimals, no currency sign.
pub fn show(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// What a stored amount says; 0 where it says nothing.
pub fn of(amount: Option<&str>) -> i64 {
    amount.and_then(cents).unwrap_or(0)
}

pub fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}

pub fn from_dollars(dollars: f64) -> i64 {
    (dollars * 100.0).round() as i64
}

/// The amount in a field, where one was sent. Assumed: the texts, Rails' own.
pub fn sent<I: Named>(call: &Call<'_, I>, field: Field<I, Text>) -> Result<Option<i64>, Refusal> {
    let Some(text) = call.get(field)?.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    match cents(text) {
        None => Err(Refusal::on(field, "is not a number")),
        Some(amount) if amount < 0 => Err(Refusal::on(field, "must be greater than or equal to 0")),
        Some(amount) => Ok(Some(amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_alike() {
        let read = ["1234.00", "567.5", "$1,000", " 12 ", "-3.999", ".5", "", "abc", "1e5", "1.2.3", "9999999999999"].map(cents);
        let expected = [Some(123_400), Some(56_750), Some(100_000), Some(1200), Some(-400), Some(50), None, None, None, None, None];
        assert_eq!(read, expected);
        assert_eq!([0, 5, 123_400, -50].map(show), ["0.00", "0.05", "1234.00", "-0.50"]);
    }
}
