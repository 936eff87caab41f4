//! Open sets and ids: whatever text comes goes out again, byte for byte.

use kaleyra_wa_types::extra_info::WaSource;
use kaleyra_wa_types::inbound::{
    Field, GroupId, OriginType, PricingModel, PricingType, ReferralSource, StatusName, StatusType,
    SystemType, TransactionStatus,
};
use kaleyra_wa_types::outbound::{MessagingProduct, RecipientType};
use kaleyra_wa_types::response::Code;
use kaleyra_wa_types::{
    KaleyraMessageId, MediaId, MessageId, Number, PhoneNumberId, ReplyToId, Timestamp, TraceId,
    UserId, WaId, WabaId,
};
use proptest::prelude::*;

use super::config;

/// Through every way in and every way out.
macro_rules! check_text {
    ($text:expr, $($type:ty),+ $(,)?) => {{
        let json = serde_json::to_string($text).expect("a text is JSON");
        $({
            let name = stringify!($type);
            let made = <$type>::from($text.as_str());
            prop_assert_eq!(made.as_str(), $text, "{}", name);
            prop_assert_eq!(&<$type>::from($text.clone()), &made, "{}", name);
            let read: $type = serde_json::from_str(&json).expect("any text is one");
            prop_assert_eq!(&read, &made, "{}", name);
            prop_assert_eq!(serde_json::to_string(&read).expect("it is written"), json.as_str(), "{}", name);
        })+
    }};
}

/// An id that comes as a number goes out as the same number.
macro_rules! check_number {
    ($number:expr, $($type:ty),+ $(,)?) => {{
        let json = $number.to_string();
        $({
            let read: $type = serde_json::from_str(&json).expect("a number is one");
            prop_assert_eq!(read.as_str(), json.as_str());
            prop_assert_eq!(serde_json::to_string(&read).expect("it is written"), json.as_str());
        })+
    }};
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_open_set_keeps_every_text(text in any::<String>()) {
        check_text!(
            &text, Code, Field, MessagingProduct, OriginType, PricingModel, PricingType, RecipientType,
            ReferralSource, StatusName, StatusType, SystemType, TransactionStatus, WaSource,
        );
    }

    #[test]
    fn every_id_keeps_every_text(text in prop_oneof![any::<String>(), any::<i64>().prop_map(|n| n.to_string()), "0[0-9]{1,30}"]) {
        check_text!(
            &text, GroupId, KaleyraMessageId, MediaId, MessageId, PhoneNumberId, ReplyToId, Timestamp, TraceId,
            UserId, WaId, WabaId,
        );
    }

    #[test]
    fn every_id_keeps_every_whole_number(large in any::<u64>(), signed in any::<i64>()) {
        check_number!(large, KaleyraMessageId, MediaId, MessageId, Timestamp, UserId, WaId);
        check_number!(signed, KaleyraMessageId, MediaId, MessageId, Timestamp, UserId, WaId);
    }

    #[test]
    fn a_number_keeps_its_form(text in any::<String>(), number in any::<i64>(), fraction in proptest::num::f64::NORMAL) {
        let texts = [text, number.to_string()].map(|text| serde_json::Value::from(text).to_string());
        let fraction = serde_json::to_string(&fraction).expect("a number is JSON");
        for json in texts.into_iter().chain([number.to_string(), fraction]) {
            let read: Number = serde_json::from_str(&json).expect("a text or a number is one");
            prop_assert_eq!(serde_json::to_string(&read).expect("it is written"), json);
        }
    }
}
