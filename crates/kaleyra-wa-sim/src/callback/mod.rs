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
mod file_kind;
mod kinds;
pub(crate) mod payment;
pub(crate) mod status;
pub(crate) mod template;
mod user_message;

use kaleyra_wa_types::extra_info::ExtraInfo;
use serde_json::{Value, json};

pub use crate::model::business::Business;
use crate::model::business::merge;
pub use crate::model::hosted_file::HostedFile;
pub use encode::encode;
pub use end_user::EndUser;
pub use file_kind::kind_of_file;
pub use kaleyra_wa_types::MediaKind;
pub use status::status;
pub use user_message::UserMessage;

/// `ref`, `ref1` and `ref2`, which are `""` where there is none.
fn echo(references: &ExtraInfo) -> Value {
    json!({
        "ref": references.reference.as_deref().unwrap_or_default(),
        "ref1": references.reference1.as_deref().unwrap_or_default(),
        "ref2": references.reference2.as_deref().unwrap_or_default(),
    })
}
