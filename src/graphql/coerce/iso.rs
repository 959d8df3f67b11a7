//! Which texts are a date or a point in time, to the scalars that want ISO 8601.

use jiff::civil::Date;

/// `2024-01-31`, `20240131`, or either of a point in time's forms.
pub(super) fn is_date(text: &str) -> bool {
    is_day(text) || is_instant(text)
}

/// `2024-01-31T10:00:00Z`, with or without fraction and offset, or a day alone. Seconds are needed.
pub(super) fn is_instant(text: &str) -> bool {
    if is_day(text) {
        return true;
    }
    let Some((day, time)) = text.trim().split_once(['T', 't']) else { return false };
    day.contains('-') && is_day(day) && is_time(time)
}

fn is_day(text: &str) -> bool {
    let digits = match *text.as_bytes() {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] | [y1, y2, y3, y4, m1, m2, d1, d2] => [y1, y2, y3, y4, m1, m2, d1, d2],
        _ => return false,
    };
    let number = |part: &[u8]| part.iter().try_fold(0_i16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')));
    let (Some(year), Some(month), Some(day)) = (number(&digits[..4]), number(&digits[4..6]), number(&digits[6..])) else { return false };
    Date::new(year, month as i8, day as i8).is_ok()
}

fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *clock.as_bytes() else { return false };
    is_below(24, [h1, h2]) && is_below(60, [m1, m2]) && is_below(61, [s1, s2]) && is_zone(without_fraction(rest))
}

fn without_fraction(text: &str) -> &str {
    match text.strip_prefix('.').map(|fraction| fraction.trim_start_matches(|next: char| next.is_ascii_digit())) {
        Some(rest) if rest.len() + 1 < text.len() => rest,
        _ => text,
    }
}

fn is_zone(text: &str) -> bool {
    match *text.as_bytes() {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2] => is_below(24, [h1, h2]),
        [b'+' | b'-', h1, h2, m1, m2] | [b'+' | b'-', h1, h2, b':', m1, m2] => is_below(24, [h1, h2]) && is_below(60, [m1, m2]),
        _ => false,
    }
}

fn is_below(limit: u8, digits: [u8; 2]) -> bool {
    digits.iter().all(u8::is_ascii_digit) && (digits[0] - b'0') * 10 + (digits[1] - b'0') < limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_also_a_point_in_time() {
        for day in ["2024-02-29", "20240229"] {
            assert!(is_date(day) && is_instant(day), "{day}");
        }
        for text in ["2024-02-29T10:00:00", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00.123+05:30", "2024-02-29T10:00:00-0500"] {
            assert!(is_date(text) && is_instant(text), "{text}");
        }
    }

    #[test]
    fn everything_else_is_neither() {
        let wrong = [
            "",
            "today",
            "2023-02-29",
            "2024-2-9",
            "2024-02-29 10:00:00",
            "2024-02-29T10:00",
            "2024-02-29T25:00:00",
            "2024-02-29T10:00:00.",
            "2024-02-29T10:00:00+5",
            "é024-02-29",
            "2024-02-29Té:00:00",
            "2024-13-01",
            "+024-01-01",
        ];
        for text in wrong {
            assert!(!is_date(text) && !is_instant(text), "{text}");
        }
    }
}
