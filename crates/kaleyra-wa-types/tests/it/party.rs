//! Who is on the other side, whatever identity a callback has.

use kaleyra_wa_types::inbound::{Callback, Contact, Event, Message, Status};
use kaleyra_wa_types::outbound::RecipientType;
use serde_json::{Value, json};

use crate::fixtures::one;

fn fixture(name: &str) -> Callback {
    Callback::from_slice(&one(&format!("callbacks/{name}.json"))).unwrap()
}

fn message(name: &str) -> Message {
    fixture(name).messages().next().unwrap().clone()
}

fn status(name: &str) -> Status {
    fixture(name).statuses().next().unwrap().clone()
}

#[test]
fn a_party_is_whatever_identity_there_is() {
    for (name, key, user) in [
        ("text", "919800000001", Some("919800000001")),
        (
            "text_user_id_only",
            "IN.13491208655302741918",
            Some("IN.13491208655302741918"),
        ),
        ("text_group", "500000000000001", Some("919800000001")),
    ] {
        let message = message(name);
        let party = message.party().unwrap();
        assert_eq!((party.key(), party.user()), (key, user), "{name}");
        assert_eq!(Event::Message(&message).user(), user);
    }
    let nobody: Message = serde_json::from_value(json!({"id": "wamid.1", "from": ""})).unwrap();
    assert_eq!(nobody.party(), None);
    let parent: Message =
        serde_json::from_value(json!({"id": "wamid.1", "from_parent_user_id": "IN.ENT.1"}))
            .unwrap();
    assert_eq!(parent.party().unwrap().key(), "IN.ENT.1");
    assert!(parent.reply_address().is_ok());
    assert_eq!(
        message("text_echo").addressee().unwrap().key(),
        "919800000001"
    );
}

#[test]
fn one_user_is_known_again_by_any_identity() {
    fn contact(members: Value) -> Contact {
        serde_json::from_value(members).unwrap()
    }

    let both = contact(json!({"wa_id": "919800000001", "user_id": "IN.1"}));
    for (members, same) in [
        (
            json!({"wa_id": 919_800_000_001_u64, "user_id": "IN.1"}),
            true,
        ),
        (json!({"wa_id": "919800000001"}), true),
        (json!({"user_id": "IN.1"}), true),
        (json!({"user_id": "IN.2"}), false),
        (json!({"parent_user_id": "IN.1"}), false),
    ] {
        let other = contact(members.clone());
        let parties = (both.party().unwrap(), other.party().unwrap());
        assert_eq!(parties.0.is_same_user(&parties.1), same, "{members}");
    }
    let callback = fixture("text_user_id_only");
    let message = callback.messages().next().unwrap();
    let profile = callback.contact_of(message).unwrap().profile.as_ref();
    assert_eq!(profile.unwrap().username.as_deref(), Some("asha.example"));
}

#[test]
fn a_status_names_its_party() {
    for (name, key, user) in [
        ("status_sent", "919800000001", Some("919800000001")),
        (
            "status_user_id",
            "IN.13491208655302741918",
            Some("IN.13491208655302741918"),
        ),
        ("status_group", "500000000000001", Some("919800000001")),
        (
            "status_group_participant_alias",
            "500000000000001",
            Some("919800000001"),
        ),
        ("status_deleted", "919800000001", Some("919800000001")),
    ] {
        let status = status(name);
        let party = status.party().unwrap();
        assert_eq!((party.key(), party.user()), (key, user), "{name}");
    }
    assert_eq!(
        status("status_group").recipient_type,
        Some(RecipientType::Group)
    );
    let group: Status = serde_json::from_value(
        json!({"status": "sent", "recipient_type": "group", "recipient_id": "500000000000001"}),
    )
    .unwrap();
    let party = group.party().unwrap();
    assert_eq!((party.user(), party.key()), (None, "500000000000001"));
    assert_eq!(Event::Status(&group).user(), Some("500000000000001"));
}
