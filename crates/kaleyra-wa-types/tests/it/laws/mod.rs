//! The laws that every model keeps, tried on made-up payloads.
//!
//! The cases are the same on every run. To look for more: `PROPTEST_RNG_SEED=7 PROPTEST_CASES=20000`.

mod agreement;
mod arbitrary;
mod bytes;
mod callbacks;
mod doors;
mod json;
mod law;
mod linear;
mod outbound;
mod size;
mod texts;
mod tree;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use arbitrary::{changed, changes};

/// 256 cases, always the same ones unless the environment has a seed; nothing is written to the disk.
fn config() -> Config {
    let config = Config::default();
    Config {
        rng_seed: match config.rng_seed {
            RngSeed::Random => RngSeed::Fixed(2026),
            given => given,
        },
        failure_persistence: None,
        ..config
    }
}

/// Tries a law on a fixture with changes, many times; the smallest text that breaks it is shown.
fn with_changes(name: &str, fixture: &Value, law: impl Fn(&[u8])) {
    let config = Config {
        cases: config().cases / 8,
        max_shrink_iters: 2_000,
        ..config()
    };
    let texts = changes().prop_map(|changes| changed(fixture.into(), changes).to_string());
    let tried = TestRunner::new(config).run(&texts, |text| {
        law(text.as_bytes());
        Ok(())
    });
    tried.unwrap_or_else(|broken| panic!("{name}: {broken}"));
}
