//! The form that a file is uploaded in: `multipart/form-data` by RFC 7578, written as browsers write it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use kaleyra_wa_transport::Body;

/// A form with a file, and fields before it.
pub(crate) struct Form {
    pub(crate) body: Body,
    /// What its `Content-Type` says.
    pub(crate) content_type: String,
}

impl Form {
    /// The file is read when the body is: nothing of it is held here.
    pub(crate) fn new(mime_type: &str, name: &str, file: Body) -> Self {
        Self::of(&[("type", mime_type)], mime_type, name, file)
    }

    /// A form with these fields before the file.
    pub(crate) fn of(fields: &[(&str, &str)], mime_type: &str, name: &str, file: Body) -> Self {
        let name = quotable(name);
        let texts = fields.iter().map(|(_, value)| *value);
        let texts: Vec<&str> = texts.chain([mime_type, &*name]).collect();
        let boundary = boundary_outside(&texts, random);
        let mut head = String::new();
        // Fields go first, so that a server that reads the form as it arrives knows what the file is.
        for (field, value) in fields {
            head.push_str(&format!(
                "--{boundary}\r\n\
                 Content-Disposition: form-data; name=\"{field}\"\r\n\
                 \r\n\
                 {value}\r\n"
            ));
        }
        head.push_str(&format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {mime_type}\r\n\
             \r\n"
        ));
        let tail = format!("\r\n--{boundary}--\r\n");
        Self {
            body: Body::concat([head.into(), file, tail.into()]),
            content_type: format!("multipart/form-data; boundary={boundary}"),
        }
    }
}

/// The name as it can stand between quotes: browsers write UTF-8 as it is and escape these three signs, and RFC 7578
/// forbids `filename*`. What servers take for a path or an end is replaced.
fn quotable(name: &str) -> String {
    let mut quotable = String::with_capacity(name.len());
    for sign in name.chars() {
        match sign {
            '"' => quotable.push_str("%22"),
            '\r' => quotable.push_str("%0D"),
            '\n' => quotable.push_str("%0A"),
            '/' | '\\' => quotable.push('_'),
            sign if sign.is_control() => quotable.push('_'),
            sign => quotable.push(sign),
        }
    }
    if quotable.is_empty() {
        quotable.push_str("file");
    }
    quotable
}

/// A boundary that is in none of the texts. In the file it is only by a chance of 1 to 2¹²⁸: nobody can put it there, as
/// nobody can guess it.
fn boundary_outside(texts: &[&str], mut random: impl FnMut() -> u64) -> String {
    loop {
        let boundary = format!("kaleyra-wa-{:016x}{:016x}", random(), random());
        if !texts.iter().any(|text| text.contains(&boundary)) {
            return boundary;
        }
    }
}

/// A number that nobody can guess: the standard library keys its hashers from the operating system. The client's own
/// random numbers can be predicted by anyone who has seen some, and references show some.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_between_its_quotes() {
        for (name, expected) in [
            ("invoice.pdf", "invoice.pdf"),
            ("Réçu №1 😀.pdf", "Réçu №1 😀.pdf"),
            ("a\"; name=\"type\".pdf", "a%22; name=%22type%22.pdf"),
            ("a\r\nb: c.pdf", "a%0D%0Ab: c.pdf"),
            ("../../a\\b.pdf", ".._.._a_b.pdf"),
            ("a\0b\u{7f}\t.pdf", "a_b__.pdf"),
            ("", "file"),
        ] {
            assert_eq!(quotable(name), expected);
        }
    }

    #[test]
    fn a_boundary_that_is_in_the_name_is_not_taken() {
        let mut draws = [1, 2, 1, 2, 3, 4].into_iter();
        let mut draw = || draws.next().unwrap();
        let taken = boundary_outside(&[], &mut draw);
        let other = boundary_outside(&["text/plain", &format!("x{taken}.txt")], &mut draw);
        assert_eq!(taken, "kaleyra-wa-00000000000000010000000000000002");
        assert_eq!(other, "kaleyra-wa-00000000000000030000000000000004");
    }

    #[test]
    fn no_two_forms_have_the_same_boundary() {
        let form = || Form::new("text/plain", "a.txt", Body::empty()).content_type;
        assert_ne!(form(), form());
    }
}
