//! The phone numbers of a WABA.

use std::fmt;

use kaleyra_wa_types::PhoneNumber;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use super::Waba;
use super::draft::{Draft, awaited, overridable};
use crate::Error;
use crate::decoded_response::find;
use crate::endpoint::endpoints;

endpoints! {
    /// Lists numbers.
    NUMBERS = "phone_numbers", Read GET "/v2/{sid}/whatsapp/{waba}/number";

    /// Adds a number, for which a code is sent.
    ADD = "add_phone_number", Send POST "/v2/{sid}/whatsapp/{waba}/number/add";

    /// Proves a number by the code that was sent to it.
    VERIFY = "verify_phone_number", Send POST "/v2/{sid}/whatsapp/{waba}/number/verify";

    /// Has the code sent again.
    RETRY = "retry_phone_number_code", Send POST "/v2/{sid}/whatsapp/{waba}/number/retry_otp";

    /// Changes a number's settings.
    UPDATE = "update_phone_number", Send PUT "/v2/{sid}/whatsapp/{waba}/number/update";
}

/// The numbers of a WABA, read when this is awaited; made by [`Waba::phone_numbers`].
///
/// For an example see [`Waba::phone_numbers`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ListNumbers {
    draft: Draft,
}

/// A number that is added when this is awaited; made by [`Waba::add_phone_number`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
/// use kaleyra_wa_client::types::PhoneNumber;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":17}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let number: PhoneNumber = "+14155550123".parse()?;
/// let added = client.waba("102000000000001").add_phone_number(&number, "The Shoe Shop", "1");
/// let response = added.verification_type("VOICE").await?;
/// assert_eq!(response.data.unwrap()["id"], 17); // which `verify_phone_number` takes
///
/// let body: serde_json::Value = serde_json::from_slice(kaleyra.requests()[0].body().as_bytes().unwrap())?;
/// assert_eq!(body["verification_type"], "VOICE");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is added until it is awaited"]
#[derive(Clone, Debug)]
pub struct AddNumber {
    draft: Draft,
}

/// A change of a number that is made when this is awaited; made by [`Waba::verify_phone_number`] and its like.
///
/// For an example see [`Waba::add_phone_number`].
#[must_use = "nothing is changed until it is awaited"]
#[derive(Clone, Debug)]
pub struct ChangeNumber {
    draft: Draft,
}

/// The numbers of a WABA.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": [
///     {"phone_number": "918000000001", "verified_name": "The Shoe Shop", "status": "CONNECTED", "quality": "GREEN"}
/// ]}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let numbers = client.waba("102000000000001").phone_numbers().await?;
/// let number = numbers.numbers()[0];
/// assert_eq!(number.phone_number(), Some("918000000001"));
/// assert_eq!((number.name(), number.status()), (Some("The Shoe Shop"), Some("CONNECTED")));
/// assert_eq!(number.value()["quality"], "GREEN"); // what has no method here
/// assert_eq!(numbers.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WabaNumbers {
    response: Response,
}

/// One number of a WABA, as far as a response says. `Debug` shows its state only.
///
/// For an example see [`WabaNumbers`].
#[derive(Clone, Copy)]
pub struct WabaNumber<'a> {
    value: &'a Value,
}

impl Waba {
    /// The numbers of this WABA, with state and name, of V1 and V2 alike.
    ///
    /// *Inferred*: the response's fields; the page names some in its text and shows none. They are looked for under the
    /// usual names.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"verified_name":"The Shoe Shop","status":"CONNECTED"}]}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// for number in client.waba("102000000000001").phone_numbers().await?.numbers() {
    ///     assert_eq!((number.name(), number.status()), (Some("The Shoe Shop"), Some("CONNECTED")));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Get Phone Number Details*.
    pub fn phone_numbers(&self) -> ListNumbers {
        ListNumbers {
            draft: self.draft(&NUMBERS),
        }
    }

    /// Adds a number under this name: a code goes to it, which [`verify_phone_number`](Self::verify_phone_number) takes. KYC
    /// and balance have to be in order.
    ///
    /// By default the code comes as an `SMS`.
    ///
    /// ```
    /// use kaleyra_wa_client::types::PhoneNumber;
    ///
    /// # async fn run(waba: &kaleyra_wa_client::Waba, code: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let number: PhoneNumber = "+14155550123".parse()?;
    /// let added = waba.add_phone_number(&number, "The Shoe Shop", "1").verification_type("VOICE").await?;
    /// println!("{:?}", added.data); // it has the id
    /// waba.verify_phone_number("17", &number, code).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Add Phone Number*.
    pub fn add_phone_number(
        &self,
        number: &PhoneNumber,
        name: impl Into<String>,
        country_code: impl Into<String>,
    ) -> AddNumber {
        AddNumber {
            draft: self
                .draft(&ADD)
                .field("phone_number", number.digits())
                .field("name", name.into())
                .field("country_code", country_code.into())
                .field("verification_type", "SMS"),
        }
    }

    /// Proves a number by the six digits that were sent to it. The id is what the response to
    /// [`add_phone_number`](Self::add_phone_number) has; here it goes as a number.
    ///
    /// For an example see [`add_phone_number`](Self::add_phone_number).
    ///
    /// Source: *Verify Phone Number*.
    pub fn verify_phone_number(
        &self,
        id: impl Into<String>,
        number: &PhoneNumber,
        code: impl Into<String>,
    ) -> ChangeNumber {
        let id = id.into();
        let id = id
            .parse::<u64>()
            .map_or_else(|_| Value::from(id), Value::from);
        ChangeNumber {
            draft: self
                .draft(&VERIFY)
                .field("id", id)
                .field("phone_number", number.digits())
                .field("otp", code.into()),
        }
    }

    /// Has the code sent again. The id goes as a string here.
    ///
    /// *Inferred*: whether it comes by SMS or by voice is in a part of the page that is cut off: add it with
    /// [`body`](ChangeNumber::body).
    ///
    /// ```
    /// # async fn run(waba: &kaleyra_wa_client::Waba, number: &kaleyra_wa_client::types::PhoneNumber) -> Result<(), kaleyra_wa_client::Error> {
    /// waba.retry_phone_number_code("17", number).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Retry OTP for Phone Number*.
    pub fn retry_phone_number_code(
        &self,
        id: impl Into<String>,
        number: &PhoneNumber,
    ) -> ChangeNumber {
        ChangeNumber {
            draft: self
                .draft(&RETRY)
                .field("id", id.into())
                .field("phone_number", number.digits()),
        }
    }

    /// Changes the settings of a number. Its body is in no readable part of the page: pass it as JSON.
    ///
    /// ```
    /// # async fn run(waba: &kaleyra_wa_client::Waba) -> Result<(), kaleyra_wa_client::Error> {
    /// waba.update_phone_number(serde_json::json!({"about": "Shoes since 1962"})).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Update Phone Number Details*.
    pub fn update_phone_number(&self, body: impl Into<Value>) -> ChangeNumber {
        ChangeNumber {
            draft: self.draft(&UPDATE).json(body.into()),
        }
    }
}

impl AddNumber {
    /// How the code comes: `SMS` or `VOICE`.
    pub fn verification_type(mut self, verification_type: impl Into<String>) -> Self {
        self.draft = self
            .draft
            .field("verification_type", verification_type.into());
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

impl ChangeNumber {
    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

impl ListNumbers {
    async fn perform(self) -> Result<WabaNumbers, Error> {
        let response = self.draft.succeed().await?;
        Ok(WabaNumbers { response })
    }
}

awaited!(ListNumbers => WabaNumbers);
awaited!(AddNumber => Response);
awaited!(ChangeNumber => Response);
overridable!(ListNumbers);
overridable!(AddNumber);
overridable!(ChangeNumber);

impl WabaNumbers {
    /// Each number.
    pub fn numbers(&self) -> Vec<WabaNumber<'_>> {
        let list = match &self.response.data {
            Some(Value::Array(elements)) => Some(elements),
            Some(data) => ["data", "numbers", "phone_numbers", "number"]
                .iter()
                .find_map(|name| data.get(name)?.as_array()),
            None => None,
        };
        let elements = list.into_iter().flatten();
        elements.map(|value| WabaNumber { value }).collect()
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl<'a> WabaNumber<'a> {
    /// The number.
    pub fn phone_number(&self) -> Option<&'a str> {
        self.text(&[
            "phone_number",
            "display_phone_number",
            "number",
            "wa_number",
        ])
    }

    /// The name that users see.
    pub fn name(&self) -> Option<&'a str> {
        self.text(&["verified_name", "display_name", "name"])
    }

    /// What state it is in.
    pub fn status(&self) -> Option<&'a str> {
        self.text(&["status"])
    }

    /// All that the response says about it.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    fn text(&self, names: &[&str]) -> Option<&'a str> {
        let found = names
            .iter()
            .find_map(|name| find(self.value, name)?.as_str());
        found.filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for WabaNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WabaNumber")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WabaNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WabaNumbers")
            .field("numbers", &self.numbers().len())
            .finish_non_exhaustive()
    }
}
