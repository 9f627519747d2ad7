//! The systems of the product. The counter and the site are always there; the
//! others may be left out.

use clap::{Args, ValueEnum};
use prerender::{Place, Shell};

/// A part of the product that somebody may want without the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    /// The page, and the number of its views.
    Counter,
    /// The log of visits, and the dashboard.
    Visits,
    /// The job offers: files, API and job board.
    Jobs,
    /// The items of the owner's own tables.
    Items,
}

/// The systems that are wanted.
#[derive(Clone, Debug, Args)]
pub struct Systems {
    /// Only these systems, with commas between; the counter and the page are
    /// always there. Nothing is created or served for the others.
    #[arg(
        long,
        env = "RESUME_COUNTER_ONLY",
        value_enum,
        value_delimiter = ',',
        default_value = "counter,visits,jobs,items",
        value_name = "SYSTEMS"
    )]
    pub only: Vec<System>,
}

impl Systems {
    /// All of them.
    pub(crate) fn all() -> Self {
        Self {
            only: System::value_variants().to_vec(),
        }
    }

    /// True if `system` is wanted.
    pub(crate) fn has(&self, system: System) -> bool {
        system == System::Counter || self.only.contains(&system)
    }

    /// The shell with the pages of these systems alone.
    pub(crate) fn shell(&self, shell: Shell) -> Shell {
        self.pages_left_out().fold(shell, Shell::without)
    }

    /// The page's place, where not every system is.
    pub(crate) fn place(&self, place: Place) -> Place {
        match self.has(System::Visits) {
            true => place,
            false => place.without_visits(),
        }
    }

    /// The folders of the pages that are not there.
    pub(crate) fn pages_left_out(&self) -> impl Iterator<Item = &'static str> {
        let left_out = System::value_variants()
            .iter()
            .filter(|system| !self.has(**system));
        left_out.filter_map(|system| system.page())
    }
}

impl System {
    /// The name on the command line, in the template and in the API's document.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Visits => "visits",
            Self::Jobs => "jobs",
            Self::Items => "items",
        }
    }

    /// The folder of the system's page in the site.
    pub(crate) const fn page(self) -> Option<&'static str> {
        match self {
            Self::Counter | Self::Items => None,
            Self::Visits => Some("dashboard"),
            Self::Jobs => Some("jobs"),
        }
    }
}
