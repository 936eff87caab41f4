//! The architecture's rules that no other tool checks: what `ARCHITECTURE.md` says is absent is absent.

mod layers;
mod links;
mod manifests;
mod published;
mod sources;
mod trees;

use crate::cargo::root;
use crate::{examples, say};

pub(crate) use self::manifests::workspace_manifest;
pub(crate) use self::trees::{forbidden, packages_of};

/// Checks every rule, and prints every violation or else how much of each budget is used.
///
/// # Errors
/// How many violations there are, or why the rules could not be checked.
pub(crate) fn run() -> Result<(), String> {
    let mut violations = sources::check(root())?;
    violations.extend(manifests::check(root())?);
    violations.extend(published::check(root())?);
    violations.extend(links::check(root())?);
    violations.extend(layers::check()?);
    let (mut counts, over) = trees::check()?;
    violations.extend(over);
    let (examples, lacking) = examples::check()?;
    counts.extend(examples);
    violations.extend(lacking);
    let lines = if violations.is_empty() {
        &counts
    } else {
        &violations
    };
    say(&lines
        .iter()
        .map(|line| format!("{line}\n"))
        .collect::<String>())?;
    match violations.len() {
        0 => Ok(()),
        1 => Err("1 violation".to_owned()),
        count => Err(format!("{count} violations")),
    }
}
