//! The business that users write to.

use serde_json::{Value, json};

use super::account::without_plus;

/// The business number that users write to, with invented ids.
///
/// ```
/// use kaleyra_wa_sim::callback::{Business, EndUser};
///
/// let shop = Business::new("+918000000001");
/// let callback = EndUser::new("Asha Example", "919800000001").writing_to(shop.clone()).text("Hi").callback();
/// let metadata = &callback["meta_object"]["value"]["metadata"];
/// assert_eq!(metadata["display_phone_number"], "918000000001");
/// assert_eq!(callback["extra_info"]["waba_id"], shop.waba_id);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Business {
    /// The number as WhatsApp writes it: no `+`.
    pub display_phone_number: String,
    /// The number's id at Meta.
    pub phone_number_id: String,
    /// The id of the WhatsApp Business Account.
    pub waba_id: String,
}

impl Business {
    /// A business with this number; a `+` before it is dropped.
    pub fn new(display_phone_number: &str) -> Self {
        Self {
            display_phone_number: without_plus(display_phone_number).to_owned(),
            phone_number_id: "104600000000001".to_owned(),
            waba_id: "347000000000069".to_owned(),
        }
    }

    /// What is common to messages and statuses: `{"meta_object": {"value": {…}, "field": "messages"}}`.
    pub(crate) fn meta_object(&self, members: Value) -> Value {
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {
                "display_phone_number": self.display_phone_number,
                "phone_number_id": self.phone_number_id,
            },
        });
        merge(&mut value, members);
        json!({"value": value, "field": "messages"})
    }
}

/// The number is personal data where the business is one person.
impl std::fmt::Debug for Business {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Business")
            .field("phone_number_id", &self.phone_number_id)
            .field("waba_id", &self.waba_id)
            .finish_non_exhaustive()
    }
}

/// Adds the fields of one object to another.
pub(crate) fn merge(object: &mut Value, members: Value) {
    if let (Value::Object(object), Value::Object(members)) = (object, members) {
        object.extend(members);
    }
}
