//! A flood: the memory holds what it may hold, whatever comes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use kaleyra_wa_webhook::{MemorySink, handler_fn};

use super::{finish, send, serving};

const POSTS: usize = 200;
const EACH: usize = 500;
const HELD: usize = 2_000;

#[tokio::test]
async fn a_hundred_thousand_events_pass_through_a_flat_queue() {
    let (handled, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let own = Arc::new(OnceLock::<MemorySink>::new());
    let (count, peak, whole) = (handled.clone(), most.clone(), own.clone());
    let sink = MemorySink::builder(handler_fn(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        let depth = whole.get().unwrap().depth();
        peak.fetch_max(depth.events, Ordering::Relaxed);
        assert!(depth.conversations <= depth.events);
        async { Ok(()) }
    }))
    .max_events(HELD)
    .duplicate_window(HELD, std::time::Duration::MAX)
    .build();
    own.set(sink.clone()).unwrap();
    let server = serving(&sink).await;

    for post in 0..POSTS {
        // Written by hand: to make them is not what takes the time here.
        let mut messages = String::new();
        for event in post * EACH..(post + 1) * EACH {
            let user = event % 3_000;
            messages += &format!("{{\"id\":\"{event}\",\"from\":\"9198{user:08}\"}},");
        }
        let messages = messages.trim_end_matches(',');
        let body = format!("{{\"meta_object\":{{\"value\":{{\"messages\":[{messages}]}}}}}}");
        while send(&server, &body).await.status != 200 {}
    }
    finish(&sink).await;
    assert_eq!(handled.load(Ordering::Relaxed), POSTS * EACH);
    let most = most.load(Ordering::Relaxed);
    assert!((1..=HELD).contains(&most), "{most} were held");
}
