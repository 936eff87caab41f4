//! What a user of each crate gets along with it: how many crates, and which never.

use std::collections::BTreeSet;

use crate::cargo::{capture, cargo};

use super::Violation;

/// How many crates a package and its dependencies may be, on the machine that asks.
struct Budget {
    package: &'static str,
    features: &'static [&'static str],
    limit: usize,
}

const BUDGETS: &[Budget] = &[
    Budget {
        package: "kaleyra-wa-types",
        features: &["--all-features"],
        limit: 15,
    },
    Budget {
        package: "kaleyra-wa-transport",
        features: &["--no-default-features"],
        limit: 25,
    },
    Budget {
        package: "kaleyra-wa-client",
        features: &[],
        limit: 110,
    },
    Budget {
        package: "kaleyra-wa-webhook",
        features: &[],
        limit: 60,
    },
];

/// Each package, and what no user of it may get (a trailing `*` stands for any ending).
const ABSENT: &[(&str, &[&str])] = &[(
    "kaleyra-wa-types",
    &[
        "async-*", "futures*", "http*", "hyper*", "mio", "reqwest", "tokio*",
    ],
)];

/// Asks cargo for the trees and checks them.
///
/// # Errors
/// Cargo's own words if it can't tell.
pub(super) fn check() -> Result<Vec<Violation>, String> {
    let mut found = Vec::new();
    for budget in BUDGETS {
        let packages = packages_of(&tree(budget.package, budget.features)?);
        found.extend(over_budget(budget, &packages));
    }
    for (package, absent) in ABSENT {
        let packages = packages_of(&tree(package, &["--all-features"])?);
        found.extend(present(package, absent, &packages));
    }
    Ok(found)
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

fn tree(package: &str, features: &[&'static str]) -> Result<String, String> {
    let mut command = cargo(["tree", "--package", package]);
    command.args(["--edges", "normal", "--prefix", "none"]);
    capture(command.args(features))
}

fn over_budget(budget: &Budget, packages: &BTreeSet<String>) -> Option<Violation> {
    let count = packages.len();
    (count > budget.limit).then(|| {
        let text = format!(
            "{count} crates in the tree, {} at most: see what brings them with `{}`",
            budget.limit,
            ["cargo tree -e normal -p", budget.package]
                .iter()
                .chain(budget.features)
                .copied()
                .collect::<Vec<_>>()
                .join(" "),
        );
        Violation::new(&manifest_of(budget.package), 1, text)
    })
}

fn present(package: &str, absent: &[&str], packages: &BTreeSet<String>) -> Vec<Violation> {
    forbidden(packages, absent)
        .into_iter()
        .map(|intruder| {
            let name = intruder.split(' ').next().unwrap_or_default();
            let text = format!(
                "{intruder} is in the tree of {package}, which must do without: \
                 see what brings it with `cargo tree -e normal -p {package} --all-features -i {name}`"
            );
            Violation::new(&manifest_of(package), 1, text)
        })
        .collect()
}

fn manifest_of(package: &str) -> String {
    format!("crates/{package}/Cargo.toml")
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

    fn budget(limit: usize) -> Budget {
        Budget {
            package: "kaleyra-wa-types",
            features: &["--no-default-features"],
            limit,
        }
    }

    #[test]
    fn a_package_counts_once_and_two_versions_twice() {
        assert_eq!(packages_of(TREE).len(), 6);
    }

    #[test]
    fn a_tree_over_budget_is_told() {
        let packages = packages_of(TREE);
        assert_eq!(over_budget(&budget(6), &packages), None);
        let violation = over_budget(&budget(5), &packages).unwrap();
        assert!(
            violation
                .text
                .starts_with("6 crates in the tree, 5 at most"),
            "{violation}"
        );
        let advice = "`cargo tree -e normal -p kaleyra-wa-types --no-default-features`";
        assert!(violation.text.ends_with(advice), "{violation}");
    }

    #[test]
    fn an_intruder_is_told() {
        let packages = packages_of(TREE);
        let check = |absent: &[&str], expect: &[&str]| {
            assert_eq!(forbidden(&packages, absent), expect);
            assert_eq!(
                present("kaleyra-wa-types", absent, &packages).len(),
                expect.len()
            );
        };
        check(&["tokio*", "sy", "serde_"], &[]);
        check(&["async-*"], &["async-trait v0.1.92"]);
        check(&["syn"], &["syn v2.0.1", "syn v3.0.9"]);
    }
}
