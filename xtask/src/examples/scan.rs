//! The public items of one file, with the code that their comments show.

/// Beginnings of a line with a public item, and what kind of item it is.
const ITEMS: &[(&str, Kind)] = &[
    ("pub struct ", Kind::Type),
    ("pub enum ", Kind::Type),
    ("pub trait ", Kind::Type),
    ("pub fn ", Kind::Function),
    ("pub const fn ", Kind::Function),
    ("pub async fn ", Kind::Function),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Type,
    Function,
}

impl Kind {
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Type => "types",
            Self::Function => "functions",
        }
    }
}

/// A public item.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// The type whose `impl` a function is in.
    pub(super) owner: Option<String>,
    /// The code that its comment shows, without hidden lines.
    pub(super) example: String,
    /// What its comment says that an example is at: `Client::send`.
    pub(super) see: Vec<String>,
    /// The public fields or the variants of a type, as they stand in the source.
    pub(super) body: String,
    /// Whether a function takes `self`.
    pub(super) is_method: bool,
    /// Whether a person could name it: it is not hidden, and it is not the pattern of a macro.
    pub(super) is_counted: bool,
}

/// A file that this one brings in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) name: String,
    pub(super) is_public: bool,
    pub(super) is_hidden: bool,
}

#[derive(Debug, Default)]
pub(super) struct File {
    /// The code that the comment of the file itself shows.
    pub(super) example: String,
    pub(super) items: Vec<Item>,
    pub(super) children: Vec<Child>,
    /// `impl Trait for Type`: the type and the trait.
    pub(super) traits: Vec<(String, String)>,
}

/// What stands above an item.
#[derive(Default)]
struct Above {
    comment: Vec<String>,
    is_hidden: bool,
    is_test: bool,
    /// How many brackets of an attribute are still open.
    open: usize,
}

/// Reads a file; what is there for tests only is left out.
pub(super) fn scan(text: &str) -> File {
    let mut file = File::default();
    let mut head = Vec::new();
    let mut above = Above::default();
    // What the line is in, by the indentation at which it ends.
    let mut owner: Option<(usize, String)> = None;
    let mut pattern: Option<usize> = None;
    let mut skipped: Option<usize> = None;
    let lines: Vec<&str> = text.lines().collect();
    for (at, raw) in lines.iter().enumerate() {
        let line = raw.trim_start();
        let indentation = raw.len() - line.len();
        if let Some(end) = skipped {
            if indentation == end && line.starts_with('}') {
                skipped = None;
            }
            continue;
        }
        if let Some(comment) = line.strip_prefix("//!") {
            head.push(comment.to_owned());
            continue;
        }
        if let Some(comment) = line.strip_prefix("///") {
            above.comment.push(comment.to_owned());
            continue;
        }
        if line.starts_with("//") {
            continue;
        }
        if above.open > 0 || line.starts_with("#[") {
            above.is_test |= line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
            above.is_hidden |=
                line.starts_with("#[doc(hidden)]") || line.starts_with("#[proc_macro");
            let opened = above.open + line.matches('[').count();
            above.open = opened.saturating_sub(line.matches(']').count());
            continue;
        }
        if line.starts_with('}') {
            owner = owner.filter(|(end, _)| *end != indentation);
            pattern = pattern.filter(|end| *end != indentation);
        }
        let Above {
            comment,
            is_hidden,
            is_test,
            ..
        } = std::mem::take(&mut above);
        if is_test {
            if line.ends_with('{') {
                skipped = Some(indentation);
            }
        } else if line.ends_with('{')
            && (line.starts_with("macro_rules!") || line.contains("quote!"))
        {
            pattern = Some(indentation);
        } else if line.starts_with("impl") && line.contains(['<', ' ']) {
            let header = header(&lines[at..]);
            if let Some((of, type_name)) = implemented(&header) {
                file.traits.extend(of.map(|of| (type_name.clone(), of)));
                if !header.trim_end().ends_with('}') {
                    owner = Some((indentation, type_name));
                }
            }
        } else if let Some((is_public, name)) = module(line) {
            file.children.push(Child {
                name,
                is_public,
                is_hidden,
            });
        } else if let Some((kind, rest)) = item(line) {
            let name = word(rest).to_owned();
            let (example, see) = read_comment(&comment);
            let body = match kind {
                Kind::Type => body(&lines[at..], indentation),
                Kind::Function => String::new(),
            };
            let owner = owner.as_ref().filter(|(end, _)| *end < indentation);
            file.items.push(Item {
                kind,
                owner: owner
                    .filter(|_| kind == Kind::Function)
                    .map(|(_, name)| name.clone()),
                is_method: kind == Kind::Function && takes_self(&header(&lines[at..])),
                is_counted: !is_hidden && pattern.is_none() && !name.is_empty(),
                name,
                example,
                see,
                body,
            });
        }
    }
    file.example = read_comment(&head).0;
    file
}

/// The lines up to the brace that opens a body, as one.
fn header(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().take(30) {
        text.push_str(line.trim());
        text.push(' ');
        if line.contains('{') || line.trim_end().ends_with(';') {
            break;
        }
    }
    text
}

/// The trait, if there is one, and the type of `impl<T> Trait for Type<T> {`.
fn implemented(header: &str) -> Option<(Option<String>, String)> {
    let mut rest = header.strip_prefix("impl")?;
    if rest.starts_with('<') {
        let mut depth = 0_usize;
        let end = rest.char_indices().position(|(at, c)| {
            // The `>` of an arrow closes nothing.
            let arrow = c == '>' && rest[..at].ends_with('-');
            depth = match c {
                '<' => depth + 1,
                '>' if !arrow => depth.saturating_sub(1),
                _ => depth,
            };
            depth == 0
        })?;
        rest = &rest[end + 1..];
    }
    let rest = rest.split(" where ").next()?.split('{').next()?.trim();
    Some(match rest.split_once(" for ") {
        Some((of, name)) => (Some(last_segment(of)), last_segment(name)),
        None => (None, last_segment(rest)),
    })
}

/// The name of a type without its path and what it is generic in.
fn last_segment(path: &str) -> String {
    let path = path.split('<').next().unwrap_or(path);
    let name = path.rsplit("::").next().unwrap_or(path);
    word(name.trim_start_matches(['&', ' '])).to_owned()
}

fn module(line: &str) -> Option<(bool, String)> {
    let line = line.strip_suffix(';')?;
    let (is_public, name) = match line.strip_prefix("pub mod ") {
        Some(name) => (true, name),
        None => (
            false,
            line.strip_prefix("pub(crate) mod ")
                .or(line.strip_prefix("mod "))?,
        ),
    };
    (word(name) == name).then(|| (is_public, name.to_owned()))
}

fn item(line: &str) -> Option<(Kind, &str)> {
    ITEMS
        .iter()
        .find_map(|(start, kind)| Some((*kind, line.strip_prefix(start)?)))
}

/// The identifier that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn takes_self(header: &str) -> bool {
    let Some((_, arguments)) = header.split_once('(') else {
        return false;
    };
    let first = arguments.split([',', ')', ':']).next().unwrap_or_default();
    first
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "self")
}

/// The public fields or the variants of a type that begins here.
fn body(lines: &[&str], indentation: usize) -> String {
    let is_struct = lines[0].trim_start().starts_with("pub struct");
    let is_trait = lines[0].trim_start().starts_with("pub trait");
    if !lines[0].trim_end().ends_with('{') {
        // `pub struct Name(pub T);`, or a header of several lines, whose fields are none of ours.
        return lines[0]
            .split_once('(')
            .map_or_else(String::new, |(_, fields)| fields.to_owned());
    }
    let inside = lines[1..].iter().take_while(|line| {
        !(line.trim_start().starts_with('}') && line.len() - line.trim_start().len() == indentation)
    });
    let inside = inside.map(|line| line.trim_start()).filter(|line| {
        !is_trait
            && !line.starts_with("//")
            && !line.starts_with("#[")
            && (!is_struct || line.starts_with("pub "))
    });
    inside.collect::<Vec<_>>().join("\n")
}

/// The Rust code of a comment that a reader sees, and where else it says that an example is.
fn read_comment(comment: &[String]) -> (String, Vec<String>) {
    let (mut code, mut prose) = (String::new(), String::new());
    let mut fence: Option<bool> = None;
    for line in comment {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = match fence {
                Some(_) => None,
                None => Some(is_run(language)),
            };
        } else if fence.is_none() {
            prose.push_str(line);
            prose.push(' ');
        } else if fence == Some(true) {
            let line = line.trim_start();
            if line != "#" && !line.starts_with("# ") {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
    (code, references(&prose))
}

/// Whether rustdoc compiles a sample with these words behind its fence.
fn is_run(words: &str) -> bool {
    words.split(',').map(str::trim).all(|word| {
        matches!(word, "" | "rust" | "no_run" | "should_panic")
            || word.starts_with("compile_fail")
            || is_error(word)
    })
}

fn is_error(word: &str) -> bool {
    word.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 4)
}

/// Where else it says that an example is, in a sentence or a section of examples: the targets of its links.
fn references(prose: &str) -> Vec<String> {
    const SENTENCE: &str = "for an example see ";
    const SECTION: &str = "# examples ";
    let lower = prose.to_lowercase();
    let mut found = Vec::new();
    for (before, end) in [(SENTENCE, ". "), (SECTION, "# ")] {
        for (at, _) in lower.match_indices(before) {
            let rest = prose.get(at + before.len()..).unwrap_or_default();
            found.extend(links(rest.split(end).next().unwrap_or(rest)));
        }
    }
    found
}

fn links(text: &str) -> impl Iterator<Item = String> {
    text.split('[').skip(1).map(|link| {
        let (name, target) = match link.split_once("](") {
            Some((name, rest)) => (name, rest.split(')').next().unwrap_or(rest)),
            None => {
                let name = link.split(']').next().unwrap_or(link);
                (name, name)
            }
        };
        // A target such as a page says less than the name.
        let target = if target.contains("::") { target } else { name };
        target.trim_matches('`').replace("()", "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_with_what_stands_above_its_items() {
        let file = scan(
            "//! Things.\n//!\n//! ```\n//! it();\n//! ```\npub mod open;\n#[cfg(test)]\nmod tests;\nmod shut;\n\
             /// It.\n///\n/// ```\n/// # use a::it;\n/// it();\n/// ```\n#[cfg_attr(\n    all(),\n    must_use\n)]\npub fn it() {}\n\
             /// For an example see [`it`](crate::it).\npub struct Other<T> {\n    /// One.\n    pub part: Part,\n    hidden: Hidden,\n}\n\
             impl<T: Fn() -> u8> Other<T> {\n    pub const fn new() -> Self {}\n    pub fn part(\n        &self,\n    ) {}\n}\n\
             impl<'a> fmt::Display for Other<u8> {}\npub(crate) fn mine() {}\n#[doc(hidden)]\npub fn hidden() {}\n\
             macro_rules! made {\n    () => {\n        pub struct Made;\n    };\n}\npub fn after() {}\n\
             #[cfg(test)]\nmod also {\n    pub fn test() {}\n}\n",
        );
        assert_eq!(file.example, "it();\n");
        let children: Vec<_> = file
            .children
            .iter()
            .map(|child| (child.name.as_str(), child.is_public))
            .collect();
        assert_eq!(children, [("open", true), ("shut", false)]);
        let items: Vec<_> = file
            .items
            .iter()
            .map(|item| (item.name.as_str(), item.is_counted))
            .collect();
        assert_eq!(
            items,
            [
                ("it", true),
                ("Other", true),
                ("new", true),
                ("part", true),
                ("hidden", false),
                ("Made", false),
                ("after", true)
            ]
        );
        assert_eq!(file.items[0].example, "it();\n");
        assert_eq!(
            (file.items[1].body.as_str(), file.items[1].see.as_slice()),
            ("pub part: Part,", &["crate::it".to_owned()][..])
        );
        assert_eq!(file.items[2].owner.as_deref(), Some("Other"));
        assert_eq!(
            (file.items[2].is_method, file.items[3].is_method),
            (false, true)
        );
        assert_eq!(file.items[6].owner, None);
        assert_eq!(file.traits, [("Other".to_owned(), "Display".to_owned())]);
    }

    #[test]
    fn a_sample_that_is_not_compiled_is_no_example() {
        let comment = [
            "```text",
            "it",
            "```",
            "```ignore",
            "it();",
            "```",
            "```json",
            "{}",
            "```",
        ]
        .map(str::to_owned);
        assert_eq!(read_comment(&comment).0, "");
        let comment = [
            "```no_run",
            "it();",
            "```",
            "```compile_fail,E0599",
            "no();",
            "```",
        ]
        .map(str::to_owned);
        assert_eq!(read_comment(&comment).0, "it();\nno();\n");
    }
}
