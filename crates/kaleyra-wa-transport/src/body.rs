//! The body of a request.

use std::fmt;

use bytes::Bytes;

/// The body of a request: opaque, cheap to clone, and the same each time it is sent.
///
/// Every body of today is held in memory, so [`as_bytes`](Self::as_bytes) and [`len`](Self::len)
/// always answer. Both may answer `None` once there are bodies made of several parts or read from
/// elsewhere; a transport that meets one it can't send answers with
/// [`TransportErrorKind::InvalidRequest`](crate::TransportErrorKind::InvalidRequest).
///
/// `Debug` shows the size and nothing else: bodies hold people's messages and phone numbers.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::Body;
///
/// let body = Body::from(r#"{"to":"+919800000001"}"#.to_owned());
/// assert_eq!(body.len(), Some(22));
/// assert_eq!(format!("{body:?}"), "Body(22 bytes)");
/// ```
#[derive(Clone, Default)]
pub struct Body(Bytes);

impl Body {
    /// A body without content, as a `GET` has.
    pub const fn empty() -> Self {
        Self(Bytes::new())
    }

    /// The whole body, if it is held in memory.
    pub const fn as_bytes(&self) -> Option<&Bytes> {
        Some(&self.0)
    }

    /// The size in bytes, if it is known before sending.
    pub const fn len(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    /// Whether it is known that there is nothing to send.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_gives_the_same_bytes() {
        for body in [
            Body::from(Bytes::from_static(b"abc")),
            Body::from(b"abc".to_vec()),
            Body::from("abc".to_owned()),
        ] {
            assert_eq!(body.as_bytes().unwrap(), "abc");
            assert_eq!(body.len(), Some(3));
            assert!(!body.is_empty());
        }
    }

    #[test]
    fn an_empty_body_is_known_to_be_empty() {
        assert!(Body::empty().is_empty());
        assert_eq!(Body::default().len(), Some(0));
    }

    #[test]
    fn a_clone_shares_the_bytes() {
        let body = Body::from(vec![0; 64]);
        assert_eq!(
            body.as_bytes().unwrap().as_ptr(),
            body.clone().as_bytes().unwrap().as_ptr()
        );
    }
}
