//! Stands before the compilers of a build, and writes down how much processor time each crate takes.
//!
//! Time of the processor and not of the clock: it hardly depends on what else a machine does.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::{env, fs};

/// Names the file to write to; where it is set, this program is a compiler.
pub(crate) const LOG: &str = "KWA_COMPILE_LOG";

/// What Linux counts processor time in, per second, on every machine.
const TICKS: f64 = 100.0;

/// Sets what makes cargo and build scripts compile through this program, and what gives the profiles their defaults.
pub(super) fn record(command: &mut Command, log: &Path, place: &Path) -> Result<(), String> {
    let ourselves = env::current_exe().map_err(|error| format!("this program's path: {error}"))?;
    // Build scripts start a C compiler by name, and its name is all that tells it from rustc.
    let cc = place.join("cc");
    if !cc.exists() {
        fs::copy(&ourselves, &cc).map_err(|error| format!("{}: {error}", cc.display()))?;
    }
    command
        .env(LOG, log)
        .env("RUSTC_WRAPPER", ourselves)
        .env("CC", cc)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "2")
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env_remove("RUSTFLAGS");
    Ok(())
}

/// Compiles as it was told to, and adds a line to the log.
pub(crate) fn compile(log: &OsStr) -> ExitCode {
    let mut arguments = env::args_os();
    let called = PathBuf::from(arguments.next().unwrap_or_default());
    let is_c = called.file_stem() == Some(OsStr::new("cc"));
    let program = match is_c {
        true => OsString::from("cc"),
        // cargo gives rustc's path as the first argument.
        false => arguments.next().unwrap_or_default(),
    };
    let arguments: Vec<OsString> = arguments.collect();
    let status = Command::new(&program).args(&arguments).status();
    let unit = match is_c {
        true => env::var_os("OUT_DIR").and_then(|folder| unit_of(Path::new(&folder))),
        false => unit_compiled(&arguments),
    };
    if let Some(unit) = unit
        && status.as_ref().is_ok_and(ExitStatus::success)
        && let Err(error) = note(log, &unit)
    {
        eprintln!("what {unit} took can't be noted: {error}");
        return ExitCode::FAILURE;
    }
    match status {
        Ok(status) => ExitCode::from(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(1),
        ),
        Err(error) => {
            eprintln!("{}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}

/// One line, which the system appends as a whole.
fn note(log: &OsStr, unit: &str) -> Result<(), String> {
    let stat = fs::read_to_string("/proc/self/stat");
    let stat = stat.map_err(|error| format!("/proc/self/stat: {error}; this needs Linux"))?;
    let ticks = ticks_of_children(&stat).ok_or("/proc/self/stat is of another form")?;
    let file = fs::OpenOptions::new().create(true).append(true).open(log);
    let written = file.and_then(|mut file| file.write_all(format!("{unit} {ticks}\n").as_bytes()));
    written.map_err(|error| format!("{}: {error}", log.display()))
}

/// User and system time of the children that have ended, which follow the program's own.
fn ticks_of_children(stat: &str) -> Option<u64> {
    // The name of the program may have any characters, and ends at the last parenthesis.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// What cargo compiles: the part of the file names that stands for the crate with its features and its profile.
fn unit_compiled(arguments: &[OsString]) -> Option<String> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    let extra = arguments.find_map(|argument| argument.strip_prefix("extra-filename=-"))?;
    Some(extra.to_owned())
}

/// The same of a file or a folder that cargo has made.
pub(super) fn unit_of(path: &Path) -> Option<String> {
    let in_name = |name: &OsStr| {
        let stem = name.to_str()?.split('.').next()?;
        let (_, unit) = stem.rsplit_once('-')?;
        let is_unit = unit.len() == 16 && unit.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_unit.then(|| unit.to_owned())
    };
    // Build scripts and what they make lie in a folder that is named so.
    let folder = || path.parent()?.file_name().and_then(in_name);
    path.file_name().and_then(in_name).or_else(folder)
}

/// Seconds by unit.
pub(super) fn recorded(log: &Path) -> Result<HashMap<String, f64>, String> {
    let text = fs::read_to_string(log).map_err(|error| format!("{}: {error}", log.display()))?;
    Ok(sums(&text))
}

fn sums(log: &str) -> HashMap<String, f64> {
    let mut seconds = HashMap::new();
    for line in log.lines() {
        if let Some((unit, ticks)) = line.split_once(' ') {
            let ticks: f64 = ticks.parse().unwrap_or_default();
            *seconds.entry(unit.to_owned()).or_default() += ticks / TICKS;
        }
    }
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_children_count_and_the_program_does_not() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 9 9 0 0 11 22 300 40 20 0 1 0 5 6 7\n";
        assert_eq!(ticks_of_children(stat), Some(340));
    }

    #[test]
    fn a_unit_is_known_by_its_files() {
        for path in [
            "t/debug/deps/libserde-0123456789abcdef.rlib",
            "t/debug/build/serde-0123456789abcdef/build-script-build",
            "t/debug/build/ring-0123456789abcdef/out",
        ] {
            let unit = unit_of(Path::new(path));
            assert_eq!(unit.as_deref(), Some("0123456789abcdef"), "{path}");
        }
        assert_eq!(unit_of(Path::new("t/debug/whatsapp-business")), None);
        let arguments = ["-C", "extra-filename=-0123456789abcdef"].map(OsString::from);
        assert_eq!(
            unit_compiled(&arguments).as_deref(),
            Some("0123456789abcdef")
        );
    }

    #[test]
    fn what_is_compiled_piece_by_piece_is_added_up() {
        assert_eq!(
            sums("a 150\nb 25\na 50\n"),
            HashMap::from([("a".to_owned(), 2.0), ("b".to_owned(), 0.25)])
        );
    }
}
