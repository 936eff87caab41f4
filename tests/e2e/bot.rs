//! A bot of client and router: it answers once, and never sends again what may have arrived.

use std::time::Duration;

use kaleyra_wa_client::{Account, BaseUrl, Client, Delivery, Error, RetryPolicy};
use kaleyra_wa_sim::Fault;
use kaleyra_wa_types::inbound::Text;
use kaleyra_wa_webhook::{HandlerFailure, MemorySink, MemorySinkBuilder, MessageContext, Router};
use tokio::sync::mpsc;

use crate::shop::Shop;

const USER: (&str, &str) = ("Asha", "919800000001");

/// The bot of the README, with another route.
fn bot(client: Client) -> MemorySinkBuilder {
    let router = Router::new(client)
        .on_button("book", async |bot, tap| {
            let answer = format!("You chose {}", tap.text.unwrap_or_default());
            bot.state.reply(&bot.message, answer).await
        })
        .on_text(async |bot, text| {
            let answer = format!("You said: {}", text.body);
            bot.state.reply(&bot.message, answer).await
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

    let failure: HandlerFailure = letters.try_recv().unwrap();
    let error = failure.downcast_ref::<Error>().unwrap();
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert!(bodies(&shop).is_empty());
    shop.close().await;
}

#[tokio::test]
async fn a_handler_that_is_stopped_in_the_middle_of_a_send_is_not_called_again() {
    let (sender, mut letters) = mpsc::unbounded_channel();
    let mut sink = None;
    let shop = Shop::open(|client| {
        let builder = bot(client)
            .handler_timeout(Duration::from_millis(300))
            .on_dead_letter(move |letter| {
                sender.send(letter).unwrap();
                async {}
            });
        sink.insert(builder.build()).clone()
    })
    .await;
    // Longer than the handler may take; a second try would be answered.
    shop.sim.fail_next(Fault::Hang);
    let text = shop.sim.end_user(USER.0, USER.1).text("Hi");
    assert_eq!(shop.sim.post_callback(&text.callback()).await.unwrap(), 200);
    let patience = Duration::from_secs(20);
    sink.unwrap().shutdown(patience).await.unwrap();

    let letter = letters.try_recv().unwrap();
    assert!(matches!(letter.failure, HandlerFailure::TimedOut));
    assert_eq!((letter.event.attempt(), letter.may_have_sent), (1, true));
    assert!(bodies(&shop).is_empty());
    shop.close().await;
}

/// Sends twice, the second time to where nobody listens; through an error that says nothing of itself.
async fn twice(
    bot: MessageContext<Client>,
    _: Text,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let nowhere = BaseUrl::parse("http://127.0.0.1:1")?;
    let account = Account::new(nowhere, "HX1", "A1", "+918000000001")?;
    let nowhere = Client::new(account)?.with_retry(RetryPolicy::never());
    bot.state.reply(&bot.message, "first").await?;
    nowhere.reply(&bot.message, "second").await?;
    Ok(())
}

#[tokio::test]
async fn what_was_sent_before_another_send_failed_is_not_sent_again() {
    let (sender, mut letters) = mpsc::unbounded_channel();
    let mut sink = None;
    let shop = Shop::open(|client| {
        let builder = MemorySink::builder(Router::new(client).on_text(twice))
            .backoff(Duration::from_millis(1), Duration::from_millis(5))
            .retry_error(|error: &Error| error.delivery() == Delivery::NotSent)
            .on_dead_letter(move |letter| {
                sender.send(letter).unwrap();
                async {}
            });
        sink.insert(builder.build()).clone()
    })
    .await;
    let text = shop.sim.end_user(USER.0, USER.1).text("Hi");
    assert_eq!(shop.sim.post_callback(&text.callback()).await.unwrap(), 200);
    let patience = Duration::from_secs(20);
    sink.unwrap().shutdown(patience).await.unwrap();

    let letter = letters.try_recv().unwrap();
    assert_eq!((letter.event.attempt(), letter.may_have_sent), (1, true));
    assert_eq!(bodies(&shop), ["first"]);
    let shown = letter.failure.to_string();
    assert!(shown.ends_with("nothing was sent"), "{shown}");
    shop.close().await;
}

#[tokio::test]
async fn why_an_answer_was_refused_is_told_and_no_number() {
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
    shop.sim.fail_next(Fault::BadGateway);
    let text = shop.sim.end_user(USER.0, USER.1).text("Hi");
    assert_eq!(shop.sim.post_callback(&text.callback()).await.unwrap(), 200);
    let patience = Duration::from_secs(20);
    sink.unwrap().shutdown(patience).await.unwrap();

    let failure: HandlerFailure = letters.try_recv().unwrap();
    let said = failure.downcast_ref::<Error>().unwrap().to_string();
    let shown = failure.to_string();
    assert!(shown.ends_with(&said), "{shown}");
    assert!(
        !shown.contains(USER.1) && !shown.contains("You said"),
        "{shown}"
    );
    shop.close().await;
}
