//! Who may use whom. The lists below are the truth; a new arrow is a decision and comes with its reason.

#[path = "architecture/source.rs"]
mod source;

use source::{Named, read};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A module at the top of `src/`, and what of ours it may name.
struct Module {
    name: &'static str,
    uses: &'static [&'static str],
    /// What its tests may name besides.
    tests_use: &'static [&'static str],
}

const fn module(name: &'static str, uses: &'static [&'static str]) -> Module {
    Module { name, uses, tests_use: &[] }
}

impl Module {
    const fn and_in_tests(self, tests_use: &'static [&'static str]) -> Self {
        Self { tests_use, ..self }
    }
}

const MODULES: &[Module] = &[
    module("schema", &[]),
    module("env", &[]),
    module("state", &[]),
    module("config", &[]),
    // A table that is asked, which draws its chances.
    module("faults", &["env"]),
    module("engine", &["schema", "state", "env"]).and_in_tests(&["testing"]),
    module("domain", &["engine", "schema"]).and_in_tests(&["testing"]),
    module("graphql", &["engine", "schema", "state", "env"]).and_in_tests(&["domain"]),
    // What strikes a call strikes a delivery too.
    module("webhooks", &["engine", "schema", "state", "faults"]).and_in_tests(&["env"]),
    module("subscriptions", &["engine", "schema", "state", "env", "graphql"]),
    module("seeds", &["engine", "schema", "state", "env"]).and_in_tests(&["domain", "testing"]),
    // A sandbox is a world with its outbox, made from a seed.
    // What it measures are the engine's rules, on the clinic.
    module("coverage", &["engine", "schema", "state", "env", "seeds"]),
    module("sandboxes", &["engine", "faults", "schema", "state", "env", "graphql", "seeds", "webhooks", "subscriptions"]),
    module(
        "http",
        &["engine", "faults", "schema", "state", "env", "graphql", "sandboxes", "webhooks", "subscriptions", "config", "coverage"],
    ),
    // A client of the HTTP API; it borrows the one HTTP client, and the machine's time for names that are new.
    module("trigger", &["schema", "webhooks", "env"]),
    // The one place that knows everybody.
    module("mock", &["domain", "engine", "http", "sandboxes", "schema", "seeds", "webhooks", "config"]),
    module("testing", &["domain", "engine", "env", "graphql", "schema", "seeds", "state"]),
    module("lib", &[]),
    module("main", &["config", "coverage", "domain", "http", "mock", "sandboxes", "schema", "trigger", "webhooks"]),
];

/// The crates of others, and who may name them. None: everybody.
const CRATES: &[(&str, Option<&[&str]>)] = &[
    ("anyhow", Some(&["main"])),
    ("arc-swap", Some(&["engine", "http"])),
    ("async-graphql-parser", Some(&["graphql"])),
    ("async-graphql-value", Some(&["graphql"])),
    ("axum", Some(&["http"])),
    ("base64", None),
    ("clap", Some(&["main", "config"])),
    ("fake", Some(&["seeds"])),
    ("flate2", Some(&["http"])),
    ("futures-util", Some(&["http"])),
    ("http-body-util", Some(&["http"])),
    ("imbl", Some(&["state"])),
    ("itoa", Some(&["graphql"])),
    ("jiff", None),
    ("md5", Some(&["http"])),
    ("multer", Some(&["http"])),
    ("reqwest", Some(&["webhooks"])),
    ("ring", Some(&["engine", "webhooks"])),
    ("rustls", Some(&["webhooks"])),
    // `exec` tells its command to end.
    ("rustix", Some(&["main"])),
    ("saphyr-parser", Some(&["seeds"])),
    ("serde", None),
    ("serde_json", None),
    ("tar", Some(&["http"])),
    ("thiserror", None),
    // `sandboxes` waits for the next due instant, and for deliveries while a clock advances.
    ("tokio", Some(&["http", "webhooks", "subscriptions", "sandboxes", "mock", "main"])),
    ("uuid", Some(&["domain"])),
    ("webpki-roots", Some(&["webhooks"])),
];

/// Where `async` may stand: where the network is.
const ASYNC: &[&str] = &["main", "mock", "http", "trigger", "webhooks", "sandboxes"];

/// How long ARCHITECTURE.md may get.
const ARCHITECTURE_LINES: usize = 150;

#[test]
fn every_arrow_between_modules_is_listed() {
    let tree = Tree::read();
    assert_eq!(tree.complaints_about_arrows(), Vec::<String>::new());
}

#[test]
fn a_listed_module_exists_and_an_existing_one_is_listed() {
    let listed: BTreeSet<&str> = MODULES.iter().map(|module| module.name).collect();
    let tree = Tree::read();
    let existing: BTreeSet<&str> = tree.files.iter().map(|file| file.top()).collect();
    assert_eq!(listed, existing);
    for module in MODULES {
        for used in module.uses.iter().chain(module.tests_use) {
            assert!(listed.contains(used), "{} may use {used}, which doesn't exist", module.name);
        }
    }
}

#[test]
fn a_crate_of_others_is_named_only_by_its_owners() {
    let tree = Tree::read();
    assert_eq!(tree.complaints_about_crates(), Vec::<String>::new());
}

#[test]
fn every_dependency_has_its_owners() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let is_of_all = |name: &str| name == "dependencies" || name.starts_with("target.") && name.ends_with(".dependencies");
    let sections = manifest.split("\n[").filter_map(|section| section.split_once("]\n")).filter(|(name, _)| is_of_all(name));
    let lines = sections.flat_map(|(_, section)| section.lines()).filter(|line| !line.starts_with('#'));
    let keys = lines.filter_map(|line| line.split_once('='));
    let depends: BTreeSet<&str> = keys.map(|(key, _)| key.trim()).collect();
    let listed: BTreeSet<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    assert_eq!(depends, listed);
}

#[test]
fn async_stays_where_the_network_is() {
    let tree = Tree::read();
    let found: BTreeSet<&str> = tree.files.iter().filter(|file| !file.source.asyncs.is_empty()).map(File::top).collect();
    let outside: Vec<&&str> = found.iter().filter(|module| !ASYNC.contains(module)).collect();
    assert_eq!(outside, Vec::<&&str>::new());
}

#[test]
fn the_architecture_page_stays_short() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let lines = page.lines().count();
    assert!(lines < ARCHITECTURE_LINES, "{lines} lines");
}

#[test]
fn pages_name_files_that_exist_and_no_private_places() {
    let folders = ["", "schema", "seeds", "benches", "fuzz"].map(|folder| root().join(folder));
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let pages = entries.map(|entry| entry.expect("readable").path()).filter(|path| path.extension().is_some_and(|is| is == "md"));
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page is UTF-8");
        for private in ["/home/", "/root/", "/Users/"] {
            assert!(!text.contains(private), "{} names {private}", page.display());
        }
        let links = text.split("](").skip(1).filter_map(|link| link.split([')', '#']).next());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            let to = page.parent().expect("a page is in a folder").join(link);
            assert!(to.exists(), "{} links to {link}, which doesn't exist", page.display());
        }
    }
}

/// One file of `src/`.
struct File {
    shown: String,
    /// `["engine", "call"]`; `["lib"]` and `["main"]` for the roots.
    module: Vec<String>,
    source: source::Source,
    is_test: bool,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        module.pop_if(|last| last == "mod");
        let names: Vec<String> = CRATES.iter().map(|(name, _)| name.replace('-', "_")).chain(["healthie_mock".to_owned()]).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Self { shown: format!("src/{path}"), module, source: read(text, &names), is_test: false }
    }

    fn top(&self) -> &str {
        &self.module[0]
    }

    /// The path from the crate's root that `named` means, or None for another crate's.
    fn resolve(&self, named: &Named) -> Option<Vec<String>> {
        let is_root = self.module.len() == 1 && ["lib", "main"].contains(&self.top());
        let here = if is_root { &[][..] } else { &self.module[..] };
        let mut resolved: Vec<String> = here.iter().chain(&named.within).cloned().collect();
        for (at, part) in named.path.iter().enumerate() {
            match part.as_str() {
                "crate" | "healthie_mock" => resolved.clear(),
                "self" => {}
                "super" => drop(resolved.pop()),
                _ if at == 0 => return None,
                _ => resolved.push(part.clone()),
            }
        }
        Some(resolved)
    }
}

struct Tree {
    files: Vec<File>,
}

impl Tree {
    fn read() -> Self {
        let src = root().join("src");
        let mut files = Vec::new();
        walk(&src, &mut |path| {
            let text = fs::read_to_string(path).expect("a source file is UTF-8");
            let shown = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
            files.push(File::new(&shown, &text));
        });
        Self::new(files)
    }

    fn new(mut files: Vec<File>) -> Self {
        let test_modules: Vec<Vec<String>> = files
            .iter()
            .flat_map(|file| {
                let above = if file.top() == "lib" { &[][..] } else { &file.module[..] };
                file.source.test_modules.iter().map(move |below| [above, below].concat())
            })
            .collect();
        for file in &mut files {
            file.is_test = test_modules.iter().any(|module| file.module.starts_with(module));
        }
        Self { files }
    }

    /// What the crate's root exports under a shorter path: `Mock` of `mock`.
    fn exports(&self) -> Vec<(String, String)> {
        let lib = self.files.iter().filter(|file| file.top() == "lib");
        let paths = lib.flat_map(|file| file.source.named.iter().filter_map(|named| file.resolve(named)));
        paths.filter_map(|path| Some((path.last()?.clone(), path.first()?.clone()))).collect()
    }

    fn complaints_about_arrows(&self) -> Vec<String> {
        let exports = self.exports();
        let mut complaints = Vec::new();
        for file in self.files.iter().filter(|file| file.top() != "lib") {
            let Some(module) = MODULES.iter().find(|module| module.name == file.top()) else {
                complaints.push(format!("{} belongs to no listed module", file.shown));
                continue;
            };
            for named in &file.source.named {
                let Some(path) = file.resolve(named) else { continue };
                let Some(first) = path.first() else { continue };
                let exported = exports.iter().find(|(name, _)| name == first).map(|(_, module)| module);
                let to = exported.unwrap_or(first);
                let is_listed = to == file.top()
                    || module.uses.contains(&to.as_str())
                    || (named.in_test || file.is_test) && module.tests_use.contains(&to.as_str());
                if !is_listed {
                    complaints.push(format!("{}:{}: {} may not use {to}", file.shown, named.line, module.name));
                }
            }
        }
        complaints
    }

    fn complaints_about_crates(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for file in &self.files {
            for named in &file.source.named {
                let owners = CRATES.iter().find(|(name, _)| name.replace('-', "_") == named.path[0]);
                if let Some((name, Some(owners))) = owners
                    && !owners.contains(&file.top())
                    && !named.in_test
                    && !file.is_test
                {
                    complaints.push(format!("{}:{}: {name} is for {}", file.shown, named.line, owners.join(", ")));
                }
            }
        }
        complaints
    }
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let entries = fs::read_dir(folder).expect("a folder of ours");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The checks above can fail.
mod the_checker {
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        Tree::new(files.iter().map(|(path, text)| File::new(path, text)).collect()).complaints_about_arrows()
    }

    fn crates(path: &str, text: &str) -> Vec<String> {
        Tree::new(vec![File::new(path, text)]).complaints_about_crates()
    }

    #[test]
    fn sees_an_arrow_in_every_spelling() {
        for text in [
            "use crate::graphql::Answerer;",
            "use crate::{engine::Call, graphql};",
            "use {crate::graphql};",
            "fn f() { crate::graphql::answer() }",
            "use super::super::graphql::Answerer;",
            "mod below { use super::super::super::graphql; }",
            "fn f() { println!(\"{}\", crate::graphql::NAME) }",
            "pub use ::healthie_mock::graphql;",
            "fn f() -> Option<crate::graphql::Answerer> { None }",
        ] {
            let complaints = arrows(&[("domain/tags/mod.rs", text)]);
            assert_eq!(complaints, ["src/domain/tags/mod.rs:1: domain may not use graphql"], "{text}");
        }
    }

    #[test]
    fn takes_what_is_listed_and_what_is_no_code() {
        for text in [
            "use crate::{engine::{Call, Made}, schema::names::*};",
            "use super::people;",
            "// crate::graphql is not for us\n/* nor /* crate::http */ here */ fn f() {}",
            "const S: &str = \"use crate::graphql;\"; const R: &str = r#\"\" crate::graphql\"#;",
            "fn f<'a>(x: &'a str) -> char { '\"' } // crate::graphql",
        ] {
            assert_eq!(arrows(&[("domain/tags/mod.rs", text)]), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn knows_what_the_root_exports() {
        let lib = ("lib.rs", "pub mod graphql; pub use graphql::Nothing; pub use self::graphql::Answerer;");
        assert_eq!(arrows(&[lib, ("domain/mod.rs", "use crate::Answerer;")]), ["src/domain/mod.rs:1: domain may not use graphql"]);
    }

    #[test]
    fn tells_tests_from_the_program() {
        let named = |text: &str| read(text, &[]).named.iter().map(|named| named.in_test).collect::<Vec<_>>();
        let text = "use crate::a; #[cfg(test)] use crate::{b}; use crate::c; #[cfg(test)] mod tests { use crate::d; fn f() {} use crate::e; } use crate::f;";
        assert_eq!(named(text), [false, true, false, true, true, false]);
        let tree = Tree::new(vec![File::new("graphql/mod.rs", "#[cfg(test)] mod tests;"), File::new("graphql/tests.rs", "")]);
        assert_eq!(tree.files.iter().map(|file| file.is_test).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn sees_a_foreign_crate_in_every_spelling() {
        for text in [
            "use imbl::OrdMap;",
            "use imbl as maps;",
            "extern crate imbl;",
            "use {imbl::OrdMap};",
            "type T = ::imbl::OrdMap<u8, u8>;",
            "fn f(map: &imbl::OrdMap<u8, u8>) {}",
        ] {
            assert_eq!(crates("domain/mod.rs", text), ["src/domain/mod.rs:1: imbl is for state"], "{text}");
        }
        assert_eq!(crates("state/table.rs", "use imbl::OrdMap;"), Vec::<String>::new());
        assert_eq!(crates("domain/mod.rs", "fn f() { self.imbl.get(); crate::imbl::x() }"), Vec::<String>::new());
    }

    #[test]
    fn sees_async() {
        assert_eq!(read("fn f() {}\nasync fn g() {} // async", &[]).asyncs, [2]);
    }
}
