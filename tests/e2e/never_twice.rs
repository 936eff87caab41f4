//! What goes wrong on the way never makes two messages of one, and its verdict is true.

use std::time::Duration;

use kaleyra_wa_client::{Account, BaseUrl, Client, Delivery};
use kaleyra_wa_sim::{Fault, Simulator};
use kaleyra_wa_transport::ReqwestTransport;

#[tokio::test]
async fn each_fault_has_its_verdict_and_the_message_goes_out_at_most_once() {
    let sim = Simulator::builder("HX1", "A1", "+918000000001")
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let account = Account::new(
        BaseUrl::parse(&sim.base_url()).unwrap(),
        "HX1",
        "A1",
        "+918000000001",
    )
    .unwrap();
    let transport = ReqwestTransport::builder()
        .timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    let client = Client::with_transport(account, transport);

    // Slow answers are answers like any other.
    let is_slow = |fault: &Fault| matches!(fault, Fault::Slow(_) | Fault::Trickle(_));
    for fault in Fault::ALL.into_iter().filter(|fault| !is_slow(fault)) {
        let before = sim.accepted().len();
        sim.fail_next(fault);
        let error = client
            .send("+919800000001", "Hello")
            .reference(fault.to_string())
            .await
            .unwrap_err();
        let accepted = sim.accepted().len() - before;
        let verdict = match fault {
            Fault::CutBody | Fault::DocumentedBody => Delivery::Accepted,
            Fault::Hang
            | Fault::Close
            | Fault::BadGateway
            | Fault::ForeignPage
            | Fault::ForeignJson
            | Fault::LostResponse
            | Fault::Reset => Delivery::Indeterminate,
            Fault::Documented(failure) if failure.status() >= 500 => Delivery::Indeterminate,
            _ => Delivery::Rejected,
        };
        assert_eq!(error.delivery(), verdict, "{fault}");
        assert_eq!(
            accepted,
            usize::from(verdict == Delivery::Accepted || fault == Fault::LostResponse),
            "{fault}"
        );
        if let Fault::Documented(failure) = fault {
            assert_eq!(error.failure(), Some(failure));
            assert_eq!(error.status().unwrap().as_u16(), failure.status());
        }
    }
    client.send("+919800000001", "Hello").await.unwrap();
    sim.shutdown().await;

    let error = client.send("+919800000001", "Hello").await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
}
