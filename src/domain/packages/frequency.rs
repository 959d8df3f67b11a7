//! How often a package is paid for.

pub const ALL: [&str; 8] = ["One-Time", "Monthly", "Yearly", "Weekly", "Bi-Weekly", "Every 4 Weeks", "Every 8 Weeks", "Quarterly"];

/// Documented of `Weekly`; the others alike.
pub fn in_words(frequency: &str) -> &'static str {
    match frequency {
        "Weekly" => "a week",
        "Bi-Weekly" => "every 2 weeks",
        "Every 4 Weeks" => "every 4 weeks",
        "Every 8 Weeks" => "every 8 weeks",
        "Monthly" => "a month",
        "Quarterly" => "a quarter",
        "Yearly" => "a year",
        _ => "",
    }
}

/// Assumed; a documented sample has nothing there.
pub fn abbreviated(frequency: &str) -> &'static str {
    match frequency {
        "Monthly" => "/mo",
        "Quarterly" => "/qtr",
        "Yearly" => "/yr",
        _ => "",
    }
}
