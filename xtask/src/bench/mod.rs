//! `cargo xtask bench`: what the crates cost beside what one would use instead.

mod callgrind;
mod client;
mod types;
mod webhook;

/// One thing that is measured.
pub(crate) struct Bench {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    /// Measures it and prints tables; an error says in one line what failed.
    pub(crate) run: fn() -> Result<(), String>,
}

/// Every bench.
pub(crate) const ALL: &[Bench] = &[
    Bench {
        name: "client",
        about: "sends beside reqwest by hand, against the same server",
        run: client::run,
    },
    Bench {
        name: "types",
        about: "the models beside serde_json's `Value`: time, allocations, instructions",
        run: types::run,
    },
    Bench {
        name: "webhook",
        about: "callbacks taken beside bare hyper and axum, from the same senders",
        run: webhook::run,
    },
];

/// The bench with this name.
pub(crate) fn named(name: &str) -> Option<&'static Bench> {
    ALL.iter().find(|bench| bench.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_found_by_its_whole_name() {
        for (name, expect) in [("types", Some("types")), ("type", None), ("", None)] {
            assert_eq!(named(name).map(|bench| bench.name), expect);
        }
    }
}
