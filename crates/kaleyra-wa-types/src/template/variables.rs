//! The variables of a template's text: `{{1}}`, `{{first_name}}`.

/// A part of a template's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A text that stays as it is.
    Text(&'a str),
    /// The name of a variable, or its number.
    Variable(&'a str),
}

/// The variables of a template's text, each once, in the order in which they come first.
///
/// ```
/// use kaleyra_wa_types::template::variables;
///
/// assert_eq!(variables("{{1}}, your code is {{ 2 }}. Goodbye, {{1}}!"), ["1", "2"]);
/// assert_eq!(variables("Hello {{first_name}}"), ["first_name"]);
/// assert!(variables("{{not one}} { {1} }").is_empty());
/// ```
pub fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        if let Piece::Variable(name) = piece
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// A text in its pieces. Braces that hold no name are text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut variable = None;
    std::iter::from_fn(move || {
        if let Some(name) = variable.take() {
            return Some(Piece::Variable(name));
        }
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(at) = rest[from..].find("{{") {
            let start = from + at;
            if let Some((name, length)) = variable_at(&rest[start..]) {
                let before = &rest[..start];
                rest = &rest[start + length..];
                if before.is_empty() {
                    return Some(Piece::Variable(name));
                }
                variable = Some(name);
                return Some(Piece::Text(before));
            }
            from = start + 1;
        }
        Some(Piece::Text(std::mem::take(&mut rest)))
    })
}

/// The variable that a text begins with, and how many bytes it takes.
fn variable_at(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("{{")?;
    let end = inside.find("}}")?;
    let name = inside[..end].trim();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, end + 4))
}

/// Whether a variable is a number: one of a template whose variables have no names.
pub(super) fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Piece::{Text, Variable};
    use super::*;

    #[test]
    fn texts_and_variables_take_turns() {
        for (text, expected) in [
            ("", &[] as &[Piece<'_>]),
            ("plain", &[Text("plain")]),
            ("{{1}}", &[Variable("1")]),
            ("{{1}}{{ a_b }}", &[Variable("1"), Variable("a_b")]),
            ("a {{1}} b", &[Text("a "), Variable("1"), Text(" b")]),
            ("{{{1}}}", &[Text("{"), Variable("1"), Text("}")]),
            ("{{$1}} {{}} {{1", &[Text("{{$1}} {{}} {{1")]),
            ("{{a b}} {{2}}", &[Text("{{a b}} "), Variable("2")]),
            ("{{नाम}}", &[Text("{{नाम}}")]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
