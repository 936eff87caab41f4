//! Reads the part of TOML that a Cargo manifest in this repository is written in.

/// A manifest's entries, in their order.
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) entries: Vec<Entry>,
}

/// `key = value # comment`, under a `[section]`.
pub(super) struct Entry {
    pub(super) section: String,
    pub(super) key: String,
    /// As written; the lines of a longer one joined.
    pub(super) value: String,
    /// Behind the first line of the value.
    pub(super) comment: Option<String>,
    pub(super) line: usize,
}

impl Manifest {
    pub(super) fn parse(path: &str, text: &str) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut section = String::new();
        let mut value_is_open = false;
        for (number, line) in (1..).zip(text.lines()) {
            let (code, comment) = split_comment(line);
            if value_is_open {
                if let Some(entry) = entries.last_mut() {
                    entry.value.push_str(code);
                    value_is_open = is_open(&entry.value);
                }
            } else if let Some(header) = code.strip_prefix('[') {
                section = header.trim_matches(['[', ']']).trim().to_owned();
            } else if let Some((key, value)) = code.split_once('=') {
                let value = value.trim();
                value_is_open = is_open(value);
                entries.push(Entry {
                    section: section.clone(),
                    key: key.trim().to_owned(),
                    value: value.to_owned(),
                    comment,
                    line: number,
                });
            }
        }
        Self {
            path: path.to_owned(),
            entries,
        }
    }

    /// The value of a key as written, quotes and all.
    pub(super) fn value(&self, section: &str, key: &str) -> Option<&str> {
        self.entries
            .iter()
            .find(|entry| entry.section == section && entry.key == key)
            .map(|entry| entry.value.as_str())
    }

    /// The texts in a list; none if there is no such list.
    pub(super) fn list(&self, section: &str, key: &str) -> impl Iterator<Item = &str> {
        let value = self.value(section, key).unwrap_or_default();
        value
            .trim_matches(['[', ']'])
            .split(',')
            .map(|text| text.trim().trim_matches(['"', '\'']))
            .filter(|text| !text.is_empty())
    }

    /// The package's name.
    pub(super) fn name(&self) -> &str {
        self.value("package", "name")
            .unwrap_or_default()
            .trim_matches('"')
    }
}

impl Entry {
    /// What this entry makes the package depend on; nothing if it is no dependency.
    pub(super) fn dependency(&self) -> Option<Dependency<'_>> {
        let parts = split_dots(&self.section);
        let table = match parts.as_slice() {
            ["workspace", ..] => return None,
            ["target", _, table @ ..] => table,
            table => table,
        };
        let (kind, name) = match table {
            [kind] => (*kind, split_dots(&self.key).first().copied()?),
            [kind, name] => (*kind, *name),
            _ => return None,
        };
        let for_tests_only = match kind {
            "dependencies" | "build-dependencies" => false,
            "dev-dependencies" => true,
            _ => return None,
        };
        Some(Dependency {
            name,
            package: self.renamed().unwrap_or(name),
            for_tests_only,
        })
    }

    /// Whether the value is taken from the workspace: `key.workspace = true` or `key = { workspace = true }`.
    pub(super) fn is_inherited(&self) -> bool {
        let dotted = self.key == "workspace" || self.key.ends_with(".workspace");
        dotted && self.value == "true" || self.field("workspace") == Some("true")
    }

    /// A field of an inline table.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let inside = self.value.strip_prefix('{')?.strip_suffix('}')?;
        inside.split(',').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    }

    fn renamed(&self) -> Option<&str> {
        let of_a_table = || (self.key == "package").then_some(self.value.as_str());
        Some(self.field("package").or_else(of_a_table)?.trim_matches('"'))
    }
}

/// What a manifest's entry names.
pub(super) struct Dependency<'a> {
    /// What the manifest calls it.
    pub(super) name: &'a str,
    /// What its author calls it.
    pub(super) package: &'a str,
    /// Users of the package never build it.
    pub(super) for_tests_only: bool,
}

/// The line up to its comment, and the comment's text.
fn split_comment(line: &str) -> (&str, Option<String>) {
    match unquoted(line).find(|(_, c)| *c == '#') {
        Some((at, _)) => {
            let comment = line[at + 1..].trim();
            (line[..at].trim(), Some(comment.to_owned()))
        }
        None => (line.trim(), None),
    }
}

/// Whether a list or table goes on in the next line.
fn is_open(value: &str) -> bool {
    let depth: i32 = unquoted(value)
        .map(|(_, c)| match c {
            '[' | '{' => 1,
            ']' | '}' => -1,
            _ => 0,
        })
        .sum();
    depth > 0
}

fn split_dots(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in unquoted(path) {
        if c == '.' {
            parts.push(path[start..at].trim());
            start = at + 1;
        }
    }
    parts.push(path[start..].trim());
    parts
}

/// The characters outside quotes, with their places.
fn unquoted(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| match quote {
        Some(_) if escaped => {
            escaped = false;
            false
        }
        Some(open) => {
            escaped = *c == '\\' && open == '"';
            if *c == open {
                quote = None;
            }
            false
        }
        None if matches!(c, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_section_value_comment_and_line() {
        let manifest = Manifest::parse(
            "Cargo.toml",
            "[package] # who\nname = \"a # b\"\n\n[features]\ndefault = [ # on\n  \"x\", # x\n]\ny = []\n",
        );
        let entries: Vec<_> = manifest
            .entries
            .iter()
            .map(|e| {
                (
                    e.section.as_str(),
                    e.key.as_str(),
                    e.value.as_str(),
                    e.comment.as_deref(),
                    e.line,
                )
            })
            .collect();
        assert_eq!(
            entries,
            [
                ("package", "name", "\"a # b\"", None, 2),
                ("features", "default", "[\"x\",]", Some("on"), 5),
                ("features", "y", "[]", None, 8),
            ]
        );
        assert_eq!(manifest.name(), "a # b");
    }

    #[test]
    fn lists_are_read_in_one_line_or_many() {
        let check = |text: &str, expect: &[&str]| {
            let manifest = Manifest::parse("Cargo.toml", &format!("[workspace]\n{text}\n"));
            let found: Vec<_> = manifest.list("workspace", "members").collect();
            assert_eq!(found, expect, "{text}");
        };
        check("members = [\"a\", 'b/*']", &["a", "b/*"]);
        check("members = [\n  \"a\", # first\n  \"b\",\n]", &["a", "b"]);
        check("members = []", &[]);
        check("exclude = [\"a\"]", &[]);
    }

    #[test]
    fn dependencies_are_found_in_every_spelling() {
        let check = |text: &str, expect: Option<(&str, &str, bool)>| {
            let manifest = Manifest::parse("Cargo.toml", text);
            let found = manifest.entries[0].dependency();
            let found = found.map(|d| (d.name, d.package, d.for_tests_only));
            assert_eq!(found, expect, "{text}");
        };
        let serde = Some(("serde", "serde", false));
        check("[dependencies]\nserde = \"1\"", serde);
        check("[dependencies]\nserde.workspace = true", serde);
        check("[build-dependencies]\nserde = \"1\"", serde);
        check("[dependencies.serde]\nversion = \"1\"", serde);
        check("[target.'cfg(a.b)'.dependencies]\nserde = \"1\"", serde);
        check(
            "[target.'cfg(a.b)'.dependencies.serde]\nversion = \"1\"",
            serde,
        );
        check(
            "[dev-dependencies]\nserde = \"1\"",
            Some(("serde", "serde", true)),
        );
        check(
            "[dependencies]\ns = { package = \"serde\" }",
            Some(("s", "serde", false)),
        );
        check(
            "[dependencies.s]\npackage = \"serde\"",
            Some(("s", "serde", false)),
        );
        check("[workspace.dependencies]\nserde = \"1\"", None);
        check("[package]\nserde = \"1\"", None);
    }

    #[test]
    fn inheritance_has_three_spellings() {
        let check = |text: &str, expect: bool| {
            let manifest = Manifest::parse("Cargo.toml", text);
            assert_eq!(manifest.entries[0].is_inherited(), expect, "{text}");
        };
        check("license.workspace = true", true);
        check(
            "serde = { workspace = true, features = [\"derive\"] }",
            true,
        );
        check("[lints]\nworkspace = true", true);
        check("license = \"MIT\"", false);
        check("serde = { version = \"1\" }", false);
        check("license.workspace = false", false);
    }
}
