//! Each documented failure is an error of its own, with one line that helps.

use kaleyra_wa_client::transport::MockTransport;
use kaleyra_wa_client::types::response::{ApiFailure, Code};
use kaleyra_wa_client::{Delivery, Error, ErrorKind};

use crate::fixtures::{USER, answer, client};

async fn fail(status: u16, body: &'static str) -> Error {
    let mut transport = MockTransport::new();
    transport
        .expect_execute()
        .times(1)
        .returning(move |_| Ok(answer(status, body)));
    client(transport).send(USER, "Hello").await.unwrap_err()
}

/// Sends against this response and checks what the error says.
async fn check(
    status: u16,
    body: &'static str,
    failure: ApiFailure,
    delivery: Delivery,
    text: &str,
) {
    let error = fail(status, body).await;
    assert_eq!(error.failure(), Some(failure));
    assert_eq!(error.code(), Some(&failure.code()));
    assert_eq!(error.delivery(), delivery);
    let kind = match delivery {
        Delivery::Rejected => ErrorKind::Rejected,
        _ => ErrorKind::Server,
    };
    assert_eq!(error.kind(), kind);
    assert_eq!(error.status().unwrap().as_u16(), status);
    assert_eq!(error.body().unwrap(), body);
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn wrong_sid_or_key() {
    check(
        401,
        r#"{"code":"RBC001","message":"Incorrect SID or API key.","data":[],"error":{"error":"Incorrect SID or API key."}}"#,
        ApiFailure::IncorrectCredentials,
        Delivery::Rejected,
        "RBC001: the SID or the API key is wrong; compare both with the console, and the pod with the account's region",
    )
    .await;
}

#[tokio::test]
async fn foreign_sender() {
    check(
        401,
        r#"{"code":"WA401","message":"Phone number is not present or does not belong to the account.","data":{},"error":{"phone_number":"Phone number is not present or does not belong to the account."}}"#,
        ApiFailure::SenderNotInAccount,
        Delivery::Rejected,
        "WA401: the sender's number is not in the account; use a WhatsApp number of this account, with its country code",
    )
    .await;
}

#[tokio::test]
async fn bad_payload() {
    check(
        400,
        r#"{"code":"WA400","message":"Refer to correct payload format","data":{},"error":{"payload":"Incorrect payload format"}}"#,
        ApiFailure::IncorrectPayload,
        Delivery::Rejected,
        "WA400: Kaleyra did not understand the payload; check the message's type and its fields",
    )
    .await;
}

#[tokio::test]
async fn low_balance() {
    check(
        400,
        r#"{"code":"E110","message":"Please check your balance, You have a low balance!","data":{},"error":{"balance":"Please check your balance, You have a low balance!"}}"#,
        ApiFailure::LowBalance,
        Delivery::Rejected,
        "E110: the account's balance is too low; top up the account",
    )
    .await;
}

#[tokio::test]
async fn wrong_type_of_account() {
    check(
        401,
        r#"{"code":"WA-401","message":"API is not available for given customer.Please contact support for more info","data":{},"error":{"account":"API is not available for given customer.Please contact support for more info"}}"#,
        ApiFailure::AccountType,
        Delivery::Rejected,
        "WA-401: this type of account may not use the API; ask Kaleyra's support to enable the API",
    )
    .await;
}

#[tokio::test]
async fn number_on_another_version() {
    check(
        401,
        r#"{"code":"WA-401","message":"The phone number you're using is associated with different Version of our WA API. Please use the appropriate endpoint.","data":{},"error":{"phone_number":"The phone number you're using is associated with different Version of our WA API. Please use the appropriate endpoint."}}"#,
        ApiFailure::ApiVersion,
        Delivery::Rejected,
        "WA-401: the sender's number is on another version of the WhatsApp API; ask Kaleyra's support to move the number to V2",
    )
    .await;
}

#[tokio::test]
async fn internal_error() {
    check(
        500,
        r#"{"code":"WA500","message":"Please try again later","data":{},"error":{"error":"Internal server error"}}"#,
        ApiFailure::Internal,
        Delivery::Indeterminate,
        "WA500: Kaleyra had an internal error; it may have been sent: look for its reference in the callbacks before sending again",
    )
    .await;
}

#[tokio::test]
async fn a_code_from_the_future_is_named_and_keeps_its_answer() {
    let error = fail(
        403,
        r#"{"code":"WA403","message":"Opted out","data":{},"error":{}}"#,
    )
    .await;
    assert_eq!(error.failure(), None);
    assert_eq!(error.code(), Some(&Code::from("WA403")));
    assert_eq!(
        error.response().unwrap().message.as_deref(),
        Some("Opted out")
    );
    assert_eq!(
        error.to_string(),
        "WA403: the server refused the message; the message in the response says why"
    );
}
