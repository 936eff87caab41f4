//! The typed view of a change, and how much of it could be decoded.

use serde::{Serialize, Serializer};

use super::view::{Faults, TypedView};
use super::{
    AccountAlerts, AccountReviewUpdate, AccountSettingsUpdate, AccountUpdate, AutomaticEvents,
    BusinessCapabilityUpdate, BusinessUsernameUpdate, Calls, Flows, Groups, History,
    MessageTemplateComponentsUpdate, MessageTemplateQualityUpdate, MessageTemplateStatusUpdate,
    MessagingHandovers, PartnerSolutions, PaymentConfigurationUpdate, PhoneNumberNameUpdate,
    PhoneNumberQualityUpdate, Security, SmbAppStateSync, SmbMessageEchoes, Standby,
    TemplateCategoryUpdate, UserIdUpdate, UserPreferences,
};
use crate::decode::DecodeError;
use crate::inbound::{Field, Malformed, MetaObject};
use crate::wire::names::Name;
use crate::wire::read::read_all;
use crate::wire::reader::Kind;
use crate::wire::scan::unknown_pointers;
use crate::wire::ser::Written;
use crate::wire::write::{each_member, to_json};
use crate::wire::{Object, Reader, View, Wire};
use crate::{RawJson, Recognition, UnknownBody, UnknownFields};

/// Where a change's `value` is in a callback.
const AT: &str = "meta_object.value";

/// Fields that say nothing of what a change is about.
const COMMON: [&str; 3] = ["contacts", "messaging_product", "metadata"];

/// Makes [`FieldChange`]: a variant is named as its [`Field`].
macro_rules! field_changes {
    ($( $(#[$meta:meta])* $name:ident($view:ident) ),+ $(,)?) => {
        /// A change as its `field` says that it is to be read.
        ///
        /// ```
        /// use kaleyra_wa_types::inbound::{Callback, FieldChange};
        ///
        /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "message_template_status_update", "value": {
        ///     "event": "APPROVED", "message_template_name": "closed", "message_template_language": "en"
        /// }}}"#)?;
        /// let change = callback.meta_object.as_ref().ok_or("Kaleyra's own")?.change();
        /// let FieldChange::MessageTemplateStatusUpdate(update) = change else { panic!("{change:?}") };
        /// assert_eq!(update.message_template_name.as_deref(), Some("closed"));
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        ///
        /// Source: Meta's *Webhooks reference*, one page for each field.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "made one at a time, on demand")]
        pub enum FieldChange {
            $( $(#[$meta])* $name($view), )+
            /// Messages and statuses: they are in [`ChangeValue`](crate::inbound::ChangeValue), read already.
            Messages,
            /// A field that this version does not know, or a value that has no field of its field's: the field's
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
                    Self::Unknown(unknown) => Written(unknown.body().map_or(View::Absent, Wire::view)).serialize(serializer),
                    Self::Malformed(malformed) => Written(malformed.body.view()).serialize(serializer),
                }
            }
        }

        impl FieldChange {
            /// Reads a value by the shape of one field, for the field that it names.
            fn read(shape: &Field, field: &Field, json: &str) -> Self {
                match shape {
                    $( Field::$name => match read(json) {
                        Ok(view) => Self::$name(view),
                        Err(rest) => rest.of(field, json),
                    }, )+
                    Field::Messages => Self::Messages,
                    _ => Rest::Unknown.of(field, json),
                }
            }

            fn view(&self) -> Option<&dyn TypedView> {
                match self {
                    $( Self::$name(view) => Some(view), )+
                    _ => None,
                }
            }

            /// The JSON pointers of what is unknown in a change that has a typed view.
            pub(crate) fn unknown_pointers(&self, at: &str) -> Vec<String> {
                match self {
                    $( Self::$name(view) => unknown_pointers(at, Wire::view(view)), )+
                    _ => Vec::new(),
                }
            }

            /// The fields of the value that this version does not know; those of the objects in it are there.
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
    /// Meta reviewed the account.
    AccountReviewUpdate(AccountReviewUpdate),
    /// The settings of a number changed.
    AccountSettingsUpdate(AccountSettingsUpdate),
    /// Something happened to the account: verified, restricted, banned, shared with a partner, …
    AccountUpdate(AccountUpdate),
    /// Meta saw a lead or a purchase in a chat that an ad began.
    AutomaticEvents(AutomaticEvents),
    /// The limits of the account or the business changed.
    BusinessCapabilityUpdate(BusinessCapabilityUpdate),
    /// Something happened to the username of a business number.
    BusinessUsernameUpdate(BusinessUsernameUpdate),
    /// Calls: they ring, connect, end; a recording is there.
    Calls(Calls),
    /// Something happened to a flow, or its endpoint has trouble.
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
    /// A conversation has another owner.
    MessagingHandovers(MessagingHandovers),
    /// Something happened to a solution that several partners offer.
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
    /// What goes on in a conversation that another responder has.
    Standby(Standby),
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
    Unknown,
    Malformed(DecodeError),
}

impl Rest {
    fn of(self, field: &Field, json: &str) -> FieldChange {
        match self {
            Self::Unknown => {
                FieldChange::Unknown(UnknownBody::kept(field.as_str(), Some(RawJson::new(json))))
            }
            Self::Malformed(error) => FieldChange::Malformed(Box::new(Malformed::new(error, json))),
        }
    }
}

fn read<T: Wire + Object>(json: &str) -> Result<T, Rest> {
    let mut reader = Reader::new(json);
    if matches!(reader.peek(), Ok(Kind::Null)) {
        return Err(Rest::Unknown);
    }
    let mut view = T::empty();
    match read_all(&mut view, json) {
        Ok(()) => {
            let mut says_something = false;
            let unknown = view.unknown();
            let _ = reader.look_at_members(&mut |name| {
                says_something |= !COMMON.contains(&name) && unknown.get(name).is_none();
                !says_something
            });
            match says_something {
                true => Ok(view),
                false => Err(Rest::Unknown),
            }
        }
        Err(fault) => Err(Rest::Malformed(DecodeError::from(fault).below(AT))),
    }
}

impl MetaObject {
    /// The change as its `field` says that it is to be read. It is decoded anew on each call.
    ///
    /// ```
    /// use kaleyra_wa_types::Recognition;
    /// use kaleyra_wa_types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(
    ///     br#"{"meta_object": {"field": "account_review_update", "value": {"decision": {"is": 7}}}}"#,
    /// )?;
    /// let change = callback.meta_object.unwrap().change();
    /// assert_eq!(change.recognition(), Recognition::Malformed);
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
        // As it came, for the lists of messages may have another shape here.
        let mut json = "null".to_owned();
        let _ = each_member(self, &mut |name: Name<'_>, view: View<'_>| {
            if name.text == "value" {
                json = to_json(view, 1024);
            }
            Ok(())
        });
        FieldChange::read(&shape(field, &json), field, &json)
    }
}

/// The field whose shape the value has, where that is not the one that it names.
fn shape(field: &Field, json: &str) -> Field {
    let (mut has_score, mut has_event) = (false, false);
    let mut reader = Reader::new(json);
    if matches!(reader.peek(), Ok(Kind::Object)) {
        let _ = reader.look_at_members(&mut |name| {
            has_score |= matches!(name, "new_quality_score" | "previous_quality_score");
            has_event |= name == "event";
            true
        });
    }
    match field {
        // Meta's text and its sample disagree on the name of the field, so the fields decide.
        Field::MessageTemplateStatusUpdate if has_score => Field::MessageTemplateQualityUpdate,
        Field::MessageTemplateQualityUpdate if has_event && !has_score => {
            Field::MessageTemplateStatusUpdate
        }
        Field::BusinessUsernameUpdates => Field::BusinessUsernameUpdate,
        field => field.clone(),
    }
}

impl FieldChange {
    /// How much of it could be read.
    ///
    /// A view whose `event` has no name in this version is unknown, as a message of an unknown type is; a view with an
    /// element that could not be read is malformed, though its other elements are there.
    ///
    /// For an example see [`MetaObject::change`].
    pub fn recognition(&self) -> Recognition {
        match (self, self.view()) {
            (Self::Malformed(_), _) => Recognition::Malformed,
            (_, Some(_)) if !self.faults().is_empty() => Recognition::Malformed,
            (Self::Unknown(_), _) => Recognition::Unknown,
            (_, Some(view)) if !view.is_known() => Recognition::Unknown,
            _ => Recognition::Typed,
        }
    }

    /// What could not be read: where, from the callback's root on, and why.
    ///
    /// For an example see [`MetaObject::change`].
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
