//! What a response, a callback or an explanation rests on.

use std::fmt;

/// Whether something is documented, or inferred from pages about something else.
///
/// ```
/// use kaleyra_wa_sim::{Basis, Simulator};
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
/// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
/// let why = sim.why(sim.accepted()[0].id.as_str()).unwrap();
/// for basis in why.steps.iter().filter_map(|step| step.basis) {
///     println!("{}: {}", basis.as_str(), basis.source()); // which page says so, or why it is likely
/// }
///
/// assert_eq!(Basis::Documented("Sent").to_string(), "documented: Sent");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// A page says so, and this is its title.
    Documented(&'static str),
    /// No page that could be read says so; this is why it is likely.
    Inferred(&'static str),
    /// Only the simulator does this.
    Simulator,
}

impl Basis {
    /// `documented`, `inferred` or `simulator`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented(_) => "documented",
            Self::Inferred(_) => "inferred",
            Self::Simulator => "simulator",
        }
    }

    /// The page's title, or why it is likely.
    pub fn source(self) -> &'static str {
        match self {
            Self::Documented(source) | Self::Inferred(source) => source,
            Self::Simulator => "",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documented(page) => write!(f, "documented: {page}"),
            Self::Inferred(why) => write!(f, "inferred: {why}"),
            Self::Simulator => f.write_str("the simulator's own"),
        }
    }
}
