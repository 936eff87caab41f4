//! Messages whose content WhatsApp does not hand over.

use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// A message that the API has no type for. The message's `errors` say more, such as 131051.
    ///
    /// Source: Meta's *unsupported messages*.
    pub struct Unsupported {
        /// What the user sent.
        pub kind as "type": Option<UnsupportedType>,
    }
}

wire_object! {
    /// A message that the API has no type for, as feeds before 2023 name it. The message's `errors` say more.
    pub struct LegacyUnsupported {}
}

wire_object! {
    /// A user opened the chat for the first time. Meta withdrew it on 27 March 2026.
    pub struct RequestWelcome {}
}

deserialize_object!(LegacyUnsupported, RequestWelcome, Unsupported);

open_set! {
    /// What a user sent that the API has no type for.
    ///
    /// Source: Meta's *unsupported messages* (2026), and recordings.
    pub enum UnsupportedType {
        /// A tap on a button.
        Button = "button",
        /// A changed message.
        Edit = "edit",
        /// Nothing but errors.
        Errors = "errors",
        /// A GIF.
        Gif = "gif",
        /// An invitation to a group.
        GroupInvite = "group_invite",
        /// A template of a business.
        Hsm = "hsm",
        /// An image.
        Image = "image",
        /// An interactive message.
        Interactive = "interactive",
        /// A vanishing message that was kept.
        KeepInChat = "keep_in_chat",
        /// A link with a preview.
        LinkPreview = "link_preview",
        /// A list.
        List = "list",
        /// A place.
        Location = "location",
        /// A file that has not arrived yet.
        MediaPlaceholder = "media_placeholder",
        /// A basket.
        Order = "order",
        /// A pinned message.
        Pin = "pin",
        /// A new poll.
        PollCreation = "poll_creation",
        /// A vote in a poll.
        PollUpdate = "poll_update",
        /// A poll, misspelt so in recordings.
        Pool = "pool",
        /// A product.
        Product = "product",
        /// A reaction.
        Reaction = "reaction",
        /// A file that can be seen once.
        ViewOnce = "view_once",
    }
}
