//! Which route gets what.

use std::time::SystemTime;

use kaleyra_wa_webhook::types::inbound::{EventKind, Stage};
use kaleyra_wa_webhook::{Filter, Handler, IncomingEvent, ReceivedCallback, Router, done, filter};
use serde_json::{Value, json};

use super::Log;

fn event(body: &Value) -> IncomingEvent {
    let raw = body.to_string().into();
    let delivery = ReceivedCallback::from_raw(raw, SystemTime::now()).unwrap();
    IncomingEvent::all(delivery).remove(0)
}

fn message(content: Value) -> IncomingEvent {
    let mut message = json!({"from": "919800000001", "id": "wamid.A"});
    message
        .as_object_mut()
        .unwrap()
        .extend(content.as_object().unwrap().clone());
    event(&json!({
        "meta_object": {"field": "messages", "value": {"messages": [message]}},
        "extra_info": {"media_url": "https://example.com/1"}
    }))
}

fn says(text: &str) -> IncomingEvent {
    message(json!({"type": "text", "text": {"body": text}}))
}

fn interactive(kind: &str, reply: Value) -> IncomingEvent {
    message(
        json!({"type": "interactive", "interactive": {"type": kind, kind: reply},
        "context": {"id": "wamid.OFFER"}}),
    )
}

fn button(payload: &str) -> IncomingEvent {
    message(
        json!({"type": "button", "button": {"payload": payload, "text": "Yes"},
        "context": {"id": "wamid.OFFER"}}),
    )
}

fn status(status: Value) -> IncomingEvent {
    event(&json!({"meta_object": {"field": "messages", "value": {"statuses": [status]}}}))
}

/// A route of each kind.
fn all(log: Log) -> Router<Log> {
    Router::new(log)
        .on_reply(async |context, quoted| {
            context.state.note(format!("reply to {quoted}"));
        })
        .on_text(async |context, text| {
            context.state.note(format!("text {}", text.body));
        })
        .on_button("book", async |context, tap| {
            context.state.note(format!("book {:?}", tap.text));
        })
        .on_any_button(async |context, tap| {
            context.state.note(format!("button {}", tap.payload));
        })
        .on_list_reply("friday", async |context, row| {
            context.state.note(format!("friday {:?}", row.title));
        })
        .on_any_list_reply(async |context, row| {
            context.state.note(format!("row {:?}", row.id));
        })
        .on_nfm_reply(async |context, form| {
            context
                .state
                .note(format!("form {}", form.response()?["guests"]));
            done()
        })
        .on_reaction(async |context, reaction| {
            context.state.note(format!("reaction {:?}", reaction.emoji));
        })
        .on_media(async |context, media| {
            context.state.note(format!(
                "{} {:?} {:?}",
                media.kind, media.url, media.filename
            ));
        })
        .on_location(async |context, place| {
            context.state.note(format!("place {:?}", place.name));
        })
        .on_order(async |context, order| {
            context
                .state
                .note(format!("order {}", order.product_items.len()));
        })
        .on_message(async |context| {
            let kind = context.message.content.type_name();
            context.state.note(format!("message {kind}"));
        })
        .on_status(async |context, update| {
            let id = update.message_id().map(|id| id.as_str());
            context.state.note(format!("{id:?} {:?}", update.stage()));
        })
        .on_malformed(async |context, part| {
            context.state.note(format!("malformed {}", part.path));
        })
        .fallback(async |context| {
            context
                .state
                .note(format!("other {}", context.event.event().kind()));
        })
}

async fn told(router: &Router<Log>, log: &Log, event: IncomingEvent) -> Vec<String> {
    let before = log.lines().len();
    router.handle(event).await.unwrap();
    log.lines().split_off(before)
}

#[tokio::test]
async fn each_event_finds_the_route_of_its_kind() {
    let log = Log::default();
    let router = all(log.clone());
    for (event, expect) in [
        (says("Hi"), "text Hi"),
        (
            message(json!({"type": "text", "text": {"body": "Yes"}, "context": {"id": "wamid.Q"}})),
            "reply to wamid.Q",
        ),
        (
            message(
                json!({"type": "text", "text": {"body": "Yes"}, "context": {"forwarded": true}}),
            ),
            "text Yes",
        ),
        (button("book"), "book Some(\"Yes\")"),
        (button("cancel"), "button cancel"),
        (
            interactive("button_reply", json!({"id": "book", "title": "Book"})),
            "book Some(\"Book\")",
        ),
        (
            interactive("button_reply", json!({"id": "else", "title": "Book"})),
            "button else",
        ),
        (
            interactive("list_reply", json!({"id": "friday", "title": "Fri"})),
            "friday Some(\"Fri\")",
        ),
        (
            interactive("list_reply", json!({"id": "book", "title": "Sat"})),
            "row Some(\"book\")",
        ),
        (
            interactive("nfm_reply", json!({"response_json": "{\"guests\":4}"})),
            "form 4",
        ),
        (
            message(json!({"type": "reaction", "reaction": {"message_id": "wamid.R"}})),
            "reaction None",
        ),
        (
            message(json!({"type": "document", "document": {"id": "1", "filename": "menu.pdf"}})),
            "document Some(\"https://example.com/1\") Some(\"menu.pdf\")",
        ),
        (
            message(
                json!({"type": "location", "location": {"latitude": 1, "longitude": 2, "name": "Here"}}),
            ),
            "place Some(\"Here\")",
        ),
        (
            message(json!({"type": "order", "order": {"product_items": [{}, {}]}})),
            "order 2",
        ),
        (
            message(json!({"type": "hologram", "hologram": {}})),
            "message hologram",
        ),
        (
            status(json!({"id": "A", "status": "read"})),
            "Some(\"A\") Some(Read)",
        ),
        (
            event(&json!({"status": "NOT-SENT", "message_id": "B"})),
            "Some(\"B\") Some(NotSent)",
        ),
        (
            message(json!({"type": "text", "text": 5})),
            "malformed meta_object.value.messages[0].text",
        ),
        (
            event(&json!({"meta_object": {"field": "account_update", "value": {}}})),
            "other field",
        ),
    ] {
        assert_eq!(told(&router, &log, event).await, [expect]);
    }
}

#[tokio::test]
async fn the_first_match_wins_and_a_filter_that_leads_nowhere_is_passed_by() {
    let log = Log::default();
    let router = Router::new(log.clone())
        .fallback(async |context| {
            context.state.note("fallback");
        })
        .when(filter::text_is("hi"), |hi| {
            hi.on_reaction(async |context, _| {
                context.state.note("never");
            })
        })
        .when(filter::text_is("bye"), |bye| {
            bye.fallback(async |context| {
                context.state.note("bye");
            })
        })
        .on_text(async |context, _| {
            context.state.note("first");
        })
        .on_text(async |context, _| {
            context.state.note("second");
        });
    assert_eq!(told(&router, &log, says("Hi")).await, ["first"]);
    assert_eq!(told(&router, &log, says("bye")).await, ["bye"]);
    assert_eq!(told(&router, &log, button("x")).await, ["fallback"]);
    // Nobody wants it: done with.
    Router::new(()).handle(says("Hi")).await.unwrap();
}

#[tokio::test]
async fn an_error_of_a_route_is_the_routers() {
    let router = Router::new(()).on_text(async |_, text| {
        text.body.parse::<u8>()?;
        done()
    });
    let error = router.handle(says("many")).await.unwrap_err();
    assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
}

#[tokio::test]
async fn filters_pass_what_they_say() {
    let in_group = message(json!({"type": "text", "text": {"body": "Hi"}, "group_id": "G"}));
    let hidden = event(
        &json!({"meta_object": {"field": "messages", "value": {"messages": [
            {"id": "A", "from_user_id": "IN.1", "type": "text", "text": {"body": "Hi"}}
        ]}}}),
    );
    let read = status(json!({"id": "A", "status": "read", "recipient_id": "919800000001"}));
    let yes = || filter::test(|_| true);
    let cases: Vec<(Filter, &IncomingEvent, bool)> = vec![
        (filter::text_is(" HI"), &in_group, true),
        (filter::text_is("h"), &in_group, false),
        (filter::text_contains("I"), &in_group, true),
        (filter::text_starts_with("h"), &in_group, true),
        (filter::text_starts_with("i"), &in_group, false),
        (filter::text_contains(""), &read, false),
        (filter::in_group(), &in_group, true),
        (filter::in_group(), &hidden, false),
        (filter::from("+919800000001"), &in_group, true),
        (filter::from("919800000001"), &read, true),
        (filter::from("919800000002"), &read, false),
        (filter::from("IN.1"), &hidden, true),
        (filter::kind(EventKind::Status), &read, true),
        (filter::kind(EventKind::Status), &hidden, false),
        (filter::type_is("read"), &read, true),
        (filter::type_is("text"), &hidden, true),
        (filter::stage(Stage::Read), &read, true),
        (filter::stage(Stage::Sent), &read, false),
        (yes().and(!yes()), &read, false),
        (yes().or(!yes()), &read, true),
        (!(yes().and(yes())), &read, false),
    ];
    for (at, (filter, event, expect)) in cases.into_iter().enumerate() {
        let log = Log::default();
        let router = Router::new(log.clone()).when(filter, |inner| {
            inner.on_any(async |context| {
                context.state.note("passed");
            })
        });
        let passed = !told(&router, &log, event.clone()).await.is_empty();
        assert_eq!(passed, expect, "case {at}");
    }
    let tap = button("cancel:5");
    for (filter, expect) in [
        (filter::payload_starts_with("cancel:"), true),
        (filter::payload_is("cancel:5"), true),
        (filter::payload_is("cancel:"), false),
    ] {
        let log = Log::default();
        let router = Router::new(log.clone()).when(filter, |inner| {
            inner.on_any_button(async |context, _| {
                context.state.note("passed");
            })
        });
        assert_eq!(!told(&router, &log, tap.clone()).await.is_empty(), expect);
    }
}
