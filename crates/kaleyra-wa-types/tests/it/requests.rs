//! What is sent: the documented shapes, and the limits.

use kaleyra_wa_types::extra_info::{ExtraInfo, WaSource};
use kaleyra_wa_types::outbound::{
    Audio, Content, Document, Image, MediaSource, MessagingObject, Sticker, Text, Video,
};
use kaleyra_wa_types::{PhoneNumber, Recipient, SendRequest, UserId};
use serde_json::{Value, json};

use crate::fixtures::{all, one, read_losslessly};

fn asha() -> Recipient {
    "+919800000001".parse::<PhoneNumber>().unwrap().into()
}

#[test]
fn every_fixture_is_lossless() {
    for (path, body) in all("requests") {
        read_losslessly::<SendRequest>(&path, &body);
    }
}

#[test]
fn what_the_builders_make_is_what_the_pages_show() {
    let extra_info = ExtraInfo::new()
        .reference("customer1")
        .reference1("marketing")
        .reference2("dictionary")
        .source(WaSource::Api);
    let check = |fixture: &str, message: MessagingObject| {
        let made =
            serde_json::to_value(SendRequest::new(message).extra_info(extra_info.clone())).unwrap();
        let documented: Value =
            serde_json::from_slice(&one(&format!("requests/{fixture}.json"))).unwrap();
        assert_eq!(made, documented, "{fixture}");
    };
    let mut reply = MessagingObject::new(
        asha(),
        Text::new("Thank you! Where shall we deliver it?").preview_url(false),
    )
    .in_reply_to("wamid.WRITTENBYASHA0001");
    reply.recipient_type = None; // the page on replies shows none
    check("reply_text", reply);
    let image = Image::link("https://example.com/cup.png").caption("The blue one");
    check("media_image", MessagingObject::new(asha(), image));
    check(
        "media_audio",
        MessagingObject::new(asha(), Audio::id("200000000000003")),
    );
    check(
        "media_video",
        MessagingObject::new(asha(), Video::link("https://example.com/cup.mp4")),
    );
    let document = Document::id("200000000000004")
        .filename("bill.pdf")
        .caption("Your bill");
    check("media_document", MessagingObject::new(asha(), document));
    check(
        "media_sticker",
        MessagingObject::new(asha(), Sticker::id("200000000000005")),
    );
}

#[test]
fn the_source_is_an_open_set() {
    for text in ["api", "moengage", "Api", "a-new-partner"] {
        assert_eq!(WaSource::from(text).as_str(), text);
        let read: WaSource = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(read, WaSource::from(text));
        assert_eq!(serde_json::to_value(&read).unwrap(), json!(text));
    }
    assert_eq!(WaSource::from("zoho"), WaSource::Zoho);
}

#[test]
fn every_limit_is_reported_at_once() {
    fn check(content: impl Into<Content>, expected: &[&str]) {
        let request = SendRequest::new(MessagingObject::new(asha(), content));
        let found: Vec<String> = request
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, expected);
    }
    check("a", &[]);
    check("", &["messaging_object.text.body: must not be empty"]);
    check("\u{928}".repeat(4096), &[]);
    check(
        "a".repeat(4097),
        &["messaging_object.text.body: at most 4096 characters, found 4097"],
    );
    check(
        Image::link("https://example.com/a.png").caption("a".repeat(1024)),
        &[],
    );
    check(
        Video::link("C:\\cup.mp4").caption("a".repeat(1025)),
        &[
            "messaging_object.video.link: must begin with http:// or https://",
            "messaging_object.video.caption: at most 1024 characters, found 1025",
        ],
    );
    check(
        Sticker::id(""),
        &["messaging_object.sticker.id: must not be empty"],
    );

    let both: SendRequest =
        serde_json::from_slice(&one("requests/media_image_id_and_link.json")).unwrap();
    let found: Vec<String> = both.violations().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        ["messaging_object.image.link: give either `id` or `link`, not both"]
    );

    // Digits without a + may be a whole number or not; what is no number at all is known.
    let masked: SendRequest =
        serde_json::from_slice(&one("requests/text_string_flag.json")).unwrap();
    let found: Vec<String> = masked
        .violations()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "messaging_object.to: not a phone number: `X` must be taken out, only digits, blanks, - . ( ) may follow the +"
        ]
    );

    let long = "r".repeat(256);
    let extra_info = ExtraInfo::new()
        .reference(long.clone())
        .reference1(long.clone())
        .reference2(long);
    let request = SendRequest::new(MessagingObject::new(asha(), "a")).extra_info(extra_info);
    let paths: Vec<String> = request
        .violations()
        .into_iter()
        .map(|violation| violation.path)
        .collect();
    assert_eq!(
        paths,
        ["extra_info.ref", "extra_info.ref1", "extra_info.ref2"]
    );
}

#[test]
fn a_recipient_is_a_number_or_a_user() {
    let by_user = MessagingObject::new(UserId::from("US.13491208655302741918"), "Hello");
    assert_eq!(
        serde_json::to_value(&by_user).unwrap()["recipient"],
        "US.13491208655302741918"
    );
    // Of both, `to` counts; the other is kept.
    let came = json!({"messaging_product": "whatsapp", "to": "+919800000001", "recipient": "US.1", "text": {"body": "a"}});
    let both: MessagingObject = serde_json::from_value(came.clone()).unwrap();
    assert_eq!(both.recipient, asha().with_user_id("US.1"));
    assert_eq!(both.recipient.as_str(), "+919800000001");
    assert!(both.unknown.is_empty() && both.violations().is_empty());
    assert_eq!(serde_json::to_value(&both).unwrap(), came);
}

#[test]
fn a_source_of_a_file_is_an_id_or_a_link() {
    assert_eq!(Image::id("2").source, MediaSource::id("2"));
    assert_eq!(
        Image::link("https://example.com").source,
        MediaSource::link("https://example.com")
    );
    let neither = serde_json::from_value::<Image>(json!({"caption": "a"})).unwrap();
    assert_eq!(neither.source, MediaSource::link(""));
    assert_eq!(
        serde_json::to_value(&neither).unwrap(),
        json!({"caption": "a"})
    );
}

#[test]
fn what_excludes_each_other_is_reported() {
    fn check(message: Value, expected: &[&str]) {
        let message: MessagingObject = serde_json::from_value(message).unwrap();
        let found: Vec<String> = message
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, expected);
    }
    check(
        json!({"messaging_product": "whatsapp", "to": "+919800000001", "recipient": "US.1", "type": "audio", "audio": {"id": "1", "caption": "la"}}),
        &["audio.caption: has no place here: a sound has no caption"],
    );
    check(
        json!({"messaging_product": "whatsapp", "to": "+919800000001", "context": {"message_id": ""},
            "type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}}),
        &[
            "context.message_id: must not be empty",
            "context: has no place here: a reaction quotes nothing",
        ],
    );
}
