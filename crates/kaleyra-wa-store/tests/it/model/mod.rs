//! The store beside a model of it in memory, through sequences of operations, crashes and days that chance makes up.
//!
//! `KWA_MODEL_STEPS` says how many operations are tried; 10^5 take a minute or so.

mod ideal;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, EventQuery, InboxStore, Settlement};
use kaleyra_wa_store::{Clock, ManualClock, Retention, SqliteOptions, SqliteStore, StoreErrorKind};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use tokio::runtime::{Builder, Runtime};

use self::ideal::{ATTEMPTS, Ideal, Outcome, Shown, Step, start};
use crate::support::{Folder, delivery};

const STEPS_IN_A_SEQUENCE: usize = 100;

/// Sequences of operations, as likely as they are interesting.
struct Sequences;

impl ReferenceStateMachine for Sequences {
    type State = ();
    type Transition = Step;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Step> {
        // Few keys, conversations and ids, so that they meet.
        let event = (
            prop::option::weighted(0.9, 0..12_u8),
            prop::option::weighted(0.9, 0..3_u8),
        );
        let id = 1..40_i64;
        let outcome = prop_oneof![
            Just(Outcome::Handled),
            Just(Outcome::Again),
            Just(Outcome::Dead)
        ];
        prop_oneof![
            6 => prop::collection::vec(event, 1..4).prop_map(Step::Keep),
            6 => id.clone().prop_map(Step::Take),
            6 => (id.clone(), 1..4_u32, outcome).prop_map(|(id, attempt, outcome)| Step::Settle(id, attempt, outcome)),
            1 => id.clone().prop_map(Step::Requeue),
            1 => id.clone().prop_map(Step::Discard),
            1 => (1..60_u64).prop_map(Step::Days),
            1 => Just(Step::Prune),
            1 => Just(Step::Crash),
            1 => Just(Step::Reopen),
            2 => (id.clone(), 1..8_usize).prop_map(|(after, limit)| Step::Load(after, limit)),
            2 => (0..3_u8, id, 1..8_usize).prop_map(|(conversation, from, limit)| Step::LoadOf(conversation, from, limit)),
        ]
        .boxed()
    }

    fn apply((): (), _: &Step) {}
}

/// The store, and what it should be like.
struct Beside {
    runtime: Runtime,
    folder: Folder,
    clock: Arc<ManualClock>,
    store: Option<SqliteStore>,
    ideal: Ideal,
}

struct Test;

impl StateMachineTest for Test {
    type SystemUnderTest = Beside;
    type Reference = Sequences;

    fn init_test((): &()) -> Beside {
        let clock = Arc::new(ManualClock::new(start()));
        // Where the system has one, a disk that is memory: it is the logic that is tried.
        let folder = Folder::within(Path::new("/dev/shm"));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = open(&folder, &clock);
        Beside {
            runtime,
            store: Some(store),
            folder,
            clock,
            ideal: Ideal::new(),
        }
    }

    fn apply(mut beside: Beside, (): &(), step: Step) -> Beside {
        beside.apply(&step);
        beside
    }

    fn teardown(beside: Beside, (): ()) {
        beside.compare_all();
    }
}

fn open(folder: &Folder, clock: &Arc<ManualClock>) -> SqliteStore {
    loop {
        let options = SqliteOptions::new(folder.file("store.db"))
            .clock(Arc::clone(clock))
            .reserve(0);
        // It prunes when it is told to, and not by itself.
        let never = Retention::default()
            .bodies(Duration::MAX)
            .handled(Duration::MAX)
            .dead(Duration::MAX);
        match options.retention(never).open() {
            Ok(store) => return store,
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Owned),
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Beside {
    fn store(&self) -> SqliteStore {
        self.store.clone().unwrap()
    }

    fn apply(&mut self, step: &Step) {
        let (store, ideal) = (self.store(), &mut self.ideal);
        let run = self.runtime.handle().clone();
        match step {
            Step::Keep(events) => {
                let texts: Vec<_> = events
                    .iter()
                    .map(|(key, conversation)| (text(*key), text(*conversation)))
                    .collect();
                let events: Vec<_> = texts
                    .iter()
                    .map(|(key, conversation)| (&**key, &**conversation))
                    .collect();
                let mut delivery = delivery(&events);
                delivery.received_at = self.clock.now();
                let kept = self
                    .runtime
                    .block_on(store.keep(delivery, Box::new(|_| ())))
                    .unwrap();
                let ids: Vec<_> = kept
                    .events
                    .iter()
                    .map(|(nth, id)| (*nth, id.get()))
                    .collect();
                let Step::Keep(events) = step else { return };
                assert_eq!(ids, ideal.keep(events), "{step:?}");
            }
            Step::Take(id) => {
                let taken = self
                    .runtime
                    .block_on(store.take(EventId::new(*id)))
                    .unwrap();
                assert_eq!(taken, ideal.take(*id), "{step:?}");
            }
            Step::Settle(id, attempt, outcome) => {
                let settlement = self.settlement(*outcome);
                let settled = store.settle(EventId::new(*id), *attempt, settlement);
                let settled = self.runtime.block_on(settled).unwrap();
                assert_eq!(
                    settled,
                    self.ideal.settle(*id, *attempt, *outcome),
                    "{step:?}"
                );
            }
            Step::Requeue(id) => {
                let is_done = self
                    .runtime
                    .block_on(store.requeue(EventId::new(*id)))
                    .unwrap();
                assert_eq!(is_done, ideal.requeue(*id), "{step:?}");
            }
            Step::Discard(id) => {
                let is_done = self
                    .runtime
                    .block_on(store.discard(EventId::new(*id)))
                    .unwrap();
                assert_eq!(is_done, ideal.discard(*id), "{step:?}");
            }
            Step::Days(days) => {
                self.clock
                    .advance(ideal::DAY * u32::try_from(*days).unwrap());
                ideal.pass(*days);
            }
            Step::Prune => {
                let pruned = store.prune(Retention::default(), 1_000);
                let pruned = self.runtime.block_on(pruned).unwrap();
                assert_eq!(pruned.events, ideal.prune(), "{step:?}");
                self.compare_all();
            }
            Step::Crash | Step::Reopen => {
                if matches!(step, Step::Reopen) {
                    self.runtime.block_on(store.close());
                }
                drop(store);
                self.store = None;
                let store = open(&self.folder, &self.clock);
                let recovered = self.runtime.block_on(store.recover(ATTEMPTS)).unwrap();
                assert_eq!(
                    (recovered.again, recovered.dead),
                    ideal.recover(),
                    "{step:?}"
                );
                self.store = Some(store);
                self.compare_all();
            }
            Step::Load(after, limit) => {
                let page = run
                    .block_on(store.load(EventId::new(*after), *limit))
                    .unwrap();
                assert_eq!(
                    (ids(&page), page.is_last),
                    ideal.load(*after, *limit),
                    "{step:?}"
                );
            }
            Step::LoadOf(conversation, from, limit) => {
                let name = text(Some(*conversation));
                let page = store.load_conversation(&name, EventId::new(*from), *limit);
                let page = run.block_on(page).unwrap();
                let ideal = ideal.load_of(*conversation, *from, *limit);
                assert_eq!((ids(&page), page.is_last), ideal, "{step:?}");
            }
        }
    }

    fn settlement(&self, outcome: Outcome) -> Settlement {
        let failure = "so it is".to_owned();
        match outcome {
            Outcome::Handled => Settlement::Handled { sends: Vec::new() },
            Outcome::Again => Settlement::Again {
                due_at: self.clock.now(),
                wait: Duration::from_secs(1),
                failure,
            },
            Outcome::Dead => Settlement::Dead { failure },
        }
    }

    /// All that is there is as it should be, and nothing else is there.
    fn compare_all(&self) {
        let store = self.store();
        let records = store.events(EventQuery::new().with_bodies().limit(10_000));
        let records = self.runtime.block_on(records).unwrap();
        let shown: Vec<_> = records
            .iter()
            .map(|record| Shown {
                id: record.id.get(),
                conversation: record.conversation.clone(),
                state: record.state,
                attempt: record.attempt,
                has_body: record.raw.is_some(),
            })
            .collect();
        assert_eq!(shown, self.ideal.all());
        let requeued = self
            .runtime
            .block_on(store.load_requeued(EventId::default(), 1_000))
            .unwrap();
        assert_eq!(ids(&requeued), self.ideal.requeued());
    }
}

fn ids(page: &kaleyra_wa_store::inbox::Page) -> Vec<i64> {
    let events = page.deliveries.iter().flat_map(|delivery| &delivery.events);
    events.map(|event| event.id.get()).collect()
}

/// As the store has it; nothing where there is none.
pub(super) fn text(number: Option<u8>) -> String {
    number.map_or_else(String::new, |number| format!("n{number}"))
}

fn sequences() -> u32 {
    let steps = std::env::var("KWA_MODEL_STEPS").ok();
    let steps = steps.map_or(1_000, |steps| steps.parse().expect("a number of steps"));
    u32::try_from(usize::max(steps / STEPS_IN_A_SEQUENCE, 1)).unwrap()
}

prop_state_machine! {
    #![proptest_config(ProptestConfig {
        cases: sequences(),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_does_what_the_model_does(sequential STEPS_IN_A_SEQUENCE => Test);
}
