//! What a user of each crate gets along with it: how many crates, and which never.

use std::collections::BTreeSet;

use crate::cargo::{capture, cargo};

use super::Violation;

/// What a user of a package gets along with it, on the machine that asks.
struct Tree {
    package: &'static str,
    features: &'static [&'static str],
    /// How many crates it may bring. The package itself is not one of them: a limit of 15 means 15 crates besides
    /// itself, since that is what it costs to add the package to a tree.
    limit: usize,
    /// Which it may never bring (a trailing `*` stands for any ending).
    absent: &'static [&'static str],
}

const TREES: &[Tree] = &[
    Tree {
        package: "kaleyra-wa-types",
        features: &["--all-features"],
        limit: 15,
        absent: &[
            "async-*", "futures*", "http*", "hyper*", "mio", "reqwest", "tokio*",
        ],
    },
    Tree {
        package: "kaleyra-wa-transport",
        features: &["--no-default-features"],
        limit: 25,
        absent: &["hyper*", "reqwest", "rustls*", "tokio*"],
    },
    Tree {
        package: "kaleyra-wa-client",
        features: &[],
        limit: 110,
        absent: &[],
    },
    Tree {
        package: "kaleyra-wa-webhook",
        features: &[],
        limit: 60,
        absent: &[],
    },
];

/// What the trees look like.
pub(super) struct Report {
    pub(super) violations: Vec<Violation>,
    /// A line for each tree: how much of its budget is used.
    pub(super) counts: Vec<String>,
}

/// Asks cargo for the trees and checks them.
///
/// # Errors
/// Cargo's own words if it can't tell.
pub(super) fn check() -> Result<Report, String> {
    let mut report = Report {
        violations: Vec::new(),
        counts: Vec::new(),
    };
    for tree in TREES {
        let mut command = cargo(["tree", "--package", tree.package]);
        command.args(["--edges", "normal", "--prefix", "none"]);
        let packages = packages_of(&capture(command.args(tree.features))?);
        report.violations.extend(tree.over_budget(&packages));
        report.violations.extend(tree.intruders(&packages));
        report.counts.push(tree.count_line(&packages));
    }
    Ok(report)
}

/// The different packages in the output of `cargo tree --prefix none`, each as `name vVERSION`.
pub(crate) fn packages_of(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .collect()
}

/// Those packages whose name is in the list.
pub(crate) fn forbidden<'a>(packages: &'a BTreeSet<String>, names: &[&str]) -> Vec<&'a str> {
    let is_listed = |package: &&str| {
        let name = name_of(package);
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
    fn count(&self, packages: &BTreeSet<String>) -> usize {
        let besides_itself = |package: &&String| name_of(package) != self.package;
        packages.iter().filter(besides_itself).count()
    }

    fn count_line(&self, packages: &BTreeSet<String>) -> String {
        let count = self.count(packages);
        let (package, limit) = (self.with_features(), self.limit);
        format!("{package}: {count} crates besides itself, {limit} at most")
    }

    fn over_budget(&self, packages: &BTreeSet<String>) -> Option<Violation> {
        let count = self.count(packages);
        (count > self.limit).then(|| {
            self.violation(format!(
                "{count} crates in the tree besides itself, {} at most: see what brings them with `{}`",
                self.limit,
                self.command(),
            ))
        })
    }

    fn intruders(&self, packages: &BTreeSet<String>) -> Vec<Violation> {
        let told = |intruder| {
            self.violation(format!(
                "{intruder} is in the tree of {}, which must do without: see what brings it with `{} -i {}`",
                self.package,
                self.command(),
                name_of(intruder),
            ))
        };
        forbidden(packages, self.absent)
            .into_iter()
            .map(told)
            .collect()
    }

    fn violation(&self, text: String) -> Violation {
        Violation::new(&format!("crates/{}/Cargo.toml", self.package), 1, text)
    }

    /// Shows a person the same tree.
    fn command(&self) -> String {
        format!("cargo tree -e normal -p {}", self.with_features())
    }

    fn with_features(&self) -> String {
        let words = [self.package].into_iter();
        let words: Vec<_> = words.chain(self.features.iter().copied()).collect();
        words.join(" ")
    }
}

/// The name in `name vVERSION`.
fn name_of(package: &str) -> &str {
    package.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "kaleyra-wa-types v0.1.0 (crates/kaleyra-wa-types)
serde v1.0.229
syn v2.0.1
syn v3.0.9
serde_derive v1.0.229 (proc-macro)
serde v1.0.229 (*)
async-trait v0.1.92 (proc-macro)
";

    fn tree(limit: usize, absent: &'static [&'static str]) -> Tree {
        Tree {
            package: "kaleyra-wa-types",
            features: &["--no-default-features"],
            limit,
            absent,
        }
    }

    #[test]
    fn a_package_counts_once_and_two_versions_twice() {
        assert_eq!(packages_of(TREE).len(), 6);
    }

    #[test]
    fn a_package_is_not_in_its_own_budget() {
        let line = tree(9, &[]).count_line(&packages_of(TREE));
        assert_eq!(
            line,
            "kaleyra-wa-types --no-default-features: 5 crates besides itself, 9 at most"
        );
    }

    #[test]
    fn a_tree_over_budget_is_told() {
        let packages = packages_of(TREE);
        assert_eq!(tree(5, &[]).over_budget(&packages), None);
        let violation = tree(4, &[]).over_budget(&packages).unwrap();
        let start = "5 crates in the tree besides itself, 4 at most";
        assert!(violation.text.starts_with(start), "{violation}");
        let advice = "`cargo tree -e normal -p kaleyra-wa-types --no-default-features`";
        assert!(violation.text.ends_with(advice), "{violation}");
    }

    #[test]
    fn an_intruder_is_told() {
        let packages = packages_of(TREE);
        let check = |absent: &'static [&'static str], expect: &[&str]| {
            assert_eq!(forbidden(&packages, absent), expect);
            let found = tree(9, absent).intruders(&packages);
            assert_eq!(found.len(), expect.len());
            for (violation, package) in found.iter().zip(expect) {
                assert!(violation.text.starts_with(package), "{violation}");
                let advice = format!("--no-default-features -i {}`", name_of(package));
                assert!(violation.text.ends_with(&advice), "{violation}");
            }
        };
        check(&["tokio*", "sy", "serde_"], &[]);
        check(&["async-*"], &["async-trait v0.1.92"]);
        check(&["syn"], &["syn v2.0.1", "syn v3.0.9"]);
    }

    #[test]
    fn a_transport_without_features_knows_no_http_library() {
        let transport = TREES
            .iter()
            .find(|tree| tree.package == "kaleyra-wa-transport")
            .unwrap();
        assert_eq!(transport.features, ["--no-default-features"]);
        let check = |package: &str, expect: usize| {
            let packages = BTreeSet::from([format!("{package} v1.0.0")]);
            assert_eq!(transport.intruders(&packages).len(), expect, "{package}");
        };
        for package in [
            "hyper",
            "hyper-util",
            "reqwest",
            "rustls-pki-types",
            "tokio",
        ] {
            check(package, 1);
        }
        check("http", 0);
    }
}
