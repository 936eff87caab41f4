//! The crate's modules build on each other in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// From the bottom to the top: a module uses those before it only.
const LAYERS: [&str; 19] = [
    "base64",
    "chance",
    "time",
    "ids",
    "model",
    "callback",
    "delivery",
    "fault",
    "journal",
    "state",
    "rules",
    "core",
    "why",
    "transcript",
    "server",
    "simulator",
    "builder",
    "play",
    "chat",
];

/// Which other modules of the crate each module names.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    fn read(folder: &Path, module: Option<&str>, uses: &mut BTreeMap<String, BTreeSet<String>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let module = module.unwrap_or(&name);
            if path.is_dir() {
                read(&path, Some(module), uses);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            for named in code.flat_map(|line| line.split("crate::").skip(1)) {
                let end =
                    named.find(|sign: char| !sign.is_ascii_lowercase() && !sign.is_ascii_digit());
                let named = &named[..end.unwrap_or(named.len())];
                if named != module && !named.is_empty() {
                    uses.entry(module.to_owned())
                        .or_default()
                        .insert(named.to_owned());
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&source, None, &mut found);
    found
}

#[test]
fn modules_use_those_below_them_only() {
    let uses = uses();
    assert!(uses["chat"].contains("play"), "{uses:?}");
    let place = |module: &str| {
        let place = LAYERS.iter().position(|layer| *layer == module);
        place.unwrap_or_else(|| panic!("{module} has no place among the layers"))
    };
    for (module, used) in &uses {
        for used in used {
            assert!(
                place(used) < place(module),
                "{module} uses {used}, which is above it"
            );
        }
    }
}
