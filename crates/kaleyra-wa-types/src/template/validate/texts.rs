//! The limits of texts with variables.

use super::{Whole, says};
use crate::template::variables::{Piece, is_number, pieces};
use crate::template::{ComponentDefinition, Example, NamedExample, ParameterFormat, variables};
use crate::validate::{Check, Rule};

/// Checks the text of a header.
pub(super) fn header(
    text: &str,
    example: Option<&Example>,
    whole: Whole<'_>,
    check: &mut Check<'_>,
) {
    let mut place = check.member("text");
    place.length(text, 1, ComponentDefinition::HEADER_MAX);
    let variables = variables(text);
    if variables.len() > 1 {
        place.report(Rule::Forbidden("a header has one variable at most"));
    }
    check_variables(text, &variables, whole, &mut place);
    let named = example.map(|example| &*example.header_text_named_params);
    let unnamed = example.map_or(0, |example| example.header_text.len());
    let names = ("header_text", "header_text_named_params");
    check_examples(&variables, named, unnamed, names, whole, check);
}

/// Checks the text of a body, which may have so many characters.
pub(super) fn body(
    text: &str,
    example: Option<&Example>,
    max: usize,
    whole: Whole<'_>,
    check: &mut Check<'_>,
) {
    let mut place = check.member("text");
    place.length(text, 1, max);
    let variables = variables(text);
    check_variables(text, &variables, whole, &mut place);
    if whole.is_new && !variables.is_empty() && !has_words_around(text) {
        let form = "a text with words before the first variable and after the last";
        place.report(Rule::Format(form));
    }
    let named = example.map(|example| &*example.body_text_named_params);
    let unnamed = example.map_or(0, |example| example.body_texts().len());
    let names = ("body_text", "body_text_named_params");
    check_examples(&variables, named, unnamed, names, whole, check);
}

/// Names and numbers: never both, numbers from 1 without a gap, names in lower case; and no braces that hold neither.
pub(super) fn check_variables(
    text: &str,
    variables: &[&str],
    whole: Whole<'_>,
    check: &mut Check<'_>,
) {
    if !whole.is_new {
        return;
    }
    let in_texts = pieces(text).filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        Piece::Variable(_) => None,
    });
    if in_texts
        .into_iter()
        .any(|text| text.contains("{{") || text.contains("}}"))
    {
        let form = "a text whose double braces each hold a variable: {{1}} or {{first_name}}";
        check.report(Rule::Format(form));
    }
    let numbers = variables.iter().filter(|name| is_number(name)).count();
    if whole.is_named {
        if numbers > 0 {
            check.report(Rule::Forbidden(
                "variables have names or numbers, never both",
            ));
        }
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !variables.iter().all(|name| name.bytes().all(is_plain)) {
            let form =
                "a text whose variables have names of lower case letters, digits and underscores";
            check.report(Rule::Format(form));
        }
    } else if numbers < variables.len() {
        check.report(match says(whole.definition, &ParameterFormat::Positional) {
            true => Rule::Forbidden("the template says that its variables are POSITIONAL"),
            false => Rule::Forbidden("variables have names or numbers, never both"),
        });
    } else {
        // In whichever order they stand, they are 1, 2, 3, …
        let has = |number: usize| variables.contains(&number.to_string().as_str());
        if !(1..=variables.len()).all(has) {
            check.report(Rule::Format(
                "a text whose variables are 1, 2, 3, … without a gap",
            ));
        }
    }
}

/// Reports variables that have no example.
fn check_examples(
    variables: &[&str],
    named: Option<&[NamedExample]>,
    unnamed: usize,
    (unnamed_member, named_member): (&str, &str),
    whole: Whole<'_>,
    check: &mut Check<'_>,
) {
    if !whole.is_new || variables.is_empty() {
        return;
    }
    let mut check = check.member("example");
    if !whole.is_named {
        if unnamed != variables.len() {
            check.member(unnamed_member).report(Rule::Count {
                min: variables.len(),
                max: variables.len(),
                found: unnamed,
            });
        }
        return;
    }
    let named = named.unwrap_or_default();
    let has_example = |variable: &&str| {
        named.iter().any(|example| {
            example.param_name.as_deref() == Some(*variable) && example.example.is_some()
        })
    };
    if !variables.iter().all(has_example) {
        let why = "each variable has an example, by its name";
        check.member(named_member).report(Rule::Required(why));
    }
}

/// Whether there is something before the first variable and after the last. That Meta wants a word there and takes no sign
/// for one is only recorded, so it is [advice](crate::template::TemplateDefinition::advice).
fn has_words_around(text: &str) -> bool {
    let pieces: Vec<Piece<'_>> = pieces(text.trim()).collect();
    let is_text = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Text(_)));
    is_text(pieces.first()) && is_text(pieces.last())
}
