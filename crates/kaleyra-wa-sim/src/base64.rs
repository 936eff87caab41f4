//! Base64, as digests and cursors are written: the standard alphabet, with padding.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for sextet in 0..4 {
            text.push(if sextet <= chunk.len() {
                char::from(DIGITS[(group >> (18 - 6 * sextet) & 0x3f) as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// The bytes, if [`encode`] writes them as this text. The padding may be missing.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len());
    let (mut group, mut bits) = (0_u32, 0);
    for digit in text.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        group = (group << 6 | value as u32) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
        }
    }
    (encode(&bytes).trim_end_matches('=') == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_pads_and_leads_back() {
        fn check(bytes: &[u8], text: &str) {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
            assert_eq!(decode(text.trim_end_matches('=')).as_deref(), Some(bytes));
        }
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(b"foob", "Zm9vYg==");
        check(&[0xfb, 0xff], "+/8=");
        check(&[0xff; 40], &format!("{}/w==", "////".repeat(13)));
    }

    #[test]
    fn what_it_never_writes_is_refused() {
        for text in ["Z", "Zh", "Z=g", "Zm9v\n", "Zm9-", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
