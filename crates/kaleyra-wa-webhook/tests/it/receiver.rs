//! The core alone: no socket, no runtime.

use std::time::{Duration, SystemTime};

use kaleyra_wa_webhook::http::request::Parts;
use kaleyra_wa_webhook::http::{Method, Request};
use kaleyra_wa_webhook::{Receiver, Rejection, SharedHeader, Unverified, Verdict, Verifier};

use crate::fixtures::REACTION;
use crate::server::{SECRET, receiver};

fn head(method: Method, secrets: &[&str]) -> Parts {
    let mut request = Request::builder().method(method).uri("/hook");
    for secret in secrets {
        request = request.header("X-Kaleyra-Secret", *secret);
    }
    request.body(()).unwrap().into_parts().0
}

#[test]
fn a_delivery_has_the_bytes_the_callback_and_the_time() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_722_863_329);
    let delivery = receiver()
        .receive(&head(Method::POST, &[SECRET]), REACTION.into(), now)
        .unwrap();
    assert_eq!(delivery.raw, REACTION);
    assert_eq!(delivery.received_at, now);
    let types: Vec<_> = delivery
        .events()
        .map(|event| event.type_name().to_owned())
        .collect();
    assert_eq!(types, ["reaction"]);
}

#[test]
fn any_object_is_a_delivery_with_an_event() {
    let receiver = Receiver::dangerously_unverified();
    for body in [
        "{}",
        r#"{"meta_object": 7}"#,
        r#"{"meta_object":{"field":"messages","value":{"messages":[]}}}"#,
        r#"{"from":"a V1 profile"}"#,
    ] {
        let head = head(Method::POST, &[]);
        let delivery = receiver.receive(&head, body.into(), SystemTime::now());
        assert!(delivery.unwrap().events().count() > 0, "{body}");
    }
}

#[test]
fn the_secret_decides() {
    let receiver = Receiver::new(
        SharedHeader::new("x-kaleyra-secret", "old-one")
            .unwrap()
            .or("new-one")
            .unwrap(),
    );
    let check = |secrets: &[&str]| {
        let head = head(Method::POST, secrets);
        let by_head = receiver.check_head(&head, SystemTime::now()).is_ok();
        let by_all = receiver
            .receive(&head, "{}".into(), SystemTime::now())
            .is_ok();
        assert_eq!(by_head, by_all);
        by_all
    };
    assert!(check(&["old-one"]));
    assert!(check(&["new-one"]));
    // A proxy may add one of its own.
    assert!(check(&["other", "new-one"]));
    for wrong in ["", "o", "ol", "oldold", "OLD", "oldnew", "old-one,new-one"] {
        assert!(!check(&[wrong]), "{wrong}");
    }
    assert!(!check(&[]));
}

#[test]
fn only_a_post_or_put_is_a_callback() {
    for method in [
        Method::GET,
        Method::HEAD,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let head = head(method, &[SECRET]);
        let rejected = Err(Rejection::MethodNotAllowed);
        assert_eq!(receiver().check_head(&head, SystemTime::now()), rejected);
        let delivery = receiver().receive(&head, "{}".into(), SystemTime::now());
        assert_eq!(delivery.map(|_| ()), rejected);
    }
}

/// Goes by the length of the body, as a stand-in for a signature.
struct OverBody;

impl Verifier for OverBody {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        match (request.head().headers.get("x-length"), request.body()) {
            (None, _) => Verdict::Forged,
            (Some(_), None) => Verdict::NeedsBody,
            (Some(length), Some(body)) => Verdict::from(*length == body.len().to_string()),
        }
    }
}

#[test]
fn a_verifier_can_ask_for_the_body() {
    let receiver = Receiver::new(OverBody);
    let head = |length: Option<&str>| {
        let mut request = Request::post("/");
        if let Some(length) = length {
            request = request.header("x-length", length);
        }
        request.body(()).unwrap().into_parts().0
    };
    let receive = |head: &Parts| {
        receiver
            .receive(head, "{}".into(), SystemTime::now())
            .map(|_| ())
    };

    assert_eq!(
        receiver.check_head(&head(None), SystemTime::now()),
        Err(Rejection::Unauthorized)
    );
    assert_eq!(
        receiver.check_head(&head(Some("2")), SystemTime::now()),
        Ok(())
    );
    assert_eq!(receive(&head(Some("2"))), Ok(()));
    assert_eq!(
        receiver.check_head(&head(Some("3")), SystemTime::now()),
        Ok(())
    );
    assert_eq!(receive(&head(Some("3"))), Err(Rejection::Unauthorized));
}

#[test]
fn to_need_the_body_for_ever_is_to_be_forged() {
    struct Undecided;
    impl Verifier for Undecided {
        fn verify(&self, _: &Unverified<'_>) -> Verdict {
            Verdict::NeedsBody
        }
    }
    let head = head(Method::POST, &[]);
    let delivery = Receiver::new(Undecided).receive(&head, "{}".into(), SystemTime::now());
    assert_eq!(delivery.unwrap_err(), Rejection::Unauthorized);
}

/// The inherent method wins where there is a `Default`, else the trait's.
#[test]
fn no_receiver_comes_from_nowhere() {
    use std::marker::PhantomData;

    struct Probe<T>(PhantomData<T>);
    trait Otherwise {
        fn has_default(&self) -> bool {
            false
        }
    }
    impl<T> Otherwise for Probe<T> {}
    impl<T: Default> Probe<T> {
        fn has_default(&self) -> bool {
            true
        }
    }

    assert!(Probe::<String>(PhantomData).has_default());
    assert!(!Probe::<Receiver>(PhantomData).has_default());
    assert!(!Probe::<kaleyra_wa_webhook::WebhookService>(PhantomData).has_default());
    assert!(!Probe::<SharedHeader>(PhantomData).has_default());
}
