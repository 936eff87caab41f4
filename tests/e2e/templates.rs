//! A template's life by the library, against the simulator: created, approved, sent, paused, deleted.

use std::time::Duration;

use kaleyra_wa_client::{Account, BaseUrl, Client, MediaFile, TemplateCheck, TemplateStore, Waba};
use kaleyra_wa_sim::{Fact, Simulator, TemplateChange};
use kaleyra_wa_types::inbound::{Callback, StatusName};
use kaleyra_wa_types::outbound::Image;
use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::{QualityScore, TemplateDefinition, TemplateStatus};

const SID: &str = "HXIN0000000000IN";
const KEY: &str = "A0000000000000000000000000000000";
const SENDER: &str = "+918000000001";
const ASHA: &str = "+919800000001";

/// As Meta's page on components has it, by somebody who read nothing else.
const FROM_THE_PAGES: &str = r#"{
    "name": "table_ready",
    "language": "en_US",
    "category": "utility",
    "components": [
        {"type": "header", "format": "image", "example": {"header_handle": ["<handle>"]}},
        {"type": "body", "text": "Hi {{1}}, your table at {{2}} is ready.", "example": {"body_text": [["Anna", "the window"]]}},
        {"type": "footer", "text": "Example Café"},
        {"type": "buttons", "buttons": [
            {"type": "quick_reply", "text": "On my way"},
            {"type": "url", "text": "Menu", "url": "https://example.com/m/{{1}}", "example": ["https://example.com/m/7"]}
        ]}
    ]
}"#;

pub(crate) async fn simulator() -> Simulator {
    // Nobody listens there: what is posted is in the journal all the same.
    Simulator::builder(SID, KEY, SENDER)
        .callbacks("http://127.0.0.1:1/", None)
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

pub(crate) fn client(sim: &Simulator) -> (Client, Waba) {
    let server = BaseUrl::parse(&sim.base_url()).unwrap();
    let client = Client::new(Account::new(server, SID, KEY, SENDER).unwrap()).unwrap();
    let waba = client.waba(sim.business().waba_id.as_str());
    (client, waba)
}

/// What became of a send: the code that it failed with, or `None`.
pub(crate) async fn fate(sim: &Simulator, client: &Client, template: Template) -> Option<i64> {
    let sent = client.send(ASHA, template).unchecked().await.unwrap();
    let id = sent.message_id().as_str().to_owned();
    for _ in 0..1000 {
        if let Some(first) = sim.statuses(&id).first() {
            let failed = first.status == StatusName::Failed;
            assert_eq!(failed, first.error.is_some());
            return first
                .error
                .as_ref()
                .map(|error| error.code.parse().unwrap());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nothing became of it:\n{}", sim.transcript());
}

/// Takes over what the simulator has called back so far, and gives how much of it was about templates of the store.
async fn heard(sim: &Simulator, store: &TemplateStore) -> usize {
    let mut count = 0;
    let mut entries = sim.journal_from(1);
    while let Ok(Some(entry)) =
        tokio::time::timeout(Duration::from_millis(50), entries.next()).await
    {
        if let Fact::Callback(made) = &entry.fact {
            count += store.apply(&Callback::from_slice(&made.body).unwrap());
        }
    }
    count
}

#[tokio::test]
async fn a_definition_lives_by_the_library() {
    let sim = simulator().await;
    let (client, waba) = client(&sim);
    let sample = waba
        .upload_sample(MediaFile::bytes("table.png", b"\x89PNG".to_vec()))
        .await
        .unwrap();
    let sample = waba
        .sample(sample.id().unwrap())
        .until_ready(Duration::from_secs(10))
        .every(Duration::from_millis(10));
    let sample = sample.await.unwrap();
    let written = FROM_THE_PAGES.replace("<handle>", sample.handle().unwrap());
    let definition: TemplateDefinition = serde_json::from_str(&written).unwrap();
    assert_eq!(definition.validate(), []);

    let created = waba.create_template(&definition).await.unwrap();
    assert_eq!(created.status(), Some(TemplateStatus::Pending));
    let id = created.id().unwrap();
    let store = TemplateStore::new();
    sim.settle().await;
    assert_eq!(store.refresh(&waba).await.unwrap().listed, 1);
    let listed = waba
        .template("table_ready", "en-US")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (listed.id.as_ref(), listed.status.as_ref()),
        (Some(&id), Some(&TemplateStatus::Approved))
    );
    assert_eq!(definition.differences(&listed), []);

    let message = listed
        .message()
        .header(Image::link("https://example.com/table.png"))
        .values(["Asha", "the door"])
        .button(1, "7")
        .build()
        .unwrap();
    assert_eq!(fate(&sim, &client, message.clone()).await, None);
    let mut wrong = message.clone();
    wrong.components.pop();
    assert_eq!(fate(&sim, &client, wrong.clone()).await, Some(131_008));
    let checked = client
        .clone()
        .with_templates(store.clone(), TemplateCheck::Refuse);
    let error = checked.send(ASHA, wrong).await.unwrap_err();
    assert_eq!(error.mismatches()[0].code, 131_008);

    // Paused, and the store learns it from the callback.
    assert!(sim.change_template(
        "table_ready",
        "en_US",
        TemplateChange::Quality(QualityScore::Red)
    ));
    assert!(sim.change_template("table_ready", "en_US", TemplateChange::paused()));
    assert_eq!(fate(&sim, &client, message.clone()).await, Some(132_015));
    assert_eq!(heard(&sim, &store).await, 3);
    let known = store.get("table_ready", "en_US").unwrap();
    assert_eq!(
        (known.status.as_ref(), known.quality()),
        (Some(&TemplateStatus::Paused), Some(QualityScore::Red))
    );
    let error = checked.send(ASHA, message.clone()).await.unwrap_err();
    assert_eq!(error.mismatches()[0].code, 132_015);

    // Edited, which has it reviewed again.
    let shorter = waba
        .edit_template(id.clone())
        .components(definition.components[1..2].iter().cloned());
    shorter.await.unwrap();
    sim.settle().await;
    let short = Template::new("table_ready", "en_US").body(["Asha", "the door"]);
    assert_eq!(fate(&sim, &client, short.clone()).await, None);

    waba.delete_template("table_ready").await.unwrap();
    assert_eq!(fate(&sim, &client, short).await, Some(132_001));
    assert_eq!(waba.template("table_ready", "en_US").await.unwrap(), None);
    heard(&sim, &store).await;
    assert_eq!(
        store.get("table_ready", "en_US").unwrap().status,
        Some(TemplateStatus::Deleted)
    );
    let error = waba.create_template(&definition).await.unwrap_err();
    let said = error.response().unwrap().message.as_deref().unwrap();
    assert!(said.contains("30 days later"), "{said}");
    sim.shutdown().await;
}

#[tokio::test]
async fn lists_of_any_length_come_as_one_stream() {
    let sim = simulator().await;
    let (_, waba) = client(&sim);
    for number in 0..60 {
        let name = format!("note_{number:02}");
        let definition =
            TemplateDefinition::utility(name, "en").body("We are closed today.", [] as [&str; 0]);
        waba.create_template(&definition).await.unwrap();
    }
    sim.settle().await;
    // By the simulator's own pages, and by small ones.
    for list in [waba.templates(), waba.templates().limit(7)] {
        let all = list.items().collect().await.unwrap();
        let names: Vec<_> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!((names.len(), names[59]), (60, "note_59"));
    }
    let approved = waba.templates().status(TemplateStatus::Approved).limit(10);
    assert_eq!(approved.items().collect().await.unwrap().len(), 60);
    waba.delete_templates_in_bulk()
        .names(["note_00", "note_01"])
        .await
        .unwrap();
    assert_eq!(waba.templates().items().collect().await.unwrap().len(), 58);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_rest_of_an_account_answers_as_the_client_asks() {
    let sim = simulator().await;
    let (client, waba) = client(&sim);
    let numbers = waba.phone_numbers().await.unwrap();
    assert_eq!(numbers.numbers()[0].status(), Some("CONNECTED"));
    let other = "+14155550123".parse().unwrap();
    let added = waba.add_phone_number(&other, "Shop", "US").await.unwrap();
    let id = added.data.unwrap()["id"].to_string();
    waba.retry_phone_number_code(id.as_str(), &other)
        .await
        .unwrap();
    waba.verify_phone_number(id.as_str(), &other, "000000")
        .await
        .unwrap_err();
    waba.verify_phone_number(id.as_str(), &other, "123456")
        .await
        .unwrap();
    assert_eq!(waba.phone_numbers().await.unwrap().numbers().len(), 2);

    let flow = waba
        .create_flow("booking", ["OTHER"])
        .await
        .unwrap()
        .id()
        .unwrap();
    let flow = client.flow(flow);
    assert_eq!(
        flow.update_json(&br#"{"version": "7.0"}"#[..])
            .await
            .unwrap()
            .validation_errors()
            .len(),
        0
    );
    flow.publish().await.unwrap();
    assert_eq!(flow.read().await.unwrap().status(), Some("PUBLISHED"));
    flow.delete().await.unwrap_err();
    flow.deprecate().await.unwrap();
    assert_eq!(waba.flows().await.unwrap().flows().len(), 1);
    let moved = waba
        .migrate_flows(sim.business().waba_id.as_str())
        .await
        .unwrap();
    assert_eq!(
        moved.data.unwrap()["failed_flows"][0]["source_name"],
        "booking"
    );
    client
        .set_flow_key("-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----")
        .await
        .unwrap();
    assert!(client.flow_key().await.unwrap().value()["business_public_key"].is_string());

    let profile = serde_json::json!({"title": "Orders", "url": "https://example.com/hook"});
    let made = client.create_callback_profile(profile).await.unwrap();
    let id = made.id().unwrap().to_owned();
    let all = client.callback_profiles().items().collect().await.unwrap();
    // Beside the simulator's own.
    assert!(all.iter().any(|it| it.title() == Some("Orders")));
    client
        .edit_callback_profile(id.as_str(), serde_json::json!({"title": "All"}))
        .await
        .unwrap();
    assert_eq!(
        client.callback_profile(id.as_str()).await.unwrap().title(),
        Some("All")
    );
    client.delete_callback_profile(id.as_str()).await.unwrap();
    client.callback_profile(id.as_str()).await.unwrap_err();

    let asha = || [ASHA.parse().unwrap()];
    let before = client.call_permissions(asha()).await.unwrap();
    assert_eq!(before.permissions()[0].can("start_call"), Some(false));
    // The webhook is not there, so that nobody is told; but the user has answered.
    let reply = sim
        .end_user("Asha Example", ASHA)
        .call_permission_reply(true);
    let _ = tokio::time::timeout(Duration::from_millis(50), sim.post(reply)).await;
    let permissions = client.call_permissions(asha()).await.unwrap();
    let after = permissions.permissions()[0];
    assert_eq!(
        (after.status(), after.can("start_call")),
        (Some("temporary"), Some(true))
    );
    sim.shutdown().await;
}
