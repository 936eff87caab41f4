//! The callbacks that the simulator posts, in the shapes of Kaleyra's pages.
//!
//! ```
//! use kaleyra_wa_sim::callback::{Business, EndUser, MediaKind, encode};
//!
//! let user = EndUser::new("Asha Example", "919800000001").writing_to(Business::new("918000000001"));
//!
//! let photo = user.media(MediaKind::Image, "https://example.com/photo.jpg").quoting("wamid.HBgM");
//! let callback = photo.callback();
//! assert_eq!(callback["meta_object"]["value"]["messages"][0]["type"], "image");
//! assert_eq!(callback["extra_info"]["media_url"], "https://example.com/photo.jpg");
//!
//! // On the wire it looks as Kaleyra writes JSON.
//! let reaction = user.reaction("wamid.HBgM", "\u{1f602}");
//! assert!(encode(&reaction.callback()).windows(12).any(|bytes| bytes == br"\ud83d\ude02"));
//! ```

pub(crate) mod encode;
mod end_user;
mod kinds;
pub(crate) mod status;
mod user_message;

use kaleyra_wa_types::extra_info::ExtraInfo;
use serde_json::{Value, json};

use crate::model::account::without_plus;

pub use crate::model::hosted_file::HostedFile;
pub use crate::model::media_kind::MediaKind;
pub use encode::encode;
pub use end_user::EndUser;
pub use status::status;
pub use user_message::UserMessage;

/// The business number that users write to, with invented ids.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Business {
    /// The number as WhatsApp writes it: no `+`.
    pub display_phone_number: String,
    /// The number's id at Meta.
    pub phone_number_id: String,
    /// The id of the WhatsApp Business Account.
    pub waba_id: String,
}

impl Business {
    /// A business with this number; a `+` before it is dropped.
    pub fn new(display_phone_number: &str) -> Self {
        Self {
            display_phone_number: without_plus(display_phone_number).to_owned(),
            phone_number_id: "104600000000001".to_owned(),
            waba_id: "347000000000069".to_owned(),
        }
    }

    /// What is common to messages and statuses: `{"meta_object": {"value": {…}, "field": "messages"}}`.
    fn meta_object(&self, members: Value) -> Value {
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": self.display_phone_number,
                "phone_number_id": self.phone_number_id,
            },
        });
        merge(&mut value, members);
        json!({"value": value, "field": "messages"})
    }
}

/// The number is personal data where the business is one person.
impl std::fmt::Debug for Business {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Business")
            .field("phone_number_id", &self.phone_number_id)
            .field("waba_id", &self.waba_id)
            .finish_non_exhaustive()
    }
}

/// Adds the members of one object to another.
fn merge(object: &mut Value, members: Value) {
    if let (Value::Object(object), Value::Object(members)) = (object, members) {
        object.extend(members);
    }
}

/// `ref`, `ref1` and `ref2`, which are `""` where there is none.
fn echo(references: &ExtraInfo) -> Value {
    json!({
        "ref": references.reference.as_deref().unwrap_or_default(),
        "ref1": references.reference1.as_deref().unwrap_or_default(),
        "ref2": references.reference2.as_deref().unwrap_or_default(),
    })
}
