//! The programs that send and end.

use crate::stage::Stage;

#[tokio::test]
async fn the_notifier_sends_a_template_once() {
    let stage = Stage::new().await;
    let arguments = ["order-17", "+919800000001", "Your order is ready."];
    let notifier = env!("CARGO_BIN_EXE_notifier");
    let first = stage.run(notifier, &arguments).await;
    let second = stage.run(notifier, &arguments).await;
    let said = [first, second].map(|output| String::from_utf8(output.stdout).unwrap());
    assert_eq!(said, ["order-17: accepted\n", "order-17: accepted\n"]);
    let accepted = stage.kaleyra.accepted();
    assert_eq!(accepted.len(), 1);
    // Nobody has written in the last 24 hours.
    assert_eq!(accepted[0].request["messaging_object"]["type"], "template");
    assert_eq!(
        accepted[0].references.reference.as_deref(),
        Some("order-17")
    );
    stage.close().await;
}

#[tokio::test]
async fn a_campaign_reaches_everybody_once_though_it_is_started_twice() {
    let stage = Stage::new().await;
    let customers =
        "to,name\n+919800000001,Asha\n+919800000002,Ravi\n+919800000001,Asha again\n98000,Tom\n";
    let file = stage.file("customers.csv", customers);
    for _ in 0..2 {
        let output = stage
            .run(env!("CARGO_BIN_EXE_campaign"), &["spring", &file])
            .await;
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("2 recipients, 2 bad lines"), "{told}");
        let report = String::from_utf8(output.stdout).unwrap();
        // A header, two recipients, two bad lines.
        assert_eq!(report.lines().count(), 5, "{report}");
    }
    assert_eq!(stage.kaleyra.accepted().len(), 2);
    stage.close().await;
}

#[tokio::test]
async fn the_transport_of_ones_own_tells_nothing_personal() {
    let stage = Stage::new().await;
    let program = env!("CARGO_BIN_EXE_own_transport");
    let output = stage.run(program, &["+919800000001", "Hello"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("audit: POST of Some("), "{said}");
    assert!(said.contains("bytes, status 202, "), "{said}");
    assert!(
        !said.contains("9800000001") && !said.contains("Hello"),
        "{said}"
    );
    assert_eq!(stage.kaleyra.accepted().len(), 1);
    stage.close().await;
}
