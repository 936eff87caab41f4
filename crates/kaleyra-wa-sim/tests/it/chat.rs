//! `.chat` files, played with a bot.

use kaleyra_wa_sim::{Account, Bot, ChatFile, ChatRun, FailureKind, StartedBot, junit, tap};

use super::bot::{Flaw, ShoeBot};
use super::wire::{KEY, SENDER, SID};

const SHOES: &str = r#"# shoes.chat
seed 7                                   # optional; --seed wins
clock 2026-11-28T12:00:00+05:30
user asha "Asha Example" +919800000001

asha: Hi! Is the blue one in stock?
shop: Which size do you need?            # exact; ~ /re/ or * otherwise
  buttons 41 | 42 | 43
asha taps 42
shop: ~ /in (two|2) days/
fault callback:duplicate next=2
asha sends bot.rs "By the window"
asha: remind me
shop: I will.
shop nothing more within 2s
wait 25h
asha: template, please
shop template book_again
  buttons again
"#;

/// The bot, started anew for each run.
fn run(flaw: Flaw) -> ChatRun {
    let bot = Bot::started_by(move |base_url| async move {
        let addr = base_url.trim_start_matches("http://").parse().unwrap();
        let bot = ShoeBot::start(addr, flaw).await;
        Ok(StartedBot::new(bot.url.clone(), bot))
    });
    ChatRun::new(bot).account(Account::new(SID, KEY, SENDER))
}

fn file(text: &str) -> ChatFile {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    ChatFile::parse(text).unwrap().in_folder(folder)
}

#[tokio::test]
async fn a_conversation_passes_and_fails_at_the_right_line() {
    let outcome = run(Flaw::None).run(&file(SHOES)).await.unwrap();
    assert!(outcome.failure.is_none(), "{outcome}");
    assert_eq!(outcome.seed, 7);
    assert_eq!(outcome.faults.len(), 2, "{:?}", outcome.faults);
    assert!(
        outcome
            .transcript
            .contains("asha: 42\nshop: Size 42 comes in two days."),
        "{}",
        outcome.transcript
    );

    let changed = SHOES.replace("Which size do", "Which colour do");
    let outcome = run(Flaw::None).run(&file(&changed)).await.unwrap();
    let failure = outcome.failure.as_ref().unwrap();
    assert_eq!(
        (failure.line, failure.error.kind),
        (7, FailureKind::Different)
    );

    let report = tap(&[("shoes.chat", &outcome, None)]);
    for part in [
        "TAP version 14\n1..1\nnot ok 1 - shoes.chat (seed 7)",
        "line: |\n    7",
        "Which colour do you need?",
        "asha: Hi! Is the blue one in stock?",
        "kaleyra-wa test shoes.chat --seed 7",
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    let xml = junit(&[("shoes.chat", &outcome, None)]);
    assert!(
        xml.contains("tests=\"1\" failures=\"1\"") && xml.contains("line 7: not as expected"),
        "{xml}"
    );
}

#[tokio::test]
async fn a_silent_bot_and_a_chatty_one_are_found_out() {
    let silent = run(Flaw::Silent).patience(std::time::Duration::from_millis(200));
    let outcome = silent.run(&file(SHOES)).await.unwrap();
    let failure = outcome.failure.unwrap();
    assert_eq!(
        (failure.line, failure.error.kind),
        (7, FailureKind::AnsweredNobody)
    );

    let twice = "user asha +919800000001\nfault callback:duplicate\nasha: Hi\nshop: *\n";
    let outcome = run(Flaw::AnswersTwice).run(&file(twice)).await.unwrap();
    let failure = outcome.failure.unwrap();
    assert_eq!(
        (failure.line, failure.error.kind),
        (4, FailureKind::AnsweredTwice)
    );

    let too_few = "user asha +919800000001\nasha: Hi\n";
    let outcome = run(Flaw::None).run(&file(too_few)).await.unwrap();
    assert_eq!(outcome.failure.unwrap().error.kind, FailureKind::Unexpected);
}

#[tokio::test]
async fn a_search_finds_a_seed_and_the_fewest_faults() {
    let chat = "user asha +919800000001\nasha: Hi\nshop: *\nasha taps 41\nshop: *\n";
    let spec = "callback:duplicate p=0.25; callback:delay by=1s..5s p=0.5"
        .parse()
        .unwrap();
    let run = run(Flaw::AnswersTwice).faults(spec);
    let found = run.search(&file(chat), 1..=50).await.unwrap();
    let reproduction = found.reproduction.unwrap();
    assert_eq!(reproduction.only.len(), 1, "{:?}", reproduction.only);
    assert!(reproduction.only[0].starts_with("callback:duplicate p=0.25@919800000001/message"));
    let command = reproduction.command("shoes.chat");
    assert!(command.starts_with(&format!(
        "kaleyra-wa test shoes.chat --seed {}",
        reproduction.seed
    )));

    for _ in 0..3 {
        let again = run
            .clone()
            .seed(reproduction.seed)
            .only_faults(reproduction.only.clone());
        let outcome = again.run(&file(chat)).await.unwrap();
        assert_eq!(
            outcome.failure.unwrap().error.kind,
            FailureKind::AnsweredTwice
        );
    }
    let sound = self::run(Flaw::None)
        .search(&file(chat), 1..=3)
        .await
        .unwrap();
    assert!(sound.reproduction.is_none() && sound.tried == 3);
}

#[tokio::test]
async fn a_file_is_updated_with_what_the_bot_sends() {
    let old = "user asha +919800000001\nasha: Hi   # first\nshop: Which colour?\n  buttons red\nasha taps 41\n";
    let outcome = run(Flaw::None).updates(true).run(&file(old)).await.unwrap();
    assert!(outcome.failure.is_none(), "{outcome}");
    let updated = outcome.updated.unwrap();
    assert_eq!(
        updated,
        "user asha +919800000001\nasha: Hi   # first\nshop: Which size do you need?\n  buttons 41 | 42 | 43\nasha taps 41\n\
         shop: Size 42 comes in two days.\n"
    );
    let outcome = run(Flaw::None)
        .updates(true)
        .run(&file(&updated))
        .await
        .unwrap();
    assert!(
        outcome.failure.is_none() && outcome.updated.is_none(),
        "{outcome}"
    );
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    for (text, line, part) in [
        ("seed x", 1, "seed: write a number"),
        ("clock now", 1, "clock: write a moment"),
        ("user asha", 1, "write user NAME"),
        ("user wait +919800000001", 1, "no word of these files"),
        ("\nasha: Hi", 2, "no user has this name"),
        ("shop: Hi", 1, "nobody has done anything yet"),
        ("user a +919800000001\na jumps", 2, "write NAME: text"),
        (
            "user a +919800000001\na: Hi\nshop: *\n  colour red",
            4,
            "write buttons",
        ),
        (
            "user a +919800000001\na: Hi\n  buttons A",
            3,
            "an indented line says more",
        ),
        (
            "user a +919800000001\na: Hi\nshop: ~ /(/",
            3,
            "not a pattern",
        ),
        (
            "user a +919800000001\na turns light on",
            2,
            "there is no such switch",
        ),
        ("fault callback:fly", 1, "rule 1: no callback fault"),
        ("wait soon", 1, "wait: write a duration"),
    ] {
        let error = ChatFile::parse(text).unwrap_err();
        assert_eq!(error.line, line, "{text}");
        assert!(error.why.contains(part), "{text}: {error}");
    }
}

#[tokio::test]
async fn an_order_is_paid_only_where_there_is_one() {
    let text = "user asha +919800000001\n\nasha pays failed\n";
    let outcome = run(Flaw::None).run(&file(text)).await.unwrap();
    let failure = outcome.failure.as_ref().unwrap();
    assert_eq!(
        (failure.line, failure.error.kind),
        (3, FailureKind::Impossible)
    );
    assert!(failure.error.found.contains("no order to pay"), "{outcome}");
    let error = ChatFile::parse("user asha +919800000001\nasha pays maybe\n").unwrap_err();
    assert!(
        error.to_string().contains("captured, failed, pending"),
        "{error}"
    );
}
