//! Where the simulator posts callbacks, and how they prove where they are from.

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};
use kaleyra_wa_sim::{Builder, Callbacks};

use crate::exit::Exit;
use crate::settings::variable;

/// The flags about callbacks.
#[derive(Args)]
#[command(group = ArgGroup::new("posted").args(["callback_url", "callback_url_of"]).multiple(true))]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct CallbackFlags {
    /// Webhook that callbacks are posted to, http:// or https://
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    callback_url: Option<String>,
    /// Another webhook for the callbacks of one number, such as +918000000002=http://127.0.0.1:8082/; may be given several times
    #[arg(long, value_name = "NUMBER=URL", value_parser = number_and_url)]
    callback_url_of: Vec<(String, String)>,
    /// Secret that callbacks carry: a header's value, or with --callback-auth basic and bearer a name and a password, or id and
    /// secret, with a colon between [env: KALEYRA_CALLBACK_SECRET]
    #[arg(
        long,
        value_name = "SECRET",
        requires = "posted",
        value_parser = NonEmptyStringValueParser::new()
    )]
    callback_secret: Option<String>,
    /// Name of that header
    #[arg(long, value_name = "NAME", default_value = "x-kaleyra-secret")]
    callback_secret_header: String,
    /// How they carry it: header, header:NAME, basic, or bearer:URL, where a token is asked for first
    #[arg(long, value_name = "WAY", conflicts_with = "callback_secret_header", value_parser = way)]
    callback_auth: Option<Way>,
}

/// How callbacks carry their secret.
#[derive(Clone)]
enum Way {
    Header(Option<String>),
    Basic,
    Bearer(String),
}

impl CallbackFlags {
    pub(super) fn set_up(self, mut builder: Builder) -> Result<Builder, Exit> {
        let secret = self.callback_secret.clone();
        let secret = secret.or_else(|| variable("KALEYRA_CALLBACK_SECRET"));
        if let Some(url) = &self.callback_url {
            builder = builder.callbacks_to(self.callbacks(url, secret.as_deref())?);
        }
        for (number, url) in &self.callback_url_of {
            builder = builder.callbacks_of(number, self.callbacks(url, secret.as_deref())?);
        }
        Ok(builder)
    }

    fn callbacks(&self, url: &str, secret: Option<&str>) -> Result<Callbacks, Exit> {
        let callbacks = Callbacks::to(url);
        let pair = |names: &str| {
            let pair = secret.and_then(|it| it.split_once(':'));
            pair.ok_or_else(|| {
                Exit::bad_input(format!(
                    "--callback-auth: give {names} by --callback-secret or KALEYRA_CALLBACK_SECRET, with a colon between"
                ))
            })
        };
        Ok(match &self.callback_auth {
            None | Some(Way::Header(None)) => match secret {
                Some(secret) => callbacks.header(&self.callback_secret_header, secret),
                None => callbacks,
            },
            Some(Way::Header(Some(name))) => {
                let secret = secret.ok_or_else(|| {
                    Exit::bad_input(
                        "--callback-auth: give the header's value by --callback-secret or KALEYRA_CALLBACK_SECRET",
                    )
                })?;
                callbacks.header(name, secret)
            }
            Some(Way::Basic) => {
                let (user, password) = pair("name and password")?;
                callbacks.basic(user, password)
            }
            Some(Way::Bearer(url)) => {
                let (id, secret) = pair("client id and client secret")?;
                callbacks.bearer(url, id, secret)
            }
        })
    }
}

fn number_and_url(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((number, url)) if !number.is_empty() && !url.is_empty() => {
            Ok((number.to_owned(), url.to_owned()))
        }
        _ => Err("write NUMBER=URL, such as +918000000002=http://127.0.0.1:8082/".to_owned()),
    }
}

fn way(text: &str) -> Result<Way, String> {
    match text.split_once(':') {
        None if text == "header" => Ok(Way::Header(None)),
        None if text == "basic" => Ok(Way::Basic),
        Some(("header", name)) if !name.is_empty() => Ok(Way::Header(Some(name.to_owned()))),
        Some(("bearer", url)) if url.contains("://") => Ok(Way::Bearer(url.to_owned())),
        _ => Err("write header, header:NAME, basic, or bearer:URL".to_owned()),
    }
}
