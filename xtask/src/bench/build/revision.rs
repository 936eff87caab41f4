//! What a program that only names the types takes to build, beside an earlier revision of them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::cargo::{capture, cargo, root, target_dir};

/// The program: it reads a callback and writes a message, and no more.
const PROGRAM: &str = include_str!("programs/types.rs");

/// What one revision takes.
struct Figures {
    debug: Duration,
    binary: u64,
    llvm_lines: usize,
}

/// Builds the program with the types as they are here, and as they were at a revision.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run(revision: &str) -> Result<(), String> {
    let place = target_dir().join("bench-build");
    let earlier = Checkout::of(revision, &place)?;
    let then = measure(earlier.path(), &place.join("then"))?;
    let now = measure(root(), &place.join("now"))?;
    print!("{}", table(revision, &then, &now));
    Ok(())
}

fn table(revision: &str, then: &Figures, now: &Figures) -> String {
    let mut table = format!("{:<28}{revision:>12}{:>12}{:>8}\n", "", "here", "ratio");
    let mut row = |name: &str, then: f64, now: f64, digits: usize| {
        // Writing to a `String` never fails.
        let _ = writeln!(
            table,
            "{name:<28}{then:>12.digits$}{now:>12.digits$}{:>8.2}",
            now / then
        );
    };
    row(
        "debug build, s",
        then.debug.as_secs_f64(),
        now.debug.as_secs_f64(),
        1,
    );
    row(
        "binary, MB",
        then.binary as f64 / 1e6,
        now.binary as f64 / 1e6,
        1,
    );
    row(
        "LLVM lines of the types",
        then.llvm_lines as f64,
        now.llvm_lines as f64,
        0,
    );
    table
}

/// Builds the program in a folder of its own, from nothing; what others made of the same crates does not count.
fn measure(tree: &Path, place: &Path) -> Result<Figures, String> {
    let program = place.join("program");
    let target = place.join("target");
    // It may not be there.
    let _ = fs::remove_dir_all(place);
    let types = tree.join("crates/kaleyra-wa-types");
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nkaleyra-wa-types = {{ path = {types:?} }}\n\n[workspace]\n"
    );
    // The first releases have another name for the module.
    let code = match types.join("src/inbound").exists() {
        true => PROGRAM.to_owned(),
        false => PROGRAM.replace("inbound", "callback"),
    };
    written(&program.join("src/main.rs"), &code)?;
    written(&program.join("Cargo.toml"), &manifest)?;
    fs::copy(tree.join("Cargo.lock"), program.join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let start = |arguments: &[&str]| {
        let mut command = cargo(arguments.iter().copied());
        command
            .current_dir(&program)
            .env("CARGO_TARGET_DIR", &target)
            .env_remove("RUSTFLAGS");
        command
    };
    capture(&mut start(&["fetch"]))?;
    let begun = Instant::now();
    capture(&mut start(&["build"]))?;
    let debug = begun.elapsed();
    let binary = target.join(format!("debug/program{}", env::consts::EXE_SUFFIX));
    let binary = fs::metadata(&binary)
        .map_err(|error| format!("{}: {error}", binary.display()))?
        .len();
    let to_llvm = [
        "rustc",
        "--package",
        "kaleyra-wa-types",
        "--lib",
        "--",
        "--emit=llvm-ir",
    ];
    let plain = [
        "-Cdebuginfo=0",
        "-Ccodegen-units=1",
        "-Cno-prepopulate-passes",
    ];
    capture(&mut start(&[&to_llvm[..], &plain].concat()))?;
    let llvm_lines = llvm_lines(&target.join("debug/deps"))?;
    Ok(Figures {
        debug,
        binary,
        llvm_lines,
    })
}

/// The lines within functions of what the types become, before anything is optimised.
fn llvm_lines(folder: &Path) -> Result<usize, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let texts = paths.filter(|path| path.extension().is_some_and(|end| end == "ll"));
    let texts: Vec<String> = texts
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    match texts.is_empty() {
        true => Err("the compiler wrote no LLVM code".to_owned()),
        false => Ok(texts.iter().map(|text| lines_in_functions(text)).sum()),
    }
}

fn lines_in_functions(text: &str) -> usize {
    let mut is_inside = false;
    let mut count = 0;
    for line in text.lines() {
        match line {
            "}" => is_inside = false,
            _ if line.starts_with("define ") => is_inside = true,
            _ if is_inside && line.starts_with("  ") => count += 1,
            _ => {}
        }
    }
    count
}

fn written(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// A revision, checked out beside.
struct Checkout(PathBuf);

impl Checkout {
    fn of(revision: &str, place: &Path) -> Result<Self, String> {
        let checkout = Self(place.join("earlier"));
        // One that was left behind.
        let _ = checkout.remove();
        fs::create_dir_all(place).map_err(|error| format!("{}: {error}", place.display()))?;
        let mut command = git();
        command
            .args(["worktree", "add", "--detach", "--force"])
            .arg(checkout.path())
            .arg(revision);
        capture(&mut command)?;
        Ok(checkout)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn remove(&self) -> Result<String, String> {
        capture(git().args(["worktree", "remove", "--force"]).arg(&self.0))
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // What is left is in the target folder, and is overwritten next time.
        let _ = self.remove();
    }
}

fn git() -> Command {
    let mut command = Command::new("git");
    command.current_dir(root());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_outside_of_functions_do_not_count() {
        let text = "; a comment\n  no\ndefine void @a() {\nstart:\n  br label %b\n\nb:\n  ret void\n}\n  no\n!0 = !{}\n";
        assert_eq!(lines_in_functions(text), 2);
    }

    #[test]
    fn the_table_stands_under_its_heading() {
        let figures = |debug, binary, llvm_lines| Figures {
            debug: Duration::from_secs(debug),
            binary,
            llvm_lines,
        };
        let expect = "                                 3c9967f        here   ratio\n\
                      debug build, s                      40.0        20.0    0.50\n\
                      binary, MB                          95.0        19.0    0.20\n\
                      LLVM lines of the types          2000000      300000    0.15\n";
        assert_eq!(
            table(
                "3c9967f",
                &figures(40, 95_000_000, 2_000_000),
                &figures(20, 19_000_000, 300_000)
            ),
            expect
        );
    }
}
