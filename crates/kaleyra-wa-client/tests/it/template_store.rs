//! Definitions that sends are checked against.

use std::fs;
use std::path::PathBuf;

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_client::types::template::{
    ButtonDefinition, QualityScore, TemplateCategory, TemplateDefinition, TemplateReason,
    TemplateStatus,
};
use kaleyra_wa_client::{Delivery, ErrorKind, TemplateCheck, TemplateStore};
use serde_json::{Value, json};

use crate::fixtures::USER;
use crate::management::{WABA, asked, ok};
use crate::server::Server;

fn parcel() -> TemplateDefinition {
    let mut definition = TemplateDefinition::utility("parcel", "en_US")
        .header_text("Parcel", [] as [&str; 0])
        .body("Hello {{1}}, it is here.", ["Anna"])
        .footer("Post")
        .button(ButtonDefinition::quick_reply("Later"))
        .button(ButtonDefinition::url("Shop", "https://example.com"));
    definition.id = Some("7345".into());
    definition
}

fn store() -> TemplateStore {
    [parcel()].into_iter().collect()
}

fn accepted() -> (u16, Value) {
    (
        202,
        json!({"code": "WA202", "data": {"message_id": "AX1"}, "error": {}}),
    )
}

fn right() -> Template {
    Template::new("parcel", "en_US").body(["Asha"])
}

fn wrong() -> Template {
    Template::new("parcel", "en_US").body(["canary", "canary"])
}

#[tokio::test]
async fn sends_are_checked_as_asked_for() {
    let server = Server::in_turn([accepted()]).await;
    let client = |check| server.client().with_templates(store(), check);
    let error = client(TemplateCheck::Refuse)
        .send(USER, wrong())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::InvalidRequest, Delivery::NotSent, 0)
    );
    assert_eq!(error.mismatches()[0].code, 132_000);
    assert!(
        error.to_string().starts_with(
            "not sent: 132000: components[0].parameters: the body takes 1 value, found 2"
        ),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("canary"));
    assert!(
        client(TemplateCheck::Refuse)
            .send(USER, wrong())
            .request()
            .is_err()
    );
    assert!(server.requests().is_empty());

    // What fits, what is not known, what is no template.
    for content in [
        right(),
        Template::new("other", "en"),
        Template::new("parcel", "de"),
    ] {
        client(TemplateCheck::Refuse)
            .send(USER, content)
            .await
            .unwrap();
    }
    client(TemplateCheck::Refuse)
        .send(USER, "Hello")
        .await
        .unwrap();
    let count = Template::new("parcel", "en_US");
    client(TemplateCheck::Warn)
        .send(USER, count.clone())
        .await
        .unwrap();
    client(TemplateCheck::Off)
        .send(USER, count.clone())
        .await
        .unwrap();
    client(TemplateCheck::Refuse)
        .send(USER, count)
        .unchecked()
        .await
        .unwrap();
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn a_refusal_of_meta_s_marks_the_template() {
    let refusal = (
        400,
        json!({"code": 132015, "message": "Template is paused", "data": {}, "error": {}}),
    );
    let server = Server::in_turn([refusal]).await;
    let store = store();
    let client = server
        .client()
        .with_templates(store.clone(), TemplateCheck::Refuse);
    client.send(USER, right()).await.unwrap_err();
    let error = client.send(USER, right()).await.unwrap_err();
    assert_eq!(
        (error.mismatches()[0].code, server.requests().len()),
        (132_015, 1)
    );
    // Anything that is read afterwards takes the mark away.
    assert!(store.apply_status("parcel", "en-US", TemplateStatus::Approved, None));
    assert!(store.check(&right()).mismatches.is_empty());

    assert!(store.mark("parcel", "en_US", 132_016));
    assert!(!store.mark("parcel", "en_US", 131_026));
    assert_eq!(store.check(&right()).mismatches[0].code, 132_016);
    store.insert(parcel());
    assert!(store.check(&right()).mismatches.is_empty());

    let status = |code: u32| {
        let body = json!({"meta_object": {"field": "messages", "value": {"statuses": [
            {"id": "wamid.A", "status": "failed", "recipient_id": "14155550123", "errors": [{"code": code}]}]}}});
        let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
        callback.statuses().next().unwrap().clone()
    };
    assert!(!store.mark_by_status(&right(), &status(131_047)));
    assert!(store.mark_by_status(&right(), &status(132_001)));
    assert_eq!(store.check(&right()).mismatches[0].code, 132_001);
}

fn change(field: &str, value: Value) -> Callback {
    let mut value = value;
    for (name, member) in [
        ("message_template_id", json!(7345)),
        ("message_template_name", json!("parcel")),
        ("message_template_language", json!("en-US")),
    ] {
        value.as_object_mut().unwrap().entry(name).or_insert(member);
    }
    let body = json!({"meta_object": {"field": field, "value": value}, "extra_info": {}});
    Callback::from_slice(body.to_string().as_bytes()).unwrap()
}

#[test]
fn callbacks_keep_it_up_to_date() {
    let store = store();
    let get = || store.get("parcel", "en_US").unwrap();
    assert_eq!(
        store.apply(&change(
            "message_template_status_update",
            json!({"event": "REJECTED", "reason": "INVALID_FORMAT"})
        )),
        1
    );
    assert_eq!(
        (get().status.as_ref(), get().rejected_reason.as_ref()),
        (
            Some(&TemplateStatus::Rejected),
            Some(&TemplateReason::InvalidFormat)
        )
    );
    assert_eq!(store.check(&right()).mismatches[0].code, 132_001);
    assert_eq!(
        store.apply(&change(
            "message_template_status_update",
            json!({"event": "APPROVED"})
        )),
        1
    );
    assert!(store.check(&right()).mismatches.is_empty());

    store.apply(&change(
        "message_template_quality_update",
        json!({"previous_quality_score": "GREEN", "new_quality_score": "RED"}),
    ));
    assert_eq!(get().quality(), Some(QualityScore::Red));
    store.apply(&change(
        "template_category_update",
        json!({"new_category": "UTILITY", "correct_category": "MARKETING"}),
    ));
    assert_eq!(
        get().correct_category.as_ref(),
        Some(&TemplateCategory::Marketing)
    );
    store.apply(&change(
        "template_category_update",
        json!({"previous_category": "UTILITY", "new_category": "MARKETING"}),
    ));
    assert_eq!(
        (get().category.as_ref(), get().correct_category),
        (Some(&TemplateCategory::Marketing), None)
    );

    store.apply(&change("message_template_components_update", json!({
        "message_template_element": "Hello {{1}} and {{2}}, it is here.", "message_template_title": "Box", "message_template_footer": "Mail",
        "message_template_buttons": [
            {"message_template_button_type": "QUICK_REPLY", "message_template_button_text": "Soon"},
            {"message_template_button_type": "PHONE_NUMBER", "message_template_button_text": "Call", "message_template_button_phone_number": "+1555"}]})));
    let texts: Vec<_> = get()
        .components
        .iter()
        .filter_map(|component| component.text.clone())
        .collect();
    assert_eq!(texts, ["Box", "Hello {{1}} and {{2}}, it is here.", "Mail"]);
    let buttons = get().buttons().to_vec();
    assert_eq!(buttons[0].text.as_deref(), Some("Soon"));
    assert_eq!(
        (
            buttons[1].phone_number.as_deref(),
            buttons[1].url.as_deref()
        ),
        (Some("+1555"), None)
    );
    assert_eq!(store.check(&right()).mismatches[0].code, 132_000);

    // By its id, where the name is missing; others are nobody's.
    let other =
        json!({"event": "DISABLED", "message_template_name": "", "message_template_language": ""});
    assert_eq!(
        store.apply(&change("message_template_status_update", other)),
        1
    );
    let other =
        json!({"event": "DISABLED", "message_template_name": "other", "message_template_id": 1});
    assert_eq!(
        store.apply(&change("message_template_status_update", other)),
        0
    );
    let text =
        Callback::from_slice(br#"{"meta_object":{"field":"messages","value":{"messages":[]}}}"#)
            .unwrap();
    assert_eq!(store.apply(&text), 0);
}

#[tokio::test]
async fn it_is_refreshed_from_the_api() {
    let mut changed = parcel();
    changed.status = Some(TemplateStatus::Paused);
    let list = json!([
        changed,
        TemplateDefinition::utility("new", "en").body("Hello", [] as [&str; 0])
    ]);
    let server = Server::in_turn([ok(list)]).await;
    let store = store();
    store.insert(TemplateDefinition::utility("mine", "en"));
    store.mark("parcel", "en_US", 132_016);
    let refreshed = store.refresh(&server.client().waba(WABA)).await.unwrap();
    let key = |name: &str, language: &str| vec![(name.to_owned(), language.to_owned())];
    assert_eq!(refreshed.listed, 2);
    assert_eq!(
        (refreshed.added, refreshed.changed, refreshed.missing),
        (key("new", "en"), key("parcel", "en_US"), key("mine", "en"))
    );
    assert_eq!(store.check(&right()).mismatches[0].code, 132_015);
    assert_eq!((store.len(), asked(&server).len()), (3, 1));
}

/// A folder of its own, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("kaleyra-wa-store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn definitions_are_kept_in_files() {
    let folder = Folder::new("files");
    let store = store();
    store.insert(TemplateDefinition::utility("../evil", "en"));
    let mut names: Vec<String> = store
        .save(folder.0.join("deep"))
        .unwrap()
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["___evil.en.json", "parcel.en_US.json"]);
    let read = TemplateStore::open(folder.0.join("deep")).unwrap();
    assert_eq!(read.definitions(), store.definitions());
    // To be reviewed: one field a line, and nothing left behind.
    let text = fs::read_to_string(folder.0.join("deep/parcel.en_US.json")).unwrap();
    assert!(text.lines().count() > 20 && text.ends_with("}\n"));
    assert_eq!(fs::read_dir(folder.0.join("deep")).unwrap().count(), 2);

    fs::write(folder.0.join("list.json"), json!([parcel()]).to_string()).unwrap();
    fs::write(folder.0.join("notes.txt"), "no JSON").unwrap();
    assert_eq!(TemplateStore::open(&folder.0).unwrap().len(), 1);
    fs::write(
        folder.0.join("answer.json"),
        json!({"code": "WA200", "data": [parcel()]}).to_string(),
    )
    .unwrap();
    assert_eq!(
        TemplateStore::open(folder.0.join("answer.json"))
            .unwrap()
            .len(),
        1
    );
    let error = TemplateStore::open(&folder.0).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("list.json: the template parcel in en_US is there twice"),
        "{error}"
    );

    for (text, what) in [
        ("{", "no template's definition: "),
        ("{}", "it has no name"),
        ("[7]", "it has no name"),
        ("7", "it has no name"),
    ] {
        let file = folder.0.join("bad.json");
        fs::write(&file, text).unwrap();
        let error = TemplateStore::open(&file).unwrap_err();
        assert_eq!(error.path(), file);
        assert!(error.to_string().contains(what), "{error}");
    }
    assert!(TemplateStore::open(folder.0.join("nowhere")).is_err());
    let twins: TemplateStore = ["a!", "a?"]
        .map(|name| TemplateDefinition::utility(name, "en"))
        .into_iter()
        .collect();
    assert!(twins.save(folder.0.join("twins")).is_err());
}
