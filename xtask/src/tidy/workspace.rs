//! The root manifest: every dependency is there for a reason, and somebody uses it.

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
