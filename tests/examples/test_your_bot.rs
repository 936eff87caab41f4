//! A bot and its test. In the test everything is as in production, but the Kaleyra that it talks to is simulated.
//!
//! ```text
//! cargo test -p kaleyra-wa-tests --example test_your_bot
//! ```

use std::io;
use std::time::Duration;

use kaleyra_wa_client::{Account, Client, Pod};
use kaleyra_wa_webhook::{MemorySink, Receiver, Router, SharedHeader, WebhookService, serve};
use tokio::net::TcpListener;

/// The header that callbacks carry, and what is in it.
type Secret<'a> = (&'a str, &'a str);

/// What the bot does: it takes orders, and tells everybody else how to order.
fn bot(client: Client) -> MemorySink {
    let router = Router::new(client).on_text(async |bot, text| {
        let answer = match text.body.strip_prefix("order ") {
            Some(dish) => format!("One {dish} is on its way."),
            None => "Write \"order\" and a dish, such as: order biryani".to_owned(),
        };
        bot.state.reply(&bot.message, answer).await
    });
    MemorySink::builder(router).build()
}

/// Runs the bot until `stop`, and finishes what it has begun.
async fn run(
    client: Client,
    listener: TcpListener,
    secret: Secret<'_>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Box<dyn std::error::Error>> {
    let sink = bot(client);
    let receiver = Receiver::new(SharedHeader::new(secret.0, secret.1)?);
    serve(listener, WebhookService::new(receiver, sink.clone()), stop).await?;
    Ok(sink.shutdown(Duration::from_secs(10)).await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name: &str| {
        std::env::var(name).map_err(|_| io::Error::other(format!("{name} is not set")))
    };
    let [sid, key, sender] = ["KALEYRA_SID", "KALEYRA_API_KEY", "KALEYRA_SENDER"].map(variable);
    let client = Client::new(Account::new(Pod::In, sid?, key?, sender?)?)?;
    let secret = variable("KALEYRA_CALLBACK_SECRET")?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    run(client, listener, ("x-kaleyra-secret", &secret), stop).await
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_client::BaseUrl;
    use kaleyra_wa_sim::Simulator;
    use serde_json::Value;
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::*;

    const SECRET: Secret<'static> = ("x-kaleyra-secret", "a secret of this test");
    /// Nothing waits for so long unless the test fails.
    const SOON: Duration = Duration::from_secs(10);

    /// The bot in a world of its own.
    struct World {
        kaleyra: Simulator,
        stop: oneshot::Sender<()>,
        bot: JoinHandle<()>,
    }

    impl World {
        async fn start() -> Self {
            let account = ("HXIN0000000000IN", "A-key-of-nobody", "+918000000001");
            // The bot needs Kaleyra's address, and Kaleyra the bot's: so Kaleyra starts first…
            let kaleyra = Simulator::builder(account.0, account.1, account.2)
                .bind("127.0.0.1:0")
                .await
                .unwrap();
            let server = BaseUrl::parse(&kaleyra.base_url()).unwrap();
            let account = Account::new(server, account.0, account.1, account.2).unwrap();
            let client = Client::new(account).unwrap();

            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel();
            let bot = tokio::spawn(async move {
                let stop = async { drop(stopped.await) };
                run(client, listener, SECRET, stop).await.unwrap();
            });
            // … and is told last where the bot listens.
            kaleyra
                .post_callbacks_to(&format!("http://{address}/"), SECRET)
                .unwrap();
            Self { kaleyra, stop, bot }
        }

        /// The requests of the bot so far, once there are `count` of them. The test fails if there are not, or more, and
        /// tells what happened instead.
        async fn answers(&self, count: usize) -> Vec<Value> {
            let accepted = self.kaleyra.wait_for_accepted(count, SOON).await;
            let accepted =
                accepted.unwrap_or_else(|error| panic!("{error}:\n{}", self.kaleyra.transcript()));
            assert_eq!(accepted.len(), count, "{}", self.kaleyra.transcript());
            accepted
                .iter()
                .map(|message| message.request["messaging_object"].clone())
                .collect()
        }

        /// Stops all; the bot finishes what it has begun.
        async fn stop(self) {
            self.stop.send(()).unwrap();
            self.bot.await.unwrap();
            self.kaleyra.shutdown().await;
        }
    }

    #[tokio::test]
    async fn it_takes_an_order_and_helps_who_asks_for_something_else() {
        let world = World::start().await;
        let asha = world.kaleyra.end_user("Asha Example", "919800000001");
        let ravi = world.kaleyra.end_user("Ravi Example", "919800000002");

        for (number, message, answer) in [
            (1, asha.text("order dosa"), "One dosa is on its way."),
            (
                2,
                ravi.text("Are you open?"),
                "Write \"order\" and a dish, such as: order biryani",
            ),
        ] {
            let status = world.kaleyra.post_callback(&message.callback()).await;
            assert_eq!(status.unwrap(), 200, "{}", world.kaleyra.transcript());

            let answers = world.answers(number).await;
            let last = &answers[number - 1];
            assert_eq!(last["text"]["body"], answer);
            // It goes to who wrote, and quotes what they wrote.
            let user = ["+919800000001", "+919800000002"][number - 1];
            assert_eq!(last["to"], user);
            assert_eq!(last["context"]["message_id"], message.id().as_str());
        }
        world.stop().await;
    }

    #[tokio::test]
    async fn it_answers_once_though_the_callback_comes_twice() {
        let world = World::start().await;
        let asha = world.kaleyra.end_user("Asha Example", "919800000001");
        let order = asha.text("order dosa").callback();
        for _ in 0..2 {
            assert_eq!(world.kaleyra.post_callback(&order).await.unwrap(), 200);
        }
        world.answers(1).await;
        // What the bot had begun when it was told to stop is done now: still one answer.
        let World { kaleyra, stop, bot } = world;
        stop.send(()).unwrap();
        bot.await.unwrap();
        assert_eq!(kaleyra.accepted().len(), 1, "{}", kaleyra.transcript());
        kaleyra.shutdown().await;
    }
}
