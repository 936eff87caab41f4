//! How strict the simulator is.

use std::fmt;
use std::str::FromStr;

/// What becomes of a message that breaks the documented rules.
///
/// Kaleyra responds with 202 before Meta has seen a message, so what is wrong with its content most likely comes back as a `failed`
/// status; no page says so. Whatever rests on that is marked as inferred.
///
/// ```
/// use kaleyra_wa_sim::{Simulator, Strictness};
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let too_long = "x".repeat(5_000);
/// send(&sim, json!({"type": "text", "text": {"body": &too_long}})).await; // by the code under test
/// assert_eq!(sim.accepted().len(), 1); // only the envelope counts
///
/// sim.set_strictness("meta".parse::<Strictness>()?);
/// send(&sim, json!({"type": "text", "text": {"body": &too_long}})).await;
/// assert_eq!(sim.accepted().len(), 1); // it was refused with WA400
/// assert_eq!(Strictness::Meta.as_str(), "meta");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strictness {
    /// `lenient`: only the envelope, the recipient and the field that `type` names are looked at.
    #[default]
    Lenient,
    /// `kaleyra`: what breaks a limit is accepted, and fails afterwards with Meta's code. Templates must be known where there
    /// is a folder of them, and users must have written in the last 24 hours.
    Kaleyra,
    /// `meta`: what breaks a limit is refused at once, with the documented `WA400`; the rest as with `kaleyra`.
    Meta,
}

/// Whether a free message may go to a user who did not write in the last 24 hours.
///
/// ```
/// use kaleyra_wa_sim::{ServiceWindow, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.set_window(ServiceWindow::Strict);
/// let from_a_setting: ServiceWindow = "known".parse()?;
/// assert_eq!(from_a_setting.as_str(), "known");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceWindow {
    /// `off`: always.
    Off,
    /// `known`: it fails with 131047 where the user wrote here, but longer ago. A user who never wrote here may have written elsewhere.
    Known,
    /// `strict`: it fails with 131047 unless the user wrote here in the last 24 hours.
    Strict,
}

impl Strictness {
    /// `lenient`, `kaleyra` or `meta`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lenient => "lenient",
            Self::Kaleyra => "kaleyra",
            Self::Meta => "meta",
        }
    }
}

impl fmt::Display for Strictness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A string that names no setting.
///
/// ```
/// use kaleyra_wa_sim::Strictness;
///
/// let error = "severe".parse::<Strictness>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no such setting: use one of lenient, kaleyra, meta");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such setting: use one of {0}")]
pub struct UnknownSetting(&'static str);

impl FromStr for Strictness {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        match text {
            "lenient" => Ok(Self::Lenient),
            "kaleyra" => Ok(Self::Kaleyra),
            "meta" => Ok(Self::Meta),
            _ => Err(UnknownSetting("lenient, kaleyra, meta")),
        }
    }
}

impl ServiceWindow {
    /// `off`, `known` or `strict`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Known => "known",
            Self::Strict => "strict",
        }
    }
}

impl FromStr for ServiceWindow {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        match text {
            "off" => Ok(Self::Off),
            "known" => Ok(Self::Known),
            "strict" => Ok(Self::Strict),
            _ => Err(UnknownSetting("off, known, strict")),
        }
    }
}
