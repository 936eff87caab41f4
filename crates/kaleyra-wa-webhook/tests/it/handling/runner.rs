//! What is tried again, by a runner alone: as a sink of one's own uses it.

use std::future::{pending, ready};
use std::time::{Duration, SystemTime};

use kaleyra_wa_webhook::types::handling::{Discreet, Handling};
use kaleyra_wa_webhook::{
    Attempt, HandlerError, HandlerFailure, IncomingEvent, ReceivedCallback, Runner, handler_fn,
};

use super::{callback, id, text};

fn event(id: &str) -> IncomingEvent {
    let raw = callback(&[text("919800000001", id)]).into();
    let delivery = ReceivedCallback::from_raw(raw, SystemTime::now()).unwrap();
    IncomingEvent::all(delivery).remove(0)
}

#[derive(Debug, thiserror::Error)]
#[error("refused:\n401")]
struct Refused;

impl Discreet for Refused {}

#[derive(Debug, thiserror::Error)]
#[error("canary 919800000001")]
struct Around(#[source] Refused);

/// Sends as the client does, by the ids.
fn runner() -> Runner {
    let handler = handler_fn(|event| async move {
        let id = id(&event);
        match id.as_str() {
            "sent first" => drop(Handling::sending()),
            "sent nothing" => Handling::sending().did_not_go_out(),
            "stopped" => {
                let _sending = Handling::sending();
                pending::<()>().await;
            }
            "panics" => panic!("no"),
            "noted" => {
                Handling::note(&Refused);
                return Err(Around(Refused).into());
            }
            "declared" => return Err(HandlerError::discreet(Refused)),
            _ => {}
        }
        Err("canary".into())
    });
    Runner::new(handler).handler_timeout(Duration::from_millis(20))
}

/// Whether it is tried again, and whether something may have been sent if not.
async fn attempt(runner: &Runner, id: &str) -> (bool, Option<bool>, String) {
    match runner.attempt(event(id), None, pending()).await {
        Attempt::Repeat { failure, .. } => (true, None, failure.to_string()),
        Attempt::GivenUp(letter) => {
            let failure = letter.failure.to_string();
            (false, Some(letter.may_have_sent), failure)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_may_have_been_sent_is_tried_again_only_where_that_is_asked_for_by_name() {
    for (id, default, asked) in [
        ("sent nothing", (true, None), (true, None)),
        ("sent first", (false, Some(true)), (true, None)),
        ("stopped", (false, Some(true)), (true, None)),
        ("panics", (false, Some(false)), (true, None)),
        ("other", (true, None), (true, None)),
    ] {
        let (again, sent, _) = attempt(&runner(), id).await;
        assert_eq!((again, sent), default, "{id}");
        let runner = runner().retry_timeouts().retry_panics().retry_after_send();
        let (again, sent, _) = attempt(&runner, id).await;
        assert_eq!((again, sent), asked, "{id}");
    }
    // To ask for one thing is not to ask for the other.
    let (again, ..) = attempt(&runner().retry_timeouts(), "stopped").await;
    assert!(!again);
}

#[tokio::test]
async fn what_is_discreet_is_shown_and_nothing_else() {
    for (id, expect) in [
        ("declared", Some("refused: 401")),
        ("noted", Some("refused: 401")),
        ("other", None),
    ] {
        let (.., shown) = attempt(&runner(), id).await;
        assert!(!shown.contains("canary"), "{shown}");
        match expect {
            Some(text) => assert!(shown.ends_with(text), "{shown}"),
            None => assert_eq!(shown, "the handler failed with &str"),
        }
    }
}

#[tokio::test]
async fn a_stop_is_heeded_and_what_nobody_takes_is_told() {
    let runner = runner();
    let stopped = runner.attempt(event("stopped"), None, ready(())).await;
    let Attempt::GivenUp(letter) = stopped else {
        panic!("tried again");
    };
    assert!(matches!(letter.failure, HandlerFailure::ShutDown));
    assert!(!runner.dead_letter(letter).await);
}
