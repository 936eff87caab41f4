//! How conversations went, for people and for programs.

use super::outcome::ChatOutcome;
use super::search::Reproduction;

/// A conversation's name, how it went, and how to have a failure again.
type Report<'a> = (&'a str, &'a ChatOutcome, Option<&'a Reproduction>);

/// As the Test Anything Protocol has it, version 14.
///
/// ```
/// use kaleyra_wa_sim::{Bot, ChatFile, ChatRun, StartedBot, junit, tap};
///
/// # async fn start_your_bot(base_url: String) -> std::io::Result<String> {
/// #     use serde_json::{Value, json};
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     use tokio::net::{TcpListener, TcpStream};
/// #     let listener = TcpListener::bind("127.0.0.1:0").await?;
/// #     let url = format!("http://{}/", listener.local_addr()?);
/// #     tokio::spawn(async move {
/// #         while let Ok((mut stream, _)) = listener.accept().await {
/// #             let mut request = Vec::new();
/// #             while !request.ends_with(b"}") && stream.read_buf(&mut request).await.unwrap() > 0 {}
/// #             stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
/// #             let Some(start) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
/// #             let callback: Value = serde_json::from_slice(&request[start + 4..]).unwrap();
/// #             let message = &callback["meta_object"]["value"]["messages"][0];
/// #             let Some(text) = message["text"]["body"].as_str() else { continue };
/// #             let to = format!("+{}", message["from"].as_str().unwrap());
/// #             let reply = json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": format!("You said: {text}")}});
/// #             let body = json!({"messaging_object": reply}).to_string();
/// #             let mut api = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
/// #             let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #             api.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #             api.read_to_end(&mut Vec::new()).await.unwrap();
/// #         }
/// #     });
/// #     Ok(url)
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bot = Bot::started_by(|base_url| async { Ok(StartedBot::new(start_your_bot(base_url).await?, ())) });
/// let file = ChatFile::parse("user asha +919800000001\nasha: Hi\nshop: You said: Hi")?;
/// let outcome = ChatRun::new(bot).seed(7).run(&file).await?;
///
/// let reports = [("hello.chat", &outcome, None)];
/// assert_eq!(tap(&reports), "TAP version 14\n1..1\nok 1 - hello.chat (seed 7)\n");
/// assert!(junit(&reports).contains(r#"tests="1" failures="0""#));
/// # Ok(())
/// # }
/// ```
pub fn tap(reports: &[Report<'_>]) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", reports.len());
    for (index, (name, outcome, reproduction)) in reports.iter().enumerate() {
        let number = index + 1;
        let seed = outcome.seed;
        let Some(failure) = &outcome.failure else {
            text.push_str(&format!("ok {number} - {name} (seed {seed})\n"));
            continue;
        };
        text.push_str(&format!("not ok {number} - {name} (seed {seed})\n  ---\n"));
        let reproduce = reproduce(name, outcome, *reproduction);
        for (key, value) in [
            ("line", failure.line.to_string()),
            ("source", failure.source.trim().to_owned()),
            ("message", failure.error.kind.as_str().to_owned()),
            ("expected", failure.error.expected.clone()),
            ("found", failure.error.found.clone()),
            ("transcript", failure.error.transcript.clone()),
            ("faults", faults(outcome, *reproduction).join("\n")),
            ("reproduce", reproduce),
        ] {
            if value.is_empty() {
                continue;
            }
            text.push_str(&format!("  {key}: |\n"));
            for line in value.lines() {
                text.push_str(&format!("    {line}\n"));
            }
        }
        text.push_str("  ...\n");
    }
    text
}

/// As `JUnit` has it, in XML.
///
/// For an example see [`tap`].
pub fn junit(reports: &[Report<'_>]) -> String {
    let failures = reports
        .iter()
        .filter(|(_, outcome, _)| outcome.failure.is_some());
    let failures = failures.count();
    let seconds: f64 = reports
        .iter()
        .map(|(_, outcome, _)| outcome.took.as_secs_f64())
        .sum();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"chat\" tests=\"{}\" failures=\"{failures}\" time=\"{seconds:.3}\">\n",
        reports.len()
    );
    for (name, outcome, reproduction) in reports {
        let took = outcome.took.as_secs_f64();
        let case = format!(
            "  <testcase classname=\"chat\" name=\"{}\" time=\"{took:.3}\"",
            escaped(name)
        );
        match &outcome.failure {
            None => text.push_str(&format!("{case}/>\n")),
            Some(failure) => {
                let message = format!("line {}: {}", failure.line, failure.error.kind.as_str());
                let body = format!(
                    "{failure}\nreproduce: {}",
                    reproduce(name, outcome, *reproduction)
                );
                text.push_str(&format!(
                    "{case}>\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n",
                    escaped(&message),
                    escaped(&body)
                ));
            }
        }
    }
    text.push_str("</testsuite>\n");
    text
}

fn reproduce(name: &str, outcome: &ChatOutcome, reproduction: Option<&Reproduction>) -> String {
    match reproduction {
        Some(reproduction) => reproduction.command(name),
        None => format!("kaleyra-wa test {name} --seed {}", outcome.seed),
    }
}

fn faults(outcome: &ChatOutcome, reproduction: Option<&Reproduction>) -> Vec<String> {
    reproduction.map_or_else(|| outcome.faults.clone(), |it| it.only.clone())
}

/// A text as XML has it; what XML has no place for is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(sign),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_escaped() {
        assert_eq!(escaped("a<b>&\"\u{1}\n"), "a&lt;b&gt;&amp;&quot;\n");
    }
}
