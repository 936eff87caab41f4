//! What a registry and docs.rs show of a crate: every published one has it, and says it in the same way.

use std::fs;
use std::path::Path;

use toml_edit::DocumentMut;

use super::manifests::read;

/// Fields that come from the workspace.
const SHARED: &[&str] = &[
    "version",
    "edition",
    "rust-version",
    "license",
    "repository",
];

/// Files that a package has beside its manifest.
const FILES: &[&str] = &["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// A line for each thing that is missing.
///
/// # Errors
/// The crates or a manifest can't be read.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let crates = root.join("crates");
    let entries = fs::read_dir(&crates).map_err(|error| format!("crates: {error}"))?;
    let mut found = Vec::new();
    for folder in entries.flatten().map(|entry| entry.path()) {
        let manifest = read(&folder.join("Cargo.toml"))?;
        let name = format!(
            "crates/{}",
            folder.file_name().unwrap_or_default().to_string_lossy()
        );
        let has_library = folder.join("src/lib.rs").exists();
        found.extend(
            missing(&manifest, has_library).map(|what| format!("{name}/Cargo.toml: {what}")),
        );
        for file in FILES.iter().filter(|file| !folder.join(file).exists()) {
            found.push(format!("{name}: {file} is missing"));
        }
    }
    found.sort();
    Ok(found)
}

fn missing(manifest: &DocumentMut, has_library: bool) -> impl Iterator<Item = String> {
    let package = &manifest["package"];
    let inherits = |field: &str| {
        let of = package.get(field).and_then(|field| field.get("workspace"));
        of.and_then(|it| it.as_bool()) == Some(true)
    };
    let mut found: Vec<String> = SHARED
        .iter()
        .filter(|field| !inherits(field))
        .map(|field| format!("write `{field}.workspace = true`"))
        .collect();
    for (field, most) in [("keywords", 5), ("categories", 5)] {
        let list = package.get(field).and_then(|list| list.as_array());
        let count = list.map_or(0, |list| list.len());
        if !inherits(field) && !(1..=most).contains(&count) {
            found.push(format!(
                "name one to {most} {field}, or write `{field}.workspace = true`"
            ));
        }
    }
    if package.get("description").is_none() {
        found.push("write a `description`".to_owned());
    }
    let docs = package
        .get("metadata")
        .and_then(|metadata| metadata.get("docs")?.get("rs"));
    let all = docs.and_then(|docs| docs.get("all-features")?.as_bool());
    let args = docs.and_then(|docs| docs.get("rustdoc-args")?.as_array());
    if has_library && (all != Some(true) || args.is_none_or(|args| args.len() != 2)) {
        found.push(
            "let docs.rs show all features: `all-features = true` and `rustdoc-args = [\"--cfg\", \"docsrs\"]` \
             under `[package.metadata.docs.rs]`"
                .to_owned(),
        );
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &str = "[package]\ndescription = \"It\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\nrepository.workspace = true\nkeywords = [\"a\"]\n\
        categories.workspace = true\n[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n";

    fn count(manifest: &str) -> usize {
        missing(&manifest.parse().unwrap(), true).count()
    }

    #[test]
    fn what_a_registry_shows_is_there() {
        assert_eq!(count(COMPLETE), 0);
        assert_eq!(count(&COMPLETE.replace("description = \"It\"\n", "")), 1);
        assert_eq!(count(&COMPLETE.replace("[\"a\"]", "[]")), 1);
        assert_eq!(
            count(&COMPLETE.replace("version.workspace = true\n", "version = \"1\"\n")),
            2
        );
        assert_eq!(count(&COMPLETE.replace("all-features = true\n", "")), 1);
    }
}
