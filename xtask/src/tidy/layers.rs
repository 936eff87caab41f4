//! Dependencies between our crates only run down, as `cargo metadata` knows them.

use serde_json::Value;

use crate::cargo::{capture, cargo};

/// Each crate, and what it may depend on besides its tests: ours by name, and what it must not know at all with a `!`.
const LAYERS: &[(&str, &[&str])] = &[
    ("kaleyra-wa-derive", &[]),
    ("kaleyra-wa-types", &["kaleyra-wa-derive"]),
    ("kaleyra-wa-transport", &[]),
    (
        "kaleyra-wa-client",
        &[
            "kaleyra-wa-transport",
            "kaleyra-wa-types",
            "!hyper",
            "!hyper-util",
            "!reqwest",
        ],
    ),
    ("kaleyra-wa-webhook", &["kaleyra-wa-types"]),
    ("kaleyra-wa-store", &["kaleyra-wa-types"]),
    ("kaleyra-wa-store-nats", &["kaleyra-wa-store"]),
    (
        "kaleyra-wa-store-postgres",
        &["kaleyra-wa-store", "kaleyra-wa-types"],
    ),
    (
        "kaleyra-wa-inbox",
        &["kaleyra-wa-store", "kaleyra-wa-webhook"],
    ),
    (
        "kaleyra-wa-outbox",
        &[
            "kaleyra-wa-client",
            "kaleyra-wa-store",
            "kaleyra-wa-transport",
            "kaleyra-wa-types",
            "kaleyra-wa-webhook",
        ],
    ),
    ("kaleyra-wa-sim", &["kaleyra-wa-types"]),
    (
        "kaleyra-wa-cli",
        &[
            "kaleyra-wa-client",
            "kaleyra-wa-inbox",
            "kaleyra-wa-outbox",
            "kaleyra-wa-sim",
            "kaleyra-wa-store",
            "kaleyra-wa-store-nats",
            "kaleyra-wa-store-postgres",
            "kaleyra-wa-transport",
            "kaleyra-wa-types",
            "kaleyra-wa-webhook",
        ],
    ),
    ("xtask", &[]),
];

/// Stand above all crates, and may use each.
const ABOVE_ALL: &[&str] = &[
    "kaleyra-wa-bench",
    "kaleyra-wa-examples",
    "kaleyra-wa-tests",
];

/// A line for each dependency that the layers don't allow.
///
/// # Errors
/// cargo could not tell the packages.
pub(super) fn check() -> Result<Vec<String>, String> {
    let json = capture(&mut cargo([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Value =
        serde_json::from_str(&json).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages.flat_map(violations).collect())
}

fn violations(package: &Value) -> Vec<String> {
    let name = text(package, "name");
    if ABOVE_ALL.contains(&name) {
        return Vec::new();
    }
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        return vec![format!(
            "{name} has no place among the layers: add it to LAYERS in {}",
            file!()
        )];
    };
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| text(dependency, "name"))
        .filter_map(|other| {
            let is_ours = other.starts_with("kaleyra-wa-");
            if is_ours && !allowed.contains(&other) {
                Some(format!(
                    "{name} may not depend on {other}: arrows only run down"
                ))
            } else if allowed
                .iter()
                .any(|rule| rule.strip_prefix('!') == Some(other))
            {
                Some(format!(
                    "{name} must not know {other}: go through a layer below"
                ))
            } else {
                None
            }
        })
        .collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(name: &str, dependency: &str, kind: Option<&str>) -> Vec<String> {
        violations(&json!({"name": name, "dependencies": [{"name": dependency, "kind": kind}]}))
    }

    #[test]
    fn arrows_run_down_only() {
        assert!(found("kaleyra-wa-client", "kaleyra-wa-types", None).is_empty());
        assert_eq!(
            found("kaleyra-wa-types", "kaleyra-wa-client", None).len(),
            1
        );
        assert!(found("kaleyra-wa-webhook", "kaleyra-wa-client", Some("dev")).is_empty());
    }

    #[test]
    fn the_client_names_no_http_library() {
        assert_eq!(found("kaleyra-wa-client", "reqwest", None).len(), 1);
        assert!(found("kaleyra-wa-transport", "reqwest", None).is_empty());
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert_eq!(found("kaleyra-wa-new", "serde", None).len(), 1);
    }
}
