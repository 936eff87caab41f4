//! The reader and `serde_json` agree on what JSON is, the stated leniencies apart.

use proptest::prelude::*;

use super::agreement::agrees;
use super::{arbitrary, config};

/// Bytes near to JSON: pieces of it in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 52] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b"\"",
        b"\\",
        b"\"a\"",
        b"\"messages\"",
        b"\"meta_object\"",
        b"\"value\"",
        b"\"type\"",
        b"\"text\"",
        b"\"body\"",
        b"\"id\"",
        b"null",
        b"true",
        b"false",
        b"nul",
        b"0",
        b"-",
        b"1",
        b"01",
        b"1.5",
        b"1.",
        b".5",
        b"1e5",
        b"1e",
        b"1e400",
        b"-0",
        b"+1",
        b"\\u00e9",
        b"\\ud83d",
        b"\\ude00",
        b"\\x",
        b"\\n",
        b"\\u12",
        b" ",
        b"\n",
        b"\t",
        b"\x0c",
        b"\xef\xbb\xbf",
        b"\xf0\x9f\x98\x80",
        b"\xf0\x9f",
        b"\xff",
        b"\x00",
        b"\x1f",
        b"\"\"",
        b"[]",
        b"{}",
        b"/",
    ];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24)
        .prop_map(|pieces| pieces.concat())
}

/// JSON, with one byte of it changed, left out or doubled.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let json = arbitrary::json();
    (json, any::<prop::sample::Index>(), any::<u8>(), 0..3_u8).prop_map(|(json, at, byte, how)| {
        let mut bytes = json.to_string().into_bytes();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, bytes[at]),
        }
        bytes
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pieces_of_json_are_judged_alike(bytes in pieces()) {
        agrees(&bytes);
        // As a value inside of a callback, too.
        agrees(&[br#"{"meta_object":"#.as_slice(), &bytes, b"}"].concat());
        agrees(&[br#"{"meta_object":{"value":{"messages":[{"id":"#.as_slice(), &bytes, b"}]}}}"].concat());
        agrees(&[br#"{"shade":"#.as_slice(), &bytes, b"}"].concat());
    }

    #[test]
    fn broken_json_is_judged_alike(bytes in broken()) {
        agrees(&bytes);
        agrees(&[br#"{"shade":"#.as_slice(), &bytes, b"}"].concat());
    }

    #[test]
    fn any_bytes_are_judged_alike(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        agrees(&bytes);
    }
}
