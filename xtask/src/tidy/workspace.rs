//! The root manifest: who the members are, and that every dependency has a reason and a user.

use super::Violation;
use super::manifest::Manifest;

/// Checks `[workspace.dependencies]`.
pub(super) fn check(root: &Manifest, members: &[Manifest]) -> Vec<Violation> {
    let mut found = Vec::new();
    for entry in &root.entries {
        if entry.section != "workspace.dependencies" {
            continue;
        }
        let name = &entry.key;
        let mut report = |text: String| found.push(Violation::new(&root.path, entry.line, text));
        // Our own crates need no excuse: the layers have their own rules.
        let is_ours = entry.field("path").is_some();
        if !is_ours && entry.comment.as_ref().is_none_or(String::is_empty) {
            report(format!(
                "{name} has no reason: end the line with `# what it is here for`"
            ));
        }
        if !members.iter().any(|member| uses(member, name)) {
            report(format!(
                "{name} is used by no member: remove the line, or depend on it with `{name}.workspace = true`"
            ));
        }
    }
    found
}

/// Whether this is a member's manifest, by the root manifest's own list.
pub(super) fn has_member(root: &Manifest, path: &str) -> bool {
    let Some(folder) = path.strip_suffix("/Cargo.toml") else {
        return false;
    };
    root.list("workspace", "members")
        .any(|pattern| matches(pattern, folder))
}

/// Whether a folder is what a pattern means; a `*` stands for anything but a `/`.
fn matches(pattern: &str, folder: &str) -> bool {
    let mut parts = folder.split('/');
    pattern.split('/').all(|pattern| {
        parts
            .next()
            .is_some_and(|part| match pattern.split_once('*') {
                Some((start, end)) => part
                    .strip_prefix(start)
                    .is_some_and(|rest| rest.ends_with(end)),
                None => part == pattern,
            })
    }) && parts.next().is_none()
}

fn uses(member: &Manifest, name: &str) -> bool {
    member.entries.iter().any(|entry| {
        entry.is_inherited() && entry.dependency().is_some_and(|found| found.name == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(root: &str, member: &str, expect: &[(usize, &str)]) {
        let root = Manifest::parse("Cargo.toml", &format!("[workspace.dependencies]\n{root}"));
        let member = Manifest::parse("crates/a/Cargo.toml", member);
        let found = super::check(&root, &[member]);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (violation, (line, start)) in found.iter().zip(expect) {
            assert_eq!(violation.line, *line, "{violation}");
            assert!(violation.text.starts_with(start), "{violation}");
        }
    }

    #[test]
    fn members_are_told_from_other_manifests() {
        let root = "[workspace]\nmembers = [\"bench\", \"crates/*\", \"tools/a-*-z\"]\n";
        let root = Manifest::parse("Cargo.toml", root);
        for (path, expect) in [
            ("bench/Cargo.toml", true),
            ("crates/kaleyra-wa-types/Cargo.toml", true),
            ("tools/a-b-z/Cargo.toml", true),
            ("Cargo.toml", false),
            ("crates/Cargo.toml", false),
            ("bench/more/Cargo.toml", false),
            ("crates/kaleyra-wa-types/fuzz/Cargo.toml", false),
            ("tools/a-z/Cargo.toml", false),
            ("tests/Cargo.toml", false),
            ("bench/Cargo.lock", false),
        ] {
            assert_eq!(has_member(&root, path), expect, "{path}");
        }
    }

    const USED: &str = "[dependencies]\nserde.workspace = true\n";

    #[test]
    fn a_dependency_has_a_reason() {
        check("serde = \"1\" # the models", USED, &[]);
        check("serde = \"1\"", USED, &[(2, "serde has no reason")]);
        check("serde = \"1\" #", USED, &[(2, "serde has no reason")]);
        check("serde = { path = \"crates/serde\" }", USED, &[]);
    }

    #[test]
    fn a_dependency_is_used() {
        let root = "serde = \"1\" # the models";
        let unused = &[(2, "serde is used by no member")][..];
        check(root, "", unused);
        check(root, "[dependencies]\nserde = \"1\"", unused);
        check(root, "[dependencies]\nserde_json.workspace = true", unused);
        check(
            root,
            "[dev-dependencies]\nserde = { workspace = true }",
            &[],
        );
    }
}
