//! The typed view of a change, and how much of it could be read.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::view::{Faults, View};
use super::{
    AccountAlerts, AccountReviewUpdate, AccountSettingsUpdate, AccountUpdate, AutomaticEvents,
    BusinessCapabilityUpdate, BusinessUsernameUpdate, Calls, Flows, Groups, History,
    MessageTemplateComponentsUpdate, MessageTemplateQualityUpdate, MessageTemplateStatusUpdate,
    PartnerSolutions, PaymentConfigurationUpdate, PhoneNumberNameUpdate, PhoneNumberQualityUpdate,
    Security, SmbAppStateSync, SmbMessageEchoes, TemplateCategoryUpdate, UserIdUpdate,
    UserPreferences,
};
use crate::callback::{Decoded, Field, Malformed, MetaObject};
use crate::decode::DecodeError;
use crate::wire::Member;
use crate::wire::object::to_value;
use crate::wire::radar::Radar;
use crate::{Outcome, UnknownBody, UnknownFields};

/// Where a change's `value` is in a callback.
const AT: &str = "meta_object.value";

/// Members that say nothing of what a change is about.
const COMMON: [&str; 3] = ["contacts", "messaging_product", "metadata"];

/// Makes [`FieldChange`]: a variant is named as its [`Field`].
macro_rules! field_changes {
    ($( $(#[$meta:meta])* $name:ident($view:ident) ),+ $(,)?) => {
        /// A change as its `field` says that it is to be read.
        ///
        /// Source: Meta's *Webhooks reference*, one page for each field.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "made one at a time, on demand")]
        pub enum FieldChange {
            $( $(#[$meta])* $name($view), )+
            /// Messages and statuses: they are in [`ChangeValue`](crate::callback::ChangeValue), read already.
            Messages,
            /// A field that this version does not know, or a value that has no member of its field's: the field's
            /// name and the value.
            Unknown(UnknownBody),
            /// A value that can't be read as its field, kept as it came. The path begins at the callback's root.
            Malformed(Box<Malformed>),
        }

        /// Writes the change's value, as it came; nothing (`null`) for messages.
        impl Serialize for FieldChange {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$name(view) => view.serialize(serializer), )+
                    Self::Messages => serializer.serialize_unit(),
                    Self::Unknown(unknown) => unknown.body().serialize(serializer),
                    Self::Malformed(malformed) => malformed.body.serialize(serializer),
                }
            }
        }

        impl FieldChange {
            fn read(field: &Field, value: Value) -> Self {
                match field {
                    $( Field::$name => match read(value, |view: &$view| &view.unknown) {
                        Ok(view) => Self::$name(view),
                        Err(rest) => rest.of(field),
                    }, )+
                    Field::Messages => Self::Messages,
                    _ => Rest::Unknown(value).of(field),
                }
            }

            fn view(&self) -> Option<&dyn View> {
                match self {
                    $( Self::$name(view) => Some(view), )+
                    _ => None,
                }
            }

            /// Writes down what is unknown in a change that has a typed view.
            pub(crate) fn scan(&self, radar: &mut Radar) {
                match self {
                    $( Self::$name(view) => Member::scan(view, radar), )+
                    _ => {}
                }
            }

            /// The members of the value that this version does not know; those of the objects in it are there.
            pub fn unknown(&self) -> Option<&UnknownFields> {
                match self {
                    $( Self::$name(view) => Some(&view.unknown), )+
                    _ => None,
                }
            }
        }
    };
}

field_changes! {
    /// Meta has something to say about the business, a number, a profile.
    AccountAlerts(AccountAlerts),
    /// Meta looked at the account.
    AccountReviewUpdate(AccountReviewUpdate),
    /// The settings of a number changed.
    AccountSettingsUpdate(AccountSettingsUpdate),
    /// Something became of the account: verified, restricted, banned, shared with a partner, …
    AccountUpdate(AccountUpdate),
    /// Meta saw a lead or a purchase in a chat that an ad began.
    AutomaticEvents(AutomaticEvents),
    /// The limits of the account or the business changed.
    BusinessCapabilityUpdate(BusinessCapabilityUpdate),
    /// Something became of the user name of a business number.
    BusinessUsernameUpdate(BusinessUsernameUpdate),
    /// Calls: they ring, connect, end; a recording is there.
    Calls(Calls),
    /// Something became of a flow, or its endpoint has trouble.
    Flows(Flows),
    /// A group was made or deleted.
    GroupLifecycleUpdate(Groups),
    /// Users joined or left a group, or asked to.
    GroupParticipantsUpdate(Groups),
    /// A group's picture, subject or description was set.
    GroupSettingsUpdate(Groups),
    /// A group was suspended, or is so no more.
    GroupStatusUpdate(Groups),
    /// Chats from before the number was connected.
    History(History),
    /// A template was edited.
    MessageTemplateComponentsUpdate(MessageTemplateComponentsUpdate),
    /// The quality of a template changed.
    MessageTemplateQualityUpdate(MessageTemplateQualityUpdate),
    /// A template was approved, rejected, paused, …
    MessageTemplateStatusUpdate(MessageTemplateStatusUpdate),
    /// Something became of a solution that several partners offer.
    PartnerSolutions(PartnerSolutions),
    /// A payment configuration changed.
    PaymentConfigurationUpdate(PaymentConfigurationUpdate),
    /// Meta decided on the display name of a number.
    PhoneNumberNameUpdate(PhoneNumberNameUpdate),
    /// The quality, the limit or the throughput of a number changed.
    PhoneNumberQualityUpdate(PhoneNumberQualityUpdate),
    /// The PIN of a number was changed, or somebody asked for that.
    Security(Security),
    /// The contacts in the app of a number that is used there as well.
    SmbAppStateSync(SmbAppStateSync),
    /// What the business wrote in the app of a number that is used there as well.
    SmbMessageEchoes(SmbMessageEchoes),
    /// A template has another category now, or soon.
    TemplateCategoryUpdate(TemplateCategoryUpdate),
    /// Meta thinks that a template is in the wrong category.
    TemplateCorrectCategoryDetection(TemplateCategoryUpdate),
    /// The business-scoped id of a user changed.
    UserIdUpdate(UserIdUpdate),
    /// Users want no more marketing messages, or want them again.
    UserPreferences(UserPreferences),
}

/// A value that its field has no view of.
enum Rest {
    Unknown(Value),
    Malformed(Box<Malformed>),
}

impl Rest {
    fn of(self, field: &Field) -> FieldChange {
        match self {
            Self::Unknown(value) => FieldChange::Unknown(UnknownBody::new(field.as_str(), value)),
            Self::Malformed(malformed) => FieldChange::Malformed(malformed),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(
    value: Value,
    unknown: fn(&T) -> &UnknownFields,
) -> Result<T, Rest> {
    let names: Vec<String> = match &value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Null => return Err(Rest::Unknown(value)),
        _ => Vec::new(),
    };
    let (is_object, copy) = (value.is_object(), value.clone());
    match Decoded::from_value(value) {
        Decoded::Typed(view) => {
            let says_something = |name: &&String| {
                !COMMON.contains(&name.as_str()) && unknown(&view).get(name).is_none()
            };
            if is_object && !names.iter().any(|name| says_something(&name)) {
                return Err(Rest::Unknown(copy));
            }
            Ok(view)
        }
        Decoded::Malformed(mut malformed) => {
            malformed.error = malformed.error.below(AT);
            Err(Rest::Malformed(malformed))
        }
    }
}

impl MetaObject {
    /// The change as its `field` says that it is to be read. It is read anew at each call.
    ///
    /// ```
    /// use kaleyra_wa_types::Outcome;
    /// use kaleyra_wa_types::callback::Callback;
    ///
    /// let callback = Callback::from_slice(
    ///     br#"{"meta_object": {"field": "account_review_update", "value": {"decision": 7}}}"#,
    /// )?;
    /// let change = callback.meta_object.unwrap().change();
    /// assert_eq!(change.outcome(), Outcome::Malformed);
    /// assert_eq!(change.faults()[0].path(), "meta_object.value.decision");
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn change(&self) -> FieldChange {
        let Some(field) = &self.field else {
            return FieldChange::Messages;
        };
        if *field == Field::Messages {
            return FieldChange::Messages;
        }
        // As it came: what could not be read as the lists of messages is among the unknown members.
        let value = match to_value(self) {
            Value::Object(mut members) => members.remove("value").unwrap_or_default(),
            _ => Value::Null,
        };
        FieldChange::read(shape(field, &value), value)
    }
}

/// The field whose shape the value has, where that is not the one that it names.
fn shape<'a>(field: &'a Field, value: &Value) -> &'a Field {
    let has = |name| value.get(name).is_some();
    match field {
        // Meta's text and its sample disagree on the name of the field, so the members decide.
        Field::MessageTemplateStatusUpdate
            if has("new_quality_score") || has("previous_quality_score") =>
        {
            &Field::MessageTemplateQualityUpdate
        }
        Field::MessageTemplateQualityUpdate
            if has("event") && !has("new_quality_score") && !has("previous_quality_score") =>
        {
            &Field::MessageTemplateStatusUpdate
        }
        Field::BusinessUsernameUpdates => &Field::BusinessUsernameUpdate,
        field => field,
    }
}

impl FieldChange {
    /// How much of it could be read.
    ///
    /// A view whose `event` has no name in this version is unknown, as a message of an unknown type is; a view with an
    /// element that could not be read is malformed, though its other elements are there.
    pub fn outcome(&self) -> Outcome {
        match (self, self.view()) {
            (Self::Malformed(_), _) => Outcome::Malformed,
            (_, Some(_)) if !self.faults().is_empty() => Outcome::Malformed,
            (Self::Unknown(_), _) => Outcome::Unknown,
            (_, Some(view)) if !view.is_known() => Outcome::Unknown,
            _ => Outcome::Typed,
        }
    }

    /// What could not be read: where, from the callback's root on, and why.
    pub fn faults(&self) -> Vec<DecodeError> {
        if let Self::Malformed(malformed) = self {
            return vec![malformed.error.clone()];
        }
        let mut found = Vec::new();
        if let Some(view) = self.view() {
            view.faults(&mut Faults::new(AT, &mut found));
        }
        found
    }
}
