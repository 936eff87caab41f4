//! Changes about something else than messages: their typed views.

use kaleyra_wa_types::Recognition;
use kaleyra_wa_types::inbound::field::{
    CallStatus, FieldChange, GroupChange, MessagingLimit, Preference, TemplateCategory,
    TemplateStatus, WabaBanState,
};
use kaleyra_wa_types::inbound::{Callback, Decoded, EventKind, Field, MetaObject};
use serde_json::{Value, json};

use crate::fixtures::{all, one};

fn change(name: &str) -> FieldChange {
    let callback = Callback::from_slice(&one(&format!("callbacks/field_{name}.json"))).unwrap();
    callback.meta_object.unwrap().change()
}

pub(crate) fn of(field: &str, value: &Value) -> MetaObject {
    let body = json!({"meta_object": {"field": field, "value": value}});
    let callback = Callback::from_slice(&serde_json::to_vec(&body).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&callback).unwrap(), body, "{field}");
    let parts: Vec<EventKind> = callback.events().map(|event| event.kind()).collect();
    assert_eq!(parts, [EventKind::Field], "{field}");
    callback.meta_object.unwrap()
}

/// Every fixture about a field, with its field and its value.
pub(crate) fn fixtures() -> Vec<(String, String, Value)> {
    let fixtures = all("callbacks").into_iter().filter_map(|(path, body)| {
        let name = path
            .file_stem()?
            .to_str()?
            .strip_prefix("field_")?
            .to_owned();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let change = &body["meta_object"];
        Some((
            name,
            change["field"].as_str()?.to_owned(),
            change["value"].clone(),
        ))
    });
    fixtures.collect()
}

#[test]
fn every_fixture_has_a_typed_view_that_is_lossless_and_knows_every_member() {
    for (name, field, value) in fixtures() {
        let change = of(&field, &value).change();
        assert_eq!(serde_json::to_value(&change).unwrap(), value, "{name}");
        if name.starts_with("unknown_") {
            assert_eq!(change.recognition(), Recognition::Unknown, "{name}");
            continue;
        }
        assert_eq!(
            change.recognition(),
            Recognition::Typed,
            "{name}: {:?}",
            change.faults()
        );
        let unknown: Vec<&str> = change
            .unknown()
            .unwrap()
            .iter()
            .map(|(name, _)| name)
            .collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn every_field_of_the_set_has_a_fixture() {
    let fixtures = fixtures();
    for field in [
        Field::AccountAlerts,
        Field::AccountReviewUpdate,
        Field::AccountSettingsUpdate,
        Field::AccountUpdate,
        Field::AutomaticEvents,
        Field::BusinessCapabilityUpdate,
        Field::BusinessUsernameUpdate,
        Field::BusinessUsernameUpdates,
        Field::Calls,
        Field::Flows,
        Field::GroupLifecycleUpdate,
        Field::GroupParticipantsUpdate,
        Field::GroupSettingsUpdate,
        Field::GroupStatusUpdate,
        Field::History,
        Field::MessageTemplateComponentsUpdate,
        Field::MessageTemplateQualityUpdate,
        Field::MessageTemplateStatusUpdate,
        Field::PartnerSolutions,
        Field::PaymentConfigurationUpdate,
        Field::PhoneNumberNameUpdate,
        Field::PhoneNumberQualityUpdate,
        Field::Security,
        Field::SmbAppStateSync,
        Field::SmbMessageEchoes,
        Field::TemplateCategoryUpdate,
        Field::TemplateCorrectCategoryDetection,
        Field::UserIdUpdate,
        Field::UserPreferences,
    ] {
        let has = fixtures.iter().any(|(_, name, _)| name == field.as_str());
        assert!(has, "{field}");
    }
}

#[test]
fn views_have_what_they_name() {
    let FieldChange::AccountUpdate(update) = change("account_update_ban") else {
        panic!()
    };
    let states = update.ban_info.unwrap().waba_ban_state;
    assert_eq!(
        *states,
        [WabaBanState::ScheduleForDisable, WabaBanState::Disable]
    );

    for (name, description) in [
        ("account_alerts", "A higher limit has to wait"),
        ("account_alerts_flat", "Approved"),
    ] {
        let FieldChange::AccountAlerts(alerts) = change(name) else {
            panic!("{name}")
        };
        assert_eq!(alerts.description(), Some(description));
        assert!(
            alerts.severity().is_some() && alerts.status().is_some() && alerts.kind().is_some()
        );
    }

    let FieldChange::BusinessCapabilityUpdate(update) =
        change("business_capability_update_numbers")
    else {
        panic!()
    };
    assert_eq!(
        update.max_daily_conversations_per_business.unwrap().users(),
        Some(2000)
    );

    let FieldChange::Calls(calls) = change("calls_terminate") else {
        panic!()
    };
    let call = calls
        .calls
        .iter()
        .filter_map(Decoded::typed)
        .next()
        .unwrap();
    assert_eq!(*call.status, [CallStatus::Completed]);
    assert!(!call.has_failed());
    let FieldChange::Calls(calls) = change("calls_terminate_failed") else {
        panic!()
    };
    assert!(
        calls
            .calls
            .iter()
            .filter_map(Decoded::typed)
            .next()
            .unwrap()
            .has_failed()
    );
    assert_eq!(calls.errors.len(), 1);
    let FieldChange::Calls(calls) = change("calls_status") else {
        panic!()
    };
    let status = calls
        .statuses
        .iter()
        .filter_map(Decoded::typed)
        .next()
        .unwrap();
    assert_eq!(status.status.as_ref().unwrap().as_str(), "RINGING");

    let FieldChange::GroupParticipantsUpdate(groups) = change("group_participants_update_added")
    else {
        panic!()
    };
    let group = groups
        .groups
        .iter()
        .filter_map(Decoded::typed)
        .next()
        .unwrap();
    assert_eq!(group.kind, Some(GroupChange::GroupParticipantsAdd));
    let ids = group
        .added_participants
        .iter()
        .map(|user| user.wa_id.as_ref().map(|id| id.as_str()));
    assert_eq!(
        ids.collect::<Vec<_>>(),
        [Some("919800000001"), Some("919800000002"), None]
    );

    let FieldChange::History(history) = change("history") else {
        panic!()
    };
    assert!(!history.is_declined());
    let thread = history
        .history
        .iter()
        .filter_map(Decoded::typed)
        .flat_map(|chunk| chunk.threads.iter().filter_map(Decoded::typed))
        .next()
        .unwrap();
    let statuses = thread
        .messages
        .iter()
        .filter_map(Decoded::typed)
        .map(|message| {
            let written = serde_json::to_value(message).unwrap();
            let status = written["history_context"]["status"]
                .as_str()
                .unwrap()
                .to_owned();
            (message.content.type_name(), status)
        });
    assert_eq!(
        statuses.collect::<Vec<_>>(),
        [
            ("text", "READ".to_owned()),
            ("media_placeholder", "PLAYED".to_owned())
        ]
    );
    for name in ["history_declined", "history_declined_errors"] {
        let FieldChange::History(history) = change(name) else {
            panic!("{name}")
        };
        assert!(history.is_declined(), "{name}");
    }

    let FieldChange::MessageTemplateStatusUpdate(update) = change("message_template_status_update")
    else {
        panic!()
    };
    assert_eq!(
        (update.event, update.reason),
        (Some(TemplateStatus::Approved), None)
    );
    assert_eq!(
        update.message_template_category,
        Some(TemplateCategory::Marketing)
    );
    assert_eq!(
        update.message_template_id.unwrap().as_str(),
        "400000000000001"
    );

    let FieldChange::SmbMessageEchoes(echoes) = change("smb_message_echoes") else {
        panic!()
    };
    assert_eq!(
        echoes
            .message_echoes
            .iter()
            .filter_map(Decoded::typed)
            .next()
            .unwrap()
            .content
            .type_name(),
        "text"
    );

    let FieldChange::UserPreferences(preferences) = change("user_preferences") else {
        panic!()
    };
    let values = preferences
        .user_preferences
        .iter()
        .filter_map(Decoded::typed)
        .map(|preference| preference.value.clone().unwrap());
    assert_eq!(
        values.collect::<Vec<_>>(),
        [Preference::Stop, Preference::Signup]
    );
}

#[test]
fn a_template_change_is_read_by_its_members() {
    for name in [
        "message_template_quality_update",
        "message_template_quality_update_misnamed",
    ] {
        assert!(
            matches!(change(name), FieldChange::MessageTemplateQualityUpdate(_)),
            "{name}"
        );
    }
    let status = of(
        "message_template_quality_update",
        &json!({"event": "PAUSED"}),
    );
    assert!(matches!(
        status.change(),
        FieldChange::MessageTemplateStatusUpdate(_)
    ));
    assert_eq!(
        status.field,
        Some(Field::MessageTemplateQualityUpdate),
        "as it came"
    );
}

#[test]
fn messages_are_no_change_of_a_field() {
    let callback = Callback::from_slice(&one("callbacks/text.json")).unwrap();
    assert_eq!(
        callback.meta_object.unwrap().change(),
        FieldChange::Messages
    );
    assert_eq!(
        Callback::from_slice(b"{\"meta_object\": {}}")
            .unwrap()
            .meta_object
            .unwrap()
            .change(),
        FieldChange::Messages
    );
}

#[test]
fn limits_are_read_in_both_forms() {
    for (text, users, unlimited) in [
        ("TIER_250", Some(250), false),
        ("TIER_2K", Some(2000), false),
        ("TIER_100K", Some(100_000), false),
        ("1000", Some(1000), false),
        ("TIER_UNLIMITED", None, true),
        ("-1", None, true),
        ("TIER_NOT_SET", None, false),
        ("TIER_99999999999999999999K", None, false),
    ] {
        let limit = MessagingLimit::from(text);
        assert_eq!(
            (limit.users(), limit.is_unlimited()),
            (users, unlimited),
            "{text}"
        );
    }
}
