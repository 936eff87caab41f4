//! Sends WhatsApp messages through Kaleyra so that none is lost and none goes out twice, whatever ends the process; and knows
//! what became of each.
//!
//! A message that is queued is on disk before `enqueue` returns. It is handed to Kaleyra at most once for each attempt, which
//! is on disk before the first byte goes out. What is not known stays visible as such, until a callback proves it.
//!
//! # Examples
//!
//! ```
//! use kaleyra_wa_client::{Account, BaseUrl, Client};
//! use kaleyra_wa_outbox::Outbox;
//! use kaleyra_wa_outbox::store::SqliteStore;
//! use kaleyra_wa_outbox::types::outbound::template::Template;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A Kaleyra on this machine, in place of `Pod::In`.
//! let sim = kaleyra_wa_sim::Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001");
//! let sim = sim.bind("127.0.0.1:0").await?;
//! let server = BaseUrl::parse(&sim.base_url())?;
//! let client = Client::new(Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?)?;
//!
//! # let folder = std::env::temp_dir().join(format!("kwa-outbox-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("shop.db");
//! let outbox = Outbox::start(client, SqliteStore::open(path)?).await?;
//! outbox
//!     .enqueue("order-17", "+919800000001", "Your order is on its way.")
//!     .or_template(Template::new("order_shipped", "en").body(["17"])) // nobody wrote in the last 24 hours
//!     .await?; // on disk; the same again changes nothing
//!
//! let accepted = sim.wait_for_accepted(1, std::time::Duration::from_secs(10)).await?;
//! assert_eq!(accepted[0].references.reference.as_deref(), Some("order-17"));
//! outbox.shutdown(std::time::Duration::from_secs(10)).await;
//!
//! let order = outbox.track("order-17").await?.ok_or("nothing is known of it")?;
//! assert_eq!(order.state(), "accepted");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! # What becomes of a message
//!
//! ```text
//!  enqueue ──► queued ─(its turn)─► flying ──► accepted ──► tracking: sent, delivered, read, failed
//!              ▲   │                  │ │ └───► rejected     by Kaleyra or WhatsApp
//!              │   ├─► skipped        │ │      window closed, opted out, what it follows did not arrive
//!              │   ├─► expired, cancelled
//!              └───┴── not sent, 429 ─┘ └─────► uncertain ──a callback──► accepted | rejected
//!                                                 └─ 15 minutes ─► unresolved ──a late one──► accepted | rejected
//! ```
//!
//! *Flying* is written and synced before the request goes out, so a crash leaves no message unaccounted for. A message
//! that was flying at a crash is *uncertain*: Kaleyra has no idempotency key, so sending it again might send it twice.
//! Its reference comes back in callbacks and settles it. Where none comes, it is *unresolved*, with the evidence that there
//! is; [`Outbox::resend`] makes another message of it, which a person decides.
//!
//! | the process ends | afterwards | copies sent |
//! |---|---|---|
//! | before `enqueue` returns | the caller enqueues again with the same key | 1 |
//! | before the message is flying | it is queued | 1 |
//! | after that, before the first byte | uncertain, then unresolved | 0 |
//! | during the request, or before the response is recorded | uncertain, then a callback proves it | at most 1 |
//! | after that | accepted or rejected | 1 |
//! | a restored backup | nothing is sent before [`Outbox::adopt`] | – |
//!
//! # Order and pace
//!
//! A message waits a week for its turn, or as long as [`Enqueue::expires_in`] says; then it is expired, and told. Messages of
//! one conversation go out one after the other, in the order in which they were queued; one that is uncertain,
//! or meant for later, holds up none. Different conversations go out side by side. Nothing is repeated in flight: the pace is
//! kept before, by number, by user and by day ([`Builder`]), and what Kaleyra refuses with "later" waits and is tried again.
//!
//! Trouble that would affect every message pauses the number and says why, instead of failing one recipient after the other: a
//! wrong key (`RBC001`), no balance (`E110`), a daily limit (`WAV2101`), `131048`, three times 429 in a row. Where three
//! responses in a row prove nothing, one message at a time goes ahead until the server has recovered. A template that was
//! paused (`132015`) pauses its campaign. [`Outbox::resume`] and [`Campaign::run`] resume; nobody is left out.
//!
//! # The 24-hour window, and opt-outs
//!
//! Whether a user may get a free-form message is judged when it flies: by when the user wrote last, which callbacks report, and
//! by what WhatsApp says (`131047`). If the window is closed, the [template](Enqueue::or_template) goes out in its place, or
//! the message is skipped. With an inbox in the same store (`kaleyra_wa_inbox::Inbox::builder(bot).start(store.clone())`) all of that is
//! noted as callbacks are kept; without one, [`Outbox::observe`] notes it, or [`Builder::assume_open_window`] leaves it to
//! WhatsApp.
//!
//! Marketing is skipped for users who opted out: by WhatsApp's own switch, by `131050`, by Kaleyra, or by
//! [`Outbox::opt_out`] in a handler of yours. [`Outbox::opt_in`] takes it back.
//!
//! # A campaign
//!
//! One template to many. Its recipients come from CSV or JSON lines, with a column for each place in the template; they are
//! frozen when they are imported.
//!
//! ```
//! use kaleyra_wa_outbox::store::campaign::CampaignState;
//! use kaleyra_wa_outbox::types::outbound::template::Template;
//! use kaleyra_wa_outbox::{Outbox, Recipients};
//!
//! # async fn run(outbox: &Outbox) -> Result<(), Box<dyn std::error::Error>> {
//! let customers = "to,name\n+919800000001,Asha\n+919800000002,Ravi\nnobody,Tom\n";
//! let (campaign, import) = outbox
//!     .new_campaign("spring") // the same name goes on where it was
//!     .rate(50)
//!     .quiet_hours("21:00-09:00 Asia/Kolkata".parse()?)
//!     .import(Template::new("spring_offer", "en").body(["{{name}}"]), Recipients::csv(customers))
//!     .await?;
//! assert_eq!((import.recipients, import.bad), (2, 1));
//! for bad in campaign.bad_lines(0, 100).await? {
//!     println!("line {}: {}", bad.line, bad.why);
//! }
//!
//! campaign.run().await?; // an outbox that was started sends it, through any number of restarts
//! // It runs also while its quiet hours, a limit or a pause of the number hold it back: `Outbox::paused` says why.
//! while campaign.status().await?.state == CampaignState::Running {
//!     tokio::time::sleep(std::time::Duration::from_secs(1)).await;
//! }
//! campaign.report(std::fs::File::create("report.csv")?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Each recipient has a state of their own and there is no cursor: whenever it is interrupted, nobody is left out and nobody
//! gets it twice. [`Campaign::pause`], [`run`](Campaign::run) again, [`cancel`](Campaign::cancel).
//!
//! # A bot
//!
//! [`Outbox::reply`](Outbox::reply), in a handler, is queued in the transaction that notes the event as handled: an event may be
//! handled more than once, and is answered once. For that the inbox (`kaleyra-wa-inbox`) and the outbox have one store:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use kaleyra_wa_client::{Account, Client, Pod};
//! use kaleyra_wa_inbox::Inbox;
//! use kaleyra_wa_outbox::store::SqliteStore;
//! use kaleyra_wa_outbox::{Outbox, Purpose};
//! use kaleyra_wa_webhook::{HandlerError, Receiver, Router, SharedHeader, WebhookService, serve};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?)?;
//! let store = SqliteStore::open("bot.db")?;
//! let outbox = Outbox::start(client, store.clone()).await?;
//! let bot = Router::new(outbox.clone()).on_text(async |bot, text| {
//!     if text.body.trim().eq_ignore_ascii_case("stop") {
//!         let user = bot.event.message().map(|message| message.reply_address());
//!         if let Some(Ok(user)) = user {
//!             bot.state.opt_out(user, Purpose::Marketing).await?;
//!         }
//!         bot.state.reply(&bot.event, "You get no more offers.").await?;
//!     } else {
//!         bot.state.reply(&bot.event, format!("You said: {}", text.body)).await?;
//!     }
//!     Ok::<_, HandlerError>(())
//! });
//! let inbox = Inbox::builder(bot).start(store.clone()).await?;
//! let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
//! let service = WebhookService::new(receiver, inbox.clone());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, service, async { drop(tokio::signal::ctrl_c().await) }).await?;
//!
//! // What takes ends first, and what is kept last.
//! inbox.shutdown(Duration::from_secs(10)).await;
//! outbox.shutdown(Duration::from_secs(10)).await;
//! store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Logs and metrics
//!
//! ```
//! use kaleyra_wa_outbox::{Change, Outbox};
//!
//! async fn watch(outbox: &Outbox) {
//!     let mut changes = outbox.changes();
//!     while let Some(change) = changes.next().await {
//!         match change {
//!             Change::SenderPaused { why, .. } => println!("nothing is sent: {why}"),
//!             Change::Campaign { state, .. } => println!("a campaign is {state}"),
//!             Change::Message { reference, stage, .. } => println!("{reference}: {stage}"),
//!             Change::Send { reference, state, .. } => println!("{reference}: {state}"),
//!             _ => {}
//!         }
//!     }
//! }
//! ```
//!
//! [`Outbox::changes`] tells an application what happens, and `tracing` whoever reads logs: a span
//! `kaleyra_wa.outbox.send` for each attempt, with `send`, `attempt` and `outcome`. Numbers, texts and keys are in none of them.
//! With the feature `metrics`:
//!
//! | Metric | Kind | Labels |
//! |---|---|---|
//! | `kaleyra_wa_outbox_sends_total` | counter: attempts that ended | `outcome`: `accepted`, `rejected`, `again`, `uncertain`, `skipped` |
//! | `kaleyra_wa_outbox_passed_total` | counter: messages that were not sent when it was their turn | |
//! | `kaleyra_wa_outbox_wait_seconds` | histogram: from when a message of no campaign could go out to its first attempt | |
//! | `kaleyra_wa_outbox_queued` | gauge, counted every 10 seconds | |
//! | `kaleyra_wa_outbox_in_flight` | gauge | |
//! | `kaleyra_wa_outbox_rate` | gauge: messages a second that the number may send now | |
//! | `kaleyra_wa_outbox_pauses_total` | counter | `what`: `sender`, `campaign` |
//!
//! # Features
//!
//! | Feature | Adds | Default |
//! |---|---|---|
//! | `webhook` | [`Outbox::reply`](Outbox::reply) | yes |
//! | `metrics` | see above | no |
//! | `crash-points` | places where a test can have the process killed | no |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
mod builder;
mod campaign;
mod enqueue;
mod error;
mod outbox;
mod queued;
#[cfg(feature = "webhook")]
mod reply;
mod runner;
mod text;
mod track;
mod users;

pub use kaleyra_wa_client::types;
pub use kaleyra_wa_store as store;
pub use kaleyra_wa_store::outbox::{Adoption, Purpose, SendState, Wish};
pub use kaleyra_wa_store::{Change, Changes};

pub use crate::builder::Builder;
pub use crate::campaign::{
    Campaign, Import, InvalidQuietHours, NewCampaign, QuietHours, Recipients, Report,
};
pub use crate::enqueue::Enqueue;
pub use crate::error::OutboxError;
pub use crate::outbox::Outbox;
pub use crate::queued::{Enqueued, Once};
pub use crate::track::Track;
