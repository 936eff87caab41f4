//! Times ways of doing the same thing against each other.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One way of doing it.
pub struct Way<'a> {
    /// What it is called in the table.
    pub name: &'static str,
    /// Does it once.
    pub run: Box<dyn Fn() + 'a>,
}

impl<'a> Way<'a> {
    /// A way that produces something, which the compiler must not optimise away.
    pub fn new<T>(name: &'static str, run: impl Fn() -> T + 'a) -> Self {
        Self {
            name,
            run: Box::new(move || drop(black_box(run()))),
        }
    }
}

/// What a way took.
pub struct Figures {
    /// The way.
    pub name: &'static str,
    /// The median time of one run.
    pub time: Duration,
}

/// How many rounds; in each, every way has its turn.
const ROUNDS: usize = 101;
/// How long a turn lasts, about.
const TURN: Duration = Duration::from_millis(2);

/// Times the ways in turn and takes the median of each.
pub fn compare(ways: &[Way<'_>]) -> Vec<Figures> {
    let counts: Vec<u32> = ways.iter().map(runs_per_turn).collect();
    let mut times: Vec<Vec<Duration>> = ways.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (index, way) in ways.iter().enumerate() {
            times[index].push(turn(way, counts[index]) / counts[index]);
        }
    }
    let figures = ways.iter().zip(times).map(|(way, mut times)| {
        times.sort_unstable();
        Figures {
            name: way.name,
            time: times[ROUNDS / 2],
        }
    });
    figures.collect()
}

fn runs_per_turn(way: &Way<'_>) -> u32 {
    let mut count = 1;
    loop {
        let time = turn(way, count);
        if time >= TURN {
            return count;
        }
        count *= 2;
    }
}

fn turn(way: &Way<'_>, count: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        (way.run)();
    }
    start.elapsed()
}
