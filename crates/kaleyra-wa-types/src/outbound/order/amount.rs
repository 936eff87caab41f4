//! An amount of money.

use crate::Number;
use crate::UnknownFields;
use crate::setters::setters;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

/// An amount of money: `value` divided by `offset`, in the order's currency.
///
/// ```
/// use kaleyra_wa_types::outbound::order::Amount;
///
/// let price = Amount::hundredths(45_050); // ₹ 450.50
/// assert_eq!(price.as_hundredths(), Some(45_050));
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Amount {
    /// The amount times `offset`, a whole number: 1999 for 19.99.
    pub value: Number,
    /// Always 100.
    pub offset: Number,
    /// What it is for, such as which tax.
    pub description: Option<String>,
    /// The name of a discount's programme; only for a discount.
    pub discount_program_name: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Amount {
    /// The only offset there is.
    pub const OFFSET: i64 = 100;

    /// An amount in hundredths: 1999 for 19.99.
    pub fn hundredths(value: i64) -> Self {
        Self {
            value: value.into(),
            offset: Self::OFFSET.into(),
            description: None,
            discount_program_name: None,
            unknown: Default::default(),
        }
    }

    /// The amount in hundredths; `None` where it is not a whole number or has another offset.
    pub fn as_hundredths(&self) -> Option<i64> {
        (self.offset.as_i64() == Some(Self::OFFSET))
            .then(|| self.value.as_i64())
            .flatten()
    }
}

setters!(Amount {
    /// What it is for.
    description: String,
    /// The name of a discount's programme.
    discount_program_name: String,
});

impl Validate for Amount {
    fn check(&self, check: &mut Check<'_>) {
        if self.value.as_i64().is_none_or(i64::is_negative) {
            check
                .member("value")
                .report(Rule::Format("a whole number, not below 0"));
        }
        if self.offset.as_i64() != Some(Self::OFFSET) {
            check.member("offset").report(Rule::Format("100"));
        }
    }
}
