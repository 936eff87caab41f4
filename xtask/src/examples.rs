//! `cargo xtask examples`: how many public items have an example, and which have none.
//!
//! It reads the sources line by line: the lint `unreachable_pub` sees to it that what is `pub` there is public.

use std::fs;
use std::path::Path;

use crate::cargo::root;

/// Beginnings of a line with a public item, and what kind of item it is.
const ITEMS: &[(&str, Kind)] = &[
    ("pub struct ", Kind::Type),
    ("pub enum ", Kind::Type),
    ("pub trait ", Kind::Type),
    ("pub fn ", Kind::Function),
    ("pub const fn ", Kind::Function),
    ("pub async fn ", Kind::Function),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type,
    Function,
}

/// A public item.
struct Item {
    kind: Kind,
    name: String,
    has_example: bool,
}

/// Prints a row for each crate, or the items of one crate that have no example.
///
/// # Errors
/// The sources can't be read, or there is no such crate.
pub(crate) fn run(krate: Option<&str>) -> Result<(), String> {
    let crates = root().join("crates");
    let Some(krate) = krate else {
        println!(
            "{:<22} {:>14} {:>14}",
            "with an example", "types", "functions"
        );
        for folder in sorted(&crates)? {
            let mut items = Vec::new();
            collect(&folder.join("src"), "", &mut items)?;
            let name = folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let [types, functions] = [Kind::Type, Kind::Function].map(|kind| share(&items, kind));
            println!("{name:<22} {types:>14} {functions:>14}");
        }
        return Ok(());
    };
    let mut items = Vec::new();
    collect(&crates.join(krate).join("src"), "", &mut items)?;
    for item in items.iter().filter(|item| !item.has_example) {
        println!("{}", item.name);
    }
    Ok(())
}

fn share(items: &[Item], kind: Kind) -> String {
    let of_kind = || items.iter().filter(|item| item.kind == kind);
    let with = of_kind().filter(|item| item.has_example).count();
    format!("{with} of {}", of_kind().count())
}

fn sorted(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, place: &str, items: &mut Vec<Item>) -> Result<(), String> {
    for path in sorted(folder)? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let place = format!("{place}{name}");
        if path.is_dir() {
            collect(&path, &format!("{place}/"), items)?;
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).map_err(|error| format!("{place}: {error}"))?;
            items.extend(items_of(&text).into_iter().map(|mut item| {
                item.name = format!("{place}: {}", item.name);
                item
            }));
        }
    }
    Ok(())
}

/// The public items of a file. A sample in the comment counts, and so does a word on where there is one.
fn items_of(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let (mut has_example, mut is_hidden) = (false, false);
    for line in text.lines() {
        let line = line.trim_start();
        if line == "#[cfg(test)]" {
            break;
        }
        if let Some(comment) = line.strip_prefix("///") {
            let comment = comment.trim_start();
            has_example |= comment.starts_with("```") || comment.contains("# Examples");
            has_example |= comment.to_lowercase().contains("for an example see");
            continue;
        }
        is_hidden |= line.starts_with("#[doc(hidden)]");
        if let Some((_, kind, rest)) = ITEMS
            .iter()
            .find_map(|(start, kind)| Some((start, *kind, line.strip_prefix(start)?)))
            && !is_hidden
        {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let name = rest[..end.unwrap_or(rest.len())].to_owned();
            items.push(Item {
                kind,
                name,
                has_example,
            });
        }
        // Attributes stand between a comment and its item, and may have several lines.
        if !line.starts_with("#[") && !line.starts_with(')') && !line.starts_with('"') {
            (has_example, is_hidden) = (false, false);
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_counted_with_what_stands_above_them() {
        let text = "/// It.\n///\n/// ```\n/// it();\n/// ```\n#[must_use]\npub fn it() {}\n/// Other.\npub struct Other<T>;\n\
                    pub(crate) fn mine() {}\n#[doc(hidden)]\npub fn hidden() {}\n#[cfg(test)]\npub fn test() {}\n";
        let found: Vec<_> = items_of(text)
            .into_iter()
            .map(|item| (item.name, item.has_example))
            .collect();
        let expected = [("it", true), ("Other", false)];
        assert_eq!(found, expected.map(|(name, has)| (name.to_owned(), has)));
    }
}
