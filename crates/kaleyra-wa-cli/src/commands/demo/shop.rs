//! What the shop's bot says: a menu, a picture, a place, an order, a form, and files sent back.

use kaleyra_wa_client::{Client, MediaFile, MediaLink, SendMessage};
use kaleyra_wa_types::inbound::{
    Callback, InteractiveReply, Message, MessageContent, NfmReply, Order,
};
use kaleyra_wa_types::outbound::interactive::{
    FlowMessage, List, LocationRequest, MultiProduct, ProductSection, ReplyButtons, Row, Section,
};
use kaleyra_wa_types::outbound::template::{Button, Template};
use kaleyra_wa_types::outbound::{Audio, Content, Document, Image, Location, Sticker, Text, Video};
use kaleyra_wa_types::{MediaId, MediaKind};
use tokio::sync::OnceCell;

use super::templates::COME_BACK;

/// What `check` compares with.
pub(super) const THANKS_FOR_FILE: &str =
    "What a lovely picture, thank you! We have put it up in the shop.";
pub(super) const THANKS_REFERENCE: &str = "thanks-17";
pub(super) const POSTCARD: &str = "https://example.com/shop/postcard.png";
pub(super) const POSTCARD_REFERENCE: &str = "postcard-17";
pub(super) const BOOKED: &str = "It's booked again. See you soon!";
pub(super) const BOOKED_REFERENCE: &str = "booking-18";
pub(super) const BOOKED_REFERENCE1: &str = "from-template";

const SHOE: &[u8] = include_bytes!("../../../assets/shoe.png");
/// The longest file that is sent back, in bytes.
const ECHO_MAX: u64 = 16 << 20;

/// The shop, as far as it writes.
pub(super) struct Shop {
    client: Client,
    /// Where the simulator keeps users' files: from elsewhere nothing is fetched.
    files: String,
    /// The shoe's picture, once it was uploaded.
    shoe: OnceCell<MediaId>,
}

impl Shop {
    /// `base_url` is the simulator's.
    pub(super) fn new(client: Client, base_url: &str) -> Self {
        Self {
            client,
            files: format!("{base_url}/media/"),
            shoe: OnceCell::new(),
        }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// What it sends in response to a message; `None` where there is nothing to say. People are sent a postcard that they can see.
    pub(super) async fn response(
        &self,
        callback: &Callback,
        message: &Message,
        is_live: bool,
    ) -> Option<SendMessage> {
        let content: Content = match &message.content {
            MessageContent::Reaction(reaction) => {
                reaction.emoji.as_ref()?;
                let shoe = if is_live { self.shoe().await } else { None };
                let postcard = shoe.map_or_else(|| Image::link(POSTCARD), Image::id);
                let postcard = postcard.caption("With love from the shop");
                return Some(self.send(message, postcard).reference(POSTCARD_REFERENCE));
            }
            MessageContent::Button(button) => match button.payload.as_deref() {
                Some("keep") => text("It is yours until Saturday. See you soon!"),
                Some("leave") => text("That’s fine. Write *menu* whenever you like."),
                _ => {
                    let booked = self.client.reply(message, BOOKED);
                    let booked = booked.reference(BOOKED_REFERENCE);
                    return Some(booked.reference1(BOOKED_REFERENCE1));
                }
            },
            content if content.media().is_some() => match self.echo(callback, message).await {
                Some(echo) => echo,
                None => {
                    let thanks = self.client.reply(message, THANKS_FOR_FILE);
                    return Some(thanks.reference(THANKS_REFERENCE));
                }
            },
            MessageContent::Location(place) => {
                let place = place.name.as_deref().unwrap_or("your place");
                text(&format!(
                    "We can be at {place} in two days. Write *order* to choose your shoes."
                ))
            }
            MessageContent::Contacts(contacts) => {
                let name = contacts.first().and_then(|contact| contact.name.as_ref());
                let name = name.and_then(|name| name.formatted_name.as_deref());
                text(&format!(
                    "Thank you, we have noted {}.",
                    name.unwrap_or("your number")
                ))
            }
            MessageContent::Order(order) => ordered(order),
            MessageContent::Interactive(interactive) => match &interactive.reply {
                InteractiveReply::NfmReply(form) => size_of(form),
                _ => self.about(message).await,
            },
            // The user sees what became of them.
            MessageContent::Edit(_) | MessageContent::Revoke(_) | MessageContent::System(_) => {
                return None;
            }
            _ => self.about(message).await,
        };
        Some(self.send(message, content))
    }

    /// A template that gets through when a day has gone by.
    pub(super) fn come_back(&self, user: &str, name: &str) -> SendMessage {
        let template = Template::new(COME_BACK, "en")
            .body([name])
            .button(Button::quick_reply(0, "keep"))
            .button(Button::quick_reply(1, "leave"))
            .button(Button::url(2, "blue"));
        self.client.send(user, template).reference(COME_BACK)
    }

    fn send(&self, message: &Message, content: impl Into<Content>) -> SendMessage {
        match message.reply_address() {
            Ok(user) => self.client.send(user, content),
            // It fails, and says why.
            Err(_) => self.client.reply(message, content),
        }
    }

    /// What the user asks for, by a word or by a tap.
    async fn about(&self, message: &Message) -> Content {
        let content = &message.content;
        let word = content.payload().or(content.text()).unwrap_or_default();
        match word.trim().to_lowercase().as_str() {
            "menu" => menu(),
            "picture" | "photo" | "image" => match self.shoe().await {
                Some(shoe) => Image::id(shoe)
                    .caption("The blue one, in all sizes from 36 to 47")
                    .into(),
                None => text("The picture can’t be shown just now. Ask again in a moment."),
            },
            "order" | "buy" | "shop" => products(),
            "size" | "form" => FlowMessage::by_name(
                "Measure your foot from heel to toe, and we tell your size.",
                "find_my_size",
                "Find my size",
            )
            .token("size-17")
            .navigate("MEASURE")
            .data("length_in_cm", "26")
            .data("width", "normal")
            .into(),
            "where" | "location" | "address" => Location::new(12.9716, 77.5946)
                .name("Example Shoes")
                .address("12 MG Road, Bengaluru")
                .into(),
            "deliver" | "delivery" => {
                LocationRequest::new("Where shall we send your shoes?").into()
            }
            "later" | "template" => text(
                "Let a day go by (“A day later” above the chat). I will write then: the text won’t reach you, since you \
                 wrote more than 24 hours ago, but a template will.",
            ),
            "help" => text(
                "Write *menu*, *picture*, *order*, *size*, *where*, *deliver* or *later*. Send me a photo, a file or a voice \
                 note, and it comes back. React to a message, and you get a postcard.",
            ),
            _ => ReplyButtons::new(
                "Hello from Example Shoes! I am a small bot. What can I do for you?",
            )
            .footer("Nothing here is real but the bytes")
            .button("menu", "Menu")
            .button("picture", "Show me a shoe")
            .button("help", "Help")
            .into(),
        }
    }

    /// The file that the user has sent, on its way back; `None` where it can't be had.
    async fn echo(&self, callback: &Callback, message: &Message) -> Option<Content> {
        let file = message.content.media()?;
        let link = MediaLink::from_callback(callback)?;
        if !link.url().starts_with(&self.files) {
            return None;
        }
        let downloaded = self.client.download(link).limit(ECHO_MAX).await.ok()?;
        let mime_type = file.mime_type.or(downloaded.content_type())?.to_owned();
        let name = match &message.content {
            MessageContent::Document(document) => document.filename.as_deref(),
            _ => None,
        };
        let name = name.unwrap_or("file").to_owned();
        let upload = MediaFile::bytes(name.clone(), downloaded.into_bytes());
        let uploaded = self.client.upload(upload).mime_type(mime_type).await.ok()?;
        let (id, caption) = (uploaded.media_id().clone(), "Here it is again");
        Some(match uploaded.kind() {
            MediaKind::Image => Image::id(id).caption(caption).into(),
            MediaKind::Video => Video::id(id).caption(caption).into(),
            MediaKind::Audio => Audio::id(id).into(),
            MediaKind::Sticker => Sticker::id(id).into(),
            _ => Document::id(id).filename(name).caption(caption).into(),
        })
    }

    /// The shoe's picture, which is uploaded when it is first asked for.
    async fn shoe(&self) -> Option<MediaId> {
        let upload = || async {
            let uploaded = self
                .client
                .upload(MediaFile::bytes("shoe.png", SHOE))
                .await?;
            Ok::<_, kaleyra_wa_client::Error>(uploaded.media_id().clone())
        };
        self.shoe.get_or_try_init(upload).await.ok().cloned()
    }
}

fn text(body: &str) -> Content {
    Text::new(body).into()
}

fn menu() -> Content {
    let row = |id: &str, title: &str, about: &str| Row::new(id, title).description(about);
    List::new("Here is what I can do.", "Look around")
        .header("Example Shoes")
        .section(
            Section::new("Shoes")
                .row(row("picture", "See the blue one", "A picture"))
                .row(row("size", "Find my size", "A form"))
                .row(row("order", "Order", "A catalog and a cart")),
        )
        .section(
            Section::new("Getting them")
                .row(row("where", "Where you are", "Our place"))
                .row(row("deliver", "Have them delivered", "We ask for yours")),
        )
        .section(
            Section::new("More")
                .row(row("later", "A day later", "What gets through then"))
                .row(row("help", "Help", "All that I understand")),
        )
        .into()
}

fn products() -> Content {
    let shoes = ["blue-shoe", "red-shoe", "green-shoe"];
    let section = shoes
        .iter()
        .fold(ProductSection::new("Shoes"), |section, shoe| {
            section.product(*shoe)
        });
    let socks = ProductSection::new("Socks").product("wool-socks");
    MultiProduct::new(
        "Example Shoes",
        "Put into the cart what you like.",
        "catalog-17",
    )
    .section(section)
    .section(socks)
    .into()
}

fn ordered(order: &Order) -> Content {
    let items: Vec<String> = order
        .product_items
        .iter()
        .filter_map(|item| {
            let quantity = item.quantity.as_ref()?;
            Some(format!(
                "{quantity} × {}",
                item.product_retailer_id.as_ref()?.as_str()
            ))
        })
        .collect();
    let body = format!(
        "Thank you for {}! Where shall we send it?",
        items.join(", ")
    );
    LocationRequest::new(body).into()
}

/// The size that a foot has, by what was filled in.
fn size_of(form: &NfmReply) -> Content {
    let response = form.response().unwrap_or_default();
    let length = match &response["length_in_cm"] {
        serde_json::Value::String(text) => text.trim().replace(',', ".").parse().ok(),
        other => other.as_f64(),
    };
    match length {
        Some(length) if (15.0..=35.0).contains(&length) => {
            let size = ((length + 1.5) * 1.5).round();
            text(&format!(
                "{length} cm is European size *{size}*. Write *order* to get a pair."
            ))
        }
        _ => text("Your foot must be from 15 to 35 cm long. Write *size* to measure again."),
    }
}
