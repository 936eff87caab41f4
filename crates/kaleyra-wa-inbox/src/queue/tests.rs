//! The queue over a made-up disk, in every order that chance comes up with.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kaleyra_wa_store::inbox::EventId;
use kaleyra_wa_webhook::{IncomingEvent, ReceivedCallback};
use tokio::time::Instant;

mod shared;

use super::{Job, LaneName, Limits, Queue, Queued, Wanted};

/// Chance that comes out the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }
}

fn queued(id: i64) -> Queued {
    let body = r#"{"status": "not sent"}"#;
    let delivery = ReceivedCallback::from_raw(body.into(), SystemTime::UNIX_EPOCH).unwrap();
    Queued {
        id: EventId::new(id),
        event: IncomingEvent::all(delivery).remove(0),
        waited: None,
        due: None,
    }
}

fn lane(number: usize) -> LaneName {
    LaneName::Conversation(Arc::from(number.to_string()))
}

/// What is live on the disk, and which conversation each belongs to.
#[derive(Default)]
struct Disk {
    live: BTreeMap<i64, usize>,
    next: i64,
}

impl Disk {
    fn keep(&mut self, conversation: usize) -> i64 {
        self.next += 1;
        self.live.insert(self.next, conversation);
        self.next
    }

    fn after(&self, after: EventId, limit: usize) -> (Vec<(LaneName, Queued)>, bool) {
        let found: Vec<_> = self.live.range(after.get() + 1..).take(limit).collect();
        let is_all = found.len() < limit;
        (
            found
                .into_iter()
                .map(|(id, conversation)| (lane(*conversation), queued(*id)))
                .collect(),
            is_all,
        )
    }

    fn of(&self, name: &str, from: EventId, limit: usize) -> (Vec<Queued>, bool) {
        let of_it = |(_, conversation): &(&i64, &usize)| conversation.to_string() == name;
        let found: Vec<_> = self
            .live
            .range(from.get()..)
            .filter(of_it)
            .take(limit)
            .collect();
        let is_all = found.len() < limit;
        (
            found.into_iter().map(|(id, _)| queued(*id)).collect(),
            is_all,
        )
    }
}

/// A page on its way from the disk to the queue.
enum Page {
    After(Vec<(LaneName, Queued)>, EventId, bool),
    Of(LaneName, Vec<Queued>, (EventId, EventId), bool),
}

/// Events come, are told of late, are read, are handled, fail and rest: each is handled once, in the order of its lane, and
/// nothing is left over.
#[test]
fn each_event_is_handled_once_and_in_its_order() {
    for seed in 0..400 {
        let mut chance = Chance(seed);
        let limits = Limits {
            events: 4 + chance.below(20),
            bytes: usize::MAX,
            lane: 1 + chance.below(6),
        };
        let conversations = 1 + chance.below(4);
        let mut disk = Disk::default();
        for _ in 0..chance.below(30) {
            disk.keep(chance.below(conversations));
        }
        let mut queue = Queue::new(limits);
        let mut untold = VecDeque::new();
        let mut busy: Vec<Job> = Vec::new();
        let mut page = None;
        let mut handled: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        let mut now = Instant::now();
        let mut steps = 0;
        loop {
            let is_ending = steps > 200;
            steps += 1;
            assert!(steps < 5_000, "seed {seed}: it does not end");
            match chance.below(6) {
                0 if !is_ending => untold.push_back(disk.keep(chance.below(conversations))),
                1 => {
                    if let Some(id) = untold.pop_front() {
                        queue.arrive(lane_of(&disk, id), queued(id), now);
                    }
                }
                2 => match page.take() {
                    None => page = read(&disk, &mut queue, 1 + chance.below(8)),
                    Some(page) => take_page(&mut queue, page, now),
                },
                3 => busy.extend(queue.take()),
                4 if !busy.is_empty() => {
                    let mut job = busy.swap_remove(chance.below(busy.len()));
                    if chance.below(4) == 0 {
                        job.queued.due = Some(now + Duration::from_secs(1));
                        queue.rest(job, now);
                    } else {
                        let id = job.queued.id.get();
                        let conversation = disk.live.remove(&id).expect("it was handled before");
                        handled.entry(conversation).or_default().push(id);
                        queue.remove(job, now);
                    }
                }
                _ => {
                    now += Duration::from_millis(400);
                    queue.wake(now);
                }
            }
            if is_ending && disk.live.is_empty() && untold.is_empty() {
                break;
            }
        }
        for ids in handled.values() {
            assert!(ids.is_sorted(), "seed {seed}: {ids:?}");
        }
        let all: usize = handled.values().map(Vec::len).sum();
        assert_eq!(i64::try_from(all).unwrap(), disk.next, "seed {seed}");
        assert_eq!((queue.events(), queue.bytes()), (0, 0), "seed {seed}");
    }
}

fn take_page(queue: &mut Queue, page: Page, now: Instant) {
    match page {
        Page::After(read, tail, is_all) => {
            let last = read.last().map(|(_, queued)| queued.id);
            queue.load(read, last, tail, is_all, now);
        }
        Page::Of(name, read, asked, is_all) => {
            let last = read.last().map(|queued| queued.id);
            queue.refill(&name, read, last, asked, is_all, now);
        }
    }
}

/// One that was told of late may be handled by then.
fn lane_of(disk: &Disk, id: i64) -> LaneName {
    lane(disk.live.get(&id).copied().unwrap_or_default())
}

fn read(disk: &Disk, queue: &mut Queue, limit: usize) -> Option<Page> {
    Some(match queue.wanted()? {
        Wanted::After(after, tail) => {
            let (read, is_all) = disk.after(after, limit);
            Page::After(read, tail, is_all)
        }
        Wanted::Of(name, from, to) => {
            let (read, is_all) = disk.of(&name, from, limit);
            Page::Of(LaneName::Conversation(name), read, (from, to), is_all)
        }
    })
}

#[test]
fn one_that_was_put_back_is_first_and_wakes_a_lane_that_rests() {
    let mut queue = Queue::new(Limits {
        events: 10,
        bytes: usize::MAX,
        lane: 10,
    });
    let now = Instant::now();
    queue.load(Vec::new(), None, EventId::default(), true, now);
    for id in [5, 6] {
        queue.arrive(lane(1), queued(id), now);
    }
    let mut job = queue.take().unwrap();
    job.queued.due = Some(now + Duration::from_secs(60));
    queue.rest(job, now);
    assert!(queue.take().is_none());
    queue.put_back(lane(1), queued(2), now);
    queue.put_back(lane(1), queued(2), now);
    queue.put_back(lane(1), queued(6), now);
    let job = queue.take().unwrap();
    assert_eq!(job.queued.id, EventId::new(2));
    queue.put_back(lane(1), queued(2), now);
    queue.remove(job, now);
    assert!(queue.take().is_none(), "5 rests still");
    assert_eq!(queue.wake(now + Duration::from_secs(61)), 1);
    for id in [5, 6] {
        let job = queue.take().unwrap();
        assert_eq!(job.queued.id, EventId::new(id));
        queue.remove(job, now + Duration::from_secs(61));
    }
    assert_eq!((queue.events(), queue.lanes()), (0, 0));
}

#[test]
fn an_endless_conversation_leaves_room_for_others() {
    let mut queue = Queue::new(Limits {
        events: 50,
        bytes: usize::MAX,
        lane: 10,
    });
    let now = Instant::now();
    queue.load(Vec::new(), None, EventId::default(), true, now);
    for id in 1..=1_000 {
        queue.arrive(lane(1), queued(id), now);
    }
    assert_eq!(queue.events(), 10);
    queue.arrive(lane(2), queued(1_001), now);
    assert_eq!(queue.ready(), 2);
}

#[test]
fn one_that_another_process_kept_is_read_with_those_before_it() {
    let mut queue = Queue::new(Limits {
        events: 10,
        bytes: usize::MAX,
        lane: 10,
    });
    let now = Instant::now();
    queue.load(Vec::new(), None, EventId::default(), true, now);
    queue.arrive(lane(1), queued(5), now);
    assert!(queue.wanted().is_none());
    assert!(queue.put_back(lane(2), queued(9), now));
    let Some(Wanted::After(after, _)) = queue.wanted() else {
        panic!("what comes after 5 is to be read");
    };
    assert_eq!(after, EventId::new(5));
}

#[test]
fn what_is_put_back_where_there_is_no_room_is_read_when_there_is() {
    let mut queue = Queue::new(Limits {
        events: 2,
        bytes: usize::MAX,
        lane: 10,
    });
    let now = Instant::now();
    queue.load(Vec::new(), None, EventId::default(), true, now);
    for id in [8, 9] {
        queue.arrive(lane(1), queued(id), now);
    }
    // Of a conversation that another process had until now.
    assert!(queue.put_back(lane(2), queued(3), now));
    assert!(queue.put_back(lane(2), queued(4), now));
    assert_eq!(queue.events(), 2);
    let job = queue.take().unwrap();
    assert_eq!(job.queued.id, EventId::new(8));
    queue.remove(job, now);
    let Some(Wanted::After(after, tail)) = queue.wanted() else {
        panic!("what comes after 2 is to be read");
    };
    assert_eq!(after, EventId::new(2));
    let ids = [(2, 3), (2, 4), (1, 9)];
    let read = ids.map(|(name, id)| (lane(name), queued(id))).to_vec();
    queue.load(read, Some(EventId::new(9)), tail, true, now);
    let mut handled = Vec::new();
    while let Some(job) = queue.take() {
        handled.push(job.queued.id.get());
        queue.remove(job, now);
    }
    // 9 was in memory already, and is there once.
    handled.sort_unstable();
    assert_eq!(handled, [3, 4, 9]);
    assert_eq!((queue.events(), queue.lanes()), (0, 0));
}
