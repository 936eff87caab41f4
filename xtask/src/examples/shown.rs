//! Whether an item is shown: it has an example, or one stands where its reader looks next.
//!
//! * A type has an example of its own, says where there is one (`For an example see […]`), or is named in the example of its
//!   module or of a type that it is a part of.
//! * A function has an example of its own, or is called in one on the page of its type, in that of a type which its type
//!   is a part of or has the trait of, or in its module's or its crate's.
//!
//! Lines that rustdoc hides count for nothing, and neither do samples that it does not compile.

use super::crates::Crate;
use super::scan::{Item, Kind};

impl Crate {
    pub(super) fn is_shown(&self, module: usize, item: &Item) -> bool {
        if !item.example.is_empty() {
            return true;
        }
        match item.kind {
            Kind::Type => {
                self.examples_named(module, item).next().is_some()
                    || self
                        .parents(module, &item.name)
                        .any(|parent| names(&parent.example, &item.name))
                    || names(&self.modules[self.modules[module].page].example, &item.name)
            }
            Kind::Function => self.is_called(module, item),
        }
    }

    fn is_called(&self, module: usize, item: &Item) -> bool {
        let owner = item.owner.as_deref();
        let is_in = |text: &str| calls(text, item);
        if self.examples_named(module, item).any(is_in) {
            return true;
        }
        if let Some(owner) = owner {
            let page = self.modules[module].page;
            let on_page = self.items.iter().filter(|(at, other)| {
                let is_owner = other.kind == Kind::Type && other.name == owner;
                let is_sibling = other.owner.as_deref() == Some(owner);
                (is_owner || is_sibling) && self.modules[*at].page == page
            });
            let of_type = on_page.flat_map(|(at, other)| {
                std::iter::once(other.example.as_str()).chain(self.examples_named(*at, other))
            });
            let of_parents = self
                .parents(module, owner)
                .map(|parent| parent.example.as_str());
            let of_traits = self.traits.iter().filter(|(name, _)| name == owner);
            let of_traits = of_traits
                .flat_map(|(_, of)| self.types(module, of).map(|found| found.example.as_str()));
            if of_type.chain(of_parents).chain(of_traits).any(is_in) {
                return true;
            }
        }
        // Further away, a method of that name may be another type's.
        let is_only = || {
            self.items
                .iter()
                .filter(|(_, other)| other.name == item.name)
                .count()
                == 1
        };
        let is_meant = |text: &str| owner.is_none_or(|owner| names(text, owner)) || is_only();
        self.pages(module).any(|text| is_in(text) && is_meant(text))
    }

    /// The examples of the public modules that an item is in, up to the crate's.
    fn pages(&self, module: usize) -> impl Iterator<Item = &str> {
        let above = |module: &usize| self.modules[*module].parent;
        std::iter::successors(Some(module), above)
            .filter(|at| self.modules[*at].page == *at)
            .map(|at| self.modules[at].example.as_str())
    }

    /// The examples that a comment names.
    fn examples_named<'a>(
        &'a self,
        module: usize,
        item: &'a Item,
    ) -> impl Iterator<Item = &'a str> {
        let targets = item.see.iter().flat_map(move |target| {
            let mut segments = target.rsplit("::");
            let name = segments.next().unwrap_or_default();
            let owner = match segments.next() {
                Some("Self") => item.owner.as_deref().or(Some(item.name.as_str())),
                other => other.filter(|owner| owner.starts_with(char::is_uppercase)),
            };
            let items = self.nearest(module, name, owner).into_iter();
            let items = items.map(|found| found.example.as_str());
            items.chain(self.module(name))
        });
        targets.filter(|example| !example.is_empty())
    }

    /// The items of that name, those on the same page if there are any.
    fn nearest<'a>(&'a self, module: usize, name: &str, owner: Option<&str>) -> Vec<&'a Item> {
        let page = self.modules[module].page;
        let named = self.items.iter().filter(|(_, item)| {
            item.name == name
                && (item.owner.as_deref() == owner || (owner.is_none() && item.kind == Kind::Type))
        });
        let (near, far): (Vec<_>, Vec<_>) =
            named.partition(|(at, _)| self.modules[*at].page == page);
        let found = if near.is_empty() { far } else { near };
        found.into_iter().map(|(_, item)| item).collect()
    }

    /// The example of the public module of that name.
    fn module(&self, name: &str) -> Option<&str> {
        let is_it = |place: &str| {
            let place = place.strip_suffix("/mod.rs").or(place.strip_suffix(".rs"));
            place.is_some_and(|place| place.rsplit('/').next() == Some(name))
        };
        let mut modules = self.modules.iter().enumerate();
        let found = modules.find(|(at, module)| module.page == *at && is_it(&module.place));
        found.map(|(_, module)| module.example.as_str())
    }

    fn types<'a>(&'a self, module: usize, name: &str) -> impl Iterator<Item = &'a Item> {
        self.nearest(module, name, None)
            .into_iter()
            .filter(|item| item.kind == Kind::Type)
    }

    /// The types on the same page that have a field or a variant of this type.
    fn parents<'a>(&'a self, module: usize, name: &'a str) -> impl Iterator<Item = &'a Item> {
        let page = self.modules[module].page;
        let all = self.items.iter().filter(move |(at, item)| {
            item.kind == Kind::Type && item.name != name && self.modules[*at].page == page
        });
        all.map(|(_, item)| item)
            .filter(move |item| names(&item.body, name))
    }
}

/// Whether a text has this word.
fn names(text: &str, name: &str) -> bool {
    words(text, name).next().is_some()
}

/// Where a text has this word: what stands before it, and what behind.
fn words<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).filter_map(move |(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        (!before.ends_with(is_part) && !after.starts_with(is_part)).then_some((before, after))
    })
}

/// Whether a text calls a function, or hands it on by its path.
fn calls(text: &str, item: &Item) -> bool {
    words(text, &item.name).any(|(before, after)| {
        let is_call = after.starts_with('(') || after.starts_with("::<");
        match &item.owner {
            None => is_call && !before.ends_with('.'),
            Some(_) if item.is_method && before.ends_with('.') => is_call,
            Some(owner) => path_before(before).is_some_and(|of| of == owner),
        }
    })
}

/// The type of `Type::<T>::` that a text ends with.
fn path_before(text: &str) -> Option<&str> {
    let text = text.strip_suffix("::")?;
    let text = match text.strip_suffix('>') {
        Some(generic) => generic.rsplit_once('<')?.0.trim_end_matches("::"),
        None => text,
    };
    text.rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

#[cfg(test)]
mod tests {
    use super::super::crates::Module;
    use super::super::scan::scan;
    use super::*;

    /// What is shown of a crate of one file.
    fn shown(text: &str) -> Vec<(String, bool)> {
        let file = scan(text);
        let module = Module {
            place: "lib.rs".to_owned(),
            page: 0,
            parent: None,
            example: file.example,
        };
        let read = Crate {
            modules: vec![module],
            items: file.items.into_iter().map(|item| (0, item)).collect(),
            traits: file.traits,
        };
        let judged = read
            .items
            .iter()
            .map(|(at, item)| (item.name.clone(), read.is_shown(*at, item)));
        judged.collect()
    }

    #[track_caller]
    fn assert_shown(text: &str, expected: &[(&str, bool)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, is)| ((*name).to_owned(), *is))
            .collect();
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn a_function_is_shown_where_its_type_is() {
        assert_shown(
            "/// ```\n/// let a = A::new().with(1);\n/// # a.secret();\n/// a.field;\n/// ```\npub struct A;\nimpl A {\n\
             \x20   pub fn new() {}\n    pub fn with(self) {}\n    pub fn secret(&self) {}\n    pub fn field(&self) {}\n}\n\
             pub struct B;\nimpl B {\n    pub fn new() {}\n    pub fn with(self) {}\n}\n",
            &[
                ("A", true),
                ("new", true),
                ("with", true),
                ("secret", false),
                ("field", false),
                ("B", false),
                ("new", false),
                ("with", false),
            ],
        );
    }

    #[test]
    fn a_type_is_shown_by_its_module_its_parent_or_a_link() {
        assert_shown(
            "//! ```\n//! use a::A;\n//! free();\n//! ```\npub struct A;\npub struct Part;\npub enum Other {\n    Of(Part),\n}\n\
             /// ```\n/// let Parts { part: Part(1) } = parts;\n/// ```\npub struct Parts {\n    pub part: Part,\n    pub more: More,\n}\n\
             pub struct More;\n/// For an example see [`Parts`].\npub struct Linked;\n/// For an example see [`Nowhere`].\npub struct Lost;\n\
             pub fn free() {}\npub fn unused() {}\n",
            &[
                ("A", true),
                ("Part", true),
                ("Other", false),
                ("Parts", true),
                ("More", false),
                ("Linked", true),
                ("Lost", false),
                ("free", true),
                ("unused", false),
            ],
        );
    }

    #[test]
    fn far_away_a_method_must_be_the_types_own() {
        assert_shown(
            "//! ```\n//! A::new().with(1).only(2);\n//! ```\npub struct A;\nimpl A {\n    pub fn new() {}\n    pub fn with(self) {}\n}\n\
             pub struct B;\nimpl B {\n    pub fn new() {}\n    pub fn with(self) {}\n    pub fn only(self) {}\n}\n",
            &[
                ("A", true),
                ("new", true),
                ("with", true),
                ("B", false),
                ("new", false),
                ("with", false),
                ("only", true),
            ],
        );
    }
}
