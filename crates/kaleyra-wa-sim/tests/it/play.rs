//! Conversations as tests, in Rust.

use std::time::{Duration, Instant};

use kaleyra_wa_sim::{Expected, FailureKind, StatusLadder, Switch};
use serde_json::json;

use super::bot::{Flaw, HOUR, ShoeBot, send, shop, template, text};
use super::wire::{SOON, builder, exchange, request};

const ASHA: &str = "+919800000001";

#[tokio::test]
async fn a_conversation_goes_as_expected() {
    let ladder: StatusLadder = "sent:0,delivered:1ms,read:manual".parse().unwrap();
    let (sim, bot) = shop(|it| it.ladder(ladder), Flaw::None).await;
    sim.user(ASHA)
        .named("Asha Example")
        .says("Hi! Is the blue one in stock?")
        .expect(Expected::text("Which size do you need?").buttons(["41", "42", "43"]))
        .taps("42")
        .expect(Expected::matching("in (two|2) days").unwrap())
        .reacts("😂")
        .sends_image("jpeg")
        .expect(Expected::text("Nice cup!").quoting())
        .reads()
        .expect_nothing()
        .await;
    let told = bot.told.lock().unwrap().clone();
    let messages = |kind: &str| {
        let it = told
            .iter()
            .filter(|it| it["meta_object"]["value"]["messages"][0]["type"] == kind);
        it.cloned().collect::<Vec<_>>()
    };
    let reply = &messages("interactive")[0]["meta_object"]["value"]["messages"][0];
    assert_eq!(
        reply["interactive"]["button_reply"],
        json!({"id": "size-42", "title": "42"})
    );
    let question = &sim.accepted()[0];
    assert_eq!(reply["context"]["id"], json!(question.wamid));
    assert_eq!(messages("reaction").len(), 1);
    for expected in ["sent", "delivered", "read"] {
        assert!(bot.statuses().iter().any(|it| it == expected), "{expected}");
    }
    let steps = sim.statuses(question.id.as_str());
    assert_eq!(steps[0].status.as_str(), "sent");
    assert_eq!(steps[0].category, Some("service"));
    sim.shutdown().await;
}

#[tokio::test]
async fn the_first_difference_is_told_with_the_transcript() {
    let (sim, _bot) = shop(|it| it.seed(7), Flaw::None).await;
    let played = sim.user(ASHA).says("Hi").expect("Which size?").run().await;
    let error = played.unwrap_err();
    assert_eq!(error.kind, FailureKind::Different);
    let text = error.to_string();
    for part in [
        "not as expected (seed 7)",
        "expected: Which size?",
        "it says: Which size do you need?",
        "user: Hi",
        "bot: Which size do you need?",
        "buttons 41 | 42 | 43",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let played = sim
        .user(ASHA)
        .taps("99")
        .patience(Duration::from_millis(10))
        .run()
        .await;
    assert_eq!(played.unwrap_err().kind, FailureKind::Impossible);
}

#[tokio::test]
async fn awaiting_panics_at_the_step() {
    let (sim, _bot) = shop(|it| it, Flaw::Silent).await;
    let task = tokio::spawn(async move {
        let patience = Duration::from_millis(100);
        sim.user(ASHA)
            .patience(patience)
            .says("Hi")
            .expect("Hello")
            .await;
    });
    let panic = task.await.unwrap_err().into_panic();
    let text = panic.downcast::<String>().unwrap();
    assert!(text.contains("play.rs:"), "{text}");
    assert!(text.contains("answered nobody"), "{text}");
}

#[tokio::test]
async fn a_day_later_a_text_fails_and_a_template_arrives() {
    let (sim, bot) = shop(|it| it.frozen().ladder(StatusLadder::phone()), Flaw::None).await;
    sim.user(ASHA)
        .says("Hi")
        .expect("Which size do you need?")
        .waits(25 * HOUR)
        .await;
    send(sim.addr(), text(ASHA, "Still interested?")).await;
    send(sim.addr(), template(ASHA)).await;
    sim.user(ASHA)
        .expect(Expected::text("Still interested?").failed("131047"))
        .expect(Expected::template("book_again").buttons(["again"]))
        .taps("again")
        .expect("Booked.")
        .expect_nothing()
        .await;
    let failed = &sim.statuses(sim.accepted()[1].wamid.as_str())[0];
    let error = failed.error.as_ref().unwrap();
    assert_eq!(error.code, "131047");
    assert!(error.details.contains("1d1h ago"), "{}", error.details);
    let told = bot.told.lock().unwrap().clone();
    let failed = told.iter().find(|it| it["status"] == "failed").unwrap();
    let status = &failed["meta_object"]["value"]["statuses"][0];
    assert_eq!(status["errors"][0]["code"], 131_047);
    assert!(status.get("pricing").is_none());
    let why = sim.why(sim.accepted()[1].id.as_str()).unwrap();
    assert!(
        why.verdict.starts_with("it was not delivered: 131047"),
        "{why}"
    );
    assert!(
        why.to_string().contains("documented: Meta's Error codes"),
        "{why}"
    );
}

#[tokio::test]
async fn the_phones_switches_decide_what_arrives() {
    let (sim, bot) = shop(|it| it.frozen().ladder(StatusLadder::phone()), Flaw::None).await;
    sim.user(ASHA)
        .says("Hi")
        .expect("Which size do you need?")
        .await;

    sim.user(ASHA).switches(Switch::AirplaneMode(true)).await;
    send(sim.addr(), text(ASHA, "Are you there?")).await;
    sim.advance(HOUR).await;
    let second = sim.accepted()[1].wamid.to_string();
    let steps = || -> Vec<String> {
        let steps = sim.statuses(&second).into_iter();
        steps.map(|step| step.status.as_str().to_owned()).collect()
    };
    assert_eq!(steps(), ["sent"]);
    let why = sim.why(&second).unwrap();
    assert!(why.verdict.contains("airplane mode"), "{why}");
    sim.user(ASHA).switches(Switch::AirplaneMode(false)).await;
    assert_eq!(steps(), ["sent", "delivered"]);
    sim.user(ASHA)
        .switches(Switch::ReadReceipts(false))
        .reads()
        .await;
    assert_eq!(steps(), ["sent", "delivered"]);
    sim.user(ASHA)
        .switches(Switch::ReadReceipts(true))
        .reads()
        .await;
    assert_eq!(steps(), ["sent", "delivered", "read"]);

    sim.user(ASHA).switches(Switch::Marketing(false)).await;
    send(sim.addr(), template(ASHA)).await;
    sim.settle().await;
    let third = sim.statuses(sim.accepted()[2].wamid.as_str());
    assert_eq!(third[0].error.as_ref().unwrap().code, "131050");
    sim.user(ASHA).changes_number("+919800000007").await;
    send(sim.addr(), text(ASHA, "Hello?")).await;
    sim.settle().await;
    let fourth = sim.statuses(sim.accepted()[3].wamid.as_str());
    assert_eq!(fourth[0].error.as_ref().unwrap().code, "131026");

    let told = bot.told.lock().unwrap().clone();
    let preference = told
        .iter()
        .find(|it| it["meta_object"]["field"] == "user_preferences")
        .unwrap();
    let preference = &preference["meta_object"]["value"]["user_preferences"][0];
    assert_eq!(
        (&preference["value"], &preference["wa_id"]),
        (&json!("stop"), &json!("919800000001"))
    );
    let system = told
        .iter()
        .find(|it| it["meta_object"]["value"]["messages"][0]["type"] == "system")
        .unwrap();
    let system = &system["meta_object"]["value"]["messages"][0]["system"];
    assert_eq!(
        (&system["type"], &system["wa_id"]),
        (&json!("user_changed_number"), &json!("919800000007"))
    );
}

#[tokio::test]
async fn a_duplicate_is_answered_once_or_found_out() {
    for (flaw, expected) in [
        (Flaw::None, None),
        (Flaw::AnswersTwice, Some(FailureKind::AnsweredTwice)),
    ] {
        let (sim, _bot) = shop(|it| it.frozen(), flaw).await;
        sim.faults("callback:duplicate kind=message").unwrap();
        let user = sim.user(ASHA).says("Hi").expect("Which size do you need?");
        let played = user.expect_nothing().run().await;
        assert_eq!(played.err().map(|error| error.kind), expected, "{flaw:?}");
    }
}

#[tokio::test]
async fn what_is_delayed_comes_in_order_while_the_clock_is_put_forward() {
    let (sim, bot) = shop(|it| it.frozen().statuses(false), Flaw::Silent).await;
    for (text, delay) in [
        ("late", "2h"),
        ("later", "3h"),
        ("now", "0s"),
        ("soon", "1h"),
    ] {
        sim.faults(&format!("callback:delay by={delay} next=1"))
            .unwrap();
        let message = sim.end_user("Asha Example", ASHA).text(text);
        let posting = sim.post(message);
        if delay == "0s" {
            assert_eq!(posting.await.unwrap(), 200);
        } else {
            // It is on its way once it was polled.
            assert!(
                tokio::time::timeout(Duration::from_millis(20), posting)
                    .await
                    .is_err()
            );
        }
    }
    sim.advance(2 * HOUR).await;
    let told = || -> Vec<String> {
        let told = bot.told.lock().unwrap();
        let texts = told
            .iter()
            .map(|it| &it["meta_object"]["value"]["messages"][0]["text"]["body"]);
        texts
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(told(), ["now", "soon", "late"]);
    sim.advance(HOUR).await;
    assert_eq!(told(), ["now", "soon", "late", "later"]);
}

#[tokio::test]
async fn a_voice_note_is_read_and_played_once_and_nothing_else_is_played() {
    let ladder = "sent:0,delivered:0,read:manual,played:manual";
    let ladder: StatusLadder = ladder.parse().unwrap();
    let (sim, bot) = shop(|it| it.frozen().ladder(ladder), Flaw::Silent).await;
    sim.user(ASHA).says("Hi").await;
    for voice in [true, false] {
        let audio = json!({"link": "https://example.com/hello.ogg", "voice": voice});
        send(
            sim.addr(),
            json!({"to": ASHA, "type": "audio", "audio": audio}),
        )
        .await;
    }
    send(sim.addr(), text(ASHA, "Listen to it")).await;
    sim.settle().await;
    let id = |index: usize| sim.accepted()[index].wamid.to_string();
    let steps = |index: usize| -> Vec<String> {
        let steps = sim.statuses(&id(index)).into_iter();
        steps.map(|step| step.status.as_str().to_owned()).collect()
    };
    let play = async |body: String| {
        let line = format!("POST /sim/users/{}/play", &ASHA[1..]);
        request(&sim, &line, &[], &body).await
    };
    for index in [1, 2] {
        let refused = play(json!({"message": id(index)}).to_string()).await;
        assert_eq!(refused.status(), 400);
        assert!(refused.body.contains("no voice note"), "{refused:?}");
    }
    let played = play(json!({"message": id(0)}).to_string()).await;
    assert_eq!(played.json(), json!({"messages": 1}));
    sim.user(ASHA).plays().plays().await;
    assert_eq!(play(String::new()).await.json(), json!({"messages": 0}));
    assert_eq!(steps(0), ["sent", "delivered", "read", "played"]);
    assert_eq!(steps(1), ["sent", "delivered"]);
    assert_eq!(steps(2), ["sent", "delivered"]);
    sim.settle().await;
    let told = bot.told.lock().unwrap().clone();
    let mut played = told.iter().filter(|it| it["status"] == "played");
    let status = &played.next().unwrap()["meta_object"]["value"]["statuses"][0];
    assert_eq!(status["status"], "played");
    assert!(played.next().is_none());
}

#[tokio::test]
async fn only_a_voice_note_is_played_by_the_ladder() {
    let ladder: StatusLadder = "sent:0,played:1m".parse().unwrap();
    let (sim, _bot) = shop(|it| it.speed(3600.0).ladder(ladder), Flaw::Silent).await;
    let audio = json!({"link": "https://example.com/hello.ogg", "voice": true});
    send(sim.addr(), text(ASHA, "Listen to it")).await;
    send(
        sim.addr(),
        json!({"to": ASHA, "type": "audio", "audio": audio}),
    )
    .await;
    // A minute goes by in the sixtieth part of a second.
    let steps = |index: usize| sim.statuses(sim.accepted()[index].wamid.as_str()).len();
    let began = Instant::now();
    while steps(1) < 2 && began.elapsed() < SOON {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!((steps(0), steps(1)), (1, 2));
}

#[tokio::test]
async fn a_hundred_simulators_fit_into_one_process() {
    let healthy = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let (mut shops, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        let began = Instant::now();
        let sim = builder().bind("127.0.0.1:0").await.unwrap();
        let response = exchange(sim.addr(), healthy.as_bytes()).await;
        starts.push(began.elapsed());
        assert!(response.starts_with(b"HTTP/1.1 200"));
        shops.push(sim);
    }
    // Of the fastest, as the machine may be busy: `cargo xtask bench sim` has the median.
    let fastest = starts.into_iter().min().unwrap();
    assert!(fastest < Duration::from_millis(5), "{fastest:?} to start");
    let mut bots = Vec::new();
    for sim in &shops {
        let bot = ShoeBot::start(sim.addr(), Flaw::None).await;
        sim.post_callbacks_to(&bot.url, None).unwrap();
        bots.push(bot);
    }
    let chats = shops.iter().map(|sim| async move {
        let user = sim.user(ASHA).patience(SOON);
        user.says("Hi")
            .expect("Which size do you need?")
            .taps("41")
            .expect(Expected::any())
            .await;
    });
    for chat in chats {
        chat.await;
    }
    assert!(shops.iter().all(|sim| sim.accepted().len() == 2));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let (sim, _bot) = shop(|it| it.seed(7), Flaw::None).await;
        sim.user(ASHA).says("Hi").expect(Expected::any()).await;
        ids.push(sim.accepted()[0].wamid.clone());
    }
    assert_eq!(ids[0], ids[1]);
}
