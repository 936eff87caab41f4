//! The advertisement or post that brought a user.

use super::{Image, Video};
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;

wire_object! {
    /// The advertisement or post that a user tapped before writing. Every member may be missing.
    ///
    /// Source: Meta's *ads that click to WhatsApp*.
    pub struct Referral {
        /// Where the advertisement or post is.
        pub source_url: Option<String>,
        /// Its id.
        pub source_id: Option<ReferralSourceId>,
        /// Which of the two it is.
        pub source_type: Option<ReferralSource>,
        /// Its headline.
        pub headline: Option<String>,
        /// Its text.
        pub body: Option<String>,
        /// What it shows.
        pub media_type: Option<ReferralMedia>,
        /// Where its image is.
        pub image_url: Option<String>,
        /// Where its video is.
        pub video_url: Option<String>,
        /// Where the video's preview is.
        pub thumbnail_url: Option<String>,
        /// Its image, in old feeds.
        pub image: Option<Image>,
        /// Its video, in old feeds.
        pub video: Option<Video>,
        /// Meta's id of the click, to report what came of it. Missing for advertisements in Status since October 2025.
        pub ctwa_clid: Option<String>,
        /// The greeting that the advertisement shows in the chat.
        pub welcome_message: Option<WelcomeMessage>,
    }
}

wire_object! {
    /// The greeting of an advertisement.
    pub struct WelcomeMessage {
        /// Its text.
        pub text: Option<String>,
    }
}

deserialize_object!(Referral, WelcomeMessage);

opaque! {
    /// The id of an advertisement or post.
    pub struct ReferralSourceId
}

open_set! {
    /// What brought a user.
    pub enum ReferralSource {
        /// An advertisement.
        Ad = "ad",
        /// A post.
        Post = "post",
    }
}

open_set! {
    /// What an advertisement or post shows.
    pub enum ReferralMedia {
        /// An image.
        Image = "image",
        /// A video.
        Video = "video",
    }
}
