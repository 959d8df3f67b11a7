//! The version that a call speaks: the header `Healthie-GraphQL-API-Version`, and what a version's age brings with it.

use super::NO_TEXT;
use crate::config::VersionPhase as Phase;
use crate::schema::Version;
use arc_swap::ArcSwapOption;
use axum::http::HeaderValue;
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Documented (API versions): every date that was published, and the one that is announced.
const PUBLISHED: [Date; 13] = [
    BASELINE,
    date(2024, 7, 1),
    date(2024, 10, 1),
    date(2024, 10, 20),
    date(2024, 11, 1),
    date(2025, 1, 1),
    date(2025, 4, 1),
    date(2025, 5, 15),
    date(2025, 7, 31),
    CONNECTIONS,
    date(2025, 11, 30),
    date(2026, 1, 1),
    LATEST,
];
const BASELINE: Date = date(2024, 6, 1);
/// From this version on, lists are connections: the newest schema comes nearest.
const CONNECTIONS: Date = date(2025, 10, 15);
const LATEST: Date = date(2026, 7, 1);
const SUNSET: Date = date(2027, 1, 31);

/// The schema that a call is answered by, and what its answers say of the version.
#[derive(Debug, PartialEq)]
pub struct Spoken {
    pub version: Version,
    /// `extensions.warnings` as JSON text; None where there are none.
    pub warnings: Option<Box<str>>,
}

/// Why a version is not served: the only entry of the answer's `errors`.
#[derive(Debug, PartialEq)]
pub struct Unspoken {
    pub error: Json,
}

/// The newest answer, as clients send one version: a header, the phase it was read in, what it means.
#[derive(Default)]
pub struct Latest(ArcSwapOption<(Option<HeaderValue>, Phase, Arc<Spoken>)>);

impl Latest {
    /// As [`Phase::speak`].
    pub fn speak(&self, header: Option<&HeaderValue>, phase: Phase, now: Timestamp, strict: bool) -> Result<Arc<Spoken>, Unspoken> {
        let phase = phase.at(now);
        if let Some(known) = self.0.load().as_ref().filter(|known| known.0.as_ref() == header && known.1 == phase) {
            return Ok(known.2.clone());
        }
        let text = header.map(|date| date.to_str().unwrap_or(NO_TEXT));
        let spoken = Arc::new(phase.speak(text, now, strict)?);
        self.0.store(Some(Arc::new((header.cloned(), phase, spoken.clone()))));
        Ok(spoken)
    }
}

impl Phase {
    fn at(self, now: Timestamp) -> Self {
        let today = || TimeZone::UTC.to_datetime(now).date();
        match self {
            Self::Auto if today() < LATEST => Self::Before,
            Self::Auto if today() < SUNSET => Self::Transition,
            Self::Auto => Self::Enforced,
            said => said,
        }
    }

    /// What the header's text, None without one, means at `now`. `strict` takes published dates only.
    pub fn speak(self, header: Option<&str>, now: Timestamp, strict: bool) -> Result<Spoken, Unspoken> {
        let phase = self.at(now);
        let Some(text) = header.map(str::trim) else {
            return match phase {
                Self::Enforced => Err(missing()),
                _ => Ok(phase.serves(BASELINE, None)),
            };
        };
        let asked = Date::strptime("%Y-%m-%d", text).ok().filter(|asked| text.len() == 10 && *asked >= BASELINE);
        let asked = asked.ok_or_else(|| phase.refuses(text))?;
        let is_published = PUBLISHED.contains(&asked);
        let is_over = phase == Self::Enforced && asked < LATEST;
        if is_over || !is_published && (strict || phase == Self::Enforced) {
            return Err(phase.refuses(text));
        }
        Ok(phase.serves(asked, Some(is_published)))
    }

    /// Documented: exact dates only. Observed: clients pin dates that were never published. Assumed, so that those work:
    /// such a date is served as the published one before it, until versions are enforced.
    fn serves(self, asked: Date, is_published: Option<bool>) -> Spoken {
        let version = if asked < CONNECTIONS { Version::V2024_06_01 } else { Version::V2026_01_01 };
        let mut warnings = Vec::new();
        if is_published == Some(false) {
            warnings.push(unpublished(asked));
        }
        if self == Self::Transition {
            warnings.extend(is_published.is_none().then(defaulted));
            warnings.extend((asked < LATEST).then(|| aging(asked)));
        }
        let warnings = (!warnings.is_empty()).then(|| Json::from(warnings).to_string().into());
        Spoken { version, warnings }
    }

    fn refuses(self, asked: &str) -> Unspoken {
        let least = if self == Self::Enforced { LATEST } else { BASELINE };
        let message = format!("API version '{asked}' is no longer supported. Please upgrade to a supported version.");
        let extensions = json!({
            "code": "UNSUPPORTED_API_VERSION",
            "requested_version": asked,
            "minimum_supported_version": least,
            "latest_version": LATEST,
        });
        Unspoken { error: json!({ "message": message, "extensions": extensions }) }
    }
}

fn missing() -> Unspoken {
    let message = "Missing required header: Healthie-GraphQL-API-Version. All API requests must include a version header.";
    let extensions = json!({ "code": "MISSING_API_VERSION_HEADER", "latest_version": LATEST });
    Unspoken { error: json!({ "message": message, "extensions": extensions }) }
}

fn defaulted() -> Json {
    let message = format!(
        "No Healthie-GraphQL-API-Version header was sent. Defaulting to baseline version {BASELINE}. This fallback will be \
         removed on {SUNSET}; please include the header in all requests."
    );
    json!({ "code": "MISSING_API_VERSION_HEADER", "message": message, "latest_version": LATEST })
}

fn aging(asked: Date) -> Json {
    let message = format!("API version {asked} is deprecated and will be sunset on {SUNSET}. Please upgrade to a supported version.");
    json!({
        "code": "API_VERSION_SUNSET_WARNING",
        "message": message,
        "requested_version": asked,
        "sunset_date": SUNSET,
        "latest_version": LATEST,
    })
}

/// Ours: nothing is known of what the sandbox says of such a date.
fn unpublished(asked: Date) -> Json {
    let served = PUBLISHED.into_iter().rev().find(|published| *published <= asked).unwrap_or(BASELINE);
    let message = format!("API version {asked} was never published. Served as {served}; please send a published version.");
    json!({
        "code": "UNPUBLISHED_API_VERSION",
        "message": message,
        "requested_version": asked,
        "served_version": served,
        "latest_version": LATEST,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().expect("a time")
    }

    fn codes(spoken: &Spoken) -> Vec<String> {
        let warnings: Vec<Json> = spoken.warnings.as_deref().map_or(vec![], |text| serde_json::from_str(text).expect("JSON"));
        warnings.iter().filter_map(|warning| warning["code"].as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn a_date_means_the_schema_that_comes_nearest() {
        let before = |header| Phase::Before.speak(header, at("2026-03-02"), false);
        let silent = |version| Ok(Spoken { version, warnings: None });
        assert_eq!(before(None), silent(Version::V2024_06_01));
        for date in ["2024-06-01", "2024-07-01", "2025-07-31", " 2025-04-01 "] {
            assert_eq!(before(Some(date)), silent(Version::V2024_06_01), "{date}");
        }
        for date in ["2025-10-15", "2025-11-30", "2026-01-01", "2026-07-01"] {
            assert_eq!(before(Some(date)), silent(Version::V2026_01_01), "{date}");
        }
        for date in ["2024-05-31", "newest", "2026-1-1", "", "2026-02-30", "20260101"] {
            let refused = before(Some(date)).expect_err(date);
            assert_eq!(refused.error["extensions"]["minimum_supported_version"], "2024-06-01", "{date}");
        }
    }

    #[test]
    fn a_date_that_was_never_published_is_served_as_the_one_before_it_with_a_warning() {
        let spoken = Phase::Before.speak(Some("2024-08-01"), at("2026-03-02"), false).expect("served");
        assert_eq!((spoken.version, codes(&spoken)), (Version::V2024_06_01, vec!["UNPUBLISHED_API_VERSION".to_owned()]));
        assert!(spoken.warnings.expect("some").contains(r#""served_version":"2024-07-01""#));
        let spoken = Phase::Transition.speak(Some("2027-09-09"), at("2026-03-02"), false).expect("served");
        assert_eq!((spoken.version, codes(&spoken)), (Version::V2026_01_01, vec!["UNPUBLISHED_API_VERSION".to_owned()]));
        assert!(Phase::Before.speak(Some("2024-08-01"), at("2026-03-02"), true).is_err(), "strict");
        assert!(Phase::Enforced.speak(Some("2027-09-09"), at("2026-03-02"), false).is_err(), "enforced");
    }

    #[test]
    fn in_the_transition_older_versions_carry_warnings_in_the_documented_order() {
        let warned = |header| {
            let spoken = Phase::Transition.speak(header, at("2026-03-02"), false).expect("served");
            spoken.warnings.map_or_else(String::new, String::from)
        };
        insta::assert_snapshot!(warned(None), @r#"[{"code":"MISSING_API_VERSION_HEADER","message":"No Healthie-GraphQL-API-Version header was sent. Defaulting to baseline version 2024-06-01. This fallback will be removed on 2027-01-31; please include the header in all requests.","latest_version":"2026-07-01"},{"code":"API_VERSION_SUNSET_WARNING","message":"API version 2024-06-01 is deprecated and will be sunset on 2027-01-31. Please upgrade to a supported version.","requested_version":"2024-06-01","sunset_date":"2027-01-31","latest_version":"2026-07-01"}]"#);
        insta::assert_snapshot!(warned(Some("2026-01-01")), @r#"[{"code":"API_VERSION_SUNSET_WARNING","message":"API version 2026-01-01 is deprecated and will be sunset on 2027-01-31. Please upgrade to a supported version.","requested_version":"2026-01-01","sunset_date":"2027-01-31","latest_version":"2026-07-01"}]"#);
        insta::assert_snapshot!(warned(Some("2026-07-01")), @"");
    }

    #[test]
    fn once_enforced_only_the_newest_is_served() {
        let enforced = |header| Phase::Enforced.speak(header, at("2026-03-02"), false);
        assert_eq!(enforced(Some("2026-07-01")), Ok(Spoken { version: Version::V2026_01_01, warnings: None }));
        let error = |header| enforced(header).expect_err("refused").error.to_string();
        insta::assert_snapshot!(error(Some("2025-06-15")), @r#"{"message":"API version '2025-06-15' is no longer supported. Please upgrade to a supported version.","extensions":{"code":"UNSUPPORTED_API_VERSION","requested_version":"2025-06-15","minimum_supported_version":"2026-07-01","latest_version":"2026-07-01"}}"#);
        insta::assert_snapshot!(error(None), @r#"{"message":"Missing required header: Healthie-GraphQL-API-Version. All API requests must include a version header.","extensions":{"code":"MISSING_API_VERSION_HEADER","latest_version":"2026-07-01"}}"#);
    }

    #[test]
    fn only_auto_follows_the_clock() {
        for (day, phase) in [
            ("2026-06-30", Phase::Before),
            ("2026-07-01", Phase::Transition),
            ("2027-01-30", Phase::Transition),
            ("2027-01-31", Phase::Enforced),
        ] {
            assert_eq!(Phase::Auto.at(at(day)), phase, "{day}");
            assert_eq!(Phase::Before.at(at(day)), Phase::Before);
        }
    }
}
