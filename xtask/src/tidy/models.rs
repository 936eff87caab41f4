//! What the models may not do: lose a part of what came in, or reach outside the process.

use super::Violation;
use super::code::words;
use super::files::Source;

/// Where the models are.
const PLACE: &str = "crates/kaleyra-wa-types/src/";

/// What of serde they may not use, since each loses something of what came in.
const LOSSY: &[&str] = &["flatten", "other", "untagged"];

/// What of `std` they may not use, since it is there for reading and writing what is outside.
const OUTSIDE: &[&str] = &["env", "fs", "io", "net", "os", "process"];

/// Checks one `.rs` file, if it belongs to the models.
pub(super) fn check(source: &Source) -> Vec<Violation> {
    if !source.path.starts_with(PLACE) {
        return Vec::new();
    }
    let code = source.code();
    let mut found = Vec::new();
    for (line, attribute) in code.attributes() {
        if !words(attribute).any(|word| word == "serde") {
            continue;
        }
        for lossy in words(attribute).filter(|word| LOSSY.contains(word)) {
            let text = format!("serde's `{lossy}` loses what came in: use the macros in `wire`");
            found.push(Violation::new(&source.path, line, text));
        }
    }
    for (line, behind) in code.heads("std") {
        for module in modules(behind).filter(|name| OUTSIDE.contains(name)) {
            let text =
                format!("the models do no I/O, but name `std::{module}`: do it in a layer above");
            found.push(Violation::new(&source.path, line, text));
        }
    }
    found
}

/// Which modules are taken from a crate: the one behind its name, or each that begins a path of the group there.
fn modules(behind: &str) -> impl Iterator<Item = &str> {
    let path = behind.strip_prefix("::").unwrap_or_default();
    let paths = match path.strip_prefix('{') {
        Some(group) => members(group),
        None => vec![path],
    };
    paths.into_iter().filter_map(|path| words(path).next())
}

/// The parts between a group's commas, up to its closing brace.
fn members(group: &str) -> Vec<&str> {
    let mut members = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is expected is the line and a part of the text of each violation.
    fn check(text: &str, expect: &[(usize, &str)]) {
        let found = super::check(&Source::new("crates/kaleyra-wa-types/src/a.rs", text));
        assert_eq!(found.len(), expect.len(), "{text}: {found:?}");
        for (violation, (line, part)) in found.iter().zip(expect) {
            assert_eq!(violation.line, *line, "{text}: {violation}");
            assert!(violation.text.contains(part), "{text}: {violation}");
        }
    }

    #[test]
    fn the_models_lose_nothing() {
        for (text, expect) in [
            ("    #[serde(flatten)]", &[(1, "`flatten`")][..]),
            ("    #[serde(default, untagged)]", &[(1, "`untagged`")]),
            (
                "a;\n#[serde(\n    default,\n    other,\n)]",
                &[(2, "`other`")],
            ),
            ("A(#[serde(flatten)] B)", &[(1, "`flatten`")]),
            ("#[cfg_attr(test, serde(untagged))]", &[(1, "`untagged`")]),
            ("#[serde(transparent)]", &[]),
            ("#[serde(rename = \"another\", alias = \"other\")]", &[]),
            ("#[serde(default)] // not flatten", &[]),
            ("#[derive(Debug)]\nfn f(other: &A) { a.flatten() }", &[]),
            ("//! There is no `#[serde(other)]`.", &[]),
        ] {
            check(text, expect);
        }
    }

    #[test]
    fn the_models_do_no_io() {
        for (text, expect) in [
            ("let a = std::env::var(\"A\");", &[(1, "`std::env`")][..]),
            ("use std::fs;", &[(1, "`std::fs`")]),
            ("use ::std::fs as f;", &[(1, "`std::fs`")]),
            ("use std::io::{self, Write};", &[(1, "`std::io`")]),
            ("use std::{fmt, net::IpAddr};", &[(1, "`std::net`")]),
            (
                "use std::{\n    fmt::{self, Display},\n    os,\n    process,\n};",
                &[(1, "`std::os`"), (1, "`std::process`")],
            ),
            ("use std::fmt;\nuse crate::fs;", &[]),
            ("use std::{fmt};\nfs::read();", &[]),
            ("use std::{collections::{net, fs}};", &[]),
            ("use crate::std::fs;", &[]),
            ("/// Unlike `std::fs::read`.", &[]),
            ("\"std::fs::read\"", &[]),
        ] {
            check(text, expect);
        }
    }

    #[test]
    fn others_may() {
        let text = "#[serde(flatten)]\nuse std::fs;";
        for path in [
            "crates/kaleyra-wa-cli/src/main.rs",
            "crates/kaleyra-wa-types/tests/it/corpus.rs",
        ] {
            assert_eq!(super::check(&Source::new(path, text)), []);
        }
    }
}
