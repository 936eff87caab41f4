//! What manifests say beyond what cargo reads: reasons for dependencies, and that all packages share the lints.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

/// A line for each rule that a manifest breaks.
///
/// # Errors
/// A manifest can't be read.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let workspace = read(&root.join("Cargo.toml"))?;
    let mut found = unreasoned(&workspace);
    let members = workspace["workspace"]["members"].as_array();
    for pattern in members.into_iter().flatten() {
        for folder in folders(root, pattern.as_str().unwrap_or_default())? {
            if !shares_lints(&read(&root.join(&folder).join("Cargo.toml"))?) {
                found.push(format!(
                    "{folder}/Cargo.toml: write `workspace = true` under `[lints]`"
                ));
            }
        }
    }
    Ok(found)
}

/// The workspace's own manifest.
///
/// # Errors
/// It can't be read.
pub(crate) fn workspace_manifest() -> Result<DocumentMut, String> {
    read(&crate::cargo::root().join("Cargo.toml"))
}

pub(super) fn read(path: &Path) -> Result<DocumentMut, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.parse()
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn folders(root: &Path, pattern: &str) -> Result<Vec<String>, String> {
    let Some(parent) = pattern.strip_suffix("/*") else {
        return Ok(vec![pattern.to_owned()]);
    };
    let entries = fs::read_dir(root.join(parent)).map_err(|error| format!("{parent}: {error}"))?;
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut folders: Vec<_> = names.map(|name| format!("{parent}/{name}")).collect();
    folders.sort();
    Ok(folders)
}

/// The dependencies of the workspace that are not ours, without a comment behind them.
fn unreasoned(workspace: &DocumentMut) -> Vec<String> {
    let says_why = |item: &Item| {
        let suffix = item
            .as_value()
            .and_then(|value| value.decor().suffix()?.as_str());
        suffix.is_some_and(|text| {
            text.trim_start()
                .strip_prefix('#')
                .is_some_and(|why| !why.trim().is_empty())
        })
    };
    dependencies(workspace)
        .filter(|(_, item)| item.get("path").is_none() && !says_why(item))
        .map(|(name, _)| {
            format!("Cargo.toml: {name} has no reason: end the line with `# what it is here for`")
        })
        .collect()
}

fn dependencies(workspace: &DocumentMut) -> impl Iterator<Item = (&str, &Item)> {
    workspace["workspace"]["dependencies"]
        .as_table_like()
        .into_iter()
        .flat_map(|table| table.iter())
}

fn shares_lints(manifest: &DocumentMut) -> bool {
    let lints = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"));
    lints.and_then(Item::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> DocumentMut {
        text.parse().unwrap()
    }

    #[test]
    fn a_dependency_has_its_reason() {
        let root = manifest(
            "[workspace.dependencies]\na = \"1\" # bodies\nb = \"1\"\nc = { version = \"1\" } #\nd = { path = \"d\" }\n",
        );
        let found = unreasoned(&root);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains(": b has") && found[1].contains(": c has"),
            "{found:?}"
        );
    }

    #[test]
    fn packages_share_the_lints() {
        assert!(shares_lints(&manifest("[lints]\nworkspace = true\n")));
        assert!(!shares_lints(&manifest(
            "[lints.rust]\nmissing_docs = \"warn\"\n"
        )));
    }
}
