//! What the operator should notice, a line each on standard error.

use crate::config::LogFormat;
use crate::env::machine_time;
use serde_json::{Map, Value as Json};
use std::io::Write;

#[derive(Clone, Copy)]
pub struct Log(LogFormat);

impl Log {
    pub fn new(format: LogFormat) -> Self {
        Self(format)
    }

    pub fn warn(self, message: &str, about: &[(&str, &str)]) {
        let line = match self.0 {
            LogFormat::Pretty => {
                let about: Vec<String> = about.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                format!("warning: {message} {}", about.join(" "))
            }
            LogFormat::Json => {
                let mut line = Map::new();
                line.insert("at".to_owned(), Json::from(machine_time().to_string()));
                line.insert("level".to_owned(), Json::from("warning"));
                line.insert("message".to_owned(), Json::from(message));
                line.extend(about.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))));
                Json::from(line).to_string()
            }
        };
        // Whoever reads the log may stop; calls are answered all the same.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
