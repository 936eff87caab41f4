//! A bot of client and router: it answers once, and never sends again what may have arrived.

use std::time::Duration;

use kaleyra_wa_client::{Client, Delivery, Error};
use kaleyra_wa_sim::Fault;
use kaleyra_wa_webhook::{Failure, MemorySink, MemorySinkBuilder, Router};
use tokio::sync::mpsc;

use crate::shop::Shop;

const USER: (&str, &str) = ("Asha", "919800000001");

/// The bot of the README, with another route.
fn bot(client: Client) -> MemorySinkBuilder {
    let router = Router::new(client)
        .on_button("book", async |bot, tap| {
            let answer = format!("You chose {}", tap.text.unwrap_or_default());
            bot.state.reply(&bot.message, answer).await?;
            Ok(())
        })
        .on_text(async |bot, text| {
            let answer = format!("You said: {}", text.body);
            bot.state.reply(&bot.message, answer).await?;
            Ok(())
        });
    MemorySink::builder(router)
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .retry_error(|error: &Error| error.delivery() == Delivery::NotSent)
}

fn bodies(shop: &Shop) -> Vec<String> {
    let accepted = shop.sim.accepted();
    let body = |request: &serde_json::Value| {
        request["messaging_object"]["text"]["body"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    accepted
        .iter()
        .map(|message| body(&message.request))
        .collect()
}

#[tokio::test]
async fn it_answers_each_message_once_however_often_it_comes() {
    let mut sink = None;
    let shop = Shop::open(|client| sink.insert(bot(client).build()).clone()).await;
    let user = shop.sim.end_user(USER.0, USER.1);
    let (text, tap) = (user.text("Hi"), user.template_button("book", "Book"));
    for message in [&text, &tap, &text, &tap] {
        assert_eq!(
            shop.sim.post_callback(&message.callback()).await.unwrap(),
            200
        );
    }
    sink.unwrap()
        .shutdown(Duration::from_secs(20))
        .await
        .unwrap();
    assert_eq!(bodies(&shop), ["You said: Hi", "You chose Book"]);
    shop.close().await;
}

#[tokio::test]
async fn an_answer_that_may_have_arrived_is_not_sent_again() {
    let (sender, mut letters) = mpsc::unbounded_channel();
    let mut sink = None;
    let shop = Shop::open(|client| {
        let builder = bot(client).on_dead_letter(move |letter| {
            sender.send(letter.failure).unwrap();
            async {}
        });
        sink.insert(builder.build()).clone()
    })
    .await;
    // The answer is read, and the connection closed: it may have arrived. A second one would be accepted.
    shop.sim.fail_next(Fault::Close);
    let text = shop.sim.end_user(USER.0, USER.1).text("Hi");
    assert_eq!(shop.sim.post_callback(&text.callback()).await.unwrap(), 200);
    sink.unwrap()
        .shutdown(Duration::from_secs(20))
        .await
        .unwrap();

    let failure: Failure = letters.try_recv().unwrap();
    let error = failure.downcast_ref::<Error>().unwrap();
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert!(bodies(&shop).is_empty());
    shop.close().await;
}
