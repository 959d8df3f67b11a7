//! What an application has to know to talk to a server: addresses and a key, by the names that they have in an environment.

use clap::ValueEnum;

/// How settings are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Lines for a shell: eval "$(healthie-mock env)"
    Shell,
    /// Lines for a file .env
    Dotenv,
    /// Lines for a workflow of GitHub's: healthie-mock env --format github >> "$GITHUB_ENV"
    Github,
    /// An object
    Json,
}

pub struct Settings([(&'static str, String); 4]);

impl Settings {
    /// `url` is the server's origin.
    pub fn of(url: &str, sandbox: &str, role: &str) -> Self {
        let url = url.trim_end_matches('/');
        Self([
            ("HEALTHIE_API_URL", format!("{url}/graphql")),
            // http becomes ws, https wss.
            ("HEALTHIE_WS_URL", format!("{}/subscriptions", url.replacen("http", "ws", 1))),
            ("HEALTHIE_API_KEY", format!("gh_sbox_{sandbox}_{role}")),
            ("HEALTHIE_MOCK_URL", url.to_owned()),
        ])
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    pub fn printed(&self, format: Format) -> String {
        let lines = |line: &dyn Fn(&str, &str) -> String| self.pairs().map(|(name, value)| line(name, value)).collect();
        match format {
            Format::Shell => lines(&|name, value| format!("export {name}='{}'\n", value.replace('\'', r"'\''"))),
            Format::Dotenv | Format::Github => lines(&|name, value| format!("{name}={value}\n")),
            Format::Json => {
                let object: serde_json::Map<_, _> = self.pairs().map(|(name, value)| (name.to_owned(), value.into())).collect();
                format!("{:#}\n", serde_json::Value::from(object))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_all_settings() {
        let settings = Settings::of("https://mock.example/", "ci-7", "owner");
        insta::assert_snapshot!(settings.printed(Format::Shell), @r"
        export HEALTHIE_API_URL='https://mock.example/graphql'
        export HEALTHIE_WS_URL='wss://mock.example/subscriptions'
        export HEALTHIE_API_KEY='gh_sbox_ci-7_owner'
        export HEALTHIE_MOCK_URL='https://mock.example'
        ");
        insta::assert_snapshot!(settings.printed(Format::Github), @r"
        HEALTHIE_API_URL=https://mock.example/graphql
        HEALTHIE_WS_URL=wss://mock.example/subscriptions
        HEALTHIE_API_KEY=gh_sbox_ci-7_owner
        HEALTHIE_MOCK_URL=https://mock.example
        ");
        let json: serde_json::Value = serde_json::from_str(&settings.printed(Format::Json)).expect("JSON");
        assert_eq!(json["HEALTHIE_API_KEY"], "gh_sbox_ci-7_owner");
    }
}
