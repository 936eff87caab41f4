//! What each crate costs: how many crates it brings along, and which it must do without.

use std::collections::BTreeSet;

use crate::cargo::{capture, cargo};

/// The dependency tree of a crate with some features.
struct Tree {
    package: &'static str,
    features: &'static str,
    /// How many crates it may bring along.
    limit: usize,
    /// Which it must do without; a trailing `*` stands for any ending.
    absent: &'static [&'static str],
}

const TREES: &[Tree] = &[
    Tree {
        package: "kaleyra-wa-types",
        features: "--all-features",
        limit: 15,
        absent: &[
            "async-*", "futures*", "http*", "hyper*", "mio", "reqwest", "tokio*",
        ],
    },
    Tree {
        package: "kaleyra-wa-transport",
        features: "--no-default-features",
        limit: 25,
        absent: &["hyper*", "reqwest", "rustls*", "tokio*"],
    },
    Tree {
        package: "kaleyra-wa-client",
        features: "--features=default",
        limit: 110,
        absent: &[],
    },
    Tree {
        package: "kaleyra-wa-webhook",
        features: "--features=default",
        limit: 60,
        absent: &[],
    },
    Tree {
        package: "kaleyra-wa-store",
        features: "--no-default-features",
        limit: 60,
        absent: &["http*", "hyper*", "mio", "reqwest"],
    },
    Tree {
        package: "kaleyra-wa-store-postgres",
        features: "--all-features",
        limit: 110,
        absent: &[
            "http",
            "hyper*",
            "native-tls",
            "openssl",
            "openssl-sys",
            "reqwest",
        ],
    },
    Tree {
        package: "kaleyra-wa-store-nats",
        features: "--all-features",
        limit: 150,
        absent: &["hyper*", "native-tls", "openssl", "reqwest"],
    },
    Tree {
        package: "kaleyra-wa-outbox",
        features: "--features=default",
        limit: 125,
        absent: &["reqwest"],
    },
];

/// A line for each tree's count, and one for each rule that a tree breaks.
///
/// # Errors
/// cargo could not tell a tree.
pub(super) fn check() -> Result<(Vec<String>, Vec<String>), String> {
    let (mut counts, mut found) = (Vec::new(), Vec::new());
    for tree in TREES {
        let mut command = cargo([
            "tree",
            "--package",
            tree.package,
            tree.features,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ]);
        let packages = packages_of(&capture(&mut command)?);
        counts.push(tree.count_line(&packages));
        found.extend(tree.violations(&packages));
    }
    Ok((counts, found))
}

/// The packages of a tree, each once, as name and version.
pub(crate) fn packages_of(tree: &str) -> BTreeSet<String> {
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        Some(format!("{} {}", words.next()?, words.next()?))
    };
    tree.lines().filter_map(package).collect()
}

/// Those whose name is listed; a trailing `*` stands for any ending.
pub(crate) fn forbidden<'a>(packages: &'a BTreeSet<String>, names: &[&str]) -> Vec<&'a str> {
    let is_listed = |package: &&str| {
        let name = package.split(' ').next().unwrap_or_default();
        names.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *pattern,
        })
    };
    packages
        .iter()
        .map(String::as_str)
        .filter(is_listed)
        .collect()
}

impl Tree {
    fn count_line(&self, packages: &BTreeSet<String>) -> String {
        let Self {
            package,
            features,
            limit,
            ..
        } = self;
        format!(
            "{package} {features}: {} crates besides itself, {limit} at most",
            packages.len() - 1
        )
    }

    fn violations(&self, packages: &BTreeSet<String>) -> Vec<String> {
        let see = format!(
            "see `cargo tree -e normal -p {} {}",
            self.package, self.features
        );
        let over = (packages.len() - 1 > self.limit)
            .then(|| format!("{}: {see}`", self.count_line(packages)));
        let intruders = forbidden(packages, self.absent).into_iter();
        let intruders = intruders.map(|found| {
            format!(
                "{} must do without {found}: {see} -i {}`",
                self.package,
                found.replace(" v", "@")
            )
        });
        over.into_iter().chain(intruders).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "kaleyra-wa-types v0.1.0 (crates/kaleyra-wa-types)\nserde v1.0.229\nsyn v2.0.1\nsyn v3.0.9\nserde v1.0.229 (*)\n";

    fn violations(limit: usize, absent: &'static [&'static str]) -> Vec<String> {
        let tree = Tree {
            package: "kaleyra-wa-types",
            features: "--all-features",
            limit,
            absent,
        };
        tree.violations(&packages_of(TREE))
    }

    #[test]
    fn a_package_counts_once_and_two_versions_twice() {
        assert!(violations(3, &[]).is_empty());
        assert_eq!(violations(2, &[]).len(), 1);
    }

    #[test]
    fn an_intruder_is_told() {
        assert_eq!(violations(9, &["syn*"]).len(), 2);
        assert_eq!(violations(9, &["serde"]).len(), 1);
        assert!(violations(9, &["ser", "tokio*"]).is_empty());
    }
}
