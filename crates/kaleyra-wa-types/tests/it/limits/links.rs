//! Links: the same check for files, buttons that open a page, and messages that open one when tapped.

use kaleyra_wa_types::outbound::interactive::{CtaUrl, ReplyButtons};
use kaleyra_wa_types::outbound::{Document, Image, Template};

use super::violations;

const NO_SCHEME: &str = "must begin with http:// or https://";
const BLANK: &str = "must have no line end, and %20 for a blank";
const NO_HOST: &str = "has no host";
const NOT_PUBLIC: &str = "has a host that can't be reached from outside";

#[test]
fn links_that_cannot_be_opened() {
    for (link, why) in [
        ("example.com/a.jpg", NO_SCHEME),
        ("ftp://example.com/a.jpg", NO_SCHEME),
        ("https:/example.com/a.jpg", NO_SCHEME),
        ("1700000000000", NO_SCHEME),
        ("https://", NO_HOST),
        ("https:///a.jpg", NO_HOST),
        ("https://?a", NO_HOST),
        ("https://example.com/a b.jpg", BLANK),
        ("https://example.com/a.jpg\n", BLANK),
        (" https://example.com/a.jpg", NO_SCHEME),
        ("https://example.com/\u{a0}a.jpg", BLANK),
        (
            "https://example.com/{{1}}",
            "has a placeholder that is not filled in",
        ),
        (
            "https://example.com/<id>",
            "must have < > \" \\ { } percent-encoded",
        ),
        (
            "https://example.com/100%.jpg",
            "must have two hexadecimal digits after each %: the sign itself is %25",
        ),
        (
            "https://example.com:port/a",
            "must have a number up to 65535 as its port",
        ),
        ("https://localhost/a.jpg", NOT_PUBLIC),
        ("http://LOCALHOST:8080/a.jpg", NOT_PUBLIC),
        ("http://127.0.0.1/a.jpg", NOT_PUBLIC),
        ("http://[::1]:8080/a.jpg", NOT_PUBLIC),
        ("http://192.168.1.7/a.jpg", NOT_PUBLIC),
        ("https://intranet/a.jpg", NOT_PUBLIC),
        ("https://printer.local/a.jpg", NOT_PUBLIC),
        ("https://example..com/a.jpg", "has a host that is no name"),
        ("https://https://example.com", NOT_PUBLIC),
    ] {
        let of = |found: Vec<String>, path: &str| {
            assert_eq!(
                found,
                [format!("messaging_object.{path}: {why}")],
                "{link:?}"
            );
        };
        of(violations(Image::link(link)), "image.link");
        of(violations(Document::link(link)), "document.link");
        of(
            violations(
                ReplyButtons::new("Hello")
                    .header(Image::link(link))
                    .button("a", "A"),
            ),
            "interactive.header.image.link",
        );
        of(
            violations(CtaUrl::new("Hello", "Open", link)),
            "interactive.action.parameters.url",
        );
        of(
            violations(Template::new("cups", "en").header(Image::link(link))),
            "template.components[0].parameters[0].image.link",
        );
        of(
            violations(Template::new("cups", "en").tap_target_configuration(link, "Cups")),
            "template.components[0].parameters[0].tap_target_configuration[0].url",
        );
    }
}

#[test]
fn links_that_can() {
    for link in [
        "https://example.com",
        "http://example.com:8080/a.jpg",
        "HTTPS://EXAMPLE.COM/a.jpg",
        "https://example.com/a.jpg?x=1&y=%20z#top",
        "https://user@example.com/a.jpg",
        "https://münchen.example/straße.jpg",
        "https://203.0.113.7/a.jpg",
        "https://[2001:db8::7]/a.jpg",
        "https://example.com./a.jpg",
        "https://example.com/a|b,c;d(e)!$'*~^[1].jpg",
    ] {
        let found = violations(Image::link(link));
        assert!(found.is_empty(), "{link}: {found:?}");
    }
}

#[test]
fn a_link_is_no_id() {
    for id in ["https://example.com/a.jpg", "example.com/a.jpg", "1700 00"] {
        assert_eq!(
            violations(Image::id(id)),
            [
                "messaging_object.image.id: must be the id that an upload gave: a link goes into `link`"
            ]
        );
    }
    assert!(violations(Image::id("1700000000000")).is_empty());
}
