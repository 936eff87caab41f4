//! The programs that are built: one on each crate, and what one would use instead.

use crate::trust::Package;

/// A program with nothing in it but the use of one thing.
pub(super) struct Program {
    pub(super) name: String,
    /// The lines of `[dependencies]`.
    pub(super) dependencies: Vec<String>,
    pub(super) code: String,
}

const TOKIO: &str =
    "tokio = { version = \"1.47\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }";

macro_rules! code {
    ($name:literal) => {
        include_str!(concat!("programs/", $name, ".rs"))
    };
}

/// Name, code, and dependencies: ours by name alone, others as a manifest has them. The first is what the others are compared with.
const PROGRAMS: &[(&str, &str, &[&str])] = &[
    (
        "reqwest",
        code!("reqwest"),
        &[
            TOKIO,
            "reqwest = { version = \"0.13\", default-features = false, features = [\"rustls-no-provider\"] }",
            "rustls = { version = \"0.23\", default-features = false, features = [\"ring\", \"std\", \"tls12\", \"logging\"] }",
            "rustls-platform-verifier = \"0.7\"",
            "serde_json = \"1\"",
        ],
    ),
    (
        "kaleyra-wa-transport",
        code!("transport"),
        &["transport", TOKIO],
    ),
    ("kaleyra-wa-client", code!("client"), &["client", TOKIO]),
    (
        "whatsapp",
        code!("whatsapp"),
        &["whatsapp = \"=0.8.1\"", TOKIO],
    ),
    (
        "whatsapp-business-rs",
        code!("whatsapp_business_rs"),
        &["whatsapp-business-rs = \"=0.5.0\"", TOKIO],
    ),
    (
        "wacloudapi",
        code!("wacloudapi"),
        &["wacloudapi = \"=0.1.0\"", TOKIO],
    ),
    ("serde_json", code!("serde_json"), &["serde_json = \"1\""]),
    ("kaleyra-wa-types", code!("types"), &["types"]),
    (
        "axum",
        code!("axum"),
        &["axum = \"0.8\"", TOKIO, "serde_json = \"1\""],
    ),
    ("kaleyra-wa-webhook", code!("webhook"), &["webhook", TOKIO]),
    (
        "rusqlite",
        code!("rusqlite"),
        &["rusqlite = { version = \"0.43\", features = [\"bundled\"] }"],
    ),
    ("kaleyra-wa-store", code!("store"), &["store", TOKIO]),
    (
        "kaleyra-wa-inbox",
        code!("inbox"),
        &["inbox", "webhook", TOKIO],
    ),
    (
        "kaleyra-wa-outbox",
        code!("outbox"),
        &["outbox", "client", TOKIO],
    ),
    (
        "kaleyra-wa-store-postgres",
        code!("store_postgres"),
        &["store-postgres", "store", TOKIO],
    ),
    (
        "kaleyra-wa-store-nats",
        code!("store_nats"),
        &["store-nats", "store", TOKIO],
    ),
    ("kaleyra-wa-sim", code!("sim"), &["sim", TOKIO]),
];

/// Every program, in the order of the table.
pub(super) fn all() -> Vec<Program> {
    let programs = PROGRAMS.iter().map(|(name, code, dependencies)| Program {
        name: (*name).to_owned(),
        dependencies: dependencies
            .iter()
            .map(|line| manifest_line(line))
            .collect(),
        code: (*code).to_owned(),
    });
    programs.collect()
}

/// A program that has one of our crates with one feature, or with none.
pub(super) fn with_feature(package: &Package, feature: Option<&str>) -> Program {
    let name = format!("{}-{}", package.name, feature.unwrap_or("no-features"));
    let features = feature.map_or_else(String::new, |feature| format!("{feature:?}"));
    let short = package.name.trim_start_matches("kaleyra-wa-");
    let line = ours(
        short,
        &format!(", default-features = false, features = [{features}]"),
    );
    let code = format!(
        "//! Has a crate with some of its features.\n\nuse {} as _;\n\nfn main() {{}}\n",
        package.name.replace('-', "_")
    );
    Program {
        name,
        dependencies: vec![line],
        code,
    }
}

fn manifest_line(line: &str) -> String {
    match line.contains('=') {
        true => line.to_owned(),
        false => ours(line, ""),
    }
}

fn ours(short: &str, settings: &str) -> String {
    let folder = crate::cargo::root().join(format!("crates/kaleyra-wa-{short}"));
    format!("kaleyra-wa-{short} = {{ path = {folder:?}{settings} }}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::published;

    #[test]
    fn every_library_that_is_published_has_a_program() {
        let programs = all();
        let has = |name: &str| programs.iter().any(|program| program.name == name);
        for package in published().unwrap() {
            // The derives come with the types, and the command line tool is itself what is built.
            let stands_alone = package.has_library && !package.is_macro;
            assert_eq!(has(&package.name), stands_alone, "{}", package.name);
        }
    }

    #[test]
    fn a_feature_is_asked_for_alone() {
        let packages = published().unwrap();
        let webhook = packages
            .iter()
            .find(|package| package.name == "kaleyra-wa-webhook");
        let program = with_feature(webhook.unwrap(), Some("hmac"));
        assert_eq!(program.name, "kaleyra-wa-webhook-hmac");
        let line = &program.dependencies[0];
        assert!(
            line.ends_with("default-features = false, features = [\"hmac\"] }"),
            "{line}"
        );
    }
}
