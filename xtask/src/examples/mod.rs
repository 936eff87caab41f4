//! `cargo xtask examples`: how many public items have an example, and which have none.
//!
//! It reads the sources line by line: the lint `unreachable_pub` sees to it that what is `pub` there is public, and
//! rustfmt that a line holds one thing.

mod crates;
mod scan;
mod shown;

use std::fs;
use std::path::{Path, PathBuf};

use self::crates::Crate;
use self::scan::Kind;
use crate::cargo::root;
use crate::say;

/// How many types and functions of a crate may lack an example; none of a crate that is not here.
///
/// These numbers only go down.
const ALLOWED: &[(&str, usize, usize)] = &[];

/// Prints a row for each crate, or the items of one crate that have no example.
///
/// # Errors
/// The sources can't be read, or there is no such crate.
pub(crate) fn run(krate: Option<&str>) -> Result<(), String> {
    match krate {
        Some(name) => {
            let missing = missing(&folder_of(name)?)?;
            say(&missing
                .iter()
                .map(|item| format!("{item}\n"))
                .collect::<String>())
        }
        None => say(&table()?),
    }
}

/// A line for each crate's examples, and one for each crate that lacks more of them than it may.
///
/// # Errors
/// The sources can't be read.
pub(crate) fn check() -> Result<(Vec<String>, Vec<String>), String> {
    let (mut counts, mut found) = (Vec::new(), Vec::new());
    for folder in folders()? {
        let name = name_of(&folder);
        let counted = Crate::read(&folder.join("src"))?;
        let allowed = ALLOWED.iter().find(|(krate, ..)| *krate == name);
        let (_, types, functions) = allowed.copied().unwrap_or(("", 0, 0));
        for (kind, limit) in [(Kind::Type, types), (Kind::Function, functions)] {
            let (with, all) = counted.share(kind);
            let lacking = all - with;
            if lacking > limit {
                found.push(format!(
                    "{name}: {lacking} {} have no example, {limit} may lack one; `cargo xtask examples {name}` lists them",
                    kind.plural()
                ));
            }
            if all > 0 {
                counts.push(format!(
                    "{name}: {with} of {all} {} have an example",
                    kind.plural()
                ));
            }
        }
    }
    Ok((counts, found))
}

/// A row for each crate, and one for all.
fn table() -> Result<String, String> {
    let mut text = row("with an example", &["types".into(), "functions".into()]);
    let mut totals = [(0, 0); 2];
    for folder in folders()? {
        let counted = Crate::read(&folder.join("src"))?;
        let shares = [Kind::Type, Kind::Function].map(|kind| counted.share(kind));
        if shares.iter().all(|(_, all)| *all == 0) {
            continue;
        }
        for (total, share) in totals.iter_mut().zip(shares) {
            *total = (total.0 + share.0, total.1 + share.1);
        }
        text.push_str(&row(&name_of(&folder), &shares.map(of)));
    }
    text.push_str(&row("all", &totals.map(of)));
    Ok(text)
}

fn row(name: &str, cells: &[String; 2]) -> String {
    format!("{name:<26} {:>14} {:>14}\n", cells[0], cells[1])
}

fn of((with, all): (usize, usize)) -> String {
    format!("{with} of {all}")
}

/// What has no example: the file, and the name with its type's.
fn missing(folder: &Path) -> Result<Vec<String>, String> {
    Ok(Crate::read(&folder.join("src"))?.missing())
}

/// The folder of a crate that is named in full or without the prefix of all.
fn folder_of(name: &str) -> Result<PathBuf, String> {
    let all = folders()?;
    let full = format!("kaleyra-wa-{name}");
    let found = all
        .iter()
        .find(|folder| [name, &full].contains(&name_of(folder).as_str()));
    found.cloned().ok_or_else(|| {
        let names: Vec<String> = all.iter().map(|folder| name_of(folder)).collect();
        format!("there is no crate `{name}`; there are {}", names.join(", "))
    })
}

fn folders() -> Result<Vec<PathBuf>, String> {
    let crates = root().join("crates");
    let entries =
        fs::read_dir(&crates).map_err(|error| format!("{}: {error}", crates.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.join("src").is_dir());
    paths.sort();
    Ok(paths)
}

fn name_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
