//! Campaigns: who gets them, how they run, and what is told of them.

use std::time::Duration;

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::types::outbound::template::{Button, Template};
use kaleyra_wa_outbox::{Campaign, Import, Outbox, OutboxError, Purpose, Recipients, SendState};
use kaleyra_wa_store::campaign::CampaignState;

use crate::support::{Folder, SOON, client, outbox, simulator, store};

fn template() -> Template {
    Template::new("spring_offer", "en")
        .body(["{{name}}", "20 %"])
        .button(Button::url(0, "offers/{{code}}"))
}

fn csv(recipients: u32) -> String {
    let mut csv = String::from("to,name,code\n");
    for number in 0..recipients {
        csv.push_str(&format!("+9198{number:08},Name {number},c{number}\n"));
    }
    csv
}

async fn import(outbox: &Outbox, csv: impl Into<Vec<u8>>) -> (Campaign, Import) {
    let new = outbox.new_campaign("spring");
    new.import(template(), Recipients::csv(csv)).await.unwrap()
}

async fn becomes(campaign: &Campaign, state: CampaignState) {
    for _ in 0..4_000 {
        if campaign.status().await.unwrap().state == state {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!(
        "the campaign is {}, not {state}",
        campaign.status().await.unwrap().state
    );
}

#[tokio::test]
async fn everybody_gets_it_once_and_the_report_has_every_line() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let mut file = csv(40);
    file.push_str("+919800000003,Again,c\nno number,B,c\n+919811111111,,c\n+919822222222,C\n");
    let (campaign, import) = import(&outbox, file).await;
    assert_eq!(
        (import.recipients, import.bad, import.duplicates),
        (40, 4, 1)
    );
    assert_eq!(campaign.status().await.unwrap().state, CampaignState::Ready);
    let bad: Vec<_> = campaign.bad_lines(0, 10).await.unwrap();
    let lines: Vec<u64> = bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [42, 43, 44, 45]);
    assert_eq!(bad[2].why, "`name` is empty");
    assert_eq!(sim.accepted().len(), 0);

    campaign.run().await.unwrap();
    becomes(&campaign, CampaignState::Done).await;
    outbox.shutdown(SOON).await;
    let accepted = sim.accepted();
    assert_eq!(accepted.len(), 40);
    let first = &accepted[0].request["messaging_object"];
    assert_eq!(first["to"], "+919800000000");
    let components = &first["template"]["components"];
    assert_eq!(components[0]["parameters"][0]["text"], "Name 0");
    assert_eq!(components[1]["parameters"][0]["text"], "offers/c0");

    let mut report = Vec::new();
    let told = campaign.report(&mut report).await.unwrap();
    assert_eq!((told.recipients, told.bad, told.copies), (40, 4, 0));
    let report = String::from_utf8(report).unwrap();
    assert_eq!(report.lines().count(), 1 + 40 + 4);
    assert!(
        report
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("2,+919800000000,accepted,")
    );
    assert!(report.contains("45,,bad_line,"));
}

#[tokio::test]
async fn an_import_goes_on_with_the_same_file_only() {
    let folder = Folder::new();
    let outbox = Outbox::builder(crate::support::client_of_nothing(), store(&folder)).build();
    let (_, first) = import(&outbox, csv(10)).await;
    let (_, again) = import(&outbox, csv(10)).await;
    assert_eq!((first.recipients, again.recipients), (10, 10));
    let other = outbox
        .new_campaign("spring")
        .import(template(), Recipients::csv(csv(11)))
        .await;
    assert!(matches!(other, Err(OutboxError::Campaign(_))));
    let broken = outbox
        .new_campaign("autumn")
        .import(template(), Recipients::csv("to,name\n"))
        .await;
    assert!(matches!(broken, Err(OutboxError::File(why)) if why.contains("`code`")));
}

#[tokio::test]
async fn it_is_paused_resumed_and_cancelled() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::builder(client(&sim.base_url()), store(&folder))
        .rate(10_000)
        .start()
        .await
        .unwrap();
    let (campaign, _) = outbox
        .new_campaign("spring")
        .rate(200)
        .import(template(), Recipients::csv(csv(2_000)))
        .await
        .unwrap();
    campaign.run().await.unwrap();
    sim.wait_for_accepted(5, SOON).await.unwrap();
    assert!(campaign.pause("lunch").await.unwrap());
    let status = campaign.status().await.unwrap();
    assert_eq!(
        (status.state, status.why.as_deref()),
        (CampaignState::Paused, Some("lunch"))
    );
    while campaign.status().await.unwrap().count(SendState::Flying) > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let so_far = sim.accepted().len();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(sim.accepted().len(), so_far);
    campaign.run().await.unwrap();
    sim.wait_for_accepted(so_far + 5, SOON).await.unwrap();
    assert!(campaign.cancel().await.unwrap());
    while campaign.status().await.unwrap().open() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = campaign.status().await.unwrap();
    let sent = status.count(SendState::Accepted);
    assert_eq!(sent + status.count(SendState::Cancelled), 2_000);
    assert_eq!(sent, sim.accepted().len() as u64);
    assert!(campaign.run().await.is_err());
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_template_that_is_paused_pauses_its_campaign_and_nothing_else() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let (campaign, _) = outbox
        .new_campaign("spring")
        .rate(5)
        .import(template(), Recipients::csv(csv(20)))
        .await
        .unwrap();
    campaign.run().await.unwrap();
    let sent = sim.wait_for_accepted(1, SOON).await.unwrap();
    let reference = sent[0].references.reference.clone().unwrap();
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.A","status":"failed",
            "timestamp":"1722863329","recipient_id":"919800000001","errors":[{{"code":132015}}]}}]}}}},
            "extra_info":{{"ref":"{reference}"}}}}"#
    );
    outbox
        .observe(&Callback::from_slice(body.as_bytes()).unwrap())
        .await
        .unwrap();
    becomes(&campaign, CampaignState::Paused).await;
    let status = campaign.status().await.unwrap();
    assert!(status.why.unwrap().starts_with("132015"));
    assert!(outbox.paused().await.unwrap().is_none());
    campaign.set_rate(None).await.unwrap();
    campaign.run().await.unwrap();
    becomes(&campaign, CampaignState::Done).await;
    assert_eq!(
        campaign.status().await.unwrap().count(SendState::Accepted),
        20
    );
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn the_daily_limit_and_quiet_hours_hold_it_back() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::builder(client(&sim.base_url()), store(&folder))
        .rate(10_000)
        .daily_limit(7)
        .start()
        .await
        .unwrap();
    let (campaign, _) = import(&outbox, csv(20)).await;
    campaign.run().await.unwrap();
    sim.wait_for_accepted(7, SOON).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(sim.accepted().len(), 7);

    // All hours but this one are quiet, and then this one as well.
    let (quiet, _) = outbox
        .new_campaign("quiet")
        .purpose(Purpose::Utility)
        .quiet_hours("00:00-23:59 UTC".parse().unwrap())
        .import(
            template(),
            Recipients::csv("to,name,code\n+919911111111,A,c\n"),
        )
        .await
        .unwrap();
    quiet.run().await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(sim.accepted().len(), 7);
    outbox.shutdown(SOON).await;
}
