//! An error of the client's in words: what is wrong, what to do, and what is below it.

use std::error::Error as _;

use kaleyra_wa_client::{Error, ErrorKind};

use super::words::quoted;
use crate::exit::Failure;

/// The page that Kaleyra's codes are on.
pub(crate) const KALEYRAS_CODES: &str =
    "Kaleyra, WhatsApp API V2 Error Codes for Send Message: developers.kaleyra.io";

/// The error in a line, with what is below it where that is all there is to go by.
pub(crate) fn shown(error: &Error) -> String {
    let text = text(error);
    match cause(error).or_else(|| said(error)) {
        Some(more) => format!("{text} ({more})"),
        None => text,
    }
}

/// The same for programs.
pub(crate) fn of(error: &Error) -> Failure {
    let text = text(error);
    let (what, advice) = split(&text);
    let what = match said(error) {
        Some(said) => format!("{what} ({said})"),
        None => what.to_owned(),
    };
    let is_documented = error.code().is_some_and(|code| code.info().is_some());
    Failure {
        kind: error.kind().as_str(),
        code: error.code().map(|code| code.as_str().to_owned()),
        message: Some(what),
        advice: advice.map(str::to_owned),
        source: is_documented.then_some(KALEYRAS_CODES),
    }
}

/// The error's own line, in the words of the command line where it speaks of the library's.
fn text(error: &Error) -> String {
    let text = error.to_string().replace(".mime_type(..)", "--type");
    let text = text.replace("give another with MediaFile::name", "rename the file");
    match error.source() {
        // Nothing was asked of a server: what is below is the reason, in the client's own words.
        Some(reason) if error.kind() == ErrorKind::InvalidRequest => text.replace(
            "the request could not be built; see the error's source",
            &reason.to_string(),
        ),
        _ => text,
    }
}

/// What is below a failed connection. The transport has taken URLs out of it.
pub(crate) fn cause(error: &Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Transport) {
        return None;
    }
    let mut texts = Vec::new();
    let mut below = error.source();
    while let Some(error) = below {
        texts.push(error.to_string());
        below = error.source();
    }
    if texts.iter().any(|text| is_plain_http(text)) {
        return Some(
            "the port speaks plain HTTP, and no TLS: check that https:// is right".to_owned(),
        );
    }
    // Some layers repeat what the one below them says.
    texts.dedup();
    (!texts.is_empty()).then(|| texts.join(": "))
}

/// Whether this is what TLS says of a port that speaks HTTP without it.
pub(crate) fn is_plain_http(text: &str) -> bool {
    text.contains("InvalidContentType") || text.contains("wrong version number")
}

/// What the server says, in its own words.
pub(crate) fn server_message(error: &Error) -> Option<String> {
    error
        .response()
        .and_then(|response| response.message.clone())
}

/// What is wrong, and what to do, of a message that says both.
pub(crate) fn split(message: &str) -> (&str, Option<&str>) {
    // Several findings stand behind each other, and are no advice: "a.b: is missing; a.c: must not be empty".
    let is_list = message.split("; ").skip(1).any(is_finding);
    let mut clauses = message.match_indices("; ").filter_map(|(at, _)| {
        let (what, more) = (&message[..at], &message[at + 2..]);
        (!is_finding(more)).then_some((what, more))
    });
    match clauses.next() {
        // What is said behind the advice belongs to it: "check the network; nothing was sent".
        Some((what, more)) if !is_list && !begins_with_advice(more) => match what.rsplit_once(": ")
        {
            Some((what, advice)) if begins_with_advice(advice) => {
                (what, Some(&message[what.len() + 2..]))
            }
            _ => (what, Some(more)),
        },
        Some((what, advice)) => (what, Some(advice)),
        None if is_list => (message, None),
        None => match message.rsplit_once(": ") {
            Some((what, advice)) if begins_with_advice(advice) => (what, Some(advice)),
            _ => (message, None),
        },
    }
}

/// Whether a clause says what is wrong at a path in a message.
fn is_finding(clause: &str) -> bool {
    let path = clause.split(": ").next().unwrap_or_default();
    path.len() < clause.len() && !path.contains(' ') && !begins_with_advice(path)
}

/// Whether a clause tells somebody to do something.
fn begins_with_advice(clause: &str) -> bool {
    let first = clause.split([' ', ',']).next().unwrap_or_default();
    [
        "add", "choose", "check", "copy", "don't", "give", "look", "make", "move", "put", "remove",
        "run", "say", "set", "start", "stop", "try", "use", "write",
    ]
    .contains(&first)
}

/// Where the code says nothing, the server's own words are all that there is.
fn said(error: &Error) -> Option<String> {
    let is_unexplained = error.kind() == ErrorKind::Rejected
        && error.code().is_none_or(|code| code.info().is_none());
    let message = server_message(error).filter(|_| is_unexplained)?;
    Some(format!("the server says {}", quoted(&message)))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn what_is_wrong_and_what_to_do_are_told_apart() {
        for (message, what, advice) in [
            (
                "could not connect: check the base URL, the network and the proxy; nothing was sent",
                "could not connect",
                Some("check the base URL, the network and the proxy; nothing was sent"),
            ),
            (
                "port 1 is in use; stop what has it",
                "port 1 is in use",
                Some("stop what has it"),
            ),
            (
                "it is empty: put a secret in",
                "it is empty",
                Some("put a secret in"),
            ),
            (
                "a.json: messaging_object.to: is missing; messaging_object.text.body: must not be empty",
                "a.json: messaging_object.to: is missing; messaging_object.text.body: must not be empty",
                None,
            ),
            (
                "t: components[0].text: is missing; components[1].text: is missing; nothing was changed",
                "t: components[0].text: is missing; components[1].text: is missing",
                Some("nothing was changed"),
            ),
            (
                "t in en: components[0].text: must be x; components: is missing: a template has a body; components[1].x: \
                 is missing: give y; nothing was changed",
                "t in en: components[0].text: must be x; components: is missing: a template has a body; components[1].x: \
                 is missing: give y",
                Some("nothing was changed"),
            ),
            (
                "t: name: must be x; components[1].x: is missing: give y",
                "t: name: must be x; components[1].x: is missing: give y",
                None,
            ),
            (
                "a.json: can't be read: no such file",
                "a.json: can't be read: no such file",
                None,
            ),
            (
                "a time limit passed; it may have been sent",
                "a time limit passed",
                Some("it may have been sent"),
            ),
        ] {
            assert_eq!(split(message), (what, advice), "{message}");
        }
    }
}
