//! Callbacks: made up from nothing, and the fixtures with changes.

use std::sync::LazyLock;

use kaleyra_wa_types::inbound::{Callback, Event};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::arbitrary::{callback, changed, changes, fixtures, object};
use super::tree::{Change, Tree};
use super::{config, law, with_changes};

static FIXTURES: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| fixtures("callbacks"));

/// The elements of one list of all fixtures.
fn elements(list: &str) -> Vec<Value> {
    let lists = FIXTURES.iter().filter_map(|(_, fixture)| {
        let change = fixture.get("meta_object")?;
        let is_about_messages = change.get("field").is_none_or(|field| field == "messages");
        let value = change.get("value").filter(|_| is_about_messages)?;
        value.get(list)?.as_array()
    });
    lists.flatten().cloned().collect()
}

/// Changes one of five elements: the other four are read as they are without any change.
fn siblings_stay(
    list: &str,
    picks: [Index; 5],
    changed_one: usize,
    changes: Vec<(Index, Change)>,
) -> Result<(), TestCaseError> {
    let all = elements(list);
    let five = picks.map(|pick| Tree::from(pick.get(&all)));
    let mut changed_five = five.clone();
    changed_five[changed_one] = changed(five[changed_one].clone(), changes);

    let read = |five: [Tree; 5]| {
        let value = Tree::object([(list, Tree::Array(five.into()))]);
        let change = Tree::object([("field", Tree::text("messages")), ("value", value)]);
        Callback::from_slice(&Tree::object([("meta_object", change)]).bytes())
    };
    let before = read(five).expect("fixtures are read");
    // What no JSON parser reads, such as a number beyond all bounds, is no law's subject.
    let Ok(after) = read(changed_five) else {
        return Ok(());
    };
    // What came twice in the changed element is told besides.
    let is_dropped = |event: &Event<'_>| matches!(event, Event::Malformed(part) if part.reason.starts_with("left out"));
    let before: Vec<_> = before.events().collect();
    let after: Vec<_> = after.events().filter(|event| !is_dropped(event)).collect();
    prop_assert_eq!(after.len(), 5);
    for (index, (after, before)) in after.iter().zip(&before).enumerate() {
        if index != changed_one {
            prop_assert_eq!(after, before);
            prop_assert_eq!(after.body(), before.body());
            prop_assert_eq!(after.recognition().as_str(), before.recognition().as_str());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_object_is_read_losslessly(object in object()) {
        law::callback(&object.bytes());
    }

    #[test]
    fn anything_like_a_callback_is_read_losslessly(callback in callback()) {
        law::callback(&callback.bytes());
    }

    #[test]
    fn a_changed_message_leaves_its_siblings_alone(
        picks in any::<[Index; 5]>(),
        changed_one in 0..5_usize,
        changes in changes(),
    ) {
        siblings_stay("messages", picks, changed_one, changes)?;
    }

    #[test]
    fn a_changed_status_leaves_its_siblings_alone(
        picks in any::<[Index; 5]>(),
        changed_one in 0..5_usize,
        changes in changes(),
    ) {
        siblings_stay("statuses", picks, changed_one, changes)?;
    }
}

#[test]
fn every_fixture_may_be_changed() {
    for (name, fixture) in FIXTURES.iter() {
        with_changes(name, fixture, law::callback);
    }
}
