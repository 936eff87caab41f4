//! Builds the programs from nothing, each crate once, and prints what each of them takes.
//!
//! A crate that several programs have with the same features is compiled once, and counts for each.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

use super::programs::{self, Program};
use super::recorder::{record, recorded, unit_of};
use crate::cargo::{capture, cargo, root, target_dir};
use crate::trust::{Package, published};

/// The command line tool is a program already.
const TOOL: &str = "kaleyra-wa-cli";

/// Features for tests of the crates themselves.
const OUR_OWN: &[&str] = &["crash-points"];

/// What a program takes.
struct Cost {
    /// Crates that are compiled, build scripts' and macros' own too.
    crates: usize,
    seconds: f64,
    /// Bytes of the executable.
    binary: u64,
}

/// Where the programs are, and what is built of them.
struct Place(PathBuf);

/// Builds the programs, and prints both tables.
pub(super) fn run() -> Result<(), String> {
    let place = Place(target_dir().join("bench-cost"));
    if env::var_os("KWA_BENCH_GO_ON").is_none() && place.0.exists() {
        fs::remove_dir_all(&place.0).map_err(|error| format!("{}: {error}", place.0.display()))?;
    }
    let packages = published()?;
    let programs = programs::all();
    let of_features = features(&packages);
    let with_features = of_features.iter().flat_map(|(base, features)| {
        let features = features.iter().map(|(_, program)| program);
        std::iter::once(base).chain(features)
    });
    place.write(programs.iter().chain(with_features))?;
    let mut names: Vec<&str> = programs
        .iter()
        .map(|program| program.name.as_str())
        .collect();
    names.push(TOOL);
    let debug = place.build_all(&names, "dev")?;
    let mut feature_rows = Vec::new();
    let whole = debug.first().ok_or("there is nothing to compare with")?;
    for (base, features) in &of_features {
        let without = place.build(&base.name, "dev")?;
        for (feature, program) in features {
            let with = place.build(&program.name, "dev")?;
            feature_rows.push(feature_row(program, feature, &without, &with, whole));
        }
    }
    println!("| crate | feature | crates | debug |\n| --- | --- | --- | --- |");
    println!("{}\n", feature_rows.join("\n"));
    let release = place.build_all(&names, "release")?;
    println!("{}", table(&names, &debug, &release)?);
    Ok(())
}

/// Each crate without features, and with each of them alone.
fn features(packages: &[Package]) -> Vec<(Program, Vec<(String, Program)>)> {
    let is_shown =
        |feature: &&String| *feature != "default" && !OUR_OWN.contains(&feature.as_str());
    let mut all = Vec::new();
    for package in packages {
        let features = package.features.iter().filter(is_shown);
        let features: Vec<_> = features
            .map(|feature| {
                (
                    feature.clone(),
                    programs::with_feature(package, Some(feature)),
                )
            })
            .collect();
        if !features.is_empty() {
            all.push((programs::with_feature(package, None), features));
        }
    }
    all
}

/// The first row is what the others are compared with.
fn table(names: &[&str], debug: &[Cost], release: &[Cost]) -> Result<String, String> {
    let (Some(debug_base), Some(release_base)) = (debug.first(), release.first()) else {
        return Err("there is nothing to compare with".to_owned());
    };
    let mut table = format!(
        "1.00 is {:.0} s of the processor for a debug build, and {:.0} s for a release build\n\n\
         | program on | crates | debug | release | binary, MB |\n| --- | --- | --- | --- | --- |\n",
        debug_base.seconds, release_base.seconds
    );
    for ((name, debug), release) in names.iter().zip(debug).zip(release) {
        // Writing to a `String` never fails.
        let _ = writeln!(
            table,
            "| {name} | {} | {:.2} | {:.2} | {:.1} |",
            debug.crates,
            debug.seconds / debug_base.seconds,
            release.seconds / release_base.seconds,
            release.binary as f64 / 1e6
        );
    }
    Ok(table)
}

fn feature_row(
    program: &Program,
    feature: &str,
    without: &Cost,
    with: &Cost,
    whole: &Cost,
) -> String {
    let package = program.name.strip_suffix(feature).unwrap_or(&program.name);
    format!(
        "| {} | `{feature}` | +{} | {:+.2} |",
        package.trim_end_matches('-'),
        with.crates.saturating_sub(without.crates),
        (with.seconds - without.seconds) / whole.seconds
    )
}

impl Place {
    /// Writes a workspace of all the programs: one lock file, so that all have the same versions.
    fn write<'a>(&self, programs: impl Iterator<Item = &'a Program>) -> Result<(), String> {
        let folder = self.programs();
        for program in programs {
            let Program {
                name,
                dependencies,
                code,
            } = program;
            let manifest = format!(
                "[package]\nname = \"on-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n",
                dependencies.join("\n")
            );
            written(&folder.join(name).join("Cargo.toml"), &manifest)?;
            written(&folder.join(name).join("src/main.rs"), code)?;
        }
        let workspace = "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n";
        written(&folder.join("Cargo.toml"), workspace)?;
        let lock = folder.join("Cargo.lock");
        if !lock.exists() {
            fs::copy(root().join("Cargo.lock"), &lock)
                .map_err(|error| format!("Cargo.lock: {error}"))?;
        }
        capture(cargo(["fetch"]).current_dir(&folder))?;
        Ok(())
    }

    fn programs(&self) -> PathBuf {
        self.0.join("programs")
    }

    fn build_all(&self, names: &[&str], profile: &str) -> Result<Vec<Cost>, String> {
        names.iter().map(|name| self.build(name, profile)).collect()
    }

    /// Builds a program, and adds up what all of its crates took, whenever they were compiled.
    fn build(&self, name: &str, profile: &str) -> Result<Cost, String> {
        let log = self.0.join("compiled");
        let is_tool = name == TOOL;
        let package = match is_tool {
            true => name.to_owned(),
            false => format!("on-{name}"),
        };
        let mut command = cargo([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
            "--profile",
            profile,
        ]);
        command.args(["--package", &package]);
        command.env("CARGO_TARGET_DIR", self.0.join("built"));
        if !is_tool {
            command.current_dir(self.programs());
        }
        record(&mut command, &log, &self.0)?;
        let messages = capture(&mut command)?;
        let seconds = recorded(&log)?;
        let mut packages = BTreeSet::new();
        let mut cost = Cost {
            crates: 0,
            seconds: 0.0,
            binary: 0,
        };
        for message in messages
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            let message: Value = message;
            let mut paths = message["filenames"].as_array().into_iter().flatten();
            let mut unit = paths.find_map(|path| unit_of(Path::new(path.as_str()?)));
            if let Some(folder) = message["out_dir"].as_str() {
                unit = unit_of(Path::new(folder));
            }
            if let Some(executable) = message["executable"].as_str() {
                let file = Path::new(executable);
                let data = fs::metadata(file).map_err(|error| format!("{executable}: {error}"))?;
                cost.binary = data.len();
                unit = linked_as(file);
            }
            if message["reason"] == "compiler-artifact" {
                packages.extend(message["package_id"].as_str().map(str::to_owned));
            }
            cost.seconds += unit.and_then(|unit| seconds.get(&unit)).unwrap_or(&0.0);
        }
        // The program itself is none that it brings along.
        cost.crates = packages.len().saturating_sub(1);
        let Cost {
            crates,
            seconds,
            binary,
        } = cost;
        eprintln!("{name}, {profile}: {crates} crates, {seconds:.1} s, {binary} bytes");
        Ok(cost)
    }
}

/// An executable lies beside the others as a second name of a file that is called after its unit.
fn linked_as(executable: &Path) -> Option<String> {
    let name = executable.file_stem()?.to_str()?.replace('-', "_");
    let deps = fs::read_dir(executable.parent()?.join("deps")).ok()?;
    let mut files = deps.filter_map(|file| Some(file.ok()?.path()));
    files.find_map(|file| {
        let stem = file.file_name()?.to_str()?;
        let is_ours = stem
            .rsplit_once('-')
            .is_some_and(|(start, _)| start == name);
        (is_ours && file.extension().is_none())
            .then(|| unit_of(&file))
            .flatten()
    })
}

fn written(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(crates: usize, seconds: f64, binary: u64) -> Cost {
        Cost {
            crates,
            seconds,
            binary,
        }
    }

    #[test]
    fn programs_stand_beside_the_base() {
        let debug = [cost(100, 40.0, 5_000_000), cost(105, 50.0, 9_000_000)];
        let release = [cost(100, 80.0, 4_000_000), cost(105, 120.0, 6_500_000)];
        let table = table(&["reqwest", "client"], &debug, &release).unwrap();
        assert!(
            table.contains("| reqwest | 100 | 1.00 | 1.00 | 4.0 |\n"),
            "{table}"
        );
        assert!(
            table.contains("| client | 105 | 1.25 | 1.50 | 6.5 |\n"),
            "{table}"
        );
    }

    #[test]
    fn a_feature_is_what_it_adds() {
        let package = published()
            .unwrap()
            .into_iter()
            .find(|package| package.name == "kaleyra-wa-webhook");
        let program = programs::with_feature(&package.unwrap(), Some("hmac"));
        let (without, with) = (cost(40, 20.0, 0), cost(43, 22.0, 0));
        assert_eq!(
            feature_row(&program, "hmac", &without, &with, &cost(100, 40.0, 0)),
            "| kaleyra-wa-webhook | `hmac` | +3 | +0.05 |"
        );
    }
}
