//! Files: how callers send them, what is known of them by their type, and the links by which they are fetched.

use super::Scene;
use crate::schema::{Base, Slot, TypeId};
use crate::state::File;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{digest, hmac};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

/// How the name of a text ends that stands for an upload: `avatar_string` beside `avatar`.
pub const AS_TEXT: &str = "_string";

/// By the content type: the file name's extension, and what a person calls such a file.
const KINDS: [(&str, &str, &str); 27] = [
    ("application/pdf", "pdf", "PDF"),
    ("application/msword", "doc", "Word"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word"),
    ("application/vnd.ms-excel", "xls", "Excel"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel"),
    ("text/csv", "csv", "Excel"),
    ("application/vnd.ms-powerpoint", "ppt", "PowerPoint"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", "PowerPoint"),
    ("application/zip", "zip", "Zip"),
    ("application/json", "json", "Text"),
    ("application/xml", "xml", "XML"),
    ("text/xml", "xml", "XML"),
    ("text/plain", "txt", "Text"),
    ("text/html", "html", "Text"),
    ("image/jpeg", "jpg", "Image"),
    ("image/jpg", "jpg", "Image"),
    ("image/png", "png", "Image"),
    ("image/gif", "gif", "Image"),
    ("image/heic", "heic", "Image"),
    ("image/webp", "webp", "Image"),
    ("image/tiff", "tiff", "Image"),
    ("image/svg+xml", "svg", "Image"),
    ("video/mp4", "mp4", "Video"),
    ("video/quicktime", "mov", "Video"),
    ("audio/mpeg", "mp3", "Audio"),
    ("audio/mp4", "m4a", "Audio"),
    ("audio/wav", "wav", "Audio"),
];

pub const UNKNOWN: &str = "application/octet-stream";

type Kept = HashMap<[u8; 32], Weak<[u8]>>;

/// The bytes of all files that some state holds, by their digest. Nobody can tell that sandboxes share them.
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// A file, its bytes kept once however often they are sent.
pub fn keep(name: Option<&str>, content_type: &str, bytes: &[u8]) -> Arc<File> {
    let mut key = [0; 32];
    key.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() == kept.capacity() {
        kept.retain(|_, bytes| bytes.strong_count() > 0);
    }
    let known = kept.get(&key).and_then(Weak::upgrade);
    let bytes = known.unwrap_or_else(|| {
        let bytes: Arc<[u8]> = bytes.into();
        kept.insert(key, Arc::downgrade(&bytes));
        bytes
    });
    let name = name.map(base_name).filter(|name| !name.is_empty());
    Arc::new(File::new(name.as_deref(), content_type, bytes))
}

/// The last part of what may be a path, without what no file name has.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect()
}

/// What a text holds: a data URL (`data:image/png;base64,…`), or the bare base64 of a file. None for what is neither.
pub fn read(text: &str) -> Option<Arc<File>> {
    let text = text.trim();
    let (head, data) = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(',')?,
        None => (";base64", text),
    };
    let mut parts = head.split(';').map(str::trim);
    let content_type = parts.next().filter(|ty| !ty.is_empty()).unwrap_or(UNKNOWN).to_lowercase();
    let parts: Vec<&str> = parts.collect();
    let bytes = if parts.contains(&"base64") { decoded(data)? } else { data.as_bytes().to_vec() };
    let name = parts.iter().find_map(|part| part.strip_prefix("name=").or_else(|| part.strip_prefix("filename=")));
    Some(keep(name, &content_type, &bytes))
}

fn decoded(data: &str) -> Option<Vec<u8>> {
    let data: String = data.split_whitespace().collect();
    STANDARD.decode(data).ok().filter(|bytes| !bytes.is_empty())
}

/// The file's own name; else `otherwise` with the extension of its type.
pub fn name_or(file: &File, otherwise: &str) -> String {
    match (&file.name, extension_of(&file.content_type)) {
        (Some(name), _) => name.to_string(),
        (None, Some(extension)) => format!("{otherwise}.{extension}"),
        (None, None) => otherwise.to_owned(),
    }
}

/// What the file in a column is called where nobody says it: `avatar` in `avatar_url`.
pub fn stem(column: &str) -> &str {
    column.strip_suffix("_url").unwrap_or(column)
}

/// The text beside an upload that stands for the same file.
pub fn as_text(of: TypeId, upload: Slot) -> Option<Slot> {
    let shape = of.shape();
    shape.slot(&format!("{}{AS_TEXT}", shape.column(upload).name())).filter(|slot| shape.column(*slot).base == Base::Text)
}

/// True of a text beside an upload of the same name.
pub fn is_text_of_one(of: TypeId, slot: Slot) -> bool {
    let shape = of.shape();
    let upload = shape.column(slot).name().strip_suffix(AS_TEXT).and_then(|name| shape.slot(name));
    upload.is_some_and(|upload| shape.column(upload).base == Base::Upload)
}

fn kind(content_type: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    KINDS.iter().find(|kind| kind.0 == content_type)
}

/// The ending that files of a type have.
pub fn extension_of(content_type: &str) -> Option<&'static str> {
    kind(content_type).map(|kind| kind.1)
}

/// The content type of a file by its name.
pub fn content_type_of(name: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    KINDS.iter().find(|kind| kind.1 == extension).map(|kind| kind.0)
}

/// `Video`, `Excel`; `Other` for what is none of the common kinds.
pub fn friendly_type(content_type: &str) -> &'static str {
    match kind(content_type) {
        Some(kind) => kind.2,
        None if content_type.starts_with("image/") => "Image",
        None if content_type.starts_with("video/") => "Video",
        None if content_type.starts_with("audio/") => "Audio",
        None if content_type.starts_with("text/") => "Text",
        None => "Other",
    }
}

/// Where a record's file is to be fetched, and by whom.
#[derive(Debug, PartialEq, Clone, Copy)]
pub struct Link {
    pub of: TypeId,
    pub id: u64,
    /// The column that holds it.
    pub slot: Slot,
    /// Whom the link was given to; 0 without a key.
    pub by: u64,
    /// In seconds since 1970.
    pub expires: i64,
}

/// Documented of a document's `expiring_url`: how many seconds a link is good for.
const SOON: i64 = 10;
/// Assumed of all others, an avatar's for one.
const LATER: i64 = 60 * 60;

/// An address at the caller's origin that serves the file in the column `slot` of a record. It carries its sandbox, and expires
/// by that sandbox's clock.
pub fn link(scene: &Scene, of: TypeId, id: u64, slot: Slot, name: &str) -> String {
    let column = of.shape().column(slot).name();
    let lasts = if column.contains("expiring") { SOON } else { LATER };
    let link = Link { of, id, slot, by: scene.viewer.id().unwrap_or(0), expires: scene.now.as_second() + lasts };
    format!("{}/files/{}/{}", scene.origin, scene.sandbox, link.signed(&scene.sandbox, name))
}

impl Link {
    fn signed(&self, sandbox: &str, name: &str) -> String {
        let Self { of, id, slot, by, expires } = self;
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
        let text = format!("{}/{id}/{}/{name}?by={by}&expires={expires}", of.name(), of.shape().column(*slot).name());
        let signature = hex(&hmac::sign(&key(sandbox), text.as_bytes()).as_ref()[..16]);
        format!("{text}&signature={signature}")
    }

    /// What an address says behind the sandbox. None for one that was not made here, or has been changed.
    pub fn read(sandbox: &str, text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?')?;
        let [of, id, column, name] = path.splitn(4, '/').collect::<Vec<_>>().try_into().ok()?;
        let of = TypeId::named(of)?;
        let said = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
        let link = Self {
            of,
            id: id.parse().ok()?,
            slot: of.shape().slot(column)?,
            by: said("by")?.parse().ok()?,
            expires: said("expires")?.parse().ok()?,
        };
        (link.signed(sandbox, name) == text).then_some(link)
    }
}

/// The same for the same sandbox, so that the same calls have the same answers. Whoever reads this can forge a link, but only to
/// what a key of the sandbox, which is no secret either, shows anyway.
fn key(sandbox: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, format!("links of {sandbox}").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Named, names::User};

    #[test]
    fn a_data_url_tells_type_size_and_name() {
        let told = |text: &str| read(text).map(|file| (name_or(&file, "scan"), file.content_type.to_string(), file.size));
        assert_eq!(told("data:image/png;base64,aGVsbG8="), Some(("scan.png".into(), "image/png".into(), 5)));
        assert_eq!(told("data:application/pdf;name=a.pdf;base64,aGVs"), Some(("a.pdf".into(), "application/pdf".into(), 3)));
        assert_eq!(told("aGVsbG8="), Some(("scan".into(), UNKNOWN.into(), 5)));
        assert_eq!(told("data:text/plain,hello"), Some(("scan.txt".into(), "text/plain".into(), 5)));
        for bad in ["", "no base64!", "data:image/png;base64", "data:image/png;base64,?"] {
            assert_eq!(told(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_same_bytes_are_kept_once_and_no_longer_than_somebody_holds_them() {
        let (one, other) = (keep(Some("a/b\\c.txt"), "text/plain", b"once and only"), keep(None, UNKNOWN, b"once and only"));
        assert!(Arc::ptr_eq(&one.bytes, &other.bytes));
        assert_eq!((one.name.as_deref(), other.name.as_deref()), (Some("c.txt"), None));
        let seen = Arc::downgrade(&one.bytes);
        drop((one, other));
        assert_eq!(seen.strong_count(), 0);
    }

    #[test]
    fn a_link_that_was_changed_is_none() {
        let slot = User::avatar_url.slot;
        let link = Link { of: User::TYPE, id: 7, slot, by: 3, expires: 100 };
        let text = link.signed("here", "me & you.png");
        assert!(text.starts_with("User/7/avatar_url/me___you.png?by=3&expires=100&signature="), "{text}");
        assert_eq!(Link::read("here", &text), Some(link));
        assert_eq!(Link::read("elsewhere", &text), None);
        for changed in [
            ("/7/", "/8/"),
            ("by=3", "by=4"),
            ("=100", "=999"),
            (".png", ".svg"),
            ("signature=", "signature=0"),
            ("?", "/"),
            ("User", "Nobody"),
        ] {
            assert_eq!(Link::read("here", &text.replace(changed.0, changed.1)), None, "{changed:?}");
        }
        assert_eq!(Link::read("here", ""), None);
    }
}
