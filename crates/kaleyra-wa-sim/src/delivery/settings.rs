//! Where callbacks are posted, how they prove where they are from, and how often they are tried.

use std::fmt;
use std::time::Duration;

/// Where callbacks are posted, and how.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_sim::{Callbacks, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let callbacks = Callbacks::to("http://127.0.0.1:8080/")
///     .basic("kaleyra", "s3cret")
///     .retries([Duration::from_secs(5), Duration::from_secs(60)])
///     .timeout(Duration::from_secs(3));
/// sim.set_callbacks(Some(&callbacks))?;
///
/// // Other ways for a callback to prove where it is from: the last one that is given counts.
/// let by_header = Callbacks::to("http://127.0.0.1:8080/").header("x-kaleyra-secret", "s3cret");
/// sim.set_callbacks(Some(&by_header))?;
/// let by_token = Callbacks::to("http://127.0.0.1:8080/").bearer("http://127.0.0.1:8080/token", "kaleyra", "s3cret");
/// sim.set_callbacks(Some(&by_token))?;
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows neither URL nor secret.
#[derive(Clone)]
pub struct Callbacks {
    pub(crate) url: String,
    pub(crate) auth: Auth,
    pub(crate) retries: Vec<Duration>,
    pub(crate) timeout: Duration,
    #[cfg(feature = "https")]
    pub(crate) roots: Vec<Vec<u8>>,
}

/// How a callback proves where it is from.
#[derive(Clone)]
pub(crate) enum Auth {
    None,
    Header {
        name: String,
        value: String,
    },
    Basic {
        user: String,
        password: String,
    },
    Bearer {
        token_url: String,
        id: String,
        secret: String,
    },
}

impl Callbacks {
    /// How often a callback can be tried again.
    pub const RETRIES_MAX: usize = 100;

    /// Posted to this URL: `http://`, or `https://` with the feature `https`. Up to three times, 200 ms apart, where the webhook
    /// can't be reached or responds with a 5xx; a response may take 10 seconds.
    ///
    /// How often Kaleyra retries is documented nowhere.
    pub fn to(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            auth: Auth::None,
            retries: vec![Duration::from_millis(200); 2],
            timeout: Duration::from_secs(10),
            #[cfg(feature = "https")]
            roots: Vec::new(),
        }
    }

    /// With this header, as a callback profile's custom header: `("x-kaleyra-secret", "s3cret")`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.auth = Auth::Header { name, value };
        self
    }

    /// With HTTP Basic. Source: *Callback - Basic Authentication*, whose content is not public.
    #[must_use]
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        let (user, password) = (user.into(), password.into());
        self.auth = Auth::Basic { user, password };
        self
    }

    /// With a token that is requested at this URL first: a form with `grant_type`, `client_id` and `client_secret`; the response is
    /// JSON with `access_token` and `expires_in`. A token is used until it expires, or the webhook responds with 401.
    ///
    /// Source: *Callback profiles - Advanced authentication*, which shows the response only.
    #[must_use]
    pub fn bearer(
        mut self,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        self.auth = Auth::Bearer {
            token_url: token_url.into(),
            id: client_id.into(),
            secret: client_secret.into(),
        };
        self
    }

    /// How long it waits before each further attempt, by the simulator's clock; no further attempt after the last. The first 100 count.
    #[must_use]
    pub fn retries(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.retries = pauses.into_iter().take(Self::RETRIES_MAX).collect();
        self
    }

    /// How long a response may take, in real time.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Certificates in PEM that `https://` trusts besides the machine's own: the root of your own webhook's.
    ///
    /// ```no_run
    /// use kaleyra_wa_sim::Callbacks;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let callbacks = Callbacks::to("https://127.0.0.1:8443/").trust(std::fs::read("tests/root.pem")?);
    /// # let _ = callbacks;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "https")]
    #[must_use]
    pub fn trust(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks")
            .field("retries", &self.retries)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
