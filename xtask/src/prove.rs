//! `cargo xtask prove`: what the tests show in small, in large.

use crate::cargo::{cargo, run};

/// One promise, tried harder than the tests do.
pub(crate) struct Proof {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What it tries.
    pub(crate) about: &'static str,
    tests: &'static [Tried],
}

/// A test, and how hard it is to try.
struct Tried {
    package: &'static str,
    test: &'static str,
    /// The variable that says so, and its value.
    setting: (&'static str, &'static str),
}

/// Every proof.
pub(crate) const ALL: &[Proof] = &[
    Proof {
        name: "kill",
        about: "1,000 kills at random moments of the inbox and of a campaign: nothing lost, order kept, nothing twice",
        tests: &[
            Tried {
                package: "kaleyra-wa-inbox",
                test: "kills::random_kills_lose_nothing_that_was_acknowledged",
                setting: ("KWA_KILLS", "1000"),
            },
            Tried {
                package: "kaleyra-wa-outbox",
                test: "kills::a_campaign_reaches_everybody_once_through_any_number_of_kills",
                setting: ("KWA_KILLS", "1000"),
            },
        ],
    },
    Proof {
        name: "power",
        about: "a power cut at every moment of a recorded run, with 16 ways in which the disk may have what was not synced",
        tests: &[Tried {
            package: "kaleyra-wa-store",
            test: "power::what_was_acknowledged_is_there_after_any_power_cut",
            setting: ("KWA_POWER", "16"),
        }],
    },
    Proof {
        name: "cluster",
        about: "1,000 kills of receivers, workers and the Postgres that they share: nothing lost, order kept, nothing twice",
        tests: &[Tried {
            package: "kaleyra-wa-store-postgres",
            test: "cluster::kills_of_anybody_lose_nothing_that_was_acknowledged",
            setting: ("KWA_KILLS", "1000"),
        }],
    },
    Proof {
        name: "model",
        about: "100,000 operations on a store, beside a model of it",
        tests: &[
            Tried {
                package: "kaleyra-wa-store",
                test: "model::it_does_what_the_model_does",
                setting: ("KWA_MODEL_STEPS", "100000"),
            },
            Tried {
                package: "kaleyra-wa-outbox",
                test: "model::the_store_does_what_its_model_does",
                setting: ("KWA_STEPS", "100000"),
            },
        ],
    },
    Proof {
        name: "jetstream",
        about: "1,000 kills of receivers, workers and the NATS server that they share: nothing lost, order kept",
        tests: &[Tried {
            package: "kaleyra-wa-store-nats",
            test: "kills::kills_of_anybody_lose_nothing_that_was_acknowledged",
            setting: ("KWA_KILLS", "1000"),
        }],
    },
];

impl Proof {
    /// Runs it.
    ///
    /// # Errors
    /// Which test failed; it says itself what it found.
    pub(crate) fn run(&self) -> Result<(), String> {
        self.tests.iter().try_for_each(|tried| {
            let mut command = cargo(["test", "--all-features", "--test", "it"]);
            command.args([
                "--package",
                tried.package,
                "--",
                "--exact",
                tried.test,
                "--nocapture",
            ]);
            let (name, value) = tried.setting;
            // What was skipped proves nothing.
            command.env("KWA_REQUIRE_NATS", "1");
            command.env("KWA_REQUIRE_POSTGRES", "1");
            run(command.env(name, value))
        })
    }
}

/// The proof with this name.
pub(crate) fn named(name: &str) -> Option<&'static Proof> {
    ALL.iter().find(|proof| proof.name == name)
}
