//! Every documented callback, made by the models' own constructors.

use std::time::{SystemTime, UNIX_EPOCH};

use kaleyra_wa_types::extra_info::CallbackExtraInfo;
use kaleyra_wa_types::inbound::{
    Audio, Button, ButtonReply, CallPermission, CallPermissionReply, Callback, Contact, Document,
    Edit, Image, ListReply, Location, Message, MessageContent, MetaError, NfmReply, Order,
    ProductItem, Reaction, Referral, Revoke, Status, StatusName, Sticker, System, Text,
    Unsupported, Video,
};
use serde_json::{Value, json};

/// Who the callback is about.
pub(super) struct Parties<'a> {
    pub(super) user: &'a str,
    pub(super) business: &'a str,
}

/// A callback that can be triggered.
#[derive(Clone, Copy)]
pub(super) struct Event {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Kaleyra sends it as a query.
    pub(super) by_get: bool,
    pub(super) make: fn(&Parties<'_>) -> Value,
}

const fn event(name: &'static str, what: &'static str, make: fn(&Parties<'_>) -> Value) -> Event {
    Event {
        name,
        what,
        by_get: false,
        make,
    }
}

/// All of them, as `--list` shows them.
pub(super) const EVENTS: [Event; 39] = [
    event("text", "a user writes", |it| {
        it.says(Text::new("Are you open on Sunday?"))
    }),
    event("reply", "a user answers a message, quoting it", |it| {
        it.posts(
            it.message(Text::new("The blue one"))
                .in_reply_to(it.quoted()),
        )
    }),
    event("forwarded", "a user forwards a text", |it| {
        let mut body = it.says(Text::new("Look at this"));
        body["meta_object"]["value"]["messages"][0]["context"] = json!({"forwarded": true});
        body
    }),
    event("image", "a user sends a photo", |it| {
        it.media(
            Image::new("1000000000000001")
                .mime_type("image/jpeg")
                .sha256(DIGEST)
                .caption("This one?"),
            "photo.jpg",
        )
    }),
    event("audio", "a user sends a voice message", |it| {
        it.media(
            Audio::new("1000000000000002")
                .mime_type("audio/ogg; codecs=opus")
                .sha256(DIGEST)
                .voice(true),
            "voice.ogg",
        )
    }),
    event("video", "a user sends a video", |it| {
        it.media(
            Video::new("1000000000000003")
                .mime_type("video/mp4")
                .sha256(DIGEST),
            "clip.mp4",
        )
    }),
    event("document", "a user sends a file", |it| {
        let file = Document::new("1000000000000004")
            .mime_type("application/pdf")
            .sha256(DIGEST);
        it.media(file.filename("order.pdf"), "order.pdf")
    }),
    event("sticker", "a user sends a sticker", |it| {
        it.media(
            Sticker::new("1000000000000005")
                .mime_type("image/webp")
                .sha256(DIGEST)
                .animated(false),
            "sticker.webp",
        )
    }),
    event("location", "a user sends where they are", |it| {
        it.says(place())
    }),
    event("address", "a user sends a place with its address", |it| {
        it.says(
            place()
                .name("The shop")
                .address("1 Example Road, Bengaluru")
                .url("https://example.com/shop"),
        )
    }),
    event("contacts", "a user sends a contact card", |it| {
        let mut body = it.says(Text::new(""));
        let message = &mut body["meta_object"]["value"]["messages"][0];
        message["type"] = json!("contacts");
        message["contacts"] = json!([{"name": {"formatted_name": "Ravi Example", "first_name": "Ravi"},
            "phones": [{"phone": "+91 98000 00002", "wa_id": "919800000002", "type": "CELL"}]}]);
        if let Some(members) = message.as_object_mut() {
            members.remove("text");
        }
        body
    }),
    event("reaction", "a user reacts with an emoji", |it| {
        it.says(Reaction::new(it.quoted(), "😂"))
    }),
    event("reaction-removed", "a user takes a reaction back", |it| {
        it.says(Reaction::removal(it.quoted()))
    }),
    event("button", "a user taps a template's button", |it| {
        it.posts(
            it.message(MessageContent::Button(Button::new("stop", "Stop")))
                .in_reply_to(it.quoted()),
        )
    }),
    event("button-reply", "a user taps a button", |it| {
        it.posts(
            it.message(ButtonReply::new("yes", "Yes"))
                .in_reply_to(it.quoted()),
        )
    }),
    event("list-reply", "a user picks a row of a list", |it| {
        it.posts(
            it.message(ListReply::new("friday", "Friday").description("8 pm"))
                .in_reply_to(it.quoted()),
        )
    }),
    event("address-form", "a user fills in an address", |it| {
        let values = json!({"values": {"name": "Asha Example", "phone_number": "+919800000001", "in_pin_code": "560001",
            "address": "1 Example Road", "city": "Bengaluru", "state": "Karnataka"}});
        it.posts(
            it.message(NfmReply::new("address_message", &values))
                .in_reply_to(it.quoted()),
        )
    }),
    event("flow", "a user ends a flow", |it| {
        let values = json!({"flow_token": "unused", "day": "friday"});
        it.posts(
            it.message(NfmReply::new("flow", &values))
                .in_reply_to(it.quoted()),
        )
    }),
    event("call-permission", "a user allows calls", |it| {
        let reply = CallPermissionReply::new(CallPermission::Accept).is_permanent(false);
        it.posts(it.message(reply).in_reply_to(it.quoted()))
    }),
    event("order", "a user orders from the catalog", |it| {
        it.says(
            Order::new(
                "194000000000001",
                [ProductItem::new("blue-42", 1, 2500, "INR")],
            )
            .text("Gift wrap, please"),
        )
    }),
    event("referral", "a user comes from an advertisement", |it| {
        let referral = Referral::new()
            .source_url("https://fb.me/1")
            .source_id("120")
            .source_type("ad")
            .headline("Sale");
        it.posts(
            it.message(Text::new("I saw your ad"))
                .referral(Box::new(referral)),
        )
    }),
    event("number-changed", "a user has another number", |it| {
        let system = System::new("user_changed_number")
            .body("A changed from B to C")
            .wa_id("919800000099");
        it.says(system)
    }),
    event("edit", "a user changes a message", |it| {
        it.says(Edit::new(it.quoted(), Text::new("Are you open on Monday?")))
    }),
    event("revoke", "a user takes a message back", |it| {
        it.says(Revoke::new(it.quoted()))
    }),
    event(
        "unsupported",
        "a user sends what the API can't show",
        |it| {
            let error =
                MetaError::new("131051").with_details("Message type is currently not supported.");
            it.posts(it.message(Unsupported::new("poll")).error(error))
        },
    ),
    event("sent", "WhatsApp has a message of yours", |it| {
        it.status(StatusName::Sent)
    }),
    event("delivered", "a message is on the phone", |it| {
        it.status(StatusName::Delivered)
    }),
    event("read", "a message was read", |it| {
        it.status(StatusName::Read)
    }),
    event("played", "a voice message was played", |it| {
        it.status(StatusName::from("played"))
    }),
    event("failed", "a message won't be delivered", |it| {
        let error = MetaError::new("131047")
            .with_details("More than 24 hours have passed since the user last replied.");
        it.about(it.state(StatusName::Failed).error(error), "failed")
    }),
    event("not-sent", "Kaleyra has stopped a message", |it| {
        let stopped = Callback::not_sent(it.quoted(), "WAV2101", "Account daily limit reached");
        it.value(stopped.extra_info(it.info().message_id(it.quoted())))
    }),
    event("error", "something is wrong beyond a message", |it| {
        let error = MetaError::new("131035").with_details("The webhook could not be reached.");
        it.value(it.callback().error(error))
    }),
    event(
        "template-status",
        "a template was approved, in Meta's shape",
        |it| {
            it.field("message_template_status_update",
        json!({"event": "APPROVED", "message_template_id": 594425479261596_i64,
            "message_template_name": "order_shipped", "message_template_language": "en", "reason": "NONE"}))
        },
    ),
    event(
        "template-profile",
        "the same, as a profile of Kaleyra's posts it",
        |_| {
            json!({
        "id": "102290129340398", "time": "1751247548", "event": "APPROVED", "message_template_id": "594425479261596",
        "message_template_name": "order_shipped", "message_template_language": "en", "reason": "NONE",
        "callback_profile_id": "IN_00000000-0000-0000-0000-000000000000", "company_id": "1"})
        },
    ),
    event("template-file", "a file for templates was uploaded", |_| {
        json!({
        "status": "UPLOADED", "uploaded_file_handle": "4::aW1hZ2U=", "file_name": "photo.jpg",
        "file_link": "https://example.com/photo.jpg", "resumable_media_id": "17", "waba_id": "347000000000069",
        "company_id": "1", "field": "resumable_media", "time": "1751247548",
        "callback_profile_id": "IN_00000000-0000-0000-0000-000000000000"})
    }),
    Event {
        by_get: true,
        ..event(
            "number-quality",
            "the rating of the number changes, by GET",
            |it| {
                json!({
            "display_phone_number": it.business, "event": "FLAGGED", "current_limit": "TIER_10K"})
            },
        )
    },
    event(
        "account-update",
        "something about the account changes",
        |it| {
            it.field("account_update",
        json!({"phone_number": it.business, "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1767225600}]}))
        },
    ),
    event("preferences", "a user wants no more marketing", |it| {
        it.field("user_preferences",
        json!({"user_preferences": [{"wa_id": it.user, "detail": "User requested to stop marketing messages",
            "category": "marketing_messages", "value": "stop", "timestamp": now()}]}))
    }),
    event("payment", "a user has paid", |it| {
        json!({
        "id": it.quoted(), "type": "payment", "status": "captured", "phone_number": it.user,
        "payment": {"reference_id": "order-17", "currency": "INR", "receipt": "r-17",
            "amount": {"value": 250_000, "offset": 100},
            "transaction": {"id": "txn-1", "type": "razorpay", "status": "success", "currency": "INR",
                "created_timestamp": now(), "updated_timestamp": now(),
                "amount": {"value": 250_000, "offset": 100}, "refunds": null}}})
    }),
];

const DIGEST: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

fn place() -> Location {
    Location::new(12, 77)
}

/// This moment, in seconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

/// An id of WhatsApp's that nobody had before, as far as this process is concerned.
fn fresh_id() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = since.map_or(0, |since| since.as_nanos());
    format!("wamid.HBgMTRIGGERED{nanoseconds:X}")
}

impl Parties<'_> {
    fn quoted(&self) -> String {
        "wamid.HBgMOTE5ODAwMDAwMDAxFQIAERgSMEYxMEM1QjQ3QjAA".to_owned()
    }

    fn message(&self, content: impl Into<MessageContent>) -> Message {
        Message::new(self.user, content)
            .with_id(fresh_id())
            .timestamp(now())
    }

    fn callback(&self) -> Callback {
        Callback::new().metadata(self.business, "104600000000001")
    }

    fn info(&self) -> CallbackExtraInfo {
        let info = CallbackExtraInfo::new().reference("booking-17");
        info.reference1("")
            .reference2("")
            .waba_id("347000000000069")
    }

    fn posts(&self, message: Message) -> Value {
        self.with_media(message, "")
    }

    fn says(&self, content: impl Into<MessageContent>) -> Value {
        self.posts(self.message(content))
    }

    fn media(&self, content: impl Into<MessageContent>, file: &str) -> Value {
        self.with_media(
            self.message(content),
            &format!("https://media.example.com/{file}"),
        )
    }

    fn with_media(&self, message: Message, url: &str) -> Value {
        let info = self.info().media_url(url).trace_id(fresh_id());
        let info = info.reply_to("48c38d78-4ec5-4b6f-abee-030000006c85");
        let callback = self
            .callback()
            .contact(Contact::new(self.user, "Asha Example"));
        self.value(callback.message(message).extra_info(info))
    }

    fn state(&self, name: StatusName) -> Status {
        Status::new("9f8b0c1d2e3f4a5b6c7d8e9f0a1b2c3d", name, self.user).timestamp(now())
    }

    fn status(&self, name: StatusName) -> Value {
        let text = name.as_str().to_owned();
        self.about(self.state(name), &text)
    }

    /// A status has Kaleyra's own word beside Meta's.
    fn about(&self, status: Status, name: &str) -> Value {
        let info = self.info().message_id(self.quoted()).trace_id(fresh_id());
        let mut body = self.value(self.callback().status(status).extra_info(info));
        body["status"] = json!(name);
        body["message_id"] = json!(fresh_id());
        body["extra_info"]["enable_url_tracking_body"] = json!(false);
        body["extra_info"]["enable_url_tracking_button"] = json!(false);
        body
    }

    fn field(&self, field: &str, value: Value) -> Value {
        json!({"meta_object": {"value": value, "field": field}, "extra_info": {"waba_id": "347000000000069"}})
    }

    fn value(&self, callback: Callback) -> Value {
        serde_json::to_value(callback).unwrap_or_default()
    }
}
