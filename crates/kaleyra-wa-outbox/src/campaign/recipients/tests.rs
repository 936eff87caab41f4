//! What a file of recipients is read as.

use super::*;

fn read(recipients: &Recipients) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    recipients.read(&["name".to_owned()], &mut |line| {
        lines.push(match line.row {
            Ok(row) => format!("{} {}", line.number, row.values.join("|")),
            Err(why) => format!("{} {why}", line.number),
        });
        Ok(())
    })?;
    Ok(lines)
}

#[test]
fn csv_is_read_with_its_quotes_and_whatever_separates_it() {
    let csv = "\u{feff}name;to\r\n\"Asha; the\nfirst\";+919800000001\r\n\r\nRavi;98\nRavi\n;+919800000002\n";
    let lines = read(&Recipients::csv(csv)).unwrap();
    assert_eq!(lines[0], "2 Asha; the\nfirst");
    assert!(lines[1].starts_with("5 the recipient is"), "{lines:?}");
    assert_eq!(lines[2], "6 it has 1 columns, and the first line 2");
    assert_eq!(lines[3], "7 ");
    let found = read(
        &Recipients::csv("name,who\nAsha,919800000001\n")
            .column("who")
            .assume_plus(),
    );
    assert_eq!(found.unwrap(), ["2 Asha"]);
}

#[test]
fn json_lines_are_read_each_by_itself() {
    let lines = "{\"to\": \"+919800000001\", \"name\": 7}\n\nnot json\n{\"to\": \"IN.123abc\"}\n{\"name\": \"A\"}";
    let found = read(&Recipients::json_lines(lines)).unwrap();
    assert_eq!(found[0], "1 7");
    assert_eq!(found[1], "3 it is no JSON object");
    assert_eq!(found[2], "4 `name` is missing");
    assert!(found[3].starts_with("5 it has no recipient"));
}

#[test]
fn a_file_without_the_columns_is_refused_as_a_whole() {
    for csv in ["", "name,age\nA,1\n", "to,age\n+91,1\n", "to,phone,name\n"] {
        assert!(read(&Recipients::csv(csv)).is_err(), "{csv}");
    }
}
