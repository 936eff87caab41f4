//! `kaleyra-wa man`: the manual, made of what `--help` says.

mod page;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory, ValueHint};

use crate::Arguments;
use crate::exit::Exit;
use crate::show::output::{note, own_text};

/// Print the man page, or write one for each command to a folder
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa man | man -l -
  kaleyra-wa man ./man1")]
pub(crate) struct ManPages {
    /// Folder for the pages kaleyra-wa.1, kaleyra-wa-send.1 and so on
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

impl ManPages {
    pub(crate) fn run(self) -> Result<(), Exit> {
        // It has no page of its own.
        let mut command = Arguments::command().disable_help_subcommand(true);
        command.build();
        let Some(folder) = self.folder else {
            return own_text(page::of(&command, "kaleyra-wa")?.as_bytes());
        };
        fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        let mut count = 0;
        write(&folder, command, "kaleyra-wa".to_owned(), &mut count)?;
        note(format!("{count} pages in {}", folder.display()));
        Ok(())
    }
}

fn write(folder: &Path, command: Command, name: String, count: &mut u32) -> Result<(), Exit> {
    for inner in command
        .get_subcommands()
        .filter(|it| it.get_name() != "help")
    {
        let name = format!("{name}-{}", inner.get_name());
        write(folder, inner.clone(), name, count)?;
    }
    let path = folder.join(format!("{name}.1"));
    fs::write(&path, page::of(&command, &name)?).map_err(|error| unwritable(&path, &error))?;
    *count += 1;
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Exit {
    Exit::failed(format!("{}: can't be written: {error}", path.display()))
}
