//! A page of the manual: what `--help` says, in the sections that manuals have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Command;
use clap_mangen::Man;

use crate::exit::{Exit, TABLE};

/// What the parser does not know of.
const ENVIRONMENT: [(&str, &str); 2] = [
    ("NO_COLOR", "no colours, unless --color says otherwise"),
    (
        "RUST_LOG",
        "what is logged to standard error, such as kaleyra_wa_client=debug",
    ),
];

const FILES: [(&str, &str); 3] = [
    (
        "~/.config/kaleyra-wa/config.toml",
        "profiles; `kaleyra-wa config path` prints where it is on this machine",
    ),
    (
        "~/.config/kaleyra-wa/credentials.toml",
        "secrets in plain text, if `kaleyra-wa config login` wrote them; only its owner may be able to read it",
    ),
    (
        ".kaleyra-wa.toml",
        "the project's file, here or above, up to the repository's root; it holds no secrets",
    ),
];

/// The page of a command.
pub(super) fn of(command: &Command, name: &str) -> Result<String, Exit> {
    let mut bytes = Vec::new();
    let about = command.clone().display_name(name.to_owned());
    let about = about.name(name.to_owned());
    // What `-h` leaves out belongs here.
    let about = about.mut_args(|arg| arg.hide_short_help(false));
    let with_options = about.get_arguments().any(|it| !it.is_hide_set());
    let with_commands = about.get_subcommands().any(|it| !it.is_hide_set());
    let man = Man::new(about);
    let rendered = (man.render_title(&mut bytes))
        .and_then(|()| man.render_name_section(&mut bytes))
        .and_then(|()| man.render_synopsis_section(&mut bytes))
        .and_then(|()| man.render_description_section(&mut bytes))
        .and_then(|()| match with_options {
            true => man.render_options_section(&mut bytes),
            false => Ok(()),
        })
        .and_then(|()| match with_commands {
            true => man.render_subcommands_section(&mut bytes),
            false => Ok(()),
        });
    rendered.map_err(Exit::failed)?;
    let mut page = String::from_utf8(bytes).map_err(Exit::failed)?;
    let told = Told::of(command);
    section(&mut page, "NOTES", &told.notes);
    section(&mut page, "EXIT STATUS", &told.exit_status);
    let environment = environment(command);
    let environment = environment
        .iter()
        .map(|(name, what)| (name.as_str(), what.as_str()));
    table(&mut page, "ENVIRONMENT", environment);
    table(&mut page, "FILES", FILES.into_iter());
    section(&mut page, "EXAMPLES", &told.examples);
    see_also(&mut page, command, name);
    Ok(page)
}

/// What stands below the flags in `--help`, by section.
#[derive(Default)]
struct Told {
    notes: Vec<String>,
    exit_status: Vec<String>,
    examples: Vec<String>,
}

impl Told {
    fn of(command: &Command) -> Self {
        let text = command.get_after_long_help().or(command.get_after_help());
        let text = text.map(ToString::to_string).unwrap_or_default();
        let mut told = Self::default();
        let mut in_examples = false;
        let mut in_table = false;
        for line in text.lines() {
            if line == "Examples:" {
                (in_examples, in_table) = (true, false);
                continue;
            }
            if let Some(rest) = line.strip_prefix("Exit codes:") {
                (in_examples, in_table) = (false, true);
                if !rest.trim().is_empty() {
                    told.exit_status.push(rest.trim().to_owned());
                    in_table = false;
                }
                continue;
            }
            // A section goes on as long as its lines are indented.
            if !line.starts_with("  ") && !line.is_empty() {
                (in_examples, in_table) = (false, false);
            }
            let part = match (in_examples, in_table) {
                (true, _) => &mut told.examples,
                (_, true) => &mut told.exit_status,
                _ => &mut told.notes,
            };
            part.push(line.to_owned());
        }
        if told.exit_status.is_empty() {
            let table = TABLE.lines().skip(1);
            told.exit_status = table.map(str::to_owned).collect();
        }
        told
    }
}

/// A section: lines that are indented stay as they are, the others are filled.
fn section(page: &mut String, title: &str, lines: &[String]) {
    if lines.iter().all(|line| line.trim().is_empty()) {
        return;
    }
    let _ = writeln!(page, ".SH {}", quoted(title));
    let mut is_fixed = false;
    for line in lines {
        let fixed = line.starts_with("  ");
        if fixed != is_fixed && !line.is_empty() {
            page.push_str(if fixed { ".PP\n.nf\n" } else { ".fi\n.PP\n" });
            is_fixed = fixed;
        }
        match line.is_empty() {
            true if is_fixed => page.push('\n'),
            true => page.push_str(".PP\n"),
            false => {
                let _ = writeln!(page, "{}", escaped(line));
            }
        }
    }
    if is_fixed {
        page.push_str(".fi\n");
    }
}

fn table<'a>(page: &mut String, title: &str, rows: impl Iterator<Item = (&'a str, &'a str)>) {
    let _ = writeln!(page, ".SH {}", quoted(title));
    for (name, what) in rows {
        let _ = writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(what));
    }
}

/// The variables that the command reads, by name: those of its flags, and those of every command.
fn environment(command: &Command) -> BTreeMap<String, String> {
    let all = ENVIRONMENT.into_iter();
    let mut all: BTreeMap<_, _> = all
        .map(|(name, what)| (name.to_owned(), what.to_owned()))
        .collect();
    collect(command, &mut all);
    all
}

fn collect(command: &Command, all: &mut BTreeMap<String, String>) {
    for arg in command.get_arguments() {
        let help = arg.get_long_help().or(arg.get_help());
        let help = help.map(ToString::to_string).unwrap_or_default();
        let Some((_, named)) = help.split_once("[env: ") else {
            continue;
        };
        let named = named.split(']').next().unwrap_or_default();
        let is_sign = |sign: char| sign.is_ascii_uppercase() || sign == '_';
        let names = named.split(|sign| !is_sign(sign));
        for name in names.filter(|name| name.starts_with("KALEYRA_")) {
            let flag = arg.get_long().unwrap_or_default();
            let what = format!("in place of --{flag}, which goes first");
            all.entry(name.to_owned()).or_insert(what);
        }
    }
    command
        .get_subcommands()
        .for_each(|inner| collect(inner, all));
}

fn see_also(page: &mut String, command: &Command, name: &str) {
    let inner = command
        .get_subcommands()
        .filter(|it| it.get_name() != "help");
    let mut pages: Vec<String> = inner
        .map(|it| format!("{name}-{}", it.get_name()))
        .collect();
    if name != "kaleyra-wa" {
        // A command's own name may have no hyphen, so that what is before the last one is the command above.
        let above = name.rsplit_once('-').map(|(above, _)| above.to_owned());
        pages.splice(0..0, above);
    }
    if pages.is_empty() {
        return;
    }
    let pages: Vec<_> = pages
        .iter()
        .map(|it| format!("\\fB{}\\fR(1)", escaped(it)))
        .collect();
    let _ = writeln!(page, ".SH \"SEE ALSO\"\n{}", pages.join(", "));
}

fn quoted(title: &str) -> String {
    format!("\"{title}\"")
}

/// A line that is text, whatever it begins with.
fn escaped(line: &str) -> String {
    let line = line
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq")
        .replace('`', "\\(ga");
    match line.starts_with('.') {
        true => format!("\\&{line}"),
        false => line,
    }
}
