//! The `Authorization` header.

use http::header::AUTHORIZATION;
use http::request::Parts;

/// What stands behind the scheme, in each `Authorization` header of this scheme. Its case does not
/// matter, as in HTTP.
pub(super) fn credentials<'a>(head: &'a Parts, scheme: &str) -> impl Iterator<Item = &'a [u8]> {
    head.headers
        .get_all(AUTHORIZATION)
        .iter()
        .filter_map(move |value| {
            let (name, rest) = value.as_bytes().split_at_checked(scheme.len())?;
            let is_ours = name.eq_ignore_ascii_case(scheme.as_bytes()) && rest.starts_with(b" ");
            is_ours.then(|| rest.trim_ascii())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn the_scheme_is_a_word_of_its_own() {
        for (value, expect) in [
            ("Bearer abc", Some("abc")),
            ("bEARER   abc", Some("abc")),
            ("Bearer", None),
            ("Bearerabc", None),
            ("Basic abc", None),
            ("", None),
        ] {
            let request = Request::post("/").header("authorization", value);
            let (head, ()) = request.body(()).unwrap().into_parts();
            let found = credentials(&head, "Bearer").next();
            assert_eq!(found, expect.map(str::as_bytes), "{value}");
        }
    }
}
