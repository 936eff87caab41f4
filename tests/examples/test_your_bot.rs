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
        let response = match text.body.strip_prefix("order ") {
            Some(dish) => format!("One {dish} is on its way."),
            None => "Write \"order\" and a dish, such as: order biryani".to_owned(),
        };
        bot.state.reply(&bot.message, response).await
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
    use kaleyra_wa_sim::{Expected, Simulator};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::*;

    const SECRET: Secret<'static> = ("x-kaleyra-secret", "a secret of this test");

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
        let asha = world.kaleyra.user("+919800000001");
        // It goes to who wrote, quotes what they wrote, and is all that comes. Where it is not, the test fails with the transcript.
        asha.says("order dosa")
            .expect(Expected::text("One dosa is on its way.").quoting())
            .expect_nothing()
            .await;
        let ravi = world.kaleyra.user("+919800000002");
        ravi.says("Are you open?")
            .expect("Write \"order\" and a dish, such as: order biryani")
            .await;
        world.stop().await;
    }

    #[tokio::test]
    async fn it_answers_once_though_every_callback_comes_twice() {
        let world = World::start().await;
        world.kaleyra.faults("callback:duplicate").unwrap();
        let asha = world.kaleyra.user("+919800000001");
        asha.says("order dosa")
            .expect("One dosa is on its way.")
            .expect_nothing()
            .await;
        world.stop().await;
    }
}
