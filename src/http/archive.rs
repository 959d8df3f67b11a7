//! A seed's folder as a tar, squeezed by gzip or not: its files by name.

use super::body::Unreadable;
use axum::http::StatusCode;
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, PathBuf};
use tar::Archive;

/// The longest archive that is unpacked, in bytes.
const MOST: u64 = 256 * 1024 * 1024;
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What every archive ends with.
const END: &[u8] = &[0; 1024];

/// The seed's texts by the names of their files. None for what is no archive.
pub fn files(sent: &[u8]) -> Result<Option<BTreeMap<String, String>>, Unreadable> {
    let unpacked = if sent.starts_with(GZIP) { Some(unpack(sent)?) } else { None };
    let archive = unpacked.as_deref().unwrap_or(sent);
    match archive.get(257..262) == Some(b"ustar") {
        true if !archive.ends_with(END) => Err(bad("the archive is cut off")),
        true => read(archive).map(Some),
        false if unpacked.is_some() => Err(bad("what was packed by gzip is no tar")),
        false => Ok(None),
    }
}

fn unpack(sent: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut unpacked = vec![];
    let read = GzDecoder::new(sent).take(MOST + 1).read_to_end(&mut unpacked);
    match read {
        Ok(size) if size as u64 > MOST => Err(Unreadable(StatusCode::PAYLOAD_TOO_LARGE, "the archive holds over 256 MiB".to_owned())),
        Ok(_) => Ok(unpacked),
        Err(error) => Err(broken(&error)),
    }
}

/// As a folder is read: its own files that end in `.yaml`, but for hidden ones.
fn read(archive: &[u8]) -> Result<BTreeMap<String, String>, Unreadable> {
    let mut files = BTreeMap::new();
    let mut folder: Option<PathBuf> = None;
    for entry in Archive::new(archive).entries().map_err(|error| broken(&error))? {
        let mut entry = entry.map_err(|error| broken(&error))?;
        let path = entry.path().map_err(|error| broken(&error))?;
        let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !entry.header().entry_type().is_file() || name.starts_with('.') || !name.ends_with(".yaml") {
            continue;
        }
        let parent = path.parent().unwrap_or(&path).to_owned();
        let known = folder.get_or_insert_with(|| parent.clone());
        if *known != parent {
            return Err(bad(&format!("a seed is one folder, but there is {} beside {:?}", path.display(), known.display())));
        }
        let mut text = String::new();
        entry.read_to_string(&mut text).map_err(|error| bad(&format!("{name}: {error}")))?;
        files.insert(name, text);
    }
    Ok(files)
}

fn broken(error: &std::io::Error) -> Unreadable {
    bad(&format!("the archive cannot be read: {error}"))
}

fn bad(message: &str) -> Unreadable {
    Unreadable(StatusCode::BAD_REQUEST, format!("{message}; send a folder's files: tar c -C my-seed . | curl -T - …/_mock/seeds/mine"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    use tar::{Builder, EntryType, Header};

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = Builder::new(vec![]);
        for (path, text) in files {
            let mut header = Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_entry_type(if path.ends_with('/') { EntryType::Directory } else { EntryType::Regular });
            builder.append_data(&mut header, path, text.as_bytes()).expect("room");
        }
        builder.into_inner().expect("room")
    }

    fn names(sent: &[u8]) -> Vec<String> {
        files(sent).expect("an archive").expect("an archive").into_keys().collect()
    }

    #[test]
    fn an_archive_holds_the_files_of_one_folder() {
        let long = format!("{}/seed.yaml", "folder".repeat(30));
        for paths in [["./", "./seed.yaml"], ["mine/", "mine/seed.yaml"], [".hidden.yaml", "seed.yaml"], ["README.md", &long]] {
            assert_eq!(names(&packed(&paths.map(|path| (path, "")))), ["seed.yaml"], "{paths:?}");
        }
        let archive = packed(&[("seed.yaml", "extends: clinic"), ("Tag.yaml", "- name: A")]);
        let mut gzip = GzEncoder::new(vec![], Compression::fast());
        gzip.write_all(&archive).expect("room");
        assert_eq!(names(&gzip.finish().expect("room")), names(&archive));
        assert_eq!(files(&archive).expect("an archive").expect("an archive")["seed.yaml"], "extends: clinic");
    }

    #[test]
    fn what_is_no_archive_is_something_else_and_a_broken_one_is_told() {
        assert!(files(b"{}").expect("nothing to say").is_none() && files(b"").expect("nothing to say").is_none());
        let whole = packed(&[("a/seed.yaml", "extends: clinic"), ("b/Tag.yaml", "- name: A")]);
        let told = |sent: &[u8]| files(sent).err().map(|Unreadable(_, told)| told).unwrap_or_default();
        assert!(told(&whole).starts_with("a seed is one folder"), "{}", told(&whole));
        assert!(told(&whole[..520]).starts_with("the archive is cut off"));
        assert!(told(&[GZIP, b"nonsense"].concat()).starts_with("the archive cannot be read"));
        let mut damaged = whole.clone();
        damaged[150] ^= 1;
        assert!(told(&damaged).starts_with("the archive cannot be read"), "{}", told(&damaged));
        let latin = packed(&[("seed.yaml", "")]).into_iter().enumerate().map(|(at, byte)| if at == 0 { 0xff } else { byte });
        assert!(!told(&latin.collect::<Vec<_>>()).is_empty());
    }
}
