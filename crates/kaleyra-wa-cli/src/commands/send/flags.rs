//! The flags that say what a message holds. There is exactly one content.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueHint};

// The content that a flag belongs to is not there where another one is. What a flag requires is not enough to say so: what is
// required of a group whose fields exclude each other is not looked at once one of them is there.
const NO_TEXT: [&str; 9] = [
    "image", "audio", "video", "document", "sticker", "location", "contact", "template", "file",
];
const NO_DOCUMENT: [&str; 9] = [
    "text", "image", "audio", "video", "sticker", "location", "contact", "template", "file",
];
const NO_LOCATION: [&str; 9] = [
    "text", "image", "audio", "video", "document", "sticker", "contact", "template", "file",
];
const NO_TEMPLATE: [&str; 9] = [
    "text", "image", "audio", "video", "document", "sticker", "location", "contact", "file",
];

/// What the message holds.
#[derive(Args, Default)]
#[command(
    next_help_heading = "Content, one of",
    group = ArgGroup::new("content").required(true)
        .args(["text", "image", "audio", "video", "document", "sticker", "location", "contact", "template", "file"]),
)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct ContentFlags {
    /// Text, 4096 characters at most; - reads it from standard input
    #[arg(long, allow_hyphen_values = true)]
    pub(super) text: Option<String>,
    /// Image, JPEG or PNG: a file on this machine, a public link, or the id of an upload
    #[arg(long, value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath)]
    pub(super) image: Option<String>,
    /// Audio, such as MP3, Ogg or M4A: a file, a public link, or the id of an upload
    #[arg(long, value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath)]
    pub(super) audio: Option<String>,
    /// Video, MP4 or 3GP: a file, a public link, or the id of an upload
    #[arg(long, value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath)]
    pub(super) video: Option<String>,
    /// Document: a file, a public link, or the id of an upload
    #[arg(long, value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath)]
    pub(super) document: Option<String>,
    /// Sticker, WebP: a file, a public link, or the id of an upload
    #[arg(long, value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath)]
    pub(super) sticker: Option<String>,
    /// Location, as latitude,longitude: 12.97,77.59
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    pub(super) location: Option<String>,
    /// Contact card: a file with Meta's JSON of a contact, or a list of them
    #[arg(long, value_name = "FILE")]
    pub(super) contact: Option<PathBuf>,
    /// Approved template, by its name
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(super) template: Option<String>,
    /// Any message as JSON: the whole request {"messaging_object": {…}, "extra_info": {…}}, the message object {"type": …} that
    /// is in it, or a template alone {"name": …, "language": …, "components": …}; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Text below an image, video or document
    #[arg(long, help_heading = "With media and places", allow_hyphen_values = true,
        conflicts_with_all = ["text", "audio", "sticker", "location", "contact", "template", "file"])]
    pub(super) caption: Option<String>,
    /// Name that the recipient sees on a document
    #[arg(
        long,
        help_heading = "With media and places",
        value_name = "NAME",
        requires = "document",
        conflicts_with_all = NO_DOCUMENT
    )]
    pub(super) filename: Option<String>,
    /// Name of the place
    #[arg(
        long,
        help_heading = "With media and places",
        value_name = "NAME",
        requires = "location", conflicts_with_all = NO_LOCATION
    )]
    pub(super) name: Option<String>,
    /// Address of the place
    #[arg(long, help_heading = "With media and places", requires = "location", conflicts_with_all = NO_LOCATION)]
    pub(super) address: Option<String>,

    /// Show a preview of the first link in the text
    #[arg(long, help_heading = "With text", requires = "text", conflicts_with_all = NO_TEXT, conflicts_with_all = ["buttons", "list", "link_button", "ask_location"])]
    pub(super) preview: bool,
    /// Buttons below the text, 3 at most: 'Yes|No', or with ids of their own 'yes=Yes|no=No'
    #[arg(long, help_heading = "With text", requires = "text", conflicts_with_all = NO_TEXT, conflicts_with_all = ["list", "link_button", "ask_location"])]
    pub(super) buttons: Option<String>,
    /// List to choose from: a file with {"button", "sections": [{"title", "rows": [{"id", "title", "description"}]}]}, or
    /// with just the "rows"
    #[arg(long, help_heading = "With text", value_name = "FILE", requires = "text", conflicts_with_all = NO_TEXT, conflicts_with_all = ["link_button", "ask_location"])]
    pub(super) list: Option<PathBuf>,
    /// Button that opens a page: `Pay now=https://example.com/pay`
    #[arg(
        long,
        help_heading = "With text",
        value_name = "LABEL=URL",
        requires = "text", conflicts_with_all = NO_TEXT,
        conflicts_with = "ask_location"
    )]
    pub(super) link_button: Option<String>,
    /// Ask the user for a location
    #[arg(long, help_heading = "With text", requires = "text", conflicts_with_all = NO_TEXT)]
    pub(super) ask_location: bool,
    /// Line above the text of buttons or a list
    #[arg(
        long,
        help_heading = "With text",
        value_name = "TEXT",
        requires = "text", conflicts_with_all = NO_TEXT
    )]
    pub(super) header: Option<String>,
    /// Line below it
    #[arg(
        long,
        help_heading = "With text",
        value_name = "TEXT",
        requires = "text", conflicts_with_all = NO_TEXT
    )]
    pub(super) footer: Option<String>,

    /// Language of the template, such as en or en_US; en by default
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "CODE",
        requires = "template", conflicts_with_all = NO_TEMPLATE
    )]
    pub(super) language: Option<String>,
    /// Value of the body's next placeholder; for named ones use --named NAME=VALUE
    #[arg(
        long = "param",
        help_heading = "With a template",
        value_name = "VALUE",
        requires = "template", conflicts_with_all = NO_TEMPLATE,
        allow_hyphen_values = true
    )]
    pub(super) parameters: Vec<String>,
    /// Value of the body's placeholder of this name
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "NAME=VALUE",
        requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with = "parameters",
        allow_hyphen_values = true
    )]
    pub(super) named: Vec<String>,
    /// File with the values: a list of texts, an object of named ones, or Meta's list of components; - for standard input
    #[arg(long, help_heading = "With a template", value_name = "FILE", requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with_all = ["parameters", "named"])]
    pub(super) params: Option<PathBuf>,
    /// Value of the header's placeholder
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "VALUE",
        requires = "template", conflicts_with_all = NO_TEMPLATE,
        allow_hyphen_values = true
    )]
    pub(super) header_text: Option<String>,
    /// Image of the header
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "FILE|URL|ID",
        value_hint = ValueHint::AnyPath,
        requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with = "header_text"
    )]
    pub(super) header_image: Option<String>,
    /// Video of the header
    #[arg(long, help_heading = "With a template", value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath, requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with_all = ["header_text", "header_image"])]
    pub(super) header_video: Option<String>,
    /// Document of the header
    #[arg(long, help_heading = "With a template", value_name = "FILE|URL|ID", value_hint = ValueHint::AnyPath, requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with_all = ["header_text", "header_image", "header_video"])]
    pub(super) header_document: Option<String>,
    /// Suffix of a button's link, by the button's position from 0: 0=orders/17
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "PLACE=END",
        requires = "template", conflicts_with_all = NO_TEMPLATE
    )]
    pub(super) url_button: Vec<String>,
    /// What comes back when a quick reply is tapped: 1=stop
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "PLACE=PAYLOAD",
        requires = "template", conflicts_with_all = NO_TEMPLATE
    )]
    pub(super) reply_button: Vec<String>,
    /// Code to copy: 0=SAVE20
    #[arg(
        long,
        help_heading = "With a template",
        value_name = "PLACE=CODE",
        requires = "template", conflicts_with_all = NO_TEMPLATE
    )]
    pub(super) code_button: Vec<String>,
    /// One-time code of an authentication template: it fills body and button
    #[arg(long, help_heading = "With a template", value_name = "CODE", requires = "template", conflicts_with_all = NO_TEMPLATE,
        conflicts_with_all = ["parameters", "named", "params", "url_button", "code_button"])]
    pub(super) otp: Option<String>,
}

/// What ties a message to your own records.
#[derive(Args)]
#[command(next_help_heading = "References")]
pub(crate) struct References {
    /// Comes back in every callback about this message; 255 characters at most. One is generated
    /// if none is given
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub(super) reference: Option<String>,
    /// A second reference
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub(super) reference1: Option<String>,
    /// A third reference
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub(super) reference2: Option<String>,
    /// What makes the request; Kaleyra treats unknown values as api
    #[arg(long, value_name = "SOURCE", value_parser = NonEmptyStringValueParser::new())]
    pub(super) source: Option<String>,
}
