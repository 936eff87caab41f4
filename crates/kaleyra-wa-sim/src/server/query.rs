//! What a URL says: its segments and its query, with their percent-encoding undone.

/// The fields of a query.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: Option<&str>) -> Self {
        let members = query.unwrap_or_default().split('&').map(|member| {
            let (name, value) = member.split_once('=').unwrap_or((member, ""));
            let [name, value] = [name, value].map(|text| decode(&text.replace('+', " ")));
            (name, value)
        });
        Self(members.collect())
    }

    /// The first of this name that says something.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut members = self.0.iter();
        let (_, value) = members.find(|(found, value)| found == name && !value.is_empty())?;
        Some(value)
    }
}

/// Undoes percent-encoding (`%2B` for `+`). What is no UTF-8 then can't equal any account's texts.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone() {
        assert_eq!(decode("%2B91XX"), "+91XX");
        assert_eq!(decode("%2b91"), "+91");
        assert_eq!(decode("+91"), "+91");
        assert_eq!(decode("%zz%4"), "%zz%4");
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%C3%A9"), "é");
    }

    #[test]
    fn members_are_found_by_name() {
        let query = Query::parse(Some(
            "limit=10&before=&after=MTA%3D&name=Ravi+Example%2B&flag",
        ));
        assert_eq!(query.text("limit"), Some("10"));
        assert_eq!(query.text("before"), None);
        assert_eq!(query.text("after"), Some("MTA="));
        assert_eq!(query.text("name"), Some("Ravi Example+"));
        assert_eq!(query.text("flag"), None);
        assert_eq!(Query::parse(None).text("limit"), None);
    }
}
