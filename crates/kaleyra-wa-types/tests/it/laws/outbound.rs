//! What is sent, and the answers to it: made up from nothing, and the fixtures with changes.

use kaleyra_wa_types::response::ApiFailure;
use proptest::prelude::*;

use super::arbitrary::{fixtures, outbound, response};
use super::{config, law, with_changes};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn anything_like_a_message_is_read_losslessly(outbound in outbound()) {
        law::outbound(&outbound.bytes());
    }

    #[test]
    fn an_answer_that_is_read_is_read_losslessly(response in response()) {
        law::response(&response.bytes());
    }
}

#[test]
fn every_fixture_may_be_changed() {
    for (name, fixture) in fixtures("requests") {
        with_changes(&name, &fixture, law::outbound);
        with_changes(&name, &fixture["messaging_object"], law::outbound);
    }
}

#[test]
fn every_documented_failure_may_be_changed() {
    for failure in ApiFailure::ALL {
        let documented = serde_json::to_value(failure.response()).expect("a response is JSON");
        with_changes(&format!("{failure:?}"), &documented, law::response);
    }
}
