//! `kaleyra-wa doctor`: what is wrong with an account, a number, a webhook, and what to do about it.

mod account;
mod finding;
mod local;
mod network;
mod profiles;
mod webhook;

use clap::Args;
use kaleyra_wa_client::BaseUrl;
use kaleyra_wa_types::PhoneNumber;

use self::account::Known;
use self::finding::{Check, Finding, Verdict};
use crate::exit::Exit;
use crate::global;
use crate::settings::layers::Layers;
use crate::settings::{AccountSettings, CallbackSecret};
use crate::show::failure::split;
use crate::show::line::Line;
use crate::show::output::{say, say_all};

/// Find out what is wrong with an account, its number or its webhook
#[derive(Args)]
#[command(after_help = "\
The checks:
   1 values    SID, key, sender: there, and from where
   2 secrets   files that others can read, keys in flags
   3 clock     this machine's against the server's
   4 network   name, connection, TLS of the pod
   5 account   do SID, key and number fit together?
   6 number    quality, limits, what keeps it from sending
   7 balance   can't be asked; --send-to sends one message
   8 upload    with --with-upload: a picture of one pixel
   9 profile   is there a callback profile with this --webhook?
  10 address   of the webhook: https, no redirect
  11 secret    without it 401, with it 2xx within a second
  12 manners   a duplicate, a GET, junk, something unknown
  13 media     of --media: public, right type, not too large
  14 open      what nobody outside of Kaleyra can know

It changes nothing, sends nothing and spends nothing, unless --send-to or --with-upload is given and confirmed. The \
key goes to the server that is named, and to no other, unless --try-hosts is given: then to Kaleyra's own other hosts.

Examples:
  kaleyra-wa doctor
  kaleyra-wa doctor --webhook http://127.0.0.1:8080/ --secret-file secret.txt
  kaleyra-wa doctor --media https://example.com/photo.jpg --json

With --json each check is a line: check, name, verdict (ok, warning, wrong, unknown), asked, came, means, do, source; \
behind them the failure, where something is wrong.
Exit codes: 0 nothing is wrong, 1 something is.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    account: AccountSettings,
    /// The webhook to check: its public URL, or one on this machine
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    #[command(flatten)]
    secret: CallbackSecret,
    /// A link to be sent as media
    #[arg(long, value_name = "URL")]
    media: Option<String>,
    /// Also try Kaleyra's other hosts, where the account may be: the key is sent to them
    #[arg(long)]
    try_hosts: bool,
    /// Upload a picture of one pixel, to see whether the account may upload
    #[arg(long)]
    with_upload: bool,
    /// Send one message to this number of yours, to see whether the balance is enough
    #[arg(long, value_name = "NUMBER")]
    send_to: Option<PhoneNumber>,
    /// Yes to --with-upload and --send-to, without being asked
    #[arg(long)]
    yes: bool,
}

/// What a look at a webhook found, for people.
pub(crate) struct Look {
    pub(crate) lines: Vec<Line>,
    /// How much of it is wrong.
    pub(crate) wrong: usize,
}

/// Looks at a webhook as `--webhook` does; each request carries this header, too.
pub(crate) async fn look_at_webhook(
    url: &str,
    secret: &CallbackSecret,
    layers: &Layers,
    header: (&str, &str),
) -> Result<Look, Exit> {
    let findings = webhook::examine(url, secret, layers, Some(header)).await?;
    let is_verbose = global::settings().verbose > 0;
    let wrong = findings.iter().filter(|it| it.verdict == Verdict::Wrong);
    Ok(Look {
        wrong: wrong.count(),
        lines: findings
            .iter()
            .flat_map(|it| it.lines(is_verbose))
            .collect(),
    })
}

/// Where findings go, as they come.
struct Report {
    wrong: u32,
    has_open_secret: bool,
}

impl Report {
    fn tell(&mut self, finding: &Finding) -> Result<(), Exit> {
        self.wrong += u32::from(finding.verdict == Verdict::Wrong);
        if global::settings().json {
            return say(Line::json(finding).map_err(Exit::failed)?);
        }
        say_all(finding.lines(global::settings().verbose > 0))
    }

    fn tell_all(&mut self, findings: impl IntoIterator<Item = Finding>) -> Result<(), Exit> {
        findings
            .into_iter()
            .try_for_each(|finding| self.tell(&finding))
    }
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let mut report = Report {
            wrong: 0,
            has_open_secret: false,
        };
        match Layers::load() {
            Ok(layers) => self.examine(&layers, &mut report).await?,
            Err(exit) => {
                let text = exit.message().unwrap_or_default().to_owned();
                let (what, advice) = split(&text);
                let asked = "the configuration's files";
                let finding = Check(2, "secrets").finds(Verdict::Wrong, asked, what);
                let advice = advice.unwrap_or("set that right; kaleyra-wa config path tells where");
                report.tell(&finding.advice(advice))?;
            }
        }
        match report.wrong {
            0 => Ok(()),
            1 => Err(Exit::found("one thing is wrong, as said above").concluded()),
            many => {
                let told = format!("{many} things are wrong, as said above");
                Err(Exit::found(told).concluded())
            }
        }
    }

    /// Asks the server about the account, if there is all that it takes.
    async fn ask(&self, server: BaseUrl, layers: &Layers, report: &mut Report) -> Result<(), Exit> {
        let known = self.account.credentials.all_in(layers);
        let known = known.map(|[sid, api_key, sender]| Known {
            server,
            sid,
            api_key,
            sender,
        });
        match known.and_then(|known| known.account().map(|_| known)) {
            Ok(known) => account::examine(self, &known, report).await,
            Err(exit) => {
                let why = exit.message().unwrap_or_default();
                // What is missing was said before, and so was what is wrong with the key's file.
                let is_key_unreadable = self.account.credentials.api_key_origin(layers).is_err();
                if why.ends_with("missing") || is_key_unreadable || report.has_open_secret {
                    return Ok(());
                }
                let finding = Check(1, "values").finds(Verdict::Wrong, "the account's values", why);
                report.tell(&finding.advice("copy it anew from the console"))
            }
        }
    }

    async fn examine(&self, layers: &Layers, report: &mut Report) -> Result<(), Exit> {
        let mut values = local::values(&self.account, layers);
        let secrets = local::secrets(&self.account, layers);
        // That others can read the key is told once, by its file.
        report.has_open_secret = secrets.iter().any(|it| it.verdict == Verdict::Wrong);
        if report.has_open_secret {
            values.retain(|it| it.check != 2 || it.verdict != Verdict::Wrong);
        }
        report.tell_all(values)?;
        report.tell_all(secrets)?;
        let server = match self.account.server(layers) {
            Ok((server, _)) => Some(server),
            Err(exit) => {
                let why = exit.message().unwrap_or_default();
                let finding = Check(1, "values").finds(Verdict::Wrong, "the server", why);
                report.tell(&finding.advice("check --pod and --base-url, and their variables"))?;
                None
            }
        };
        if let Some(server) = &server {
            let reached = network::reach(server).await;
            let is_reached = reached.verdict != Verdict::Wrong;
            report.tell(&reached)?;
            if is_reached {
                self.ask(server.clone(), layers, report).await?;
            }
        }
        if let Some(url) = &self.webhook {
            report.tell_all(webhook::examine(url, &self.secret, layers, None).await?)?;
        }
        if let Some(url) = &self.media {
            report.tell(&webhook::media(url).await)?;
        }
        let open = "which id of a callback is the one of the answer to a send, how often and for how long Kaleyra repeats \
                    a callback, and that a callback is really Kaleyra's: nothing is signed";
        let finding = Check(14, "open").finds(
            Verdict::Unknown,
            "Kaleyra's pages",
            format!("not documented: {open}"),
        );
        report.tell(&finding.advice(
            "go by references, expect duplicates, and give the callback profile a secret header",
        ))
    }
}
