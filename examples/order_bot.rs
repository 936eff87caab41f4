//! A shop's bot that takes orders, sends pictures and receives them, and loses nothing in a crash: callbacks are kept in a file before
//! they are acknowledged, and replies are queued in the same file.
//!
//! Kill it whenever you like, and start it again: what was acknowledged is replied to, once.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::env;
use std::error::Error;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::types::outbound::interactive::ReplyButtons;
use kaleyra_wa_client::{Account, Client, MediaCache, MediaFile, MediaLink};
use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_outbox::Outbox;
use kaleyra_wa_outbox::store::SqliteStore;
use kaleyra_wa_webhook::types::inbound::Order;
use kaleyra_wa_webhook::{
    ButtonTap, HandlerError, IncomingMedia, MessageContext, Receiver, Router, SharedHeader,
    WebhookService, serve,
};
use tokio::net::TcpListener;

type Bot = MessageContext<Shop>;
type Done = Result<(), HandlerError>;

/// What is shown of the newest product.
const SHOE: &[u8] = include_bytes!("shoe.png");
/// The largest file that is fetched, in bytes.
const FILE_MAX: u64 = 16 << 20;

struct Shop {
    client: Client,
    outbox: Outbox,
    /// The picture is uploaded once, and again when WhatsApp has forgotten it.
    pictures: MediaCache,
}

async fn order(bot: Bot, order: Order) -> Done {
    let lines: Vec<String> = order
        .product_items
        .iter()
        .map(|item| {
            let count = item.quantity.as_ref().and_then(|it| it.as_f64());
            let product = item.product_retailer_id.as_ref().map(|id| id.as_str());
            format!(
                "{} × {}",
                count.unwrap_or(1.0),
                product.unwrap_or("a product")
            )
        })
        .collect();
    let question = ReplyButtons::new(format!("{}. Shall we send it?", lines.join(", ")))
        .button("yes", "Yes, please")
        .button("no", "Not now");
    // In the file with the note that this event is handled, or neither is.
    bot.state.outbox.reply(&bot.event, question).await?;
    Ok(())
}

async fn confirm(bot: Bot, tap: ButtonTap) -> Done {
    let said = match tap.payload.as_str() {
        "yes" => "It is on its way.",
        _ => "As you like. Your basket is kept.",
    };
    bot.state.outbox.reply(&bot.event, said).await?;
    Ok(())
}

async fn file(bot: Bot, media: IncomingMedia) -> Done {
    let Some(url) = media.url else {
        return Ok(()); // Kaleyra has not stored it
    };
    let mut link = MediaLink::new(url);
    if let Some(sha256) = media.sha256 {
        link = link.sha256(sha256); // another file is refused
    }
    let file = bot.state.client.download(link).limit(FILE_MAX).await?;
    let said = format!(
        "Thank you for the {}: {} bytes.",
        media.kind,
        file.bytes().len()
    );
    bot.state.outbox.reply(&bot.event, said).await?;
    Ok(())
}

async fn picture(bot: Bot) -> Done {
    let Shop {
        client,
        pictures,
        outbox,
    } = &*bot.state;
    let picture = pictures
        .upload(client, MediaFile::bytes("shoe.png", SHOE))
        .await?;
    let picture = Image::id(picture.media_id().clone()).caption("New: the blue one");
    outbox.reply(&bot.event, picture).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let client = Client::new(Account::from_env()?)?;
    let path = env::var("BOT_DB").unwrap_or_else(|_| "bot.db".to_owned());
    let store = SqliteStore::open(path)?;
    let outbox = Outbox::start(client.clone(), store.clone()).await?;
    let shop = Shop {
        client,
        outbox: outbox.clone(),
        pictures: MediaCache::new(),
    };
    let bot = Router::new(shop)
        .on_order(order)
        .on_any_button(confirm)
        .on_media(file)
        .on_text(async |bot, _| picture(bot).await);
    let inbox = Inbox::builder(bot).start(store.clone()).await?;

    let secret = env::var("KALEYRA_CALLBACK_SECRET")?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", secret)?);
    let address = env::var("BOT_ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, WebhookService::new(receiver, inbox.clone()), stop).await?;

    // What takes ends first, and what is kept last.
    inbox.shutdown(Duration::from_secs(10)).await;
    outbox.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    Ok(())
}
