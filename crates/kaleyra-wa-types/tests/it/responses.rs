//! Answers: the documented success and all seven documented failures.

use kaleyra_wa_types::response::{ApiFailure, Code, Response};
use serde_json::json;

/// What the pages print, with status; written here once more so that the table in the crate is checked against it.
fn documented() -> [(ApiFailure, u16, serde_json::Value); 7] {
    let account = "API is not available for given customer.Please contact support for more info";
    let version = "The phone number you're using is associated with different Version of our WA API. \
                   Please use the appropriate endpoint.";
    let number = "Phone number is not present or does not belong to the account.";
    let balance = "Please check your balance, You have a low balance!";
    let key = "Incorrect SID or API key.";
    [
        (
            ApiFailure::IncorrectCredentials,
            401,
            json!({"code": "RBC001", "message": key, "data": [], "error": {"error": key}}),
        ),
        (
            ApiFailure::SenderNotInAccount,
            401,
            json!({"code": "WA401", "message": number, "data": {}, "error": {"phone_number": number}}),
        ),
        (
            ApiFailure::IncorrectPayload,
            400,
            json!({"code": "WA400", "message": "Refer to correct payload format", "data": {}, "error": {"payload": "Incorrect payload format"}}),
        ),
        (
            ApiFailure::Internal,
            500,
            json!({"code": "WA500", "message": "Please try again later", "data": {}, "error": {"error": "Internal server error"}}),
        ),
        (
            ApiFailure::LowBalance,
            400,
            json!({"code": "E110", "message": balance, "data": {}, "error": {"balance": balance}}),
        ),
        (
            ApiFailure::AccountType,
            401,
            json!({"code": "WA-401", "message": account, "data": {}, "error": {"account": account}}),
        ),
        (
            ApiFailure::ApiVersion,
            401,
            json!({"code": "WA-401", "message": version, "data": {}, "error": {"phone_number": version}}),
        ),
    ]
}

#[test]
fn all_seven_failures_are_recognised_and_made_as_documented() {
    for (failure, status, body) in documented() {
        let response = Response::from_slice(&serde_json::to_vec(&body).unwrap()).unwrap();
        assert_eq!(response.failure(), Some(failure));
        assert_eq!(response.message_id(), None);
        assert_eq!(serde_json::to_value(&response).unwrap(), body);
        assert_eq!(serde_json::to_value(failure.response()).unwrap(), body);
        assert_eq!(failure.status(), status);
    }
    assert_eq!(documented().map(|(failure, ..)| failure), ApiFailure::ALL);
}

#[test]
fn an_accepted_send_has_its_id() {
    let body = json!({"code": "WA202", "message": "Request Accepted", "data": {"message_id": "AXXXXXXXXXXXXXXXXXXX"}, "error": {}});
    let response: Response = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(response.code, Some(Code::Accepted));
    assert_eq!(response.failure(), None);
    let id = response.message_id().unwrap();
    assert_eq!(id.as_str(), "AXXXXXXXXXXXXXXXXXXX");
    assert_eq!(serde_json::to_value(Response::accepted(&id)).unwrap(), body);
}

#[test]
fn an_unknown_code_is_kept() {
    let response: Response = serde_json::from_value(json!({"code": "WA499", "shade": 1})).unwrap();
    assert_eq!(response.code.as_ref().unwrap().as_str(), "WA499");
    assert_eq!(response.failure(), None);
    assert_eq!(
        serde_json::to_value(&response).unwrap(),
        json!({"code": "WA499", "shade": 1})
    );
}

#[test]
fn what_is_no_envelope_is_an_error_that_repeats_nothing() {
    for body in ["<html>502 secret</html>", "[\"secret\"]"] {
        let error = Response::from_slice(body.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_message_that_is_no_text_takes_nothing_with_it() {
    for odd in [json!({"en": "no"}), json!(5), json!(["no"]), json!(true)] {
        let answer = json!({"code": "WA400", "message": odd, "data": {"message_id": "AX1"}, "error": {"to": "no"}});
        let read = Response::from_slice(answer.to_string().as_bytes()).unwrap();
        assert_eq!(
            read.failure(),
            Some(ApiFailure::IncorrectPayload),
            "{answer}"
        );
        assert_eq!(read.message_id().unwrap().as_str(), "AX1", "{answer}");
        assert_eq!(serde_json::to_value(&read).unwrap(), answer);
    }
}
