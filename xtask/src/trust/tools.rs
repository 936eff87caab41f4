//! The tools and toolchains that checks need, and how to get them.

use std::process::Command;

use crate::cargo::{capture, cargo, has, root};
use crate::tidy::workspace_manifest;

/// Something that a check can't do without.
pub(super) enum Need {
    /// The toolchain of the declared Rust version.
    Msrv,
    Nightly,
    /// A subcommand of cargo, and the package that has it.
    Subcommand(&'static str, &'static str),
}

impl Need {
    /// One line that says what is missing and how to install it, if it is.
    pub(super) fn missing(&self) -> Option<String> {
        let toolchain = match self {
            Self::Subcommand(subcommand, package) => {
                return (!has(subcommand)).then(|| {
                    format!("{package} is not installed; install it with: cargo install --locked {package}")
                });
            }
            Self::Nightly => "nightly".to_owned(),
            Self::Msrv => match msrv() {
                Ok(version) => version,
                Err(reason) => return Some(reason),
            },
        };
        let found = capture(&mut rustup(&toolchain, ["--version"])).is_ok();
        (!found).then(|| {
            format!("Rust {toolchain} is not installed; install it with: rustup toolchain install {toolchain} --profile minimal")
        })
    }
}

/// The Rust version that the workspace declares.
///
/// # Errors
/// The manifest can't be read, or declares none.
pub(super) fn msrv() -> Result<String, String> {
    let manifest = workspace_manifest()?;
    let version = manifest["workspace"]["package"]["rust-version"].as_str();
    version
        .map(str::to_owned)
        .ok_or_else(|| "Cargo.toml declares no rust-version".to_owned())
}

/// Cargo of another toolchain, at the root of the repository.
pub(super) fn rustup<'a>(toolchain: &str, args: impl IntoIterator<Item = &'a str>) -> Command {
    // What `cargo` has cleaned from the environment is cleaned here as well.
    let like = cargo([]);
    let mut command = Command::new("rustup");
    command
        .args(["run", toolchain, "cargo"])
        .args(args)
        .current_dir(root());
    for (name, value) in like.get_envs() {
        if value.is_none() {
            command.env_remove(name);
        }
    }
    // Of the toolchain that started us.
    for name in ["CARGO", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    command
}

/// git, at the root of the repository.
pub(super) fn git<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("git");
    command.args(args).current_dir(root());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_comes_with_its_cure() {
        let need = Need::Subcommand("no-such-subcommand-here", "cargo-nothing");
        let said = need.missing().unwrap();
        assert!(
            said.ends_with("cargo install --locked cargo-nothing"),
            "{said}"
        );
    }

    #[test]
    fn the_declared_version_is_read() {
        let version = msrv().unwrap();
        assert!(version.starts_with("1."), "{version}");
    }
}
