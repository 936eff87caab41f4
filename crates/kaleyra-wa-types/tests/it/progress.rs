//! How far a message has come, put together from statuses in any order.

use std::collections::BTreeSet;

use kaleyra_wa_types::inbound::{Progress, Stage, StatusName};

#[test]
fn progress_is_the_same_for_any_order_and_any_repetition() {
    let names = [
        "accepted",
        "sent",
        "delivered",
        "read",
        "played",
        "failed",
        "NOT-SENT",
        "teleported",
        "RINGING",
    ];
    // Every sequence of up to five statuses, repetitions included, must end as its set does.
    let mut sequences: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..5 {
        let longer: Vec<Vec<usize>> = sequences
            .iter()
            .flat_map(|sequence| {
                (0..names.len()).map(|next| [sequence.as_slice(), &[next]].concat())
            })
            .collect();
        for sequence in &longer {
            let mut progress = Progress::new();
            let mut stages = vec![progress.stage()];
            for at in sequence {
                let before = progress.stage();
                let moved = progress.advance(&StatusName::from(names[*at]));
                assert_eq!(moved, before != progress.stage(), "{sequence:?}");
                stages.push(progress.stage());
            }
            assert!(stages.is_sorted(), "never back: {sequence:?}");
            assert_eq!(progress.stage(), expected(sequence), "{sequence:?}");

            let once: BTreeSet<usize> = sequence.iter().copied().collect();
            let mut sorted = Progress::new();
            for at in once {
                sorted.advance(&StatusName::from(names[at]));
            }
            assert_eq!(progress, sorted, "{sequence:?}");

            let (one, other) = sequence.split_at(sequence.len() / 2);
            let (mut one, other) = (put_together(one, &names), put_together(other, &names));
            one.merge(&other);
            assert_eq!(progress, one, "in two halves: {sequence:?}");
        }
        sequences = longer;
    }
}

/// The stage by the words of the rule: the furthest of delivered, read, played; else a failure; else sent; else accepted.
fn expected(sequence: &[usize]) -> Option<Stage> {
    let rule = [
        (4, Stage::Played),
        (3, Stage::Read),
        (2, Stage::Delivered),
        (5, Stage::Failed),
        (6, Stage::NotSent),
        (1, Stage::Sent),
        (0, Stage::Accepted),
    ];
    rule.into_iter()
        .find(|(name, _)| sequence.contains(name))
        .map(|(_, stage)| stage)
}

fn put_together(sequence: &[usize], names: &[&str]) -> Progress {
    let mut progress = Progress::new();
    for at in sequence {
        progress.advance(&StatusName::from(names[*at]));
    }
    progress
}

#[test]
fn progress_tells_what_lies_behind() {
    let mut progress = Progress::new();
    assert!(!progress.has_reached(Stage::Accepted));
    progress.reach(Stage::Sent);
    progress.reach(Stage::Failed);
    assert!(progress.is_failed() && progress.has_reached(Stage::Failed));
    assert!(progress.has_reached(Stage::Sent) && !progress.has_reached(Stage::Delivered));
    progress.reach(Stage::Delivered);
    assert!(!progress.is_failed() && !progress.has_reached(Stage::Failed));
    for stage in [Stage::Accepted, Stage::NotSent, Stage::Failed, Stage::Read] {
        assert_eq!(Progress::from(stage).stage(), Some(stage));
        assert_eq!(StatusName::from(stage.as_str()).stage(), Some(stage));
    }
}
