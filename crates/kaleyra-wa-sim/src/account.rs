//! The one account that the simulator knows, and which requests are its.

use http::HeaderMap;

/// SID, key and sender. They are opaque texts: masks such as `+91XXXXXXXXXX` are as good as real ones.
pub(crate) struct Account {
    pub(crate) sid: String,
    pub(crate) api_key: String,
    pub(crate) sender: String,
}

impl Account {
    /// Whether the request has this account's SID and key; if not, why, without repeating either.
    pub(crate) fn authorise(&self, sid: &str, headers: &HeaderMap) -> Result<(), &'static str> {
        if sid != self.sid {
            return Err("the SID in the path is not the simulator's");
        }
        match headers.get("api-key") {
            None => Err("there is no api-key header"),
            Some(key) if key.as_bytes() != self.api_key.as_bytes() => {
                Err("the api-key header is not the simulator's key")
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether the number is this account's, with or without its `+`: the pages write it both ways.
    pub(crate) fn owns(&self, sender: &str) -> bool {
        without_plus(sender) == without_plus(&self.sender)
    }
}

/// A number as WhatsApp writes it.
pub(crate) fn without_plus(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}
