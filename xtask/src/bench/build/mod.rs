//! `cargo xtask bench build`: what it costs to build a program on each of the crates, beside what one would use instead.

mod cost;
mod programs;
pub(crate) mod recorder;
mod revision;

/// Builds a program on each crate; or, with a revision, one on the types here and there.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run(revision: Option<&str>) -> Result<(), String> {
    match revision {
        Some(revision) => revision::run(revision),
        None => cost::run(),
    }
}
