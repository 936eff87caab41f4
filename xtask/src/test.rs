//! Runs steps in order, stops at the first that fails, and says what each took.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::steps::Step;

/// Runs the steps, then prints a table of their seconds.
pub(crate) fn run(steps: &[&Step]) -> ExitCode {
    let mut taken = Vec::new();
    let mut failure = None;
    for step in steps {
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let outcome = (step.run)();
        taken.push((step.name, start.elapsed()));
        if let Err(reason) = outcome {
            failure = Some((step.name, reason));
            break;
        }
    }
    print!("\n{}", table(&taken));
    match failure {
        None => {
            println!("\nAll good.");
            ExitCode::SUCCESS
        }
        Some((name, reason)) => {
            eprintln!("\n{name}: {reason}\nThis step alone: cargo xtask test {name}");
            ExitCode::FAILURE
        }
    }
}

fn table(taken: &[(&str, Duration)]) -> String {
    let total = ("total", taken.iter().map(|(_, time)| *time).sum());
    let mut text = String::from("step       seconds\n");
    for (name, time) in taken.iter().chain([&total]) {
        text.push_str(&format!("{name:<10} {:>7.1}\n", time.as_secs_f64()));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_table_adds_up() {
        let taken = [
            ("fmt", Duration::from_millis(300)),
            ("clippy", Duration::from_millis(12_250)),
        ];
        let expect = "step       seconds\n\
                      fmt            0.3\n\
                      clippy        12.2\n\
                      total         12.6\n";
        assert_eq!(table(&taken), expect);
    }

    #[test]
    fn the_first_failure_stops_the_rest() {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        let fails = Step {
            name: "fails",
            about: "a step that fails",
            run: || {
                RUNS.fetch_add(1, Ordering::Relaxed);
                Err("as it should".to_owned())
            },
        };
        assert_eq!(run(&[&fails, &fails]), ExitCode::FAILURE);
        assert_eq!(RUNS.load(Ordering::Relaxed), 1);
    }
}
