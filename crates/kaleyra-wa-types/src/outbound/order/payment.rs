//! How an order can be paid.

use serde_json::Value;

use crate::UnknownBody;
use crate::UnknownFields;
use crate::UnknownText;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// One way to pay an order, an element of `payment_settings`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{PaymentLink, PaymentMethod, PaymentSetting};
///
/// let setting = PaymentSetting::new(PaymentLink::new("https://example.com/pay/17"));
/// assert!(matches!(setting.method, PaymentMethod::PaymentLink(_)));
/// assert_eq!(
///     serde_json::to_value(&setting)?,
///     serde_json::json!({"type": "payment_link", "payment_link": {"uri": "https://example.com/pay/17"}}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentSetting {
    /// `type`, and the field that it names.
    #[wire(flatten)]
    pub method: PaymentMethod,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How an order can be paid: `type`, and the field that it names.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{Boleto, OrderDetails, PaymentMethod, UpiIntentLink};
///
/// let upi = PaymentMethod::from(UpiIntentLink::new("upi://pay?pa=shop@example"));
/// assert_eq!(upi.type_name(), "upi_intent_link");
/// let boleto = PaymentMethod::from(Boleto::new("03399026944140000002628346101018898510000008848"));
/// assert_eq!(boleto.type_name(), "boleto");
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum PaymentMethod {
    /// A boleto (Brazil).
    Boleto(Boleto),
    /// A card that the user saved with the business (Brazil).
    OffsiteCardPay(OffsiteCardPay),
    /// A payment gateway that is connected to WhatsApp (India).
    PaymentGateway(PaymentGateway),
    /// A page of the business's own.
    PaymentLink(PaymentLink),
    /// A Pix code (Brazil).
    PixDynamicCode(PixDynamicCode),
    /// A link that opens a UPI app (India).
    UpiIntentLink(UpiIntentLink),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// A payment gateway that is connected to WhatsApp.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{PaymentGateway, PaymentSetting};
/// use serde_json::json;
///
/// let gateway = PaymentGateway::new("razorpay", "shop").razorpay(json!({"receipt": "order-17"}));
/// assert_eq!(
///     serde_json::to_value(PaymentSetting::new(gateway))?,
///     json!({
///         "type": "payment_gateway",
///         "payment_gateway": {"type": "razorpay", "configuration_name": "shop", "razorpay": {"receipt": "order-17"}},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentGateway {
    /// Which one.
    #[wire(name = "type")]
    pub kind: Option<GatewayName>,
    /// The payment configuration in WhatsApp Manager, at most 60 characters.
    pub configuration_name: Option<String>,
    /// Additional data for Billdesk.
    pub billdesk: Option<Value>,
    /// Additional data for Payu.
    pub payu: Option<Value>,
    /// Additional data for Razorpay.
    pub razorpay: Option<Value>,
    /// Additional data for Zaakpay.
    pub zaakpay: Option<Value>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A link that opens a UPI app (India), `upi_intent_link`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{PaymentSetting, UpiIntentLink};
///
/// let setting = PaymentSetting::from(UpiIntentLink::new("upi://pay?pa=shop@example&am=525.00&cu=INR"));
/// assert_eq!(serde_json::to_value(&setting)?["type"], "upi_intent_link");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UpiIntentLink {
    /// The link, `upi://pay?…`.
    pub link: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A page of the business's own, where the order is paid: `payment_link`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{PaymentLink, PaymentSetting};
///
/// let setting = PaymentSetting::from(PaymentLink::new("https://example.com/pay/17"));
/// assert_eq!(serde_json::to_value(&setting)?["payment_link"]["uri"], "https://example.com/pay/17");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentLink {
    /// The page, `http://` or `https://`.
    pub uri: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A Pix code (Brazil), to be copied into a bank's app: `pix_dynamic_code`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{PaymentSetting, PixDynamicCode, PixKeyType};
///
/// let pix = PixDynamicCode::new("00020126580014br.gov.bcb.pix", "Loja Exemplo", "loja@example.com", PixKeyType::Email);
/// assert_eq!(
///     serde_json::to_value(PaymentSetting::from(pix))?["pix_dynamic_code"],
///     serde_json::json!({
///         "code": "00020126580014br.gov.bcb.pix",
///         "merchant_name": "Loja Exemplo",
///         "key": "loja@example.com",
///         "key_type": "EMAIL",
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PixDynamicCode {
    /// The code.
    pub code: Option<String>,
    /// The payee.
    pub merchant_name: Option<String>,
    /// The Pix key of the payee.
    pub key: Option<PixKey>,
    /// What the key is.
    pub key_type: Option<PixKeyType>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A boleto (Brazil), a slip that is paid at a bank: `boleto`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{Boleto, PaymentSetting};
///
/// let setting = PaymentSetting::from(Boleto::new("03399026944140000002628346101018898510000008848"));
/// assert_eq!(serde_json::to_value(&setting)?["type"], "boleto");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Boleto {
    /// The digits of it.
    pub digitable_line: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A card that the user saved with the business. Seen in a partner's tests only.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{OffsiteCardPay, PaymentSetting};
///
/// let setting = PaymentSetting::from(OffsiteCardPay::new("4242", "card-17"));
/// assert_eq!(
///     serde_json::to_value(&setting)?["offsite_card_pay"],
///     serde_json::json!({"last_four_digits": "4242", "credential_id": "card-17"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OffsiteCardPay {
    /// The end of the card's number.
    pub last_four_digits: Option<String>,
    /// The business's own id of the card.
    pub credential_id: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A Pix key: a tax number, phone number, email address or random text.
///
/// It is personal data: `Debug` shows its last two characters only.
///
/// ```
/// use kaleyra_wa_types::outbound::order::PixKey;
///
/// let key = PixKey::from("loja@example.com");
/// assert_eq!(key.as_str(), "loja@example.com");
/// assert!(!format!("{key:?}").contains("loja"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct PixKey(LooseText);

/// A payment gateway that is connected to WhatsApp, `type`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::{GatewayName, PaymentGateway};
///
/// let gateway = PaymentGateway::new(GatewayName::Payu, "shop");
/// assert_eq!(gateway, PaymentGateway::new("payu", "shop"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum GatewayName {
    /// `billdesk`. Billdesk.
    Billdesk,
    /// `payu`. Payu.
    Payu,
    /// `razorpay`. Razorpay.
    Razorpay,
    /// `zaakpay`. Zaakpay.
    Zaakpay,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What a Pix key is, `key_type`.
///
/// ```
/// use kaleyra_wa_types::outbound::order::PixKeyType;
///
/// assert_eq!(PixKeyType::from("CPF"), PixKeyType::Cpf);
/// assert_eq!(PixKeyType::Evp.as_str(), "EVP");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PixKeyType {
    /// `CNPJ`. A company's tax number.
    #[wire(name = "CNPJ")]
    Cnpj,
    /// `CPF`. A person's tax number.
    #[wire(name = "CPF")]
    Cpf,
    /// `EMAIL`. An email address.
    #[wire(name = "EMAIL")]
    Email,
    /// `EVP`. A random text.
    #[wire(name = "EVP")]
    Evp,
    /// `PHONE`. A phone number.
    #[wire(name = "PHONE")]
    Phone,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl PaymentSetting {
    /// This way to pay.
    pub fn new(method: impl Into<PaymentMethod>) -> Self {
        Self {
            method: method.into(),
            unknown: Default::default(),
        }
    }
}

impl<T: Into<PaymentMethod>> From<T> for PaymentSetting {
    fn from(method: T) -> Self {
        Self::new(method)
    }
}

impl PaymentGateway {
    /// The maximum number of characters in the configuration's name.
    pub const CONFIGURATION_NAME_MAX: usize = 60;

    /// This gateway, with the payment configuration of this name.
    pub fn new(kind: impl Into<GatewayName>, configuration_name: impl Into<String>) -> Self {
        Self {
            kind: Some(kind.into()),
            configuration_name: Some(configuration_name.into()),
            billdesk: None,
            payu: None,
            razorpay: None,
            zaakpay: None,
            unknown: Default::default(),
        }
    }
}

setters!(PaymentGateway {
    /// Additional data for Billdesk.
    billdesk: Value,
    /// Additional data for Payu.
    payu: Value,
    /// Additional data for Razorpay, such as `receipt` and `notes`.
    razorpay: Value,
    /// Additional data for Zaakpay.
    zaakpay: Value,
});

impl UpiIntentLink {
    /// A link, `upi://pay?…`.
    pub fn new(link: impl Into<String>) -> Self {
        Self {
            link: Some(link.into()),
            unknown: Default::default(),
        }
    }
}

impl PaymentLink {
    /// A page, `http://` or `https://`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self {
            uri: Some(uri.into()),
            unknown: Default::default(),
        }
    }
}

impl PixDynamicCode {
    /// A code, the payee, their Pix key, and the kind of key.
    pub fn new(
        code: impl Into<String>,
        merchant_name: impl Into<String>,
        key: impl Into<PixKey>,
        key_type: impl Into<PixKeyType>,
    ) -> Self {
        Self {
            code: Some(code.into()),
            merchant_name: Some(merchant_name.into()),
            key: Some(key.into()),
            key_type: Some(key_type.into()),
            unknown: Default::default(),
        }
    }
}

impl Boleto {
    /// The digits of a boleto.
    pub fn new(digitable_line: impl Into<String>) -> Self {
        Self {
            digitable_line: Some(digitable_line.into()),
            unknown: Default::default(),
        }
    }
}

impl OffsiteCardPay {
    /// The end of a card's number, and the business's own id of the card.
    pub fn new(last_four_digits: impl Into<String>, credential_id: impl Into<String>) -> Self {
        Self {
            last_four_digits: Some(last_four_digits.into()),
            credential_id: Some(credential_id.into()),
            unknown: Default::default(),
        }
    }
}

impl Validate for PaymentSetting {
    fn check(&self, check: &mut Check<'_>) {
        let mut check = check.member(self.method.type_name());
        match &self.method {
            PaymentMethod::PaymentGateway(gateway) => {
                require("type", gateway.kind.is_some(), &mut check);
                require(
                    "configuration_name",
                    gateway.configuration_name.is_some(),
                    &mut check,
                );
                if let Some(name) = &gateway.configuration_name {
                    check.member("configuration_name").length(
                        name,
                        1,
                        PaymentGateway::CONFIGURATION_NAME_MAX,
                    );
                }
            }
            PaymentMethod::UpiIntentLink(upi) => require("link", upi.link.is_some(), &mut check),
            PaymentMethod::PaymentLink(PaymentLink { uri: Some(uri), .. }) => {
                check.member("uri").web_link(uri);
            }
            PaymentMethod::PaymentLink(_) => require("uri", false, &mut check),
            PaymentMethod::PixDynamicCode(pix) => {
                require("code", pix.code.is_some(), &mut check);
                require("merchant_name", pix.merchant_name.is_some(), &mut check);
                require("key", pix.key.is_some(), &mut check);
                require("key_type", pix.key_type.is_some(), &mut check);
            }
            PaymentMethod::Boleto(boleto) => {
                require(
                    "digitable_line",
                    boleto.digitable_line.is_some(),
                    &mut check,
                );
            }
            PaymentMethod::OffsiteCardPay(_) | PaymentMethod::Unknown(_) => {}
        }
    }
}

fn require(name: &str, is_there: bool, check: &mut Check<'_>) {
    if !is_there {
        check
            .member(name)
            .report(Rule::Required("this way to pay needs it"));
    }
}
