//! A path that only Kaleyra knows.

use std::fmt;

use http::uri::PathAndQuery;

use super::secrets::{Secrets, check};
use super::{InvalidSecret, Unverified, Verdict, Verifier};

/// Takes requests to a path that is hard to guess: for a sender that can be given a URL and
/// nothing else.
///
/// It is the weakest of the verifiers, since URLs leak: into the access logs of proxies and
/// into screenshots. Where a header can be set, prefer [`SharedHeader`](super::SharedHeader).
///
/// The whole path counts, byte for byte and without the query. A proxy or a router that strips a
/// prefix changes it: give here what arrives. Paths are compared in constant time and shown nowhere.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::{Receiver, Rejection, SecretPath, http};
///
/// // While the path is changed, both are good.
/// let paths = SecretPath::new("/callbacks/8c1f0e6b52d94c7a")?.or("/callbacks/d41a7be0935f2c68")?;
/// let receiver = Receiver::new(paths);
/// let receive = |path: &str| {
///     let (head, ()) = http::Request::post(path).body(()).unwrap().into_parts();
///     receiver.receive(&head, "{}".into(), SystemTime::now())
/// };
/// assert!(receive("/callbacks/d41a7be0935f2c68").is_ok());
/// assert_eq!(receive("/callbacks").unwrap_err(), Rejection::Unauthorized);
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
pub struct SecretPath {
    paths: Secrets,
}

impl SecretPath {
    /// Expects this path, such as `/callbacks/8c1f0e6b52d94c7a`.
    ///
    /// # Errors
    ///
    /// When it is `/`, empty or too short, doesn't begin with a slash, or can't be the path of a request.
    ///
    /// For an example see [`SecretPath`].
    pub fn new(path: &str) -> Result<Self, InvalidSecret> {
        let paths = Secrets::new(valid(path)?.as_bytes())?;
        Ok(Self { paths })
    }

    /// Takes this path as well.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn or(mut self, path: &str) -> Result<Self, InvalidSecret> {
        self.paths.push(valid(path)?.as_bytes())?;
        Ok(self)
    }
}

impl Verifier for SecretPath {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let presented = request.head().uri.path().as_bytes();
        Verdict::from(bool::from(self.paths.contain(presented)))
    }
}

impl fmt::Debug for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretPath")
            .field("paths", &self.paths.len())
            .finish()
    }
}

fn valid(path: &str) -> Result<&str, InvalidSecret> {
    let parsed: PathAndQuery = path.parse().map_err(|_| InvalidSecret::Path)?;
    match path.len() > 1 && path.starts_with('/') && parsed.path() == path {
        true => check(&path.as_bytes()[1..]).map(|()| path),
        false => Err(InvalidSecret::Path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_can_never_match_or_is_none_is_refused() {
        for path in [
            "",
            "/",
            "callbacks",
            "/a?b",
            "/a#b",
            "/a b",
            "*",
            "/\n",
            "http://a/b",
        ] {
            let refused = SecretPath::new(path).unwrap_err();
            assert_eq!(refused, InvalidSecret::Path, "{path:?}");
        }
        assert!(SecretPath::new("/a/b-c_d.e~f/").is_ok());
    }
}
