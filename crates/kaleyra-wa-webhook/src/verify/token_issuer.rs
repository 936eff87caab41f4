//! Tokens that Kaleyra asks for, and that expire.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use http::request::Parts;
use secrecy::{ExposeSecret, SecretString};
use subtle::Choice;

use super::access_token::AccessToken;
use super::authorization::credentials;
use super::client_credentials::presented;
use super::secrets::{Secrets, equal};
use super::{InvalidSecret, Unverified, Verdict, Verifier};
use crate::receive::Rejection;

/// Kaleyra's "advanced authentication": hands out tokens for a client id and secret, and takes
/// callbacks that come with one of them.
///
/// ```text
///  Kaleyra ── POST /token, client id and secret ──► TokenIssuer::issue
///          ◄──────────── 200, an access token ─────
///          ── POST /, Authorization: Bearer … ────► TokenIssuer as the Verifier
/// ```
///
/// Clones share their tokens: give one to the [`Receiver`](crate::Receiver), and one to
/// [`WebhookService::token_endpoint`](crate::WebhookService::token_endpoint) or to a route of your
/// own that calls [`issue`](Self::issue).
///
/// # Tokens
///
/// A token is 32 random bytes of the system's, as text. It is valid for an hour, or another
/// [`lifetime`](Self::lifetime). A client that asks while the newest one has more than half of its lifetime
/// left gets that one, so that a sender that asks before each callback neither fills the memory nor
/// crowds out tokens that are in use; later there is a new one, and the old one stays good until its
/// end. So a few are live at a time, four at the most.
///
/// They are kept in this process alone. After a restart the sender has to ask again, as its first
/// 401 shows it; several processes behind one address need [`SharedHeader`](super::SharedHeader) or
/// [`Basic`](super::Basic) instead.
///
/// # How the credentials are sent
///
/// Kaleyra's page shows the response, and not the request in full. So each usual form is taken: HTTP
/// Basic; a form with `client_id` and `client_secret`, as OAuth has it; a JSON object with these
/// fields. Capitals, `-` and `_` in the two names do not matter, and neither does what else is
/// there (`grant_type`, `scope`, …).
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{Receiver, TokenIssuer, http};
///
/// let issuer = TokenIssuer::new("kaleyra", "a long random text")?;
/// let receiver = Receiver::new(issuer.clone());
///
/// let now = SystemTime::now();
/// let (head, ()) = http::Request::post("/token").body(())?.into_parts();
/// let form = b"grant_type=client_credentials&client_id=kaleyra&client_secret=a+long+random+text";
/// let token = issuer.issue(&head, form, now)?;
///
/// let bearer = format!("Bearer {}", token.expose());
/// let (head, ()) = http::Request::post("/").header("authorization", bearer).body(())?.into_parts();
/// assert!(receiver.receive(&head, "{}".into(), now).is_ok());
///
/// let later = now + Duration::from_secs(3600);
/// assert!(receiver.receive(&head, "{}".into(), later).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Callback profiles - Advanced authentication*.
#[derive(Clone)]
pub struct TokenIssuer {
    clients: Vec<Arc<Client>>,
    lifetime: Duration,
    /// The newest is the last.
    live: Arc<Mutex<Vec<Live>>>,
}

struct Client {
    id: Secrets,
    secret: Secrets,
}

struct Live {
    token: SecretString,
    expires_at: SystemTime,
}

impl TokenIssuer {
    /// The default of [`lifetime`](Self::lifetime): one hour.
    pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(60 * 60);
    /// How many tokens are kept. One that is replaced at half of its lifetime makes two or three of them
    /// live at a time.
    const MAX_LIVE: usize = 4;

    /// Issues tokens to this client.
    ///
    /// # Errors
    ///
    /// When the id is empty or the secret too short.
    ///
    /// For an example see [`TokenIssuer`].
    pub fn new(client_id: &str, client_secret: &str) -> Result<Self, InvalidSecret> {
        let issuer = Self {
            clients: Vec::with_capacity(2),
            lifetime: Self::DEFAULT_LIFETIME,
            live: Arc::default(),
        };
        issuer.or(client_id, client_secret)
    }

    /// Issues tokens to this client as well, for the rotation of its secret.
    ///
    /// # Errors
    ///
    /// When the id is empty or the secret too short.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{TokenIssuer, http};
    ///
    /// // While the secret is rotated.
    /// let issuer = TokenIssuer::new("kaleyra", "the old random text")?.or("kaleyra", "the new random text")?;
    /// let (head, ()) = http::Request::post("/token").body(())?.into_parts();
    /// let form = b"client_id=kaleyra&client_secret=the+new+random+text";
    /// assert!(issuer.issue(&head, form, SystemTime::now()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn or(mut self, client_id: &str, client_secret: &str) -> Result<Self, InvalidSecret> {
        self.clients.push(Arc::new(Client {
            id: Secrets::public(client_id.as_bytes())?,
            secret: Secrets::new(client_secret.as_bytes())?,
        }));
        Ok(self)
    }

    /// How long a token is good: at least a second, at most 365 days.
    ///
    /// For an example see [`AccessToken`].
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

        self.lifetime = lifetime.clamp(Duration::from_secs(1), LONGEST);
        self
    }

    /// Responds to a request for a token that arrived at `now`. Its path is irrelevant here.
    ///
    /// Limit the body before it is read: some hundred bytes are enough for it.
    ///
    /// # Errors
    ///
    /// [`MethodNotAllowed`](Rejection::MethodNotAllowed) for all but POST,
    /// [`Unauthorized`](Rejection::Unauthorized) when there are no credentials or wrong ones, and
    /// [`Unavailable`](Rejection::Unavailable) when the system has no random bytes to give.
    pub fn issue(
        &self,
        head: &Parts,
        body: &[u8],
        now: SystemTime,
    ) -> Result<AccessToken, Rejection> {
        if head.method != Method::POST {
            return Err(Rejection::MethodNotAllowed);
        }
        let known = presented(head, body)
            .iter()
            .fold(Choice::from(0), |known, pair| known | self.knows(pair));
        if !bool::from(known) {
            return Err(Rejection::Unauthorized);
        }
        self.current(now).map_err(|_| Rejection::UNAVAILABLE)
    }

    /// All clients are looked at, id and secret of each.
    fn knows(&self, (id, secret): &(SecretString, SecretString)) -> Choice {
        let (id, secret) = (id.expose_secret(), secret.expose_secret());
        let clients = self.clients.iter();
        clients.fold(Choice::from(0), |known, client| {
            let is_client = client.id.contain(id.as_bytes());
            known | (is_client & client.secret.contain(secret.as_bytes()))
        })
    }

    fn current(&self, now: SystemTime) -> Result<AccessToken, getrandom::Error> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|token| token.expires_at > now);
        if let Some(newest) = live.last()
            && let Ok(left) = newest.expires_at.duration_since(now)
            // More than all of it is left where the clock was set back.
            && left > self.lifetime / 2 && left <= self.lifetime
        {
            return Ok(AccessToken::new(newest.token.clone(), now, left));
        }
        let token = random()?;
        // A clock at the end of time makes a token that is never good.
        let expires_at = now.checked_add(self.lifetime).unwrap_or(now);
        if live.len() >= Self::MAX_LIVE {
            live.remove(0);
        }
        live.push(Live {
            token: token.clone(),
            expires_at,
        });
        Ok(AccessToken::new(token, now, self.lifetime))
    }
}

impl Verifier for TokenIssuer {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let now = request.now();
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut genuine = Choice::from(0);
        for presented in credentials(request.head(), "Bearer") {
            for token in &*live {
                let is_good = Choice::from(u8::from(now < token.expires_at));
                genuine |= is_good & equal(token.token.expose_secret().as_bytes(), presented);
            }
        }
        Verdict::from(bool::from(genuine))
    }
}

impl fmt::Debug for TokenIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenIssuer")
            .field("clients", &self.clients.len())
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

fn random() -> Result<SecretString, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::Request;

    use super::*;

    const LIFE: Duration = Duration::from_secs(100);

    fn issuer() -> TokenIssuer {
        TokenIssuer::new("id", "secret").unwrap().lifetime(LIFE)
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
    }

    fn issue(issuer: &TokenIssuer, now: SystemTime) -> AccessToken {
        let (head, ()) = Request::post("/").body(()).unwrap().into_parts();
        let form = b"client_id=id&client_secret=secret";
        issuer.issue(&head, form, now).unwrap()
    }

    fn takes(issuer: &TokenIssuer, token: &AccessToken, now: SystemTime) -> bool {
        let bearer = format!("Bearer {}", token.expose());
        let request = Request::post("/").header("authorization", bearer);
        let (head, ()) = request.body(()).unwrap().into_parts();
        issuer.verify(&Unverified::head_only(&head, now)) == Verdict::Genuine
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let (issuer, other) = (issuer(), issuer());
        let token = issue(&issuer, at(0));
        assert_eq!(token.expires_in(), LIFE);
        for (seconds, expect) in [(0, true), (99, true), (100, false), (1000, false)] {
            assert_eq!(takes(&issuer, &token, at(seconds)), expect, "{seconds}");
        }
        // Another issuer's token is nobody's.
        issue(&other, at(0));
        assert!(!takes(&other, &token, at(0)));
    }

    #[test]
    fn a_new_token_comes_at_half_of_the_life_and_the_old_one_stays_good() {
        let issuer = issuer();
        let first = issue(&issuer, at(0));
        let again = issue(&issuer, at(49));
        assert_eq!(again.expose(), first.expose());
        assert_eq!(again.expires_in(), Duration::from_secs(51));

        let second = issue(&issuer, at(50));
        assert_ne!(second.expose(), first.expose());
        assert!(takes(&issuer, &first, at(60)) && takes(&issuer, &second, at(60)));
        assert!(!takes(&issuer, &first, at(100)) && takes(&issuer, &second, at(100)));
    }

    #[test]
    fn few_are_kept_however_often_they_are_asked_for() {
        let issuer = issuer();
        let mut seen = BTreeSet::new();
        for seconds in 0..1000 {
            let token = issue(&issuer, at(seconds));
            assert!(takes(&issuer, &token, at(seconds)));
            seen.insert(token.expose().to_owned());
            assert!(issuer.live.lock().unwrap().len() <= 3);
        }
        assert_eq!(seen.len(), 20);
        // A clock that jumps back and forth gets new ones, and no more room.
        for jump in 0..100 {
            issue(&issuer, at(if jump % 2 == 0 { 0 } else { 5_000_000 }));
            assert!(issuer.live.lock().unwrap().len() <= TokenIssuer::MAX_LIVE);
        }
    }

    #[test]
    fn tokens_of_the_end_of_time_are_no_panic() {
        let issuer = issuer();
        let end = (0..64).rev().fold(SystemTime::UNIX_EPOCH, |end, bit| {
            let step = Duration::from_secs(1 << bit);
            end.checked_add(step).unwrap_or(end)
        });
        let token = issue(&issuer, end);
        assert!(!takes(&issuer, &token, end));
    }

    #[test]
    fn clones_share_their_tokens() {
        let (issuer, verifier) = (issuer(), issuer());
        let token = issue(&issuer, at(0));
        assert!(takes(&issuer.clone(), &token, at(1)));
        assert!(!takes(&verifier, &token, at(1)));
    }
}
