//! What people do to the repository: `cargo xtask demo`, `test`, `tidy`, `check`, `release`, `examples`, `pictures`, `bench` and
//! `prove`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to the person who typed it"
)]

mod bench;
mod cargo;
mod corpus;
mod examples;
mod outside;
mod page;
mod prove;
mod release;
mod steps;
mod terminal;
mod test;
mod tidy;
mod trust;

use std::env;
use std::io::{self, Write};
use std::process::{Command, ExitCode};

/// Exit code for a command line that makes no sense.
const USAGE_ERROR: u8 = 2;

fn main() -> ExitCode {
    if let Some(log) = env::var_os(bench::recorder::LOG) {
        return bench::recorder::compile(&log);
    }
    let args: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => return misused("a command is missing"),
    };
    match command {
        // Everything after `demo` belongs to the demo, `--help` too.
        "demo" => demo(rest),
        "-h" | "--help" | "help" => helped(),
        _ if rest.iter().any(|arg| arg == "-h" || arg == "--help") => helped(),
        "test" => match steps::named(rest) {
            Ok(steps) => test::run(&steps),
            Err(unknown) => misused(&format!("there is no step `{unknown}`")),
        },
        "tidy" if rest.is_empty() => ended("tidy", tidy::run()),
        "tidy" => misused("`tidy` takes no arguments"),
        "check" => match trust::named(rest) {
            Ok(checks) => ended("check", trust::run_all(&checks)),
            Err(unknown) => misused(&format!("there is no check `{unknown}`")),
        },
        "release" => match rest {
            [flag] if flag == "--dry-run" => ended("release", release::rehearse()),
            _ => misused("`release` only rehearses: `release --dry-run` (docs/releasing.md)"),
        },
        "examples" => match rest {
            [] => ended("examples", examples::run(None)),
            [krate] => ended("examples", examples::run(Some(krate))),
            _ => misused("`examples` takes the name of one crate at most"),
        },
        "pictures" => match rest {
            [] => ended(
                "pictures",
                terminal::picture().and_then(|()| page::pictures()),
            ),
            [which] if which == "terminal" => ended("pictures", terminal::picture()),
            [which] if which == "page" => ended("pictures", page::pictures()),
            _ => misused("`pictures` takes `terminal` or `page`, or nothing for both"),
        },
        "bench" => match rest {
            [name] | [name, _] => match bench::named(name) {
                Some(bench) => ended(bench.name, (bench.run)(rest.get(1).map(String::as_str))),
                None => misused(&format!("there is no bench `{name}`")),
            },
            _ => misused("`bench` takes the name of one bench, and `build` a revision"),
        },
        "prove" => match rest {
            [name] => match prove::named(name) {
                Some(proof) => ended(proof.name, proof.run()),
                None => misused(&format!("there is no proof `{name}`")),
            },
            _ => misused("`prove` takes the name of one proof"),
        },
        other => misused(&format!("there is no command `{other}`")),
    }
}

/// Runs the command line tool's demo and passes its exit code on.
fn demo(args: &[String]) -> ExitCode {
    match steps::demo_command().args(args).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("demo: cargo did not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ended(name: &str, outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{name}: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn helped() -> ExitCode {
    ended("help", say(&usage()))
}

/// Prints a text; a reader that has seen enough (`| head`) is no error.
fn say(text: &str) -> Result<(), String> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("stdout: {error}")),
        _ => Ok(()),
    }
}

fn misused(reason: &str) -> ExitCode {
    eprint!("error: {reason}\n\n{}", usage());
    ExitCode::from(USAGE_ERROR)
}

fn usage() -> String {
    let mut text = String::from(
        "What people do to this repository.

Usage: cargo xtask COMMAND

  demo [ARGS...]   watch it work: a simulated Kaleyra, a webhook and a bot talk on this machine
                   (it keeps running; `demo --once` plays the scene, checks it and ends)
  test [STEP...]   everything that must hold before a change is shared, or only the named steps
  tidy             the architecture's rules alone: layers, crate budgets, module docs, examples, manifests
  check [CHECK...] what is asked before depending on the crates; each needs a tool, and says which
  release --dry-run
                   whether a release could be made now, and what is still to be done
  examples [CRATE] how many public items have an example; of one crate, which have none
  pictures [terminal|page]
                   takes the README's pictures anew
  bench BENCH      what the crates cost beside what one would use instead
  prove PROOF      what the tests show in small, in large

Steps of `test`, in their order:

",
    );
    for step in steps::ALL {
        text.push_str(&format!("  {:<9} {}\n", step.name, step.about));
    }
    text.push_str("\nChecks of `check`:\n\n");
    for check in trust::ALL {
        text.push_str(&format!("  {:<10} {}\n", check.name, check.about));
    }
    text.push_str("\nBenches of `bench`:\n\n");
    for bench in bench::ALL {
        text.push_str(&format!("  {:<9} {}\n", bench.name, bench.about));
    }
    text.push_str("\nProofs of `prove`:\n\n");
    for proof in prove::ALL {
        text.push_str(&format!("  {:<9} {}\n", proof.name, proof.about));
    }
    text.push_str(
        "
Examples:

  cargo xtask demo --once
  cargo xtask test
  cargo xtask test clippy tidy
  cargo xtask check unused powerset
  cargo xtask bench types
",
    );
    text
}

/// The whole of a command as one would type it.
fn typed(command: &Command) -> String {
    let program = command.get_program();
    let name = std::path::Path::new(program)
        .file_stem()
        .unwrap_or(program)
        .to_string_lossy();
    let args = command
        .get_args()
        .map(|arg| format!(" {}", arg.to_string_lossy()));
    std::iter::once(name.into_owned()).chain(args).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_names_every_step_bench_and_proof() {
        let usage = usage();
        let steps = steps::ALL.iter().map(|step| step.name);
        let others = bench::ALL.iter().map(|bench| bench.name);
        let others = others.chain(prove::ALL.iter().map(|proof| proof.name));
        let others = others.chain(trust::ALL.iter().map(|check| check.name));
        for name in steps.chain(others) {
            assert!(usage.contains(&format!("\n  {name} ")), "{name}: {usage}");
        }
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("cargo");
        command.args(["fmt", "--all"]);
        assert_eq!(typed(&command), "cargo fmt --all");
    }
}
