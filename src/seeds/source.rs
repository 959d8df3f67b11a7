//! Where the text of a seed comes from: compiled in, a folder, or whoever sends it; with the seeds it extends.

use super::{
    error::{Mistake, Place, SeedError, listed, nearest},
    yaml::{self, Node, What},
};
use jiff::tz::TimeZone;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files of one seed, read as YAML.
pub struct Source {
    pub manifest: Manifest,
    /// By type name, in file order.
    pub files: Vec<(String, Node)>,
}

/// What `seed.yaml` says; None leaves it to the seed that this one extends.
#[derive(Default)]
pub struct Manifest {
    pub name: Option<String>,
    pub extends: Option<(Place, String)>,
    pub zone: Option<TimeZone>,
    pub organization: Option<(Place, String)>,
    pub password: Option<String>,
    pub complete: Option<bool>,
    /// Each role with the handle of its user.
    pub roles: Vec<(String, (Place, String))>,
}

const SETTINGS: [&str; 8] = ["name", "description", "extends", "timezone", "organization", "password", "complete", "roles"];

// `build.rs` writes the files of `seeds/clinic/`, names and texts.
include!(concat!(env!("OUT_DIR"), "/clinic.rs"));

/// The seed that `spec` names and all that it extends, the basis first. `clinic` is the one that is built in, whatever
/// folders there are; `./clinic` is a folder.
pub fn chain(spec: &str) -> Result<Vec<Source>, SeedError> {
    let place = Place { file: spec.into(), line: 0 };
    let mut seen = Vec::new();
    let mut sources = Vec::new();
    let mut next = Some((place, spec.to_owned(), PathBuf::new()));
    while let Some((asked, name, from)) = next.take() {
        if name == "clinic" {
            sources.push(clinic()?);
            break;
        }
        let path = from.join(&name);
        let Some(folder) = path.canonicalize().ok().filter(|path| path.is_dir()) else {
            return Err(Mistake::NoSuchSeed.at(&asked));
        };
        if seen.contains(&folder) {
            return Err(Mistake::Circle(name).at(&asked));
        }
        seen.push(folder);
        let source = read_folder(&path)?;
        next = source.manifest.extends.clone().map(|(place, name)| (place, name, path));
        sources.push(source);
    }
    sources.reverse();
    Ok(sources)
}

/// The seed in `files` (names and texts), and what it extends among those that are built in.
pub fn given(name: &str, files: &[(&str, &str)]) -> Result<Vec<Source>, SeedError> {
    let own = read(name, files)?;
    let mut sources = match &own.manifest.extends {
        Some((_, base)) if base == "clinic" => vec![clinic()?],
        Some((place, _)) => return Err(Mistake::NoSuchSeed.at(place)),
        None => vec![],
    };
    sources.push(own);
    Ok(sources)
}

fn clinic() -> Result<Source, SeedError> {
    read("clinic", CLINIC)
}

fn read_folder(path: &Path) -> Result<Source, SeedError> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        Mistake::Io(error.to_string()).at(&Place { file: path.display().to_string().into(), line: 0 })
    };
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if file.extension().is_some_and(|is| is == "yaml") && !name.starts_with('.') {
            files.push((name, fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?));
        }
    }
    files.sort();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    read(&path.display().to_string(), &files)
}

fn read(name: &str, files: &[(&str, &str)]) -> Result<Source, SeedError> {
    let mut source = Source { manifest: Manifest::default(), files: vec![] };
    let mut has_manifest = false;
    for (file, text) in files {
        let node = yaml::parse(&format!("{name}/{file}"), text)?;
        match file.strip_suffix(".yaml").unwrap_or(file) {
            "seed" => {
                has_manifest = true;
                source.manifest = manifest(&node)?;
            }
            ty => source.files.push((ty.to_owned(), node)),
        }
    }
    if !has_manifest {
        return Err(Mistake::NoManifest.at(&Place { file: name.into(), line: 0 }));
    }
    let folder = name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(name);
    source.manifest.name.get_or_insert_with(|| folder.to_owned());
    Ok(source)
}

fn manifest(node: &Node) -> Result<Manifest, SeedError> {
    let mut manifest = Manifest::default();
    if let What::Null = node.what {
        return Ok(manifest);
    }
    for (key, value) in node.map_entries("a map of settings")? {
        let named = || Ok((value.at.clone(), value.text()?.to_owned()));
        match key.name.as_str() {
            "name" => manifest.name = Some(value.text()?.to_owned()),
            "description" => {
                value.text()?;
            }
            "extends" => manifest.extends = Some(named()?),
            "timezone" => manifest.zone = Some(zone(value)?),
            "organization" => manifest.organization = Some(named()?),
            "password" => manifest.password = Some(value.text()?.to_owned()),
            "complete" => manifest.complete = Some(yes_or_no(value)?),
            "roles" => {
                for (role, user) in value.map_entries("a map of roles to handles of users")? {
                    manifest.roles.push((role.name.clone(), (user.at.clone(), user.text()?.to_owned())));
                }
            }
            name => {
                let nearest = nearest(name, SETTINGS);
                return Err(Mistake::UnknownSetting { name: name.to_owned(), nearest, known: listed(SETTINGS.into_iter()) }.at(&key.at));
            }
        }
    }
    Ok(manifest)
}

fn yes_or_no(node: &Node) -> Result<bool, SeedError> {
    match node.text()? {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(node.misplaced("`true` or `false`")),
    }
}

pub fn zone(node: &Node) -> Result<TimeZone, SeedError> {
    let name = node.text()?;
    TimeZone::get(name).map_err(|_| Mistake::UnknownZone(name.to_owned()).at(&node.at))
}
