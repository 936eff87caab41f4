//! What is told, when, and in which order.

use kaleyra_wa_store::inbox::EventState;

use super::*;
use crate::names::NO_LANE;

/// With partitions 1 and 2, of which all is known up to this event.
fn index(known: i64) -> Index {
    let mut index = Index::new(known);
    for partition in [1, 2] {
        index.own(partition, 7, 0, 1);
        index.open(partition);
    }
    index
}

fn ids(found: (Vec<(u16, i64)>, bool)) -> Vec<i64> {
    found.0.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn what_is_kept_here_is_told_at_once_unless_something_before_it_is_unknown() {
    let mut index = index(10);
    assert_eq!(
        index.kept(11, 12, &[(1, (11, NO_LANE)), (2, (12, NO_LANE))]),
        [11, 12].into()
    );
    // Another process kept 13.
    assert_eq!(index.kept(14, 14, &[(1, (14, NO_LANE))]), BTreeSet::new());
    assert!(index.heard(1, (13, NO_LANE), None));
    assert!(index.heard(1, (14, NO_LANE), None));
    assert!(!index.heard(1, (14, NO_LANE), None));
    // What is beyond all that was told is loaded.
    assert_eq!(ids(index.untold(0, 10)), [13]);
    assert_eq!(ids(index.load(12, 10)), [13, 14]);
    assert_eq!(index.untold(0, 10), (Vec::new(), true));
    assert_eq!(index.kept(15, 15, &[(1, (15, NO_LANE))]), [15].into());
}

#[test]
fn the_past_of_a_partition_is_told_before_what_comes_now() {
    let mut index = index(10);
    index.kept(11, 11, &[(1, (11, NO_LANE))]);
    assert_eq!(index.own(3, 8, 0, 1), 11);
    // Before its past was read, and after.
    assert_eq!(index.kept(12, 12, &[(3, (12, NO_LANE))]), BTreeSet::new());
    for id in [4, 5, 6] {
        index.adopt(3, (id, NO_LANE), None, "me");
    }
    assert!(ids(index.load(11, 10)).is_empty());
    assert!(index.open(3));
    assert_eq!(
        index
            .kept(13, 13, &[(3, (13, NO_LANE)), (1, (13, NO_LANE))])
            .len(),
        1
    );
    assert_eq!(ids(index.load(11, 10)), [13]);
    assert_eq!(ids(index.untold(0, 2)), [4, 5]);
    assert_eq!(ids(index.untold(5, 10)), [6, 12, 13]);
    // It has them only once it asks again.
    assert_eq!(index.kept(14, 14, &[(3, (14, NO_LANE))]), BTreeSet::new());
    assert_eq!(ids(index.load(13, 10)), [14]);
    assert_eq!(index.kept(15, 15, &[(3, (15, NO_LANE))]), [15].into());
}

#[test]
fn what_comes_now_is_not_passed_over_for_the_past_that_is_told_with_it() {
    let mut index = index(10);
    index.kept(11, 11, &[(2, (11, NO_LANE))]);
    index.own(3, 8, 0, 1);
    index.adopt(3, (4, NO_LANE), None, "me");
    index.open(3);
    assert!(index.heard(3, (12, NO_LANE), None));
    // 12 is beyond all that was told, so it is loaded next; nobody would ask for it a third time.
    assert_eq!(ids(index.untold(0, 10)), [4, 12]);
    assert_eq!(ids(index.load(11, 10)), [12]);
    assert!(!index.has_untold());
}

#[test]
fn what_did_not_reach_the_inbox_is_told_again() {
    let mut index = index(0);
    index.kept(
        1,
        3,
        &[(1, (1, NO_LANE)), (1, (2, NO_LANE)), (1, (3, NO_LANE))],
    );
    index.leave(1, true);
    assert!(ids(index.untold(0, 10)).is_empty());
    assert_eq!(index.begin(EventId::new(1)), None);
    index.leave(1, false);
    assert_eq!(ids(index.untold(0, 10)), [1, 2, 3]);
    index.untell(2);
    assert_eq!(ids(index.untold(2, 10)), [3]);
    index.tell_again();
    assert_eq!(ids(index.untold(0, 10)), [3]);
}

#[test]
fn an_attempt_is_made_once_and_settled_by_who_made_it() {
    let mut index = index(0);
    index.kept(1, 1, &[(2, (1, NO_LANE))]);
    let id = EventId::new(1);
    assert_eq!(index.begin(id), Some((2, 1)));
    assert_eq!(index.begin(id), None);
    index.abandon(2, 1);
    assert_eq!(index.begin(id), Some((2, 1)));
    assert!(index.allows(2, 1, Change::Taken(1), 1));
    index.apply(2, 1, Change::Taken(1), 1);
    assert!(!index.allows(2, 1, Change::Settled, 2));
    assert!(index.allows(2, 1, Change::Settled, 1));
    assert!(!index.is_idle(2));
    // Somebody drops it before its outcome is written.
    index.change(2, (1, NO_LANE), Some(&State::new(EventState::Dropped, 1)));
    assert!(!index.allows(2, 1, Change::Settled, 1));
    index.apply(2, 1, Change::Taken(1), 1);
    assert_eq!((index.live(), index.is_idle(2)), (0, true));
}

#[test]
fn what_another_worker_had_is_told_after_it_was_looked_after() {
    let mut index = index(10);
    index.own(3, 8, 0, 1);
    let mut running = State::new(EventState::Running, 2);
    running.worker = Some("other".to_owned());
    index.adopt(3, (5, NO_LANE), Some(&running), "me");
    index.adopt(3, (6, NO_LANE), None, "me");
    assert_eq!(index.orphans(), [(3, 5, 2)]);
    assert_eq!(index.begin(EventId::new(6)), None);
    let again = Change::Again {
        attempt: 2,
        due_at: 0,
        waited: None,
    };
    assert!(index.allows(3, 5, again, 2));
    index.apply(3, 5, again, 2);
    index.open(3);
    assert_eq!(ids(index.load(0, 10)), [5, 6]);
    assert_eq!(index.begin(EventId::new(5)), Some((3, 3)));
}

#[test]
fn the_floor_is_the_first_event_that_is_not_settled() {
    let mut index = index(4);
    assert_eq!(index.floor(1), Some(5));
    index.kept(5, 6, &[(1, (5, NO_LANE)), (1, (6, NO_LANE))]);
    index.floored(1, 5);
    assert_eq!(index.floor(1), None);
    index.begin(EventId::new(5));
    index.apply(1, 5, Change::Taken(1), 1);
    index.apply(1, 5, Change::Settled, 1);
    assert_eq!(index.floor(1), Some(6));
    let requeued = State {
        is_requeued: true,
        ..State::new(EventState::Waiting, 0)
    };
    index.change(1, (3, NO_LANE), Some(&requeued));
    assert_eq!(index.floor(1), Some(3));
    assert_eq!(ids(index.untold(0, 10)), [3]);
    // Until it is taken.
    assert_eq!(ids(index.untold(0, 10)), [3]);
    assert_eq!(index.begin(EventId::new(3)), Some((1, 1)));
    index.apply(1, 3, Change::Taken(1), 1);
    assert!(ids(index.untold(0, 10)).is_empty());
}

#[test]
fn an_event_waits_for_those_before_it_in_its_conversation() {
    let mut index = index(0);
    index.kept(1, 3, &[(1, (1, 7)), (1, (2, 8)), (1, (3, 7))]);
    assert_eq!(index.begin(EventId::new(3)), None);
    assert_eq!(index.begin(EventId::new(2)), Some((1, 1)));
    assert_eq!(index.begin(EventId::new(1)), Some((1, 1)));
    index.apply(1, 1, Change::Taken(1), 1);
    assert_eq!(index.begin(EventId::new(3)), None, "1 is being handled");
    index.apply(1, 1, Change::Settled, 1);
    assert_eq!(index.begin(EventId::new(3)), Some((1, 1)));
    assert_eq!(index.of(1, 8, 0), [(1, 2)]);
    // What is not there any more holds up nothing.
    index.kept(4, 5, &[(1, (4, 9)), (1, (5, 9))]);
    assert_eq!(index.begin(EventId::new(5)), None);
    index.forget(1, 4);
    assert_eq!(index.begin(EventId::new(5)), Some((1, 1)));
}

#[test]
fn what_nobody_has_in_hand_any_more_is_made_again() {
    let mut index = index(0);
    index.kept(1, 2, &[(1, (1, 7)), (2, (2, 8))]);
    for (partition, id) in [(1, 1), (2, 2)] {
        index.begin(EventId::new(id));
        index.apply(partition, id, Change::Taken(1), 1);
        index.lose(partition);
    }
    // The outcome of the first came while its partition was not ours.
    assert_eq!(index.running(EventId::new(1), 1), None);
    let mut running = State::new(EventState::Running, 1);
    running.worker = Some("me".to_owned());
    for (partition, event) in [(1, (1, 7)), (2, (2, 8))] {
        index.own(partition, 9, 0, 1);
        index.adopt(partition, event, Some(&running), "me");
    }
    assert_eq!(index.orphans(), [(1, 1, 1)]);
    assert_eq!(index.running(EventId::new(2), 1), Some(2));
}
