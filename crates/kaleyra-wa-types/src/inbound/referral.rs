//! The advertisement or post that brought a user.

use super::{Image, Video};
use crate::UnknownFields;
use crate::UnknownText;
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// The advertisement or post that a user tapped before writing. Every field may be missing.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, ReferralMedia, ReferralSource, ReferralSourceId};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "text",
///     "text": {"body": "Is it in stock?"}, "referral": {"source_url": "https://example.com/ad", "source_id": "ad-1",
///         "source_type": "ad", "headline": "Blue shoes", "media_type": "image", "ctwa_clid": "click-1",
///         "welcome_message": {"text": "Hi! How can we help?"}}}"#)?;
/// let referral = message.referral.ok_or("the user came without one")?;
/// assert_eq!(referral.source_type, Some(ReferralSource::Ad));
/// assert_eq!(referral.source_id, Some(ReferralSourceId::from("ad-1")));
/// assert_eq!(referral.media_type, Some(ReferralMedia::Image));
/// assert_eq!(referral.ctwa_clid.as_deref(), Some("click-1")); // to report a purchase by
/// let greeting = referral.welcome_message.and_then(|greeting| greeting.text);
/// assert_eq!(greeting.as_deref(), Some("Hi! How can we help?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *ads that click to WhatsApp*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Referral {
    /// Where the advertisement or post is.
    pub source_url: Option<String>,
    /// The id of the advertisement or post.
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
    /// What the business put behind the link or the advertisement.
    #[wire(name = "ref")]
    pub reference: Option<String>,
    /// The greeting that the advertisement shows in the chat.
    pub welcome_message: Option<WelcomeMessage>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The greeting of an advertisement.
///
/// For an example see [`Referral`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct WelcomeMessage {
    /// Its text.
    pub text: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The id of an advertisement or post.
///
/// For an example see [`Referral`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ReferralSourceId(LooseText);

/// What brought a user.
///
/// For an example see [`Referral`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ReferralSource {
    /// `ad`. An advertisement.
    Ad,
    /// `post`. A post.
    Post,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What an advertisement or post shows.
///
/// For an example see [`Referral`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ReferralMedia {
    /// `image`. An image.
    Image,
    /// `video`. A video.
    Video,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
