//! A signature over the body.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::secrets::check;
use super::{InvalidSecret, Unverified, Verdict, Verifier};

type Key = Hmac<Sha256>;

/// Takes requests whose body is signed as Meta signs: `X-Hub-Signature-256: sha256=` and, in
/// hexadecimal, the HMAC-SHA256 of the bytes of the body under the app's secret.
///
/// **Kaleyra doesn't sign.** It posts a rewritten body of its own, so this is for callbacks that come
/// directly from Meta, and for a relay of your own that signs in the same way; [`signature`](Self::signature)
/// is what it sends. To respond to Meta's first request, see [`MetaChallenge`](super::MetaChallenge).
///
/// The bytes count, not the JSON: Meta escapes in its own way, so a body that was parsed and written
/// again is forged. Several secrets can be live at a time. All are tried, in constant time; none is
/// kept, only the state of the hash that comes of it.
///
/// Behind the feature `hmac`.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::{HmacSha256, Receiver, http};
///
/// let receiver = Receiver::new(HmacSha256::new("the app's secret")?);
///
/// let body = r#"{"object": "whatsapp_business_account", "entry": []}"#;
/// let (head, ()) = http::Request::post("/")
///     .header(HmacSha256::HEADER, HmacSha256::signature("the app's secret", body)?)
///     .body(())?
///     .into_parts();
/// assert!(receiver.receive(&head, body.into(), SystemTime::now()).is_ok());
/// assert!(receiver.receive(&head, "{}".into(), SystemTime::now()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What Meta posts
///
/// It has several of Kaleyra's `meta_object` in its own envelope, `{"object": …, "entry": […]}`. The events in it are
/// [read](kaleyra_wa_types::inbound::Callback::events) like those of Kaleyra's own callbacks:
///
/// ```
/// use kaleyra_wa_webhook::{ReceivedCallback, MemorySink, Sink, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let memory = MemorySink::new(handler_fn(async |event| {
///     assert_eq!(event.event().type_name(), "text");
///     Ok(())
/// }));
///
/// let body = r#"{"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [
///     {"field": "messages", "value": {"messages": [
///         {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}}
///     ]}}
/// ]}]}"#;
/// memory.accept(ReceivedCallback::from_raw(body.into(), std::time::SystemTime::now())?).await?;
/// # memory.shutdown(std::time::Duration::from_secs(10)).await?;
/// # Ok(())
/// # }
/// ```
///
/// Source: Meta's *Webhooks, getting started: validating payloads*.
pub struct HmacSha256 {
    keys: Vec<Key>,
}

impl HmacSha256 {
    /// The header with the signature.
    pub const HEADER: HeaderName = HeaderName::from_static("x-hub-signature-256");

    /// Expects a signature under this secret.
    ///
    /// # Errors
    ///
    /// When the secret is too short.
    ///
    /// For an example see [`HmacSha256`].
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        let keys = vec![key(secret.as_ref())?];
        Ok(Self { keys })
    }

    /// Takes a signature under this secret as well.
    ///
    /// # Errors
    ///
    /// When the secret is too short.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{HmacSha256, Receiver, http};
    ///
    /// // While the secret is rotated.
    /// let receiver = Receiver::new(HmacSha256::new("the old secret")?.or("the new secret")?);
    /// for secret in ["the old secret", "the new secret"] {
    ///     let signature = HmacSha256::signature(secret, "{}")?;
    ///     let (head, ()) = http::Request::post("/").header(HmacSha256::HEADER, signature).body(())?.into_parts();
    ///     assert!(receiver.receive(&head, "{}".into(), SystemTime::now()).is_ok());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn or(mut self, secret: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        self.keys.push(key(secret.as_ref())?);
        Ok(self)
    }

    /// The header's value for this body: for a test, a simulator or a relay.
    ///
    /// # Errors
    ///
    /// When the secret is too short.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::HmacSha256;
    ///
    /// let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    /// assert_eq!(
    ///     HmacSha256::signature("test_app_secret", body)?,
    ///     "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    /// );
    /// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
    /// ```
    pub fn signature(
        secret: impl AsRef<[u8]>,
        body: impl AsRef<[u8]>,
    ) -> Result<String, InvalidSecret> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";

        let mac = mac(&key(secret.as_ref())?, body.as_ref());
        let digit = |four_bits: u8| char::from(DIGITS[usize::from(four_bits & 0xf)]);
        let digits = mac.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]);
        Ok("sha256=".chars().chain(digits).collect())
    }
}

impl Verifier for HmacSha256 {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        // Two signatures are one too many: which of them would be meant?
        let mut headers = request.head().headers.get_all(Self::HEADER).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Verdict::Forged;
        };
        let Some(presented) = parse(header.as_bytes()) else {
            return Verdict::Forged;
        };
        let Some(body) = request.body() else {
            return Verdict::NeedsBody;
        };
        let genuine = self.keys.iter().fold(Choice::from(0), |genuine, key| {
            genuine | mac(key, body).ct_eq(&presented)
        });
        Verdict::from(bool::from(genuine))
    }
}

impl fmt::Debug for HmacSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacSha256")
            .field("secrets", &self.keys.len())
            .finish()
    }
}

/// HMAC takes keys of any length; one that is too short is nobody's secret.
fn key(secret: &[u8]) -> Result<Key, InvalidSecret> {
    check(secret)?;
    Key::new_from_slice(secret).map_err(|_| InvalidSecret::Empty)
}

fn mac(key: &Key, body: &[u8]) -> [u8; 32] {
    key.clone()
        .chain_update(body)
        .finalize()
        .into_bytes()
        .into()
}

/// `sha256=` and 64 hexadecimal digits.
fn parse(header: &[u8]) -> Option<[u8; 32]> {
    let digits = header.strip_prefix(b"sha256=")?;
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            let digit = char::from(*digit).to_digit(16)?;
            *byte = *byte << 4 | u8::try_from(digit).ok()?;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use http::Request;

    use super::*;

    const BODY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    const SIGNATURE: &str =
        "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756";

    fn verify(verifier: &HmacSha256, headers: &[&str], body: Option<&[u8]>) -> Verdict {
        let mut request = Request::post("/");
        for header in headers {
            request = request.header("X-Hub-Signature-256", *header);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let now = SystemTime::UNIX_EPOCH;
        verifier.verify(&match body {
            Some(body) => Unverified::whole(&head, body, now),
            None => Unverified::head_only(&head, now),
        })
    }

    #[test]
    fn metas_vector_is_genuine_under_each_live_secret() {
        let verifier = HmacSha256::new("test_app_secret").unwrap();
        assert_eq!(
            verify(&verifier, &[SIGNATURE], Some(BODY)),
            Verdict::Genuine
        );
        let shouted = SIGNATURE.to_ascii_uppercase().replace("SHA256", "sha256");
        assert_eq!(verify(&verifier, &[&shouted], Some(BODY)), Verdict::Genuine);

        let rotating = HmacSha256::new("next-one").unwrap().or("test_app_secret");
        let rotating = rotating.unwrap();
        assert_eq!(
            verify(&rotating, &[SIGNATURE], Some(BODY)),
            Verdict::Genuine
        );
        let other = HmacSha256::new("other-one").unwrap();
        assert_eq!(verify(&other, &[SIGNATURE], Some(BODY)), Verdict::Forged);
    }

    #[test]
    fn every_byte_counts() {
        let verifier = HmacSha256::new("test_app_secret").unwrap();
        let spaced = br#"{"object": "whatsapp_business_account","entry":[]}"#;
        let shorter = &BODY[..BODY.len() - 1];
        for body in [&b""[..], b"{}", spaced, shorter] {
            assert_eq!(verify(&verifier, &[SIGNATURE], Some(body)), Verdict::Forged);
        }
    }

    #[test]
    fn what_is_no_signature_is_forged_before_the_body_is_read() {
        let verifier = HmacSha256::new("test_app_secret").unwrap();
        assert_eq!(verify(&verifier, &[SIGNATURE], None), Verdict::NeedsBody);
        let short = &SIGNATURE[..SIGNATURE.len() - 1];
        let long = format!("{SIGNATURE}0");
        let signed = SIGNATURE.replace("dec6", "+ec6");
        let bare = &SIGNATURE[7..];
        for header in [short, &long, &signed, bare, "sha1=dec6", "sha256=", ""] {
            assert_eq!(
                verify(&verifier, &[header], None),
                Verdict::Forged,
                "{header}"
            );
            assert_eq!(
                verify(&verifier, &[header], Some(BODY)),
                Verdict::Forged,
                "{header}"
            );
        }
        assert_eq!(verify(&verifier, &[], Some(BODY)), Verdict::Forged);
        let twice = [SIGNATURE, SIGNATURE];
        assert_eq!(verify(&verifier, &twice, Some(BODY)), Verdict::Forged);
    }

    #[test]
    fn an_empty_secret_is_refused() {
        assert_eq!(HmacSha256::new("").unwrap_err(), InvalidSecret::Empty);
        let first = HmacSha256::new("first-one").unwrap();
        assert_eq!(first.or("").unwrap_err(), InvalidSecret::Empty);
    }
}
