//! What the operator should notice, a line each on standard error.

use crate::config::LogFormat;
use crate::env::machine_time;
use serde_json::{Map, Value as Json};

#[derive(Clone, Copy)]
pub struct Log(LogFormat);

impl Log {
    pub fn new(format: LogFormat) -> Self {
        Self(format)
    }

    pub fn warn(self, message: &str, about: &[(&str, &str)]) {
        match self.0 {
            LogFormat::Pretty => {
                let about: Vec<String> = about.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                eprintln!("warning: {message} {}", about.join(" "));
            }
            LogFormat::Json => {
                let mut line = Map::new();
                line.insert("at".to_owned(), Json::from(machine_time().to_string()));
                line.insert("level".to_owned(), Json::from("warning"));
                line.insert("message".to_owned(), Json::from(message));
                line.extend(about.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))));
                eprintln!("{}", Json::from(line));
            }
        }
    }
}
