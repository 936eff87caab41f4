//! Which value counts: a flag's, else a variable's, else the project file's, else the profile's.

use std::fmt;
use std::path::{Path, PathBuf};

use super::file::{self, Config, Project};
use super::variable;
use crate::exit::Exit;
use crate::global;

/// The profile that counts where nobody names one.
pub(crate) const DEFAULT_PROFILE: &str = "default";

/// Who gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag(&'static str),
    Variable(&'static str),
    /// The variable names a file.
    FileOf(&'static str),
    Project(PathBuf),
    Profile {
        name: String,
        /// What the profile has: the value itself, a file or a command that has it.
        member: String,
        path: PathBuf,
    },
    Credentials(PathBuf),
    Default,
}

/// A value, and who gives it.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// The files that have a say.
pub(crate) struct Layers {
    pub(crate) config: Config,
    pub(crate) project: Option<Project>,
    /// The profile's name, and who names it.
    pub(crate) profile_name: Found,
}

impl Found {
    pub(crate) fn new(value: impl Into<String>, origin: Origin) -> Self {
        Self {
            value: value.into(),
            origin,
        }
    }
}

impl Layers {
    /// Reads the files. That there is none is no failure; that a profile is named which is not there, is one.
    pub(crate) fn load() -> Result<Self, Exit> {
        let (path, is_named) = file::config_path();
        let config = Config::read(&path, !is_named)?;
        let project = Project::find()?;
        let named = global::settings()
            .profile
            .clone()
            .map(|name| Found::new(name, Origin::Flag("--profile")))
            .or_else(|| {
                let name = variable("KALEYRA_PROFILE")?;
                Some(Found::new(name, Origin::Variable("KALEYRA_PROFILE")))
            })
            .or_else(|| {
                let project = project.as_ref()?;
                let name = project.text("profile")?;
                Some(Found::new(name, Origin::Project(project.path.clone())))
            })
            .or_else(|| {
                let member = "profile".to_owned();
                let (name, path) = (String::new(), path.clone());
                let origin = Origin::Profile { name, member, path };
                Some(Found::new(config.default_profile()?, origin))
            });
        if let Some(found) = &named
            && !config.has_profile(&found.value)
        {
            let there = config.profiles();
            let there = match there.as_slice() {
                [] => "there is none; make one with: kaleyra-wa config set sid HX… --profile NAME"
                    .to_owned(),
                names => format!("choose one of: {}", names.join(", ")),
            };
            return Err(Exit::bad_input(format!(
                "no profile {:?} in {}, named by {}; {there}",
                found.value,
                path.display(),
                found.origin
            )));
        }
        Ok(Self {
            config,
            project,
            profile_name: named.unwrap_or_else(|| Found::new(DEFAULT_PROFILE, Origin::Default)),
        })
    }

    /// The value that counts.
    pub(crate) fn find(
        &self,
        flag: Option<&str>,
        flag_name: &'static str,
        variable_name: &'static str,
        member: &str,
    ) -> Option<Found> {
        flag.map(|value| Found::new(value, Origin::Flag(flag_name)))
            .or_else(|| {
                let value = variable(variable_name)?;
                Some(Found::new(value, Origin::Variable(variable_name)))
            })
            .or_else(|| self.project(member))
            .or_else(|| self.profile(member))
    }

    /// What the project file says.
    pub(crate) fn project(&self, member: &str) -> Option<Found> {
        let project = self.project.as_ref()?;
        let value = project.text(member)?;
        Some(Found::new(value, Origin::Project(project.path.clone())))
    }

    /// What the profile says.
    pub(crate) fn profile(&self, member: &str) -> Option<Found> {
        let value = self.config.text(&self.profile_name.value, member)?;
        Some(Found::new(value, self.in_profile(member)))
    }

    /// A number that the project file or the profile has, such as a port.
    pub(crate) fn number<T: std::str::FromStr>(&self, member: &str) -> Result<Option<T>, Exit> {
        let found = self.project(member).or_else(|| self.profile(member));
        let number = found.map(|found| {
            let number = found.value.parse();
            number.map_err(|_| {
                Exit::bad_input(format!(
                    "{member} in {}: it is no number that fits here",
                    found.origin
                ))
            })
        });
        number.transpose()
    }

    pub(crate) fn in_profile(&self, member: &str) -> Origin {
        Origin::Profile {
            name: self.profile_name.value.clone(),
            member: member.to_owned(),
            path: self.config.path.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |path: &Path| path.display().to_string();
        match self {
            Self::Flag(name) => write!(f, "the flag {name}"),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::FileOf(name) => write!(f, "the file that {name} names"),
            Self::Project(path) => write!(f, "the project file {}", short(path)),
            Self::Profile { name, member, path } if name.is_empty() => {
                write!(f, "{member} in {}", short(path))
            }
            Self::Profile { name, member, path } => {
                write!(f, "{member} of the profile {name:?} in {}", short(path))
            }
            Self::Credentials(path) => write!(f, "{}", short(path)),
            Self::Default => f.write_str("nothing said: the default"),
        }
    }
}
