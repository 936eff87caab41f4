//! Arrows between the crates only run down, and what a layer must not know it does not name.

use super::Violation;
use super::files::Source;
use super::manifest::Manifest;

/// Each package, and those of ours that its users may get along with it.
const ARROWS: &[(&str, &[&str])] = &[
    ("kaleyra-wa-types", &[]),
    ("kaleyra-wa-transport", &[]),
    (
        "kaleyra-wa-client",
        &["kaleyra-wa-transport", "kaleyra-wa-types"],
    ),
    ("kaleyra-wa-webhook", &["kaleyra-wa-types"]),
    ("kaleyra-wa-sim", &["kaleyra-wa-types"]),
    (
        "kaleyra-wa-cli",
        &[
            "kaleyra-wa-client",
            "kaleyra-wa-sim",
            "kaleyra-wa-transport",
            "kaleyra-wa-types",
            "kaleyra-wa-webhook",
        ],
    ),
    ("xtask", &[]),
];

/// Each package, and the foreign crates that its manifest may not name.
const UNKNOWN_TO: &[(&str, &[&str])] =
    &[("kaleyra-wa-client", &["hyper", "hyper-util", "reqwest"])];

/// Each place in the code, and the foreign crates that it may not name.
const UNNAMED_IN: &[(&str, &[&str])] = &[
    (
        "crates/kaleyra-wa-client/src/",
        &["hyper", "hyper_util", "reqwest"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/handle/",
        &["hyper", "hyper_util", "tokio"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/memory/",
        &["hyper", "hyper_util"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/receive/",
        &["hyper", "hyper_util", "tokio"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/route/",
        &["hyper", "hyper_util", "tokio"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/sink.rs",
        &["hyper", "hyper_util", "tokio"],
    ),
    (
        "crates/kaleyra-wa-webhook/src/verify/",
        &["hyper", "hyper_util", "tokio"],
    ),
];

/// The packages that stand above all: they may depend on anything, and nothing may depend on them.
const ABOVE_ALL: &[&str] = &["kaleyra-wa-bench", "kaleyra-wa-tests"];

/// Checks what a member depends on; its tests are free to use anything.
pub(super) fn check_manifest(manifest: &Manifest) -> Vec<Violation> {
    let name = manifest.name();
    if ABOVE_ALL.contains(&name) {
        return Vec::new();
    }
    let Some(allowed) = listed(ARROWS, name) else {
        let text = format!(
            "{name} has no place among the layers: add it to ARROWS in {}",
            file!()
        );
        return vec![Violation::new(&manifest.path, 1, text)];
    };
    let unknown = listed(UNKNOWN_TO, name).unwrap_or_default();
    let mut found = Vec::new();
    for entry in &manifest.entries {
        let Some(dependency) = entry.dependency() else {
            continue;
        };
        let package = dependency.package;
        if dependency.for_tests_only {
            continue;
        }
        let text = if package.starts_with("kaleyra-wa-") && !allowed.contains(&package) {
            format!(
                "{name} may not depend on {package}: arrows only run down; move the code, or take it to [dev-dependencies]"
            )
        } else if unknown.contains(&package) {
            format!("{name} must not know {package}: go through a layer below")
        } else {
            continue;
        };
        found.push(Violation::new(&manifest.path, entry.line, text));
    }
    found
}

/// Checks which foreign crates a layer's code names.
pub(super) fn check_source(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (place, unnamed) in UNNAMED_IN {
        if !source.path.starts_with(place) {
            continue;
        }
        let code = source.code();
        for name in *unnamed {
            for (line, _) in code.heads(name) {
                let text = format!("{place} must not know {name}: go through another layer");
                found.push(Violation::new(&source.path, line, text));
            }
        }
    }
    found
}

fn listed(
    table: &[(&str, &'static [&'static str])],
    name: &str,
) -> Option<&'static [&'static str]> {
    table
        .iter()
        .find(|(package, _)| *package == name)
        .map(|(_, names)| *names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, rest: &str, expect: &[&str]) {
        let text = format!("[package]\nname = \"{name}\"\n{rest}");
        let found = check_manifest(&Manifest::parse("crates/a/Cargo.toml", &text));
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (violation, start) in found.iter().zip(expect) {
            assert!(violation.text.starts_with(start), "{violation}");
        }
    }

    #[test]
    fn arrows_run_down() {
        let types = "[dependencies]\nkaleyra-wa-types.workspace = true";
        check("kaleyra-wa-client", types, &[]);
        check("kaleyra-wa-webhook", types, &[]);
        check(
            "kaleyra-wa-transport",
            types,
            &["kaleyra-wa-transport may not depend on kaleyra-wa-types"],
        );
        check(
            "kaleyra-wa-webhook",
            "[dependencies]\nc = { package = \"kaleyra-wa-client\", path = \"..\" }\nserde = \"1\"",
            &["kaleyra-wa-webhook may not depend on kaleyra-wa-client"],
        );
    }

    #[test]
    fn tests_may_use_anything() {
        let dev = "[dev-dependencies]\nkaleyra-wa-sim.workspace = true\nhyper = \"1\"";
        check("kaleyra-wa-client", dev, &[]);
        for name in ABOVE_ALL {
            check(name, "[dependencies]\nkaleyra-wa-cli.workspace = true", &[]);
            let text = format!("[dependencies]\n{name}.workspace = true");
            let told = format!("kaleyra-wa-cli may not depend on {name}");
            check("kaleyra-wa-cli", &text, &[&told]);
        }
    }

    #[test]
    fn the_client_knows_no_http_library() {
        check(
            "kaleyra-wa-client",
            "[target.'cfg(unix)'.dependencies]\nreqwest = \"0.13\"\nhttp = \"1\"",
            &["kaleyra-wa-client must not know reqwest"],
        );
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        check("kaleyra-wa-odd", "", &["kaleyra-wa-odd has no place"]);
    }

    #[test]
    fn code_names_only_what_its_layer_knows() {
        let check = |path: &str, line: &str, expect: usize| {
            let found = check_source(&Source::new(path, line));
            assert_eq!(found.len(), expect, "{line}");
        };
        let client = "crates/kaleyra-wa-client/src/lib.rs";
        check(client, "use reqwest::Client;", 1);
        check(client, "let a = hyper::Uri::default();", 1);
        check(client, "use hyper_util::rt::TokioIo;", 1);
        check(client, "/// Not `reqwest::Client`.", 0);
        check(client, "use kaleyra_wa_transport::reqwest::Settings;", 0);
        check(client, "use my_hyper::Uri;", 0);
        check(client, "#[cfg(feature = \"reqwest\")]", 0);
        check(
            "crates/kaleyra-wa-transport/src/lib.rs",
            "use reqwest::Client;",
            0,
        );
        let core = "crates/kaleyra-wa-webhook/src/receive/receiver.rs";
        check(core, "use tokio::sync::mpsc;", 1);
        check(core, "use hyper::Request;", 1);
        check(core, "use hyper as h;", 1);
        check(core, "use {\n    bytes, tokio,\n};", 1);
        check(core, "use ::hyper_util::rt;", 1);
        check(core, "let a = 1; // as hyper does", 0);
        check(
            "crates/kaleyra-wa-webhook/src/serve/server.rs",
            "use tokio::net::TcpListener;",
            0,
        );
        check(
            "crates/kaleyra-wa-client/tests/it/main.rs",
            "use hyper::Uri;",
            0,
        );
    }
}
