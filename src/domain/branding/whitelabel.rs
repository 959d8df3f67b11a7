//! Whitelabels: Healthie under another name.

use crate::engine::{Answer, Entity, Input, QueryError, Reading};
use crate::schema::names::{WhitelabelSetting, args};

pub fn entity() -> Entity<WhitelabelSetting> {
    Entity::new().silent().public()
}

/// Documented: by the address; null where there is none.
pub fn whitelabel_setting(on: Reading<'_>, asked: &Input<'_, args::whitelabelSetting>) -> Result<Answer, QueryError> {
    let url = asked.get(args::whitelabelSetting::branded_url).ok().flatten().filter(|url| !url.is_empty());
    let found = url.and_then(|url| on.all::<WhitelabelSetting>().find(|setting| setting.get(WhitelabelSetting::branded_url) == Some(url)));
    Ok(found.into())
}
