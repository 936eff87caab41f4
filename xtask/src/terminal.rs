//! A picture of a terminal session: the demo's output, drawn as SVG by its colours.

use std::fs;

use crate::cargo::{capture, root};
use crate::steps::demo_command;

/// Where it goes, seen from the root of the repository.
const PICTURE: &str = "docs/images/demo.svg";
/// What is longer ends with an ellipsis.
const COLUMNS: usize = 112;
/// In pixels, of a common monospaced font at 13 px.
const CHARACTER: f64 = 7.83;
const LINE: usize = 19;

/// A piece of a line in one colour.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    class: &'static str,
    text: String,
}

/// Runs the demo, and draws what it says.
///
/// # Errors
/// The demo failed, or the picture can't be written.
pub(crate) fn picture() -> Result<(), String> {
    let mut demo = demo_command();
    let said = capture(demo.args(["--once", "--color", "always"]))?;
    let prompt = [vec![Piece {
        class: "prompt",
        text: "$ cargo xtask demo --once".to_owned(),
    }]];
    let lines: Vec<_> = prompt.into_iter().chain(said.lines().map(pieces)).collect();
    fs::write(root().join(PICTURE), svg(&lines)).map_err(|error| format!("{PICTURE}: {error}"))?;
    println!("{PICTURE}: {} lines", lines.len());
    Ok(())
}

/// A line by its escape sequences, cut to the picture's width.
fn pieces(line: &str) -> Vec<Piece> {
    let (mut found, mut class, mut left) = (Vec::new(), "", COLUMNS);
    for part in line.split("\u{1b}[") {
        let (code, text) = match part.split_once('m') {
            Some((code, text)) if code.chars().all(|c| c.is_ascii_digit() || c == ';') => {
                (code, text)
            }
            _ => ("", part),
        };
        class = match code {
            "" => class,
            "1" => "title",
            "2" => "quiet",
            "31" => "bad",
            "32" => "good",
            "35" => "business",
            "36" => "user",
            _ => "",
        };
        let length = text.chars().count();
        let mut text: String = text.chars().take(left).collect();
        if length > left && left > 0 {
            text.pop();
            text.push('…');
        }
        left = left.saturating_sub(length);
        if !text.is_empty() {
            found.push(Piece { class, text });
        }
    }
    found
}

fn svg(lines: &[Vec<Piece>]) -> String {
    let width = (COLUMNS as f64).mul_add(CHARACTER, 40.0).ceil();
    let height = lines.len() * LINE + 64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"What cargo xtask demo prints\">\n<style>\n\
         text {{ font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d7dde6; white-space: pre }}\n\
         .title {{ font-weight: 600; fill: #fff }} .prompt {{ fill: #8fd6ff }} .quiet {{ fill: #96a0ae }} .bad {{ fill: #ff8f8f }}\n\
         .good {{ fill: #7ee2a0 }} .business {{ fill: #e3a6ff }} .user {{ fill: #7fdbe6 }}\n</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"10\" fill=\"#14181f\"/>\n\
         <circle cx=\"22\" cy=\"20\" r=\"6\" fill=\"#ff5f57\"/><circle cx=\"42\" cy=\"20\" r=\"6\" fill=\"#febc2e\"/>\
         <circle cx=\"62\" cy=\"20\" r=\"6\" fill=\"#28c840\"/>\n"
    );
    for (number, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let y = 54 + number * LINE;
        svg.push_str(&format!("<text x=\"20\" y=\"{y}\" xml:space=\"preserve\">"));
        for Piece { class, text } in line {
            let text = escaped(text);
            match *class {
                "" => svg.push_str(&text),
                class => svg.push_str(&format!("<tspan class=\"{class}\">{text}</tspan>")),
            }
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes_and_long_lines_are_cut() {
        let found = pieces("  \u{1b}[36mAsha\u{1b}[0m  said a < b");
        let expected = [("", "  "), ("user", "Asha"), ("", "  said a < b")];
        let expected = expected.map(|(class, text)| Piece {
            class,
            text: text.to_owned(),
        });
        assert_eq!(found, expected);
        assert!(svg(&[found]).contains("<tspan class=\"user\">Asha</tspan>  said a &lt; b</text>"));
        let long = pieces(&"x".repeat(COLUMNS + 1));
        assert_eq!(long[0].text.chars().count(), COLUMNS);
        assert!(long[0].text.ends_with('…'));
    }
}
