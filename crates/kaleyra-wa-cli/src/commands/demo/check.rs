//! Whether every answer of the bot arrived at the simulated Kaleyra as it should, and nothing else did.

use kaleyra_wa_sim::Simulator;
use serde_json::{Value, json};

use super::SENDER;
use super::bot::{
    BOOKED, BOOKED_REFERENCE, BOOKED_REFERENCE1, Bot, POSTCARD, POSTCARD_REFERENCE,
    THANKS_FOR_FILE, THANKS_REFERENCE,
};
use super::scene::{STATUS_DEADLINE, Scene};

/// What was right, in a sentence; else everything that was wrong.
pub(super) async fn outcome(
    sim: &Simulator,
    bot: &Bot,
    scene: &Scene,
) -> Result<String, Vec<String>> {
    let accepted: Vec<Value> = sim
        .accepted()
        .iter()
        .map(|message| message.request.clone())
        .collect();
    let mut wrong = compare(&expected(scene), &accepted);
    for (name, act) in [
        ("photo", &scene.photo),
        ("reaction", &scene.reaction),
        ("button", &scene.button),
    ] {
        if act.webhook_status != 200 {
            wrong.push(format!(
                "the webhook answered {} to the {name}",
                act.webhook_status
            ));
        }
    }
    let mut statuses = bot.statuses();
    let all_told = statuses.wait_for(|told| *told >= accepted.len());
    if tokio::time::timeout(STATUS_DEADLINE, all_told)
        .await
        .is_err()
    {
        wrong.push(format!(
            "the webhook was told {} statuses of {}",
            *bot.statuses().borrow(),
            accepted.len()
        ));
    }
    if wrong.is_empty() {
        Ok(format!(
            "All as it should be: 3 callbacks answered 200, {} answers accepted from {SENDER}, each told as sent.",
            accepted.len()
        ))
    } else {
        Err(wrong)
    }
}

/// The three answers as they must arrive.
fn expected(scene: &Scene) -> Vec<Value> {
    let to = |user: &str| format!("+{user}");
    let photo = json!({
        "messaging_object": {
            "messaging_product": "whatsapp", "recipient_type": "individual",
            "context": {"message_id": scene.photo.message_id},
            "to": to(scene.photo.user), "type": "text", "text": {"body": THANKS_FOR_FILE},
        },
        "extra_info": {"ref": THANKS_REFERENCE},
    });
    let reaction = json!({
        "messaging_object": {
            "messaging_product": "whatsapp", "recipient_type": "individual",
            "to": to(scene.reaction.user), "type": "image",
            "image": {"link": POSTCARD, "caption": "With love from the shop"},
        },
        "extra_info": {"ref": POSTCARD_REFERENCE},
    });
    let button = json!({
        "messaging_object": {
            "messaging_product": "whatsapp", "recipient_type": "individual",
            "context": {"message_id": scene.button.message_id},
            "to": to(scene.button.user), "type": "text", "text": {"body": BOOKED},
        },
        "extra_info": {"ref": BOOKED_REFERENCE, "ref1": BOOKED_REFERENCE1},
    });
    vec![photo, reaction, button]
}

/// What is missing, and what is there that should not be.
fn compare(expected: &[Value], accepted: &[Value]) -> Vec<String> {
    let missing = expected.iter().filter(|answer| !accepted.contains(answer));
    let missing = missing.map(|answer| format!("missing: {answer}"));
    let surplus = accepted.iter().filter(|answer| !expected.contains(answer));
    let surplus = surplus.map(|answer| format!("not expected: {answer}"));
    let twice = expected
        .iter()
        .filter(|answer| accepted.iter().filter(|other| other == answer).count() > 1);
    let twice = twice.map(|answer| format!("more than once: {answer}"));
    missing.chain(surplus).chain(twice).collect()
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_client::{Account, BaseUrl, Client};
    use kaleyra_wa_types::outbound::Image;

    use super::super::scene::Act;
    use super::super::transcript::Transcript;
    use super::super::{API_KEY, SID};
    use super::*;

    #[tokio::test]
    async fn a_scene_without_its_answers_goes_wrong() {
        let sim = Simulator::builder(SID, API_KEY, SENDER);
        let sim = sim.bind("127.0.0.1:0").await.unwrap();
        let base_url = BaseUrl::parse(&sim.base_url()).unwrap();
        let account = Account::new(base_url, SID, API_KEY, SENDER).unwrap();
        let client = Client::new(account).unwrap();
        let postcard = Image::link(POSTCARD).caption("With love from the shop");
        let postcard = client.send("+919800000002", postcard);
        postcard.reference(POSTCARD_REFERENCE).await.unwrap();
        let act = |user, webhook_status| Act {
            user,
            message_id: "wamid.1".into(),
            webhook_status,
        };
        let scene = Scene {
            photo: act("919800000001", 200),
            reaction: act("919800000002", 503),
            button: act("919800000003", 200),
        };
        let bot = Bot::new(client, Transcript::new(false));
        bot.told();

        let wrong = outcome(&sim, &bot, &scene).await.unwrap_err();
        let count = |part: &str| wrong.iter().filter(|line| line.contains(part)).count();
        assert_eq!(count("missing: "), 2, "{wrong:?}");
        assert_eq!(count("answered 503 to the reaction"), 1, "{wrong:?}");
        assert_eq!(count("not expected"), 0, "{wrong:?}");
    }

    #[test]
    fn what_is_missing_changed_or_doubled_is_wrong() {
        let [a, b, c] = [json!({"a": 1}), json!({"b": 1}), json!({"b": 2})];
        fn check(expected: &[&Value], accepted: &[&Value], wrong: &[&str]) {
            let own = |values: &[&Value]| {
                values
                    .iter()
                    .map(|&value| value.clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(compare(&own(expected), &own(accepted)), wrong);
        }
        check(&[&a, &b], &[&b, &a], &[]);
        check(&[&a, &b], &[&a], &["missing: {\"b\":1}"]);
        check(
            &[&b],
            &[&c],
            &["missing: {\"b\":1}", "not expected: {\"b\":2}"],
        );
        check(&[&a], &[&a, &a], &["more than once: {\"a\":1}"]);
    }
}
