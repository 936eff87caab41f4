//! Numbers in two forms that belong to one person.

use kaleyra_wa_types::{person_key, same_person};

#[test]
fn two_forms_are_one_person() {
    for (one, other) in [
        ("525512345678", "5215512345678"),
        ("+52 1 55 1234 5678", "+52 55 1234-5678"),
        ("541123456789", "5491123456789"),
        ("+54 (9) 11 2345.6789", "541123456789"),
        ("551187654321", "5511987654321"),
        ("558467654321", "+55 84 9 6765-4321"),
        ("+919800000001", "919800000001"),
        ("US.13491208655302741918", " US.13491208655302741918 "),
    ] {
        assert!(same_person(one, other), "{one} {other}");
        assert!(same_person(other, one), "{other} {one}");
        assert_eq!(person_key(one), person_key(other));
        assert!(same_person(one, one) && same_person(other, other));
    }
}

#[test]
fn others_are_not() {
    for (one, other) in [
        ("", ""),
        ("", "52"),
        ("+", "-"),
        // One digit too few or too many for the form with the digit more.
        ("5255123456", "52155123456"),
        ("52551234567", "521551234567"),
        ("52551234567890", "521551234567890"),
        // Landlines of Brazil have no ninth digit, and a nine elsewhere is another number.
        ("551133334444", "5511933334444"),
        ("551187654321", "5511887654321"),
        ("5511987654321", "5521987654321"),
        // Other countries' numbers that look alike.
        ("14155550123", "114155550123"),
        ("919800000001", "9199800000001"),
        ("5115512345678", "51512345678"),
        // Ids are compared as they are.
        ("US.1349", "IN.1349"),
        ("US.1349", "1349"),
        ("a5215512345678", "a525512345678"),
    ] {
        assert!(!same_person(one, other), "{one} {other}");
        assert!(!same_person(other, one), "{other} {one}");
    }
}
