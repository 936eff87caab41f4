//! What a user can write: a maker for each kind of message.

use kaleyra_wa_types::MessageId;
use serde_json::{Value, json};

use super::{EndUser, HostedFile, MediaKind, UserMessage, merge};
use crate::model::account::without_plus;

impl EndUser {
    /// The user writes a text.
    ///
    /// For an example see [`EndUser`].
    pub fn text(&self, body: &str) -> UserMessage {
        self.message("text", json!({"body": body}))
    }

    /// The user sends a file, which is said to be at `media_url`: a URL that nobody has to serve. Type, digest and
    /// name are invented.
    ///
    /// For an example see [`EndUser`].
    pub fn media(&self, kind: MediaKind, media_url: impl Into<String>) -> UserMessage {
        self.file(
            kind,
            &HostedFile {
                url: media_url.into(),
                mime_type: usual_mime_type(kind).to_owned(),
                sha256: self.sources.ids.sha256(&self.wa_id),
                size: 0,
                file_name: None,
            },
        )
    }

    /// The user sends a file that can be downloaded: see [`Simulator::host_file`](crate::Simulator::host_file).
    ///
    /// For an example see [`Simulator::host_file`](crate::Simulator::host_file).
    pub fn file(&self, kind: MediaKind, file: &HostedFile) -> UserMessage {
        let mut content = json!({
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "id": self.sources.ids.digits16(&self.wa_id),
        });
        if kind == MediaKind::Document {
            let name = file.file_name.as_deref().unwrap_or("document.pdf");
            merge(&mut content, json!({"filename": name}));
        }
        let mut message = self.message(kind.as_str(), content);
        message.media_url = file.url.clone();
        message
    }

    /// The user sends a voice note.
    ///
    /// ```
    /// use kaleyra_wa_sim::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let file = sim.host_file("audio/ogg; codecs=opus", "OggS…");
    /// let note = sim.end_user("Asha Example", "919800000001").voice_note(&file);
    /// assert_eq!((note.type_name(), &note.content()["voice"]), ("audio", &serde_json::json!(true)));
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn voice_note(&self, file: &HostedFile) -> UserMessage {
        let mut message = self.file(MediaKind::Audio, file);
        merge(&mut message.content, json!({"voice": true}));
        message
    }

    /// The user reacts to a message.
    ///
    /// For an example see [`EndUser`].
    pub fn reaction(&self, message_id: impl Into<MessageId>, emoji: &str) -> UserMessage {
        self.message(
            "reaction",
            json!({"message_id": message_id.into(), "emoji": emoji}),
        )
    }

    /// The user removes a reaction: Meta then sends the reaction without its emoji.
    ///
    /// For an example see [`EndUser`].
    pub fn reaction_removed(&self, message_id: impl Into<MessageId>) -> UserMessage {
        self.message("reaction", json!({"message_id": message_id.into()}))
    }

    /// The user taps a quick-reply button of a template. A real one always quotes the template: see
    /// [`UserMessage::replying_to`].
    ///
    /// For an example see [`EndUser`].
    pub fn template_button(&self, payload: &str, text: &str) -> UserMessage {
        self.message("button", json!({"payload": payload, "text": text}))
    }

    /// The user taps a reply button.
    ///
    /// For an example see [`EndUser`].
    pub fn button_reply(&self, id: &str, title: &str) -> UserMessage {
        self.interactive("button_reply", json!({"id": id, "title": title}))
    }

    /// The user picks a row of a list.
    ///
    /// For an example see [`EndUser`].
    pub fn list_reply(&self, id: &str, title: &str, description: Option<&str>) -> UserMessage {
        let mut row = json!({"id": id, "title": title});
        if let Some(description) = description {
            merge(&mut row, json!({"description": description}));
        }
        self.interactive("list_reply", row)
    }

    /// The user sends a form: `name` is `flow` or `address_message`, `body` what the chat shows, `response` what was filled in.
    ///
    /// For an example see [`EndUser`].
    pub fn form_reply(&self, name: &str, body: &str, response: &Value) -> UserMessage {
        // On the wire it is JSON in a string.
        let response = response.to_string();
        self.interactive(
            "nfm_reply",
            json!({"response_json": response, "body": body, "name": name}),
        )
    }

    /// The user allows the business to call, or does not.
    ///
    /// For an example see [`EndUser`].
    pub fn call_permission_reply(&self, is_accepted: bool) -> UserMessage {
        let response = if is_accepted { "accept" } else { "reject" };
        let mut reply = json!({"response": response, "response_source": "user_action"});
        if is_accepted {
            let week = 7 * 24 * 60 * 60;
            let expiry = self.sources.clock.unix_seconds() + week;
            merge(
                &mut reply,
                json!({"is_permanent": false, "expiration_timestamp": expiry}),
            );
        }
        self.interactive("call_permission_reply", reply)
    }

    /// The user orders from the catalog: items as `(product, quantity, price of one, currency)`.
    ///
    /// For an example see [`EndUser`].
    pub fn order(
        &self,
        catalog_id: &str,
        text: &str,
        items: &[(&str, u32, f64, &str)],
    ) -> UserMessage {
        let items: Vec<Value> = items
            .iter()
            .map(|(product, quantity, price, currency)| {
                json!({
                    "product_retailer_id": product,
                    "quantity": quantity,
                    "item_price": price,
                    "currency": currency,
                })
            })
            .collect();
        self.message(
            "order",
            json!({"catalog_id": catalog_id, "text": text, "product_items": items}),
        )
    }

    /// The user sends a place.
    ///
    /// For an example see [`EndUser`].
    pub fn location(&self, latitude: f64, longitude: f64, name: Option<&str>) -> UserMessage {
        let mut place = json!({"latitude": latitude, "longitude": longitude});
        if let Some(name) = name {
            merge(&mut place, json!({"name": name, "address": name}));
        }
        self.message("location", place)
    }

    /// The user sends somebody's contact.
    ///
    /// For an example see [`EndUser`].
    pub fn contact_card(&self, formatted_name: &str, phone: &str) -> UserMessage {
        self.message(
            "contacts",
            json!([{
                "name": {"formatted_name": formatted_name, "first_name": formatted_name},
                "phones": [{"phone": phone, "wa_id": without_plus(phone), "type": "CELL"}],
            }]),
        )
    }

    /// The user shares the number that the business asked for.
    ///
    /// For an example see [`EndUser`].
    ///
    /// Source: Meta's `request_contact_info`; a real one has not been seen.
    pub fn own_contact(&self) -> UserMessage {
        self.message(
            "contacts",
            json!([{
                "phones": [{"phone": format!("+{}", self.wa_id), "wa_id": self.wa_id, "type": "CELL"}],
                "origin": "contact_request",
            }]),
        )
    }

    /// The user changes the number. Writing afterwards takes another [`EndUser`].
    ///
    /// For an example see [`EndUser`].
    pub fn number_change(&self, new_wa_id: &str) -> UserMessage {
        let (new, old) = (without_plus(new_wa_id), &self.wa_id);
        let body = format!("{} changed from {old} to {new}", self.name);
        self.message(
            "system",
            json!({"body": body, "wa_id": new, "type": "user_changed_number"}),
        )
    }

    /// The user edits a text of at most 15 minutes ago.
    ///
    /// For an example see [`EndUser`].
    pub fn edit(&self, original: impl Into<MessageId>, body: &str) -> UserMessage {
        self.message(
            "edit",
            json!({
                "original_message_id": original.into(),
                "message": {"type": "text", "text": {"body": body}},
            }),
        )
    }

    /// The user deletes a message of at most two days ago.
    ///
    /// For an example see [`EndUser`].
    pub fn revoke(&self, original: impl Into<MessageId>) -> UserMessage {
        self.message("revoke", json!({"original_message_id": original.into()}))
    }

    /// The user sends something that the API can't show, such as a `poll_creation`.
    ///
    /// For an example see [`EndUser`].
    pub fn unsupported(&self, kind: &str) -> UserMessage {
        let mut message = self.message("unsupported", json!({"type": kind}));
        let error = json!({
            "code": 131_051,
            "title": "Message type unknown",
            "message": "Message type unknown",
            "error_data": {"details": "Message type is currently not supported."},
        });
        message.riders = json!({"errors": [error]});
        message
    }

    /// The user sends a message of any other type: `content` is under the type's name, unless it is `null`.
    ///
    /// For an example see [`EndUser`].
    pub fn other(&self, type_name: &str, content: Value) -> UserMessage {
        self.message(type_name, content)
    }

    fn interactive(&self, kind: &str, reply: Value) -> UserMessage {
        self.message("interactive", json!({"type": kind, kind: reply}))
    }

    fn message(&self, type_name: &str, content: Value) -> UserMessage {
        UserMessage::new(self, type_name, content)
    }
}

/// What users usually send.
fn usual_mime_type(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Audio => "audio/ogg; codecs=opus",
        MediaKind::Image => "image/jpeg",
        MediaKind::Sticker => "image/webp",
        MediaKind::Video => "video/mp4",
        // Documents, and what this version does not know.
        _ => "application/pdf",
    }
}
