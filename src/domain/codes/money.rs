//! Fees and charges, which the API writes as texts (`125.00`): read as hundredths, and written with two decimals.

/// None for what is no amount. A currency sign and commas are allowed (assumed).
pub fn cents(text: &str) -> Option<i64> {
    let plain: String = text.trim().trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let amount = plain.parse::<f64>().ok().filter(|amount| is_number && amount.abs() < 1e9)?;
    Some((amount * 100.0).round() as i64)
}

pub fn show(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

/// What a stored amount says; nothing where it says nothing.
pub fn of(text: Option<&str>) -> i64 {
    text.and_then(cents).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written() {
        assert_eq!(["125", "$1,250.5", "-0.5", "", "ten", "1e5"].map(cents), [Some(12_500), Some(125_050), Some(-50), None, None, None]);
        assert_eq!([12_500, -50].map(show), ["125.00", "-0.50"]);
    }
}
