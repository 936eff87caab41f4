//! `cargo xtask bench`: what the crates cost beside what one would use instead.

mod build;
mod callgrind;
mod client;
mod cluster;
mod inbox;
mod jetstream;
mod outbox;
mod sim;
mod types;
mod webhook;

pub(crate) use self::build::recorder;

/// One thing that is measured.
pub(crate) struct Bench {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    /// Measures it and prints tables, perhaps beside something that is named; an error says in one line what failed.
    pub(crate) run: fn(Option<&str>) -> Result<(), String>,
}

/// Every bench.
pub(crate) const ALL: &[Bench] = &[
    Bench {
        name: "build",
        about: "a program on each crate beside its peers: crates, processor time, size; with a revision (3c9967f), of the types",
        run: build::run,
    },
    Bench {
        name: "client",
        about: "sends beside reqwest by hand, against the same server",
        run: |beside| alone(beside, client::run),
    },
    Bench {
        name: "cluster",
        about: "callbacks that 1, 2 and 4 receivers take on one Postgres, beside what pgbench commits",
        run: |beside| alone(beside, cluster::run),
    },
    Bench {
        name: "inbox",
        about: "callbacks kept on disk before the 200, beside what the disk can sync",
        run: |beside| alone(beside, inbox::run),
    },
    Bench {
        name: "jetstream",
        about: "callbacks that 1, 2 and 4 receivers take on one NATS server that syncs, beside publish+ack",
        run: |beside| alone(beside, jetstream::run),
    },
    Bench {
        name: "outbox",
        about: "messages sent with a journal beside the same client without, and a million recipients imported",
        run: |beside| alone(beside, outbox::run),
    },
    Bench {
        name: "sim",
        about: "how long a simulator takes until it responds, and a hundred in one process",
        run: |beside| alone(beside, sim::run),
    },
    Bench {
        name: "types",
        about: "the models beside serde_json's `Value`: time, allocations, instructions",
        run: |beside| alone(beside, types::run),
    },
    Bench {
        name: "webhook",
        about: "callbacks taken beside bare hyper and axum, from the same senders",
        run: |beside| alone(beside, webhook::run),
    },
];

/// Runs a bench that stands beside nothing that could be named.
fn alone(beside: Option<&str>, run: fn() -> Result<(), String>) -> Result<(), String> {
    match beside {
        Some(_) => Err("only `build` takes a revision".to_owned()),
        None => run(),
    }
}

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
