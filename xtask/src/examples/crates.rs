//! The public items of a crate: its files, as its modules bring them in.

use std::fs;
use std::path::{Path, PathBuf};

use super::scan::{Child, Item, Kind, scan};

/// A file of a crate.
pub(super) struct Module {
    /// Its path below `src`.
    pub(super) place: String,
    /// The module that it is seen in: itself, or the nearest above that is public.
    pub(super) page: usize,
    pub(super) parent: Option<usize>,
    /// The code that its comment shows.
    pub(super) example: String,
}

#[derive(Default)]
pub(super) struct Crate {
    pub(super) modules: Vec<Module>,
    /// Each with its module.
    pub(super) items: Vec<(usize, Item)>,
    /// Which type has which trait.
    pub(super) traits: Vec<(String, String)>,
}

impl Crate {
    /// Reads a crate; one without a library has no public items.
    ///
    /// # Errors
    /// A file can't be read.
    pub(super) fn read(src: &Path) -> Result<Self, String> {
        let mut read = Self::default();
        let lib = src.join("lib.rs");
        if lib.exists() {
            read.add(src, &lib, None, true)?;
        }
        Ok(read)
    }

    fn add(
        &mut self,
        src: &Path,
        path: &Path,
        parent: Option<usize>,
        is_public: bool,
    ) -> Result<(), String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = scan(&text);
        let index = self.modules.len();
        let page = match parent {
            Some(parent) if !is_public => self.modules[parent].page,
            _ => index,
        };
        let place = path.strip_prefix(src).unwrap_or(path);
        self.modules.push(Module {
            place: place.to_string_lossy().replace('\\', "/"),
            page,
            parent,
            example: file.example,
        });
        self.items
            .extend(file.items.into_iter().map(|item| (index, item)));
        self.traits.extend(file.traits);
        for child in file.children.iter().filter(|child| !child.is_hidden) {
            if let Some(found) = find(path, child) {
                self.add(src, &found, Some(index), child.is_public)?;
            }
        }
        Ok(())
    }

    /// How many items of a kind have an example, and how many there are.
    pub(super) fn share(&self, kind: Kind) -> (usize, usize) {
        let of_kind = || {
            self.items
                .iter()
                .filter(|(_, item)| item.kind == kind && item.is_counted)
        };
        (
            of_kind()
                .filter(|(module, item)| self.is_shown(*module, item))
                .count(),
            of_kind().count(),
        )
    }

    /// The items that have no example: file, type, name.
    pub(super) fn missing(&self) -> Vec<String> {
        let missing = self
            .items
            .iter()
            .filter(|(module, item)| item.is_counted && !self.is_shown(*module, item));
        let mut names: Vec<_> = missing
            .map(|(module, item)| {
                let owner = item
                    .owner
                    .as_ref()
                    .map_or_else(String::new, |owner| format!("{owner}::"));
                format!("{}: {owner}{}", self.modules[*module].place, item.name)
            })
            .collect();
        names.sort();
        names
    }
}

/// The file of a module that another names.
fn find(parent: &Path, child: &Child) -> Option<PathBuf> {
    let folder = match parent.file_stem()?.to_str()? {
        "lib" | "mod" | "main" => parent.parent()?.to_owned(),
        stem => parent.parent()?.join(stem),
    };
    let candidates = [
        folder.join(format!("{}.rs", child.name)),
        folder.join(&child.name).join("mod.rs"),
    ];
    candidates.into_iter().find(|path| path.exists())
}
