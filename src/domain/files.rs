//! What is known of a file: its type, its size, its name, and where it would be fetched. The bytes are not kept.

use crate::engine::{Reading, View};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A file that an input carries as text: a data URL (`data:image/png;base64,…`), or the bare base64 of its bytes.
pub struct File {
    pub content_type: String,
    pub size: usize,
    /// The file's name, where the data URL says it.
    pub name: Option<String>,
}

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

const UNKNOWN: &str = "application/octet-stream";

impl File {
    /// None for what is no base64.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (head, data) = match text.strip_prefix("data:") {
            Some(rest) => rest.split_once(',')?,
            None => (";base64", text),
        };
        let mut parts = head.split(';').map(str::trim);
        let content_type = parts.next().filter(|ty| !ty.is_empty()).unwrap_or(UNKNOWN).to_lowercase();
        let parts: Vec<&str> = parts.collect();
        let size = if parts.contains(&"base64") { decoded(data)? } else { data.len() };
        let name = parts.iter().find_map(|part| part.strip_prefix("name=").or_else(|| part.strip_prefix("filename=")));
        Some(Self { content_type, size, name: name.filter(|name| !name.is_empty()).map(str::to_owned) })
    }

    pub fn extension(&self) -> Option<&'static str> {
        extension_of(&self.content_type)
    }

    /// The name that the data URL says; else `otherwise` with the extension of its type.
    pub fn name_or(&self, otherwise: &str) -> String {
        let extended = || match self.extension() {
            Some(extension) => format!("{otherwise}.{extension}"),
            None => otherwise.to_owned(),
        };
        self.name.clone().unwrap_or_else(extended)
    }
}

fn decoded(data: &str) -> Option<usize> {
    let data: String = data.split_whitespace().collect();
    STANDARD.decode(data).ok().map(|bytes| bytes.len()).filter(|size| *size > 0)
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

/// Where the file `name` of a record would be fetched. Assumed: any address at the request's origin; nothing answers there yet.
pub fn link<T: crate::schema::Named>(of: &View<'_, T>, folder: &str, name: &str) -> String {
    at(of.on, folder, of.row().id(), name)
}

fn at(on: Reading<'_>, folder: &str, id: u64, name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    format!("{}/files/{folder}/{id}/{name}", on.scene.origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_tells_type_size_and_name() {
        let told = |text: &str| File::read(text).map(|file| (file.name_or("scan"), file.content_type, file.size));
        assert_eq!(told("data:image/png;base64,aGVsbG8="), Some(("scan.png".into(), "image/png".into(), 5)));
        assert_eq!(told("data:application/pdf;name=a.pdf;base64,aGVs"), Some(("a.pdf".into(), "application/pdf".into(), 3)));
        assert_eq!(told("aGVsbG8="), Some(("scan".into(), UNKNOWN.into(), 5)));
        assert_eq!(told("data:text/plain,hello"), Some(("scan.txt".into(), "text/plain".into(), 5)));
        for bad in ["", "no base64!", "data:image/png;base64", "data:image/png;base64,?"] {
            assert_eq!(told(bad), None, "{bad}");
        }
    }
}
