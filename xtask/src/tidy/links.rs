//! Links between the pages of the repository lead somewhere.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A line for each link to a file that is not there.
///
/// # Errors
/// git could not list the pages.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.md",
        ])
        .current_dir(root)
        .output();
    let listed = listed.map_err(|error| format!("git ls-files: {error}"))?;
    let mut found = Vec::new();
    for page in String::from_utf8_lossy(&listed.stdout).split_terminator('\0') {
        let Ok(text) = fs::read_to_string(root.join(page)) else {
            continue;
        };
        let folder = root.join(page).parent().unwrap_or(root).to_owned();
        for (line, target) in links(&text) {
            if !folder.join(target).exists() {
                found.push(format!(
                    "{page}:{line}: the link to `{target}` leads nowhere"
                ));
            }
        }
    }
    Ok(found)
}

/// The files that a page links to, with the line, without what stands behind `#`.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        let beginnings = line.match_indices("](").map(|(at, mark)| at + mark.len());
        let pictures = line
            .match_indices("src=\"")
            .map(|(at, mark)| at + mark.len());
        for at in beginnings.chain(pictures) {
            let rest = &line[at..];
            let target = &rest[..rest.find([')', '"', '#']).unwrap_or(rest.len())];
            // Names of Rust are for rustdoc, addresses for the network.
            let is_file =
                target.contains(['/', '.']) && !target.contains("::") && !target.contains(':');
            if is_file && !target.contains([' ', '(', '<']) {
                found.push((number, target));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_addresses_and_names() {
        let page = "[a](docs/a.md#there) and [b](https://example.com/b.md)\n```text\n[c](c.md)\n```\n[`D`](crate::D)\n\
                    <img src=\"e.png\"> [F](Outbox::reply) [g](#g) ![h](h.svg)\n";
        let found = links(page);
        assert_eq!(found, [(1, "docs/a.md"), (6, "h.svg"), (6, "e.png")]);
    }
}
