//! `kaleyra-wa completions`: what a shell needs to complete with Tab.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Arguments;
use crate::exit::Exit;
use crate::show::output::own_text;

/// Print the completion script for a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa completions bash > ~/.local/share/bash-completion/completions/kaleyra-wa
  kaleyra-wa completions zsh > ~/.zfunc/_kaleyra-wa    # with fpath+=~/.zfunc before compinit
  kaleyra-wa completions fish > ~/.config/fish/completions/kaleyra-wa.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<(), Exit> {
        let mut script = Vec::new();
        let mut command = Arguments::command();
        clap_complete::generate(self.shell, &mut command, "kaleyra-wa", &mut script);
        if self.shell == Shell::Bash {
            // The generator takes the hyphen of the program's own name for the border of a subcommand, in half of the places
            // (clap_complete 4.6): nothing below the first level would be completed.
            let text = String::from_utf8_lossy(&script);
            script = text
                .replace("kaleyra__subcmd__wa__", "kaleyra__wa__")
                .into_bytes();
        }
        own_text(&script)
    }
}
