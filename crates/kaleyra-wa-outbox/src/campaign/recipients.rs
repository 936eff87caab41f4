//! The recipients of a campaign: a file of CSV or JSON lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use kaleyra_wa_client::types::{PhoneNumber, Recipient, UserId};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::line_feeds::LineFeeds;

/// Names that the column of recipients may have, where none is given.
const USUAL: [&str; 6] = [
    "to",
    "recipient",
    "phone",
    "phone_number",
    "mobile",
    "number",
];
/// A line may have so many bytes.
const LINE_MAX: usize = 64 * 1_024;

/// Where the recipients of a campaign come from: a file with a line for each.
///
/// | format | a line |
/// |---|---|
/// | CSV | a record; the first names the columns. Separated by commas, semicolons or tabs, whichever the first has most of |
/// | JSON lines | an object; its fields are the columns, and their values strings or numbers |
///
/// One column has the recipients: phone numbers with `+` and country code, or business-scoped user ids. It is called `to`,
/// `recipient`, `phone`, `phone_number`, `mobile` or `number`, or as [`column`](Self::column) says.
///
/// ```
/// use kaleyra_wa_outbox::Recipients;
/// use kaleyra_wa_outbox::types::outbound::template::Template;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-recipients-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// # std::fs::write(directory.join("customers.csv"), "mobile,name\n919800000003,Mira\n")?;
/// let file = Recipients::file(directory.join("customers.csv")).column("mobile").assume_plus();
/// let csv = Recipients::csv("to;name\n+919800000001;Asha\n");
/// let json = Recipients::json_lines(r#"{"to": "+919800000002", "name": "Ravi"}"#);
/// for (name, recipients) in [("file", file), ("csv", csv), ("json", json)] {
///     let template = Template::new("spring_offer", "en").body(["{{name}}"]);
///     let (_, import) = outbox.new_campaign(name).import(template, recipients).await?;
///     assert_eq!((import.recipients, import.bad), (1, 0));
/// }
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Recipients {
    place: Place,
    format: Format,
    column: Option<String>,
    assumes_plus: bool,
}

#[derive(Clone)]
enum Place {
    File(PathBuf),
    Memory(Vec<u8>),
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Memory(_) => "Memory",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

impl Recipients {
    const fn new(place: Place, format: Format) -> Self {
        Self {
            place,
            format,
            column: None,
            assumes_plus: false,
        }
    }

    /// A file, by its name: `.jsonl` and `.ndjson` are JSON lines, anything else CSV.
    ///
    /// For an example see [`Recipients`].
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let ending = path.extension().and_then(|it| it.to_str());
        let format = match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("jsonl" | "ndjson") => Format::JsonLines,
            _ => Format::Csv,
        };
        Self::new(Place::File(path), format)
    }

    /// CSV in memory.
    ///
    /// For an example see [`Recipients`].
    pub fn csv(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Place::Memory(bytes.into()), Format::Csv)
    }

    /// JSON lines in memory.
    pub fn json_lines(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Place::Memory(bytes.into()), Format::JsonLines)
    }

    /// The column that has the recipients.
    ///
    /// For an example see [`Recipients`].
    pub fn column(mut self, name: impl Into<String>) -> Self {
        self.column = Some(name.into());
        self
    }

    /// Treats a number without `+` as one that has its country code: for files from programs that strip the `+`.
    ///
    /// For an example see [`Recipients`].
    pub fn assume_plus(mut self) -> Self {
        self.assumes_plus = true;
        self
    }

    pub(super) fn name(&self) -> String {
        match &self.place {
            Place::File(path) => path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            Place::Memory(_) => "memory".to_owned(),
        }
    }

    /// Identifies whether it is the same file with the same meaning.
    pub(super) fn sha256(&self) -> io::Result<[u8; 32]> {
        let mut hash = Sha256::new();
        let mut file = self.open()?;
        let mut piece = vec![0; 256 * 1_024];
        loop {
            match file.read(&mut piece)? {
                0 => break,
                length => hash.update(&piece[..length]),
            }
        }
        let column = self.column.as_deref().unwrap_or_default();
        hash.update([
            0,
            u8::from(self.assumes_plus),
            u8::from(self.format == Format::Csv),
        ]);
        hash.update(column);
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(&hash.finalize());
        Ok(sha256)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match &self.place {
            Place::File(path) => Box::new(File::open(path)?),
            Place::Memory(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// Its lines, with the values of these columns; the error is about the file as a whole.
    pub(super) fn read(
        &self,
        columns: &[String],
        each: &mut dyn FnMut(Line) -> Result<(), String>,
    ) -> Result<(), String> {
        let unreadable = |error: io::Error| format!("the recipients can't be read: {error}");
        let file = self.open().map_err(unreadable)?;
        match self.format {
            Format::Csv => self.read_csv(file, columns, each),
            Format::JsonLines => self.read_json(file, columns, each),
        }
    }

    fn read_csv(
        &self,
        file: Box<dyn Read + Send + '_>,
        columns: &[String],
        each: &mut dyn FnMut(Line) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut file = BufReader::with_capacity(256 * 1_024, file);
        let start = file
            .fill_buf()
            .map_err(|error| format!("the recipients can't be read: {error}"))?;
        if start.is_empty() {
            return Err(
                "the file of the recipients is empty: its first line names the columns".to_owned(),
            );
        }
        // A picture, a spreadsheet, a text in UTF-16.
        if start.contains(&0) {
            return Err("the recipients are no text: save the table as CSV in UTF-8".to_owned());
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(start))
            .flexible(true)
            .from_reader(LineFeeds::new(file));
        let unreadable = |error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(error) => format!("the recipients can't be read: {error}"),
            _ => "the first line of the recipients is no list of columns".to_owned(),
        };
        let header: Vec<String> = reader
            .byte_headers()
            .map_err(unreadable)?
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned())
            .collect();
        let to = self.place_of_recipient(&header)?;
        let places = columns
            .iter()
            .map(|column| place_of(&header, column))
            .collect::<Result<Vec<_>, _>>()?;
        let mut record = csv::ByteRecord::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {}
                Err(error) => return Err(unreadable(error)),
            }
            // The reader counts line feeds. One ends the record, and those in quotes are in it.
            let inside = record
                .as_slice()
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let line = reader.position().line().saturating_sub(1 + inside as u64);
            each(Line {
                number: line,
                row: self.csv_row(&record, header.len(), to, &places),
            })?;
        }
    }

    fn csv_row(
        &self,
        record: &csv::ByteRecord,
        width: usize,
        to: usize,
        places: &[usize],
    ) -> Result<Row, String> {
        if record.len() != width {
            let (found, promised) = (record.len(), width);
            return Err(format!(
                "it has {found} columns, and the first line {promised}"
            ));
        }
        let value = |place: usize| -> Result<&str, String> {
            let bytes = record.get(place).unwrap_or_default();
            std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
        };
        let recipient = self.recipient(value(to)?)?;
        let values = places.iter().map(|place| Ok(value(*place)?.to_owned()));
        let values = values.collect::<Result<Vec<_>, String>>()?;
        Ok(Row { recipient, values })
    }

    fn read_json(
        &self,
        file: Box<dyn Read + Send + '_>,
        columns: &[String],
        each: &mut dyn FnMut(Line) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut file = BufReader::with_capacity(256 * 1_024, file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let length = file
                .by_ref()
                .take(LINE_MAX as u64 + 1)
                .read_until(b'\n', &mut line)
                .map_err(|error| format!("the recipients can't be read: {error}"))?;
            if length == 0 {
                return Ok(());
            }
            let is_long = line.len() > LINE_MAX && !line.ends_with(b"\n");
            if is_long {
                skip_line(&mut file)
                    .map_err(|error| format!("the recipients can't be read: {error}"))?;
            }
            if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let row = if is_long {
                Err(format!("it is longer than {LINE_MAX} bytes"))
            } else {
                self.json_row(&line, columns)
            };
            each(Line { number, row })?;
        }
        Ok(())
    }

    fn json_row(&self, line: &[u8], columns: &[String]) -> Result<Row, String> {
        let Ok(Value::Object(fields)) = serde_json::from_slice(line) else {
            return Err("it is no JSON object".to_owned());
        };
        let value = |name: &str| -> Result<String, String> {
            match fields.get(name) {
                Some(Value::String(text)) => Ok(text.clone()),
                Some(Value::Number(number)) => Ok(number.to_string()),
                Some(Value::Null) | None => Err(format!("`{name}` is missing")),
                Some(_) => Err(format!("`{name}` is neither a text nor a number")),
            }
        };
        let to = match &self.column {
            Some(column) => column.as_str(),
            None => USUAL
                .into_iter()
                .find(|name| fields.contains_key(*name))
                .ok_or("it has no recipient: name the field `to`, or say which it is")?,
        };
        let recipient = self.recipient(&value(to)?)?;
        let values = columns.iter().map(|column| value(column));
        let values = values.collect::<Result<Vec<_>, String>>()?;
        Ok(Row { recipient, values })
    }

    fn place_of_recipient(&self, header: &[String]) -> Result<usize, String> {
        if let Some(column) = &self.column {
            return place_of(header, column);
        }
        let is_usual = |name: &String| USUAL.contains(&name.to_ascii_lowercase().as_str());
        let found: Vec<usize> = (0..header.len())
            .filter(|nth| is_usual(&header[*nth]))
            .collect();
        match found[..] {
            [place] => Ok(place),
            [] => Err("no column has the recipients: name one `to`, or say which it is".to_owned()),
            _ => Err("more than one column may have the recipients: say which it is".to_owned()),
        }
    }

    fn recipient(&self, text: &str) -> Result<Recipient, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it has no recipient".to_owned());
        }
        let digits: String = text
            .chars()
            .filter(|it| !matches!(it, ' ' | '-' | '(' | ')' | '.'))
            .collect();
        if digits.starts_with('+') || digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = if self.assumes_plus && !digits.starts_with('+') {
                format!("+{digits}")
            } else {
                digits
            };
            let number: PhoneNumber = number
                .parse()
                .map_err(|error| format!("the recipient is {error}"))?;
            return Ok(Recipient::Phone(number));
        }
        // Business-scoped user ids: a country, a dot, and letters and digits.
        let is_user_id = text.split_once('.').is_some_and(|(country, id)| {
            country.len() == 2
                && country.bytes().all(|byte| byte.is_ascii_uppercase())
                && !id.is_empty()
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        });
        if is_user_id {
            return Ok(Recipient::User(UserId::from(text)));
        }
        Err(
            "the recipient is neither a phone number with + and country code nor a user id"
                .to_owned(),
        )
    }
}

/// A line of the file.
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    pub(super) row: Result<Row, String>,
}

/// A recipient, and the values of the columns that were asked for.
pub(super) struct Row {
    pub(super) recipient: Recipient,
    pub(super) values: Vec<String>,
}

fn place_of(header: &[String], column: &str) -> Result<usize, String> {
    let mut found = (0..header.len()).filter(|nth| header[*nth] == column);
    match (found.next(), found.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(format!(
            "there is no column `{column}`: check the first line, which names the columns"
        )),
        (Some(_), Some(_)) => Err(format!("there is more than one column `{column}`")),
    }
}

/// What separates the columns of the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
    let mut best = b',';
    for delimiter in [b';', b'\t'] {
        if count(delimiter) > count(best) {
            best = delimiter;
        }
    }
    best
}

fn skip_line(file: &mut impl BufRead) -> io::Result<()> {
    loop {
        let piece = file.fill_buf()?;
        if piece.is_empty() {
            return Ok(());
        }
        match piece.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                file.consume(end + 1);
                return Ok(());
            }
            None => {
                let length = piece.len();
                file.consume(length);
            }
        }
    }
}

impl From<&Path> for Recipients {
    fn from(path: &Path) -> Self {
        Self::file(path)
    }
}

#[cfg(test)]
mod tests;
