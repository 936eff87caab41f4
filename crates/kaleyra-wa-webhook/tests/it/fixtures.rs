//! Callbacks in the documented shapes, escaped as Kaleyra escapes them. People and numbers are invented.

/// A user replied with an image.
pub(crate) const MEDIA_REPLY: &str = r#"{"meta_object":{"value":{"messaging_product":"whatsapp",
"metadata":{"display_phone_number":"919800000009","phone_number_id":"100000000000009"},
"contacts":[{"profile":{"name":"Asha Example"},"wa_id":"919800000001"}],
"messages":[{"context":{"from":"919800000009","id":"wamid.QUOTED"},"from":"919800000001","id":"wamid.MEDIA",
"timestamp":"17XXXXXXXX","type":"image","image":{"mime_type":"image\/jpeg","sha256":"AAAA\/AAAA=","id":"400000000000001"}}]},
"field":"messages"},"extra_info":{"media_url":"https:\/\/example.com\/images\/shoe.jpg","ref":"order-17",
"ref1":"shoes","ref2":"summer","reply_to":"11111111-2222-3333-4444-555555555555",
"trace_id":"trace-media","waba_id":"300000000000001"}}"#;

/// A user reacted with 😂.
pub(crate) const REACTION: &str = r#"{"meta_object":{"value":{"messaging_product":"whatsapp",
"metadata":{"display_phone_number":"919800000009","phone_number_id":"100000000000009"},
"contacts":[{"profile":{"name":"Asha Example"},"wa_id":"919800000001"}],
"messages":[{"from":"919800000001","id":"wamid.REACTION","timestamp":"1722863329","type":"reaction",
"reaction":{"message_id":"wamid.REACTED","emoji":"\ud83d\ude02"}}]},"field":"messages"},
"extra_info":{"media_url":"","ref":"order-17","trace_id":"trace-reaction","waba_id":"300000000000001"}}"#;

/// A user tapped a template's button.
pub(crate) const BUTTON: &str = r#"{"meta_object":{"value":{"messaging_product":"whatsapp",
"metadata":{"display_phone_number":"919800000009","phone_number_id":"100000000000009"},
"contacts":[{"profile":{"name":"Ravi Example"},"wa_id":"919800000002"}],
"messages":[{"context":{"from":"919800000009","id":"wamid.TEMPLATE=="},"from":"919800000002","id":"wamid.BUTTON",
"timestamp":"17XXXXXXXX","type":"button","button":{"payload":"button0","text":"message"}}]},"field":"messages"},
"extra_info":{"media_url":"","ref":"order-18","trace_id":"trace-button","waba_id":"300000000000001"}}"#;
