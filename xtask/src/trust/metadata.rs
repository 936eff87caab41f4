//! The packages that are published, as `cargo metadata` knows them.

use serde_json::Value;

use crate::cargo::{capture, cargo};

/// A package that goes to a registry.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    pub(crate) has_library: bool,
    pub(crate) is_macro: bool,
    /// Ours that it needs to be built, by name and requirement.
    pub(crate) siblings: Vec<(String, String)>,
}

/// Every package that is published, those first that others depend on.
///
/// # Errors
/// cargo could not tell the packages.
pub(crate) fn published() -> Result<Vec<Package>, String> {
    let json = capture(&mut cargo([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Value =
        serde_json::from_str(&json).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    // `publish = false` is an empty list of registries.
    let packages = packages.filter(|package| package["publish"] != serde_json::json!([]));
    Ok(in_order(packages.map(read).collect()))
}

fn read(package: &Value) -> Package {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let kinds: Vec<String> = list(&package["targets"])
        .iter()
        .flat_map(|target| list(&target["kind"]))
        .map(|kind| text(&kind))
        .collect();
    let features = package["features"].as_object();
    let is_sibling = |dependency: &&Value| {
        dependency["kind"] != "dev" && text(&dependency["name"]).starts_with("kaleyra-wa-")
    };
    Package {
        name: text(&package["name"]),
        version: text(&package["version"]),
        features: features
            .into_iter()
            .flat_map(|all| all.keys().cloned())
            .collect(),
        has_library: kinds
            .iter()
            .any(|kind| kind == "lib" || kind == "proc-macro"),
        is_macro: kinds.iter().any(|kind| kind == "proc-macro"),
        siblings: list(&package["dependencies"])
            .iter()
            .filter(is_sibling)
            .map(|dependency| (text(&dependency["name"]), text(&dependency["req"])))
            .collect(),
    }
}

/// The layers have no circles, so that each round places at least one.
fn in_order(mut packages: Vec<Package>) -> Vec<Package> {
    let mut ordered: Vec<Package> = Vec::new();
    while !packages.is_empty() {
        let is_ready = |package: &Package| {
            let placed = |name: &str| ordered.iter().any(|other| other.name == name);
            package.siblings.iter().all(|(name, _)| placed(name))
        };
        let at = packages.iter().position(is_ready).unwrap_or(0);
        ordered.push(packages.remove(at));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_depend_on_comes_first() {
        let names: Vec<String> = published()
            .unwrap()
            .into_iter()
            .map(|package| package.name)
            .collect();
        let at = |name: &str| names.iter().position(|other| other == name).unwrap();
        assert!(at("kaleyra-wa-derive") < at("kaleyra-wa-types"));
        assert!(at("kaleyra-wa-client") < at("kaleyra-wa-cli"));
        assert!(!names.iter().any(|name| name == "xtask"), "{names:?}");
    }
}
