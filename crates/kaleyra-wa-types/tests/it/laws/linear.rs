//! Work and memory are linear in the body, whatever is in it.
//!
//! Memory: at its peak reading takes [`MEMORY`] times the body, and a fixed amount. Work: eight times the body takes about eight
//! times as long; [`WORK`] leaves room for caches and a busy machine, and none for anything quadratic.

use std::time::{Duration, Instant};

use kaleyra_wa_types::inbound::Callback;

/// How often the body may be in memory, and what may be there in any case.
const MEMORY: u64 = 48;
const MEMORY_AT_LEAST: u64 = 320 << 10;

/// How many times as long eight times the body may take.
const WORK: u32 = 8 * 4;

/// Bodies of about this size; the large ones have eight times as much.
const SIZE: usize = 12 << 10;

/// Everything that is done with a callback.
fn work(body: &[u8]) -> usize {
    let callback = Callback::from_slice(body).expect("did not read a callback");
    let mut events = 0;
    while let Some(event) = callback.event(events) {
        let _ = (event.kind(), event.type_name(), event.id(), event.key());
        events += 1;
    }
    assert_eq!(callback.events().count(), events);
    assert!(!callback.to_vec().is_empty());
    let _ = callback.unknown_fields();
    events
}

/// The processor's time that this thread took, where the system tells it: others don't count then.
fn spent() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_ascii_whitespace()
        .next()?
        .parse()
        .ok()
        .map(Duration::from_nanos)
}

fn time(body: &[u8]) -> Duration {
    let once = || {
        let (start, before) = (Instant::now(), spent());
        work(body);
        match (before, spent()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => start.elapsed(),
        }
    };
    (0..2).map(|_| once()).min().unwrap_or_default()
}

fn check(name: &str, make: impl Fn(usize) -> String) {
    let (small, large) = (make(SIZE), make(8 * SIZE));
    assert!(
        large.len() > 6 * small.len() && large.len() < 10 * small.len(),
        "{name}: {} and {}",
        small.len(),
        large.len()
    );
    let huge = make(32 * SIZE);
    let peak = allocation_counter::measure(|| {
        let callback = Callback::from_slice(huge.as_bytes()).expect("did not read a callback");
        assert!(!callback.to_vec().is_empty());
    })
    .bytes_max;
    let allowed = MEMORY * huge.len() as u64 + MEMORY_AT_LEAST;
    assert!(
        peak <= allowed,
        "{name}: {} bytes take {peak} in memory, which is over {allowed}",
        huge.len()
    );
    let (short, long) = (time(small.as_bytes()), time(large.as_bytes()));
    let allowed = short.max(Duration::from_millis(1)) * WORK;
    assert!(
        long <= allowed,
        "{name}: {} bytes take {short:?}, {} take {long:?}",
        small.len(),
        large.len()
    );
}

fn value(members: &str) -> String {
    format!(r#"{{"meta_object":{{"field":"messages","value":{{{members}}}}},"extra_info":{{}}}}"#)
}

/// So many copies of a text that all together have this size.
fn copies(text: &str, size: usize) -> String {
    vec![text; size / (text.len() + 1)].join(",")
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn bad_contacts_beside_a_list_that_is_too_long() {
    let body = |size| {
        let contacts = copies(r#"{"wa_id":[1],"profile":{"name":"x"}}"#, size / 6);
        let messages = copies(
            r#"{"id":"wamid.A","type":"text","text":{"body":"hi"}}"#,
            size,
        );
        value(&format!(
            r#""contacts":[{contacts}],"messages":[{messages}],"statuses":[{}]"#,
            copies("7", size / 3)
        ))
    };
    check("bad contacts", body);
    // The very body: 2,000 bad contacts, and a list of more than 10,000.
    let contacts = vec![r#"{"wa_id":[1],"profile":{"name":"x"}}"#; 2_000].join(",");
    let messages = vec![r#"{"id":"wamid.A","type":"text","text":{"body":"h"}}"#; 10_001].join(",");
    let body = value(&format!(
        r#""contacts":[{contacts}],"messages":[{messages}]"#
    ));
    assert_eq!(work(body.as_bytes()), 12_001);
}

#[test]
fn lists_in_lists() {
    for inner in ["", "{\"id\":[1]}"] {
        check("deep lists", |size| {
            let deep = nested("[", inner, "]", 100);
            value(&format!(r#""messages":[{}]"#, copies(&deep, size)))
        });
        check("flat lists", |size| {
            value(&format!(
                r#""messages":[{}]"#,
                copies(&format!("[{inner}]"), size)
            ))
        });
        check("lists of errors", |size| {
            let errors = nested("[", inner, "]", 3);
            let status = format!(r#"{{"id":"s","errors":[{errors},{errors}]}}"#);
            value(&format!(r#""statuses":[{}]"#, copies(&status, size)))
        });
    }
    // A megabyte and a half of them.
    let deep = value(&format!(
        r#""messages":[{}],"errors":[{}]"#,
        copies("[[[[[]]]]]", 2 << 19),
        copies("[]", 1 << 19)
    ));
    let peak = allocation_counter::measure(|| {
        work(deep.as_bytes());
    });
    assert!(
        peak.bytes_max < MEMORY * deep.len() as u64,
        "{} for {}",
        peak.bytes_max,
        deep.len()
    );
}

#[test]
fn unknown_lists_and_members() {
    check("an unknown list", |size| {
        value(&format!(r#""weather":[{}]"#, copies("1", size)))
    });
    check("unknown lists", |size| {
        let lists: Vec<_> = (0..size / 24)
            .map(|n| format!(r#""weather_{n:07}":[{n}]"#))
            .collect();
        value(&lists.join(","))
    });
    check("unknown members", |size| {
        let members: Vec<_> = (0..size / 20)
            .map(|n| format!(r#""shade_{n:07}":{n}"#))
            .collect();
        value(&format!(r#""messages":[{{{}}}]"#, members.join(",")))
    });
}

#[test]
fn members_that_come_again_and_again() {
    for member in [
        r#""id":"a""#,
        r#""shade":1"#,
        r#""text":{"body":"x"}"#,
        r#""type":"text""#,
        r#""image":{}"#,
        r#""errors":[7]"#,
    ] {
        check(member, |size| {
            value(&format!(r#""messages":[{{{}}}]"#, copies(member, size)))
        });
    }
    for member in [
        r#""parent_user_id":"x""#,
        r#""parent_user_id":null,"recipient_parent_user_id":"y""#,
        r#""phone_number":"1","recipient_id":"2""#,
    ] {
        check(member, |size| {
            value(&format!(r#""statuses":[{{{}}}]"#, copies(member, size)))
        });
    }
    check("messages", |size| {
        value(&copies(r#""messages":[{"id":"a"}]"#, size))
    });
}

#[test]
fn what_is_read_with_its_type_last() {
    let edit = |depth| {
        let open = r#"{"edit":{"original_message_id":"a","message":"#;
        nested(
            open,
            r#"{"text":{"body":"x"},"type":"text"}"#,
            r#"},"type":"edit"}"#,
            depth,
        )
    };
    check("edits in edits", |size| {
        value(&format!(r#""messages":[{}]"#, copies(&edit(30), size)))
    });
    check("wrong bodies", |size| {
        let open = r#"{"text":{"body":"x"},"edit":{"message":"#;
        let deep = nested(open, r#"{"text":[]}"#, r#"},"image":{},"type":"EDIT"}"#, 30);
        value(&format!(r#""messages":[{}]"#, copies(&deep, size)))
    });
    check("quoted bodies", |size| {
        let text = serde_json::to_string(r#"{"body":"x","shade":[1,2]}"#).unwrap();
        value(&format!(
            r#""messages":[{}]"#,
            copies(&format!(r#"{{"text":{text},"type":"text"}}"#), size)
        ))
    });
}

#[test]
fn envelopes_and_arrays() {
    check("entries", |size| {
        format!(
            r#"{{"entry":[{}]}}"#,
            copies(
                r#"{"changes":[{"value":{"messages":[{"id":"a"}]}},7]}"#,
                size
            )
        )
    });
    check("changes", |size| {
        format!(
            r#"{{"entry":[{{"changes":[{}]}}]}}"#,
            copies(r#"{"value":{"statuses":[7]}}"#, size)
        )
    });
    check("callbacks", |size| {
        let callback = r#"{"meta_object":{"field":"messages","value":{"messages":[{"id":"wamid.A","from":"919800000005","type":"text",
            "text":{"body":"hi"}}]}},"extra_info":{"media_url":"","trace_id":"t"}}"#;
        format!("[{}]", copies(callback, size))
    });
}
