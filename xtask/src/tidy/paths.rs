//! No path of somebody's machine in any file.

use super::Violation;
use super::files::Source;

/// How such a path begins; in two halves, so that this file does not break its own rule.
const BEGINNINGS: &[&str] = &[
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "work/"),
    concat!("/", "Users/"),
    concat!("C:", "\\Users"),
];

/// Finds machine paths.
pub(super) fn check(source: &Source) -> Vec<Violation> {
    source
        .lines()
        .filter_map(|(number, line)| {
            let beginning = BEGINNINGS.iter().find(|path| holds(line, path))?;
            let text = format!(
                "a machine's own path (`{beginning}…`): make it relative to the repository"
            );
            Some(Violation::new(&source.path, number, text))
        })
        .collect()
}

/// Whether the path begins here, rather than being the middle of a longer one or of a URL.
fn holds(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '$'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[usize]) {
        let found = super::check(&Source::new("a.md", text));
        let lines: Vec<usize> = found.iter().map(|violation| violation.line).collect();
        assert_eq!(lines, expect, "{text}");
    }

    #[test]
    fn every_beginning_is_found() {
        for path in BEGINNINGS {
            check(&format!("first\nlook at {path}asha/notes\n"), &[2]);
            check(&format!("{path}asha"), &[1]);
            check(&format!("file://{path}asha"), &[1]);
        }
    }

    #[test]
    fn relative_paths_and_urls_are_fine() {
        for path in BEGINNINGS.iter().filter(|path| path.starts_with('/')) {
            check(
                &format!("see docs{path}a, ..{path}a and https://kaleyra.example{path}"),
                &[],
            );
        }
    }
}
