//! The accounts that the simulator knows, their numbers, and which requests are theirs.

use std::fmt;

use http::HeaderMap;

use super::business::Business;

/// An account with one business number or several. SID, key and numbers are opaque texts: masks such as `+91XXXXXXXXXX` are as
/// good as real ones.
///
/// ```
/// use kaleyra_wa_sim::{Account, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let germany = Account::new("HXEU0000000000DE", "A-other-key", "+4930000001").number("+4930000002");
/// let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").account(germany).bind("127.0.0.1:0").await?;
/// // The callbacks of one of its numbers go to another webhook.
/// sim.set_callbacks_of("+4930000002", Some(&kaleyra_wa_sim::Callbacks::to("http://127.0.0.1:8081/")))?;
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows neither key nor number.
#[derive(Clone)]
pub struct Account {
    sid: String,
    api_key: String,
    numbers: Vec<Number>,
}

/// A business number of an account.
#[derive(Clone)]
pub(crate) struct Number {
    /// As it was given.
    pub(crate) sender: String,
    pub(crate) business: Business,
}

/// All accounts of a simulator: one at least.
pub(crate) struct Accounts(Vec<Account>);

impl Account {
    /// An account with one number; its `+` is optional.
    pub fn new(
        sid: impl Into<String>,
        api_key: impl Into<String>,
        sender: impl Into<String>,
    ) -> Self {
        let account = Self {
            sid: sid.into(),
            api_key: api_key.into(),
            numbers: Vec::new(),
        };
        account.number(sender)
    }

    /// Gives the account another number.
    #[must_use]
    pub fn number(mut self, sender: impl Into<String>) -> Self {
        let sender = sender.into();
        let business = Business::new(&sender);
        self.numbers.push(Number { sender, business });
        self
    }

    pub(crate) fn sid(&self) -> &str {
        &self.sid
    }

    /// The id of its WABA.
    pub(crate) fn waba(&self) -> &str {
        &self.numbers[0].business.waba_id
    }

    pub(crate) fn numbers(&self) -> &[Number] {
        &self.numbers
    }

    /// The account's first number of this WABA.
    pub(crate) fn find_waba(&self, waba: &str) -> Option<&Number> {
        let mut numbers = self.numbers.iter();
        numbers.find(|number| number.business.waba_id == waba)
    }

    /// The account's number of this text, with or without its `+`: the pages write it both ways.
    pub(crate) fn find(&self, sender: &str) -> Option<&Number> {
        let mut numbers = self.numbers.iter();
        numbers.find(|number| without_plus(&number.sender) == without_plus(sender))
    }
}

impl Accounts {
    /// The first account is the default where none is named.
    pub(crate) fn new(first: Account, others: Vec<Account>) -> Self {
        let mut accounts = vec![first];
        accounts.extend(others);
        // Each account has a WABA of its own.
        for (index, account) in accounts.iter_mut().enumerate() {
            for number in &mut account.numbers {
                number.business.waba_id = format!("{}", 347_000_000_000_069_u64 + index as u64);
            }
        }
        // Each number has an id of its own; the first one's is that of the documentation's shapes.
        let numbers = accounts.iter_mut().flat_map(|account| &mut account.numbers);
        for (index, number) in numbers.enumerate() {
            number.business.phone_number_id = format!("{}", 104_600_000_000_001_u64 + index as u64);
        }
        Self(accounts)
    }

    /// The account that the request has the SID and key of; if there is none, why, without repeating either.
    pub(crate) fn authorise(
        &self,
        sid: &str,
        headers: &HeaderMap,
    ) -> Result<&Account, &'static str> {
        let mut of_sid = self
            .0
            .iter()
            .filter(|account| account.sid == sid)
            .peekable();
        if of_sid.peek().is_none() {
            return Err("the SID in the path is not the simulator's");
        }
        let key = headers.get("api-key").ok_or("there is no api-key header")?;
        of_sid
            .find(|account| account.api_key.as_bytes() == key.as_bytes())
            .ok_or("the api-key header is not the simulator's key")
    }

    /// The key of the account with this SID.
    pub(crate) fn key_of(&self, sid: &str) -> Option<&str> {
        let mut accounts = self.0.iter();
        let found = accounts.find(|account| account.sid == sid)?;
        Some(&found.api_key)
    }

    pub(crate) fn first(&self) -> &Account {
        &self.0[0]
    }

    /// The first number of the first account.
    pub(crate) fn first_number(&self) -> &Number {
        &self.0[0].numbers[0]
    }

    pub(crate) fn all(&self) -> &[Account] {
        &self.0
    }

    /// Every number of every account.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.0.iter().flat_map(|account| &account.numbers)
    }

    /// The number of this text, whosever it is.
    pub(crate) fn find_number(&self, sender: &str) -> Option<&Number> {
        self.0.iter().find_map(|account| account.find(sender))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("numbers", &self.numbers.len())
            .finish_non_exhaustive()
    }
}

/// A number as WhatsApp writes it.
pub(crate) fn without_plus(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}
