//! Places, reactions and address book entries.

use kaleyra_wa_types::contacts::Contact;
use serde_json::{Value, json};

use super::{check, violations};

#[test]
fn places_reactions_and_contacts() {
    for (latitude, expected) in [
        (json!(90), None),
        (json!("-90"), None),
        (json!(90.5), Some("latitude: must be -90 to 90, found 91")),
        (json!(-91), Some("latitude: must be -90 to 90, found -91")),
        (
            json!("north"),
            Some("latitude: must be a number of degrees"),
        ),
    ] {
        let expected = Vec::from_iter(expected);
        check("location", "/latitude", latitude, &expected);
    }
    check(
        "location",
        "/longitude",
        180.001,
        &["longitude: must be -180 to 180, found 181"],
    );
    check(
        "reaction",
        "/message_id",
        "",
        &["message_id: must not be empty"],
    );
    check("reaction", "/emoji", "", &[]);
    check(
        "contacts",
        "/0/birthday",
        "29.2.1980",
        &["[0].birthday: must be a date, YYYY-MM-DD"],
    );
    check(
        "contacts",
        "/0/addresses/0/country_code",
        "IND",
        &["[0].addresses[0].country_code: must be two letters"],
    );
    check(
        "contacts",
        "/1/name",
        Value::Null,
        &["[1].name.formatted_name: is missing: an entry has a name"],
    );
    let asha = Contact::new("Asha Example");
    assert!(violations(vec![asha.clone(); 257]).is_empty());
    assert_eq!(
        violations(vec![asha; 258]),
        ["messaging_object.contacts: 1 to 257, found 258"]
    );
    assert_eq!(
        violations(Vec::new()),
        ["messaging_object.contacts: 1 to 257, found 0"]
    );
}
