//! Reads a form as a strict server does.

/// A field of a form: the lines of its head, and its content.
#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) head: Vec<String>,
    pub(crate) content: Vec<u8>,
}

/// The fields of a body of this `Content-Type`; every byte of it must be accounted for.
pub(crate) fn fields(content_type: &str, body: &[u8]) -> Vec<Field> {
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    assert!((1..=70).contains(&boundary.len()), "{boundary}");
    let mut rest = body
        .strip_prefix(format!("--{boundary}").as_bytes())
        .unwrap();
    let delimiter = format!("\r\n--{boundary}");
    let mut fields = Vec::new();
    while let Some(field) = rest.strip_prefix(b"\r\n") {
        let (head, content) = split(field, b"\r\n\r\n");
        let (content, after) = split(content, delimiter.as_bytes());
        let head = String::from_utf8(head.to_vec()).unwrap();
        fields.push(Field {
            head: head.split("\r\n").map(str::to_owned).collect(),
            content: content.to_vec(),
        });
        rest = after;
    }
    assert_eq!(rest, b"--\r\n");
    fields
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> (&'a [u8], &'a [u8]) {
    let place = bytes.windows(at.len()).position(|window| window == at);
    let place = place.unwrap();
    (&bytes[..place], &bytes[place + at.len()..])
}
