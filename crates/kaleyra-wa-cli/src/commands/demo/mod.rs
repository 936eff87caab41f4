//! `kaleyra-wa demo`: the main job, from the user's message to the bot's reply, on this machine.
//!
//! ```text
//!   end users ──► simulator ──callback──► webhook ──► bot ──► client ──send──► simulator
//! ```
//!
//! All of it is real HTTP over loopback; only Kaleyra and the people are made up.

mod answered;
mod bot;
mod check;
mod reminder;
mod scene;
mod shop;
mod templates;
mod transcript;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use kaleyra_wa_client::{Account, BaseUrl, Client};
use kaleyra_wa_sim::{Simulator, StatusLadder, callback::EndUser};
use kaleyra_wa_webhook::{Receiver, SharedHeader, WebhookService, serve};
use tokio::sync::oneshot;

use self::bot::Bot;
use self::templates::ShopTemplates;
use self::transcript::Transcript;
use super::{bind, stop_signal};
use crate::exit::Exit;
use crate::show::line::{Line, block};
use crate::show::output::{note, say, say_all};
use crate::show::style::Tone;

const SID: &str = "HXIN0000000000IN";
const API_KEY: &str = "A0demo0key0of0nobody0000000000000";
const SENDER: &str = "+918000000001";
const SECRET_HEADER: &str = "x-kaleyra-secret";
const SECRET: &str = "demo-secret";
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Watch it work on this machine: users write, a shop's bot replies
#[derive(Args)]
#[command(after_help = "\
Three users write to a shop: one replies with a photo, one reacts with an emoji, one taps a template's button. The \
shop's bot replies to each: a text that quotes the photo, an image by link, a reply with references. A simulated \
Kaleyra is \
between them; everything goes over HTTP on this machine.

Afterwards it keeps running: chat with the bot in a browser, at the address that it prints (and opens, where the terminal is on a desk
with a screen), or poke it with the curl lines.")]
pub(crate) struct Demo {
    /// Play the scene, check every reply, and exit: 0 if all is as it should be, 1 if not
    #[arg(long)]
    once: bool,
    /// Open no browser: the page's address is printed in any case
    #[arg(long)]
    no_open: bool,
    /// Show the JSON that goes in both directions, too
    #[arg(long)]
    wire: bool,
    /// Port of the simulated Kaleyra; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    sim_port: u16,
    /// Port of the shop's webhook; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    webhook_port: u16,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let webhook = bind(LOOPBACK, self.webhook_port, "--webhook-port").await?;
        let webhook_url = format!("http://{}/", webhook.local_addr().map_err(Exit::failed)?);
        let listener = bind(LOOPBACK, self.sim_port, "--sim-port").await?;
        let mut builder = Simulator::builder(SID, API_KEY, SENDER)
            .callbacks(webhook_url.as_str(), (SECRET_HEADER, SECRET))
            .templates(ShopTemplates::new());
        if !self.once {
            builder = builder.ladder(StatusLadder::phone());
        }
        let sim = builder.start(listener).await.map_err(Exit::failed)?;
        let base_url = BaseUrl::parse(&sim.base_url()).map_err(Exit::failed)?;
        let account = Account::new(base_url, SID, API_KEY, SENDER).map_err(Exit::failed)?;
        let client = Client::new(account).map_err(Exit::failed)?;
        let bot = Arc::new(Bot::new(
            client,
            &sim.base_url(),
            Transcript::new(self.wire),
        ));

        let verifier = SharedHeader::new(SECRET_HEADER, SECRET).map_err(Exit::failed)?;
        let service = WebhookService::new(Receiver::new(verifier), Arc::clone(&bot));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(serve(webhook, service, async {
            let _ = stopped.await;
        }));

        let title =
            "A shop on WhatsApp: its bot, three users, and a simulated Kaleyra between them";
        say_all([
            Line::toned(Tone::Title, title),
            Line::default(),
            Line::new(format!("  simulated Kaleyra  {}", sim.base_url())),
            Line::new(format!(
                "  the shop's webhook {webhook_url}  (callbacks carry {SECRET_HEADER})"
            )),
            Line::default(),
        ])?;
        let scene = scene::play(&sim, &bot).await?;
        let outcome = check::outcome(&sim, &bot, &scene).await;

        let ended = match outcome {
            Err(wrong) => {
                for line in wrong {
                    note(format!("  {line}"));
                }
                Err(Exit::failed("the scene went wrong, as said above"))
            }
            Ok(summary) => {
                say(Line::toned(Tone::Good, summary))?;
                if self.once {
                    Ok(())
                } else {
                    let stopped = stop_signal();
                    bot.go_live();
                    say_all(poke(&sim.base_url(), &webhook_url))?;
                    if !self.no_open {
                        crate::commands::browser::open_at_a_desk(&format!("{}/", sim.base_url()));
                    }
                    tokio::select! {
                        () = stopped => {}
                        () = remind(&sim, &bot) => {}
                    }
                    Ok(())
                }
            }
        };
        drop(stop);
        sim.shutdown().await;
        // The webhook has been told to stop; what hangs is not worth waiting for.
        let _ = tokio::time::timeout(Duration::from_secs(2), serving).await;
        ended
    }
}

/// Lets the bot look at the simulator's clock again and again, as it may be put forward at any time.
async fn remind(sim: &Simulator, bot: &Bot) {
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        bot.remind(sim.now()).await;
    }
}

/// How to go on by hand.
fn poke(base_url: &str, webhook_url: &str) -> Vec<Line> {
    let user = EndUser::new("Dev Example", "919800000009");
    let callback = user.text("Are you open on Sunday?").callback();
    let title = "It keeps running. Ctrl-C stops it; until then, chat with the bot in a browser:";
    let ways = format!(
        "
  {base_url}/

Be one of its customers there: write \"menu\", tap what comes, send a photo, and let a day go by. Everything that goes over the
wire stands beside the chat. Or poke it from another terminal.

Let a user write, through the simulator:
  curl {base_url}/sim/users/919800000009/text  -d '{{\"name\":\"Dev Example\",\"body\":\"Are you open on Sunday?\"}}'
  curl {base_url}/sim/users/919800000009/image -d '{{\"name\":\"Dev Example\",\"url\":\"https://example.com/cup.jpg\"}}'

Post a callback to the webhook yourself, as Kaleyra would:
  curl -i {webhook_url} -H '{SECRET_HEADER}: {SECRET}' -d '{callback}'

Send a message as the shop:
  curl -i {base_url}/v2/{SID}/whatsapp/{SENDER}/messages -H 'api-key: {API_KEY}' -H 'Content-Type: application/json' \\
    -d '{{\"messaging_object\":{{\"messaging_product\":\"whatsapp\",\"to\":\"+919800000009\",\"type\":\"text\",\"text\":{{\"body\":\"Yes, until six.\"}}}}}}'

What the simulated Kaleyra has accepted so far, and all else that it can do:
  curl {base_url}/sim/messages
  curl {base_url}/
"
    );
    let mut lines = vec![Line::default(), Line::toned(Tone::Title, title)];
    lines.extend(block(&ways));
    lines
}
