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
    /// A way that produces something, which the compiler must not optimise away. It is dropped where it is: moving it about is
    /// not part of the way.
    pub fn new<T>(name: &'static str, run: impl Fn() -> T + 'a) -> Self {
        Self {
            name,
            run: Box::new(move || {
                black_box(&run());
            }),
        }
    }
}

/// What a way took.
pub struct Figures {
    /// The way.
    pub name: &'static str,
    /// The time of one run, in each round.
    rounds: Vec<Duration>,
}

impl Figures {
    /// Of what one run took, in each round.
    pub fn new(name: &'static str, rounds: Vec<Duration>) -> Self {
        Self { name, rounds }
    }

    /// The median time of one run.
    pub fn time(&self) -> Duration {
        let mut times = self.rounds.clone();
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// How much of the other's time it takes: the median of each round's ratio. A machine that is slower for a while slows
    /// both, and so tells nothing.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        let seconds = |rounds: &[Duration]| -> Vec<f64> {
            rounds.iter().map(Duration::as_secs_f64).collect()
        };
        median_ratio(&seconds(&self.rounds), &seconds(&other.rounds))
    }
}

/// The median of the ratios of two ways, round by round.
pub fn median_ratio(ours: &[f64], others: &[f64]) -> f64 {
    let mut ratios: Vec<f64> = ours
        .iter()
        .zip(others)
        .map(|(our, other)| our / other)
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// How many rounds; in each, every way has its turn.
const ROUNDS: usize = 101;
/// How long a turn lasts, about.
const TURN: Duration = Duration::from_millis(2);

/// Times the ways in turn, round by round.
pub fn compare(ways: &[Way<'_>]) -> Vec<Figures> {
    let counts: Vec<u32> = ways.iter().map(runs_per_turn).collect();
    let mut times: Vec<Vec<Duration>> = ways.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS {
        for (index, way) in ways.iter().enumerate() {
            times[index].push(turn(way, counts[index]) / counts[index]);
        }
    }
    let figures = ways.iter().zip(times);
    figures
        .map(|(way, rounds)| Figures::new(way.name, rounds))
        .collect()
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
