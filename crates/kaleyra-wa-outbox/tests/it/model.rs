//! The outbox's store beside a model of it, by random steps: the same states after each, and never two copies of a message at a
//! Kaleyra that counts references. `KWA_STEPS` says how many steps; `cargo xtask prove model` makes it 100,000.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_outbox::SendState;
use kaleyra_wa_store::outbox::{
    Digest, Flight, Landing, NewSend, OutboxStore, Purpose, Queued, SendId, SendQuery, Takeoff,
    Wish,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Clock, ManualClock, Moment, SqliteOptions, SqliteStore, StoreErrorKind};
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use tokio::runtime::Runtime;

use crate::support::{Folder, SENDER};

/// Of each run.
const STEPS: usize = 100;
const START: Moment = Moment::from_millis(1_722_863_329_000);
const DOUBT: Duration = Duration::from_secs(15 * 60);
const BACKOFF: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Accepted,
    Rejected,
    Again,
    Uncertain,
}

#[derive(Clone, Debug)]
enum Step {
    Enqueue { key: u8, content: u8 },
    Fly { limit: usize },
    Land { nth: usize, outcome: Outcome },
    Prove { nth: usize, is_sent: bool },
    Crash,
    Wait { minutes: u64 },
    Resolve,
    Cancel { nth: usize },
    Resend { nth: usize },
}

/// A send as it should be.
#[derive(Clone, Debug)]
struct Expected {
    key: String,
    content: u8,
    conversation: u8,
    state: SendState,
    attempt: u32,
    next_at: Moment,
    flown_at: Moment,
    /// It is rejected by a callback, so that an acceptance that lands later outdoes it.
    by_proof: bool,
    was_told_sent: bool,
    was_told_failed: bool,
}

#[derive(Clone, Debug)]
struct Model {
    now: Moment,
    sends: Vec<Expected>,
    /// Those that fly, and the attempt.
    in_flight: Vec<(usize, u32)>,
}

impl Model {
    fn is_its_turn(&self, nth: usize) -> bool {
        let me = &self.sends[nth];
        self.sends.iter().enumerate().all(|(other, it)| {
            other == nth
                || it.conversation != me.conversation
                || !(it.state == SendState::Flying
                    || (it.state == SendState::Queued && other < nth))
        })
    }

    fn fly(&mut self, limit: usize) {
        let mut due: Vec<usize> = (0..self.sends.len())
            .filter(|nth| {
                let it = &self.sends[*nth];
                it.state == SendState::Queued && it.next_at <= self.now
            })
            .collect();
        due.sort_by_key(|nth| (self.sends[*nth].next_at, *nth));
        let mut flown = 0;
        for nth in due {
            if flown < limit && self.is_its_turn(nth) {
                let now = self.now;
                let it = &mut self.sends[nth];
                it.state = SendState::Flying;
                it.attempt += 1;
                it.flown_at = now;
                self.in_flight.push((nth, it.attempt));
                flown += 1;
            }
        }
    }

    fn land(&mut self, nth: usize, outcome: Outcome) {
        use SendState::{Accepted, Flying, Queued, Rejected, Uncertain, Unresolved};
        let (send, _) = self.in_flight.remove(nth % self.in_flight.len());
        let next_at = self.now + BACKOFF;
        let it = &mut self.sends[send];
        match outcome {
            Outcome::Accepted => it.state = Accepted,
            Outcome::Rejected if matches!(it.state, Flying | Uncertain | Unresolved) => {
                it.state = Rejected;
                it.by_proof = false;
            }
            Outcome::Again if it.state == Flying => {
                it.state = Queued;
                it.next_at = next_at;
            }
            Outcome::Uncertain if it.state == Flying => it.state = Uncertain,
            _ => {}
        }
    }

    fn prove(&mut self, nth: usize, is_sent: bool) {
        use SendState::{Accepted, Flying, Queued, Rejected, Uncertain, Unresolved};
        let nth = nth % self.sends.len();
        let it = &mut self.sends[nth];
        it.was_told_sent |= is_sent;
        it.was_told_failed |= !is_sent;
        match it.state {
            Queued | Flying | Uncertain | Unresolved | Rejected if it.was_told_sent => {
                it.state = Accepted;
            }
            Flying | Uncertain | Unresolved => {
                it.state = Rejected;
                it.by_proof = true;
            }
            _ => {}
        }
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self {
            now: START,
            sends: Vec::new(),
            in_flight: Vec::new(),
        })
        .boxed()
    }

    fn transitions(model: &Self) -> BoxedStrategy<Step> {
        let enqueue = (0..40_u8, 0..2_u8).prop_map(|(key, content)| Step::Enqueue { key, content });
        if model.sends.is_empty() {
            return enqueue.boxed();
        }
        let any = 0..usize::MAX;
        let outcome = prop_oneof![
            3 => Just(Outcome::Accepted),
            1 => Just(Outcome::Rejected),
            2 => Just(Outcome::Again),
            2 => Just(Outcome::Uncertain),
        ];
        prop_oneof![
            6 => enqueue,
            6 => (1..4_usize).prop_map(|limit| Step::Fly { limit }),
            8 => (any.clone(), outcome).prop_map(|(nth, outcome)| Step::Land { nth, outcome }),
            4 => (any.clone(), proptest::bool::ANY).prop_map(|(nth, is_sent)| Step::Prove { nth, is_sent }),
            1 => Just(Step::Crash),
            3 => (1..20_u64).prop_map(|minutes| Step::Wait { minutes }),
            2 => Just(Step::Resolve),
            1 => any.clone().prop_map(|nth| Step::Cancel { nth }),
            1 => any.prop_map(|nth| Step::Resend { nth }),
        ]
        .boxed()
    }

    fn preconditions(model: &Self, step: &Step) -> bool {
        match step {
            Step::Land { .. } => !model.in_flight.is_empty(),
            Step::Prove { .. } | Step::Cancel { .. } => !model.sends.is_empty(),
            // One copy of each is enough, and its key must be new.
            Step::Resend { nth } => {
                !model.sends.is_empty() && {
                    let key = &model.sends[nth % model.sends.len()].key;
                    let copy = format!("{key}#2");
                    !key.contains('#') && model.sends.iter().all(|it| it.key != copy)
                }
            }
            _ => true,
        }
    }

    fn apply(mut model: Self, step: &Step) -> Self {
        match step {
            Step::Enqueue { key, content } => {
                let key = key.to_string();
                if model.sends.iter().all(|it| it.key != key) {
                    model.sends.push(Expected {
                        conversation: conversation(&key),
                        key,
                        content: *content,
                        state: SendState::Queued,
                        attempt: 0,
                        next_at: Moment::default(),
                        flown_at: Moment::default(),
                        by_proof: false,
                        was_told_sent: false,
                        was_told_failed: false,
                    });
                }
            }
            Step::Fly { limit } => model.fly(*limit),
            Step::Land { nth, outcome } => model.land(*nth, *outcome),
            Step::Prove { nth, is_sent } => model.prove(*nth, *is_sent),
            Step::Crash => {
                model.in_flight.clear();
                for it in &mut model.sends {
                    if it.state == SendState::Flying {
                        it.state = SendState::Uncertain;
                    }
                }
            }
            Step::Wait { minutes } => model.now = model.now + Duration::from_secs(60 * minutes),
            Step::Resolve => {
                for it in &mut model.sends {
                    if it.state == SendState::Uncertain && it.flown_at + DOUBT <= model.now {
                        it.state = SendState::Unresolved;
                    }
                }
            }
            Step::Cancel { nth } => {
                let nth = nth % model.sends.len();
                if model.sends[nth].state == SendState::Queued {
                    model.sends[nth].state = SendState::Cancelled;
                }
            }
            Step::Resend { nth } => {
                let it = &model.sends[nth % model.sends.len()];
                if !matches!(it.state, SendState::Queued | SendState::Flying) {
                    let copy = Expected {
                        key: format!("{}#2", it.key),
                        state: SendState::Queued,
                        attempt: 0,
                        next_at: model.now,
                        flown_at: Moment::default(),
                        by_proof: false,
                        was_told_sent: false,
                        was_told_failed: false,
                        ..it.clone()
                    };
                    model.sends.push(copy);
                }
            }
        }
        model
    }
}

fn conversation(key: &str) -> u8 {
    key.parse::<u8>().unwrap_or_default() % 5
}

/// The store, and a Kaleyra that counts.
struct Real {
    runtime: Runtime,
    folder: Folder,
    clock: Arc<ManualClock>,
    store: Option<SqliteStore>,
    in_flight: Vec<Flight>,
    /// How many copies of each reference may have gone out.
    copies: HashMap<String, u32>,
}

impl Real {
    fn open(folder: &Folder, clock: &Arc<ManualClock>) -> SqliteStore {
        loop {
            let options = SqliteOptions::new(folder.file("outbox.db")).reserve(0);
            match options.clock(Arc::clone(clock)).open() {
                Err(error) if error.kind() == StoreErrorKind::Owned => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                opened => return opened.unwrap(),
            }
        }
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_ref().unwrap()
    }

    async fn step(&mut self, step: &Step, model: &Model) {
        match step {
            Step::Enqueue { key, content } => {
                let queued = self.store().enqueue(send(*key, *content)).await.unwrap();
                let key = key.to_string();
                let expected = model.sends.iter().find(|it| it.key == key).unwrap();
                match queued {
                    Queued::Conflict(_) => assert_ne!(expected.content, *content),
                    _ => assert_eq!(expected.content, *content),
                }
            }
            Step::Fly { limit } => {
                let flown = self
                    .store()
                    .fly(Takeoff::new(SENDER, *limit))
                    .await
                    .unwrap();
                for flight in flown.flights {
                    let copies = self.copies.entry(flight.reference.clone()).or_default();
                    *copies += 1;
                    assert_eq!(*copies, 1, "a second copy goes out");
                    self.in_flight.push(flight);
                }
            }
            Step::Land { nth, outcome } => {
                let nth = nth % self.in_flight.len();
                let flight = self.in_flight.remove(nth);
                let (http, code, reason) = (None, None, String::new());
                let landing = match outcome {
                    Outcome::Accepted => Landing::Accepted {
                        http,
                        message_id: None,
                    },
                    Outcome::Rejected => Landing::Rejected { http, code, reason },
                    Outcome::Uncertain => Landing::Uncertain { http, code, reason },
                    Outcome::Again => {
                        let next_at = self.clock.now() + BACKOFF;
                        Landing::Again {
                            next_at,
                            http,
                            code,
                            reason,
                        }
                    }
                };
                let landed = self
                    .store()
                    .land(flight.id, flight.attempt, landing)
                    .await
                    .unwrap();
                if landed && *outcome == Outcome::Again {
                    // That is what it says: it certainly did not go out.
                    *self.copies.get_mut(&flight.reference).unwrap() -= 1;
                }
            }
            Step::Prove { nth, is_sent } => {
                let key = &model.sends[nth % model.sends.len()].key;
                self.store()
                    .note(status(key, *is_sent, self.clock.now()))
                    .await
                    .unwrap();
            }
            Step::Crash => {
                self.in_flight.clear();
                self.store = None;
                self.store = Some(Self::open(&self.folder, &self.clock));
                self.store().recover_sends().await.unwrap();
            }
            Step::Wait { minutes } => self.clock.advance(Duration::from_secs(60 * minutes)),
            Step::Resolve => {
                self.store().resolve(DOUBT).await.unwrap();
            }
            Step::Cancel { nth } => {
                let id = SendId::new((nth % model.sends.len()) as i64 + 1);
                self.store().cancel(id).await.unwrap();
            }
            Step::Resend { nth } => {
                // The model has the copy by now, if there is one.
                let before = self.count().await;
                let id = SendId::new((nth % before) as i64 + 1);
                let wish = self.store().resend(id).await.unwrap();
                assert_eq!(matches!(wish, Wish::Done(_)), model.sends.len() > before);
            }
        }
    }

    async fn count(&self) -> usize {
        self.store().sends(SendQuery::new()).await.unwrap().len()
    }

    async fn check(&self, model: &Model) {
        let found = self.store().sends(SendQuery::new()).await.unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.key.clone(), it.state, it.attempt))
            .collect();
        let expected: Vec<_> = model
            .sends
            .iter()
            .map(|it| (it.key.clone(), it.state, it.attempt))
            .collect();
        assert_eq!(found, expected);
    }
}

fn send(key: u8, content: u8) -> NewSend {
    let name = key.to_string();
    let conversation = conversation(&name).to_string();
    NewSend {
        digest: Digest::of([&[content][..]]),
        reference: name.clone(),
        key: name,
        sender: SENDER.to_owned(),
        recipient: format!("+{conversation}"),
        conversation,
        body: "{}".into(),
        fallback: None,
        purpose: Purpose::Utility,
        priority: 0,
        not_before: Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}

fn status(reference: &str, is_sent: bool, now: Moment) -> Facts {
    let status = if is_sent { "sent" } else { "failed" };
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.A","status":"{status}",
            "recipient_id":"1"}}]}}}},"extra_info":{{"ref":"{reference}"}}}}"#
    );
    Facts::of(&Callback::from_slice(body.as_bytes()).unwrap(), now)
}

impl StateMachineTest for Real {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        let (folder, clock) = (Folder::new(), Arc::new(ManualClock::new(START)));
        let store = Some(Self::open(&folder, &clock));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        Self {
            runtime,
            folder,
            clock,
            store,
            in_flight: Vec::new(),
            copies: HashMap::new(),
        }
    }

    fn apply(mut real: Self, model: &Model, step: Step) -> Self {
        let handle = real.runtime.handle().clone();
        handle.block_on(real.step(&step, model));
        handle.block_on(real.check(model));
        real
    }
}

#[test]
fn the_store_does_what_its_model_does() {
    let steps: usize = std::env::var("KWA_STEPS").map_or(600, |text| text.parse().unwrap());
    let config = Config {
        cases: u32::try_from(steps.div_ceil(STEPS)).unwrap(),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let strategy = Model::sequential_strategy(STEPS..=STEPS);
    runner
        .run(&strategy, |(initial, steps, seen)| {
            Real::test_sequential(Config::default(), initial, steps, seen);
            Ok(())
        })
        .unwrap();
}
