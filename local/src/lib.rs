//! Everything on one machine, in one process: the functions behind a gateway
//! that does what API Gateway does for them on AWS, the built site, and the
//! store. Functions run here as they run there; only values differ.

mod address;
mod backup;
mod call;
mod check_data;
mod command;
mod counters;
mod data_dir;
mod dead_letters;
mod demo;
mod gateway;
mod links;
mod load;
mod log;
mod manual;
mod number;
mod open;
pub mod openapi;
mod options;
mod page;
mod pipeline;
mod readiness;
mod removal;
mod retention;
mod server;
mod sign_in;
mod site;
pub mod stack;
mod status;
mod store;
mod system;
mod tasks;
mod token;
mod transfer;
mod watchdog;

pub use backup::{BackupError, BackupOptions, RestoreOptions, backup, restore};
pub use check_data::{CheckError, check_data};
pub use command::{
    CheckOptions, Command, CommandLine, JobsCommand, LoadOptions, ReadinessOptions, StatusOptions,
};
pub use counters::{CountersCommand, CountersError, counters};
pub use dead_letters::{DeadLettersError, dead_letters, redrive};
pub use demo::DemoError;
pub use gateway::forwarded::ProxyHeader;
pub use gateway::proxy_options::ProxyOptions;
pub use gateway::viewer::GeoIpError;
pub use links::{LinkCommand, LinkError, link};
pub use load::{LoadError, Summary, load};
pub use log::{Log, LogFormat, LogOptions};
pub use manual::{ManualError, ManualOptions, manual};
pub use number::of as number_of;
pub use open::{OpenError, OpenOptions, PageToOpen, open};
pub use options::{Folder, Options, StoreOptions, ZoneOptions};
pub use page::{
    BuildOptions, Built, FileToCheck, Findings, NewOptions, PageError, PageOptions, Paper,
    PaperOptions, PdfError, PdfOptions, ResumeOptions, build, check, new, pdf,
};
pub use platform::Shutdown;
pub use readiness::{Readiness, ReadinessError, readiness};
pub use removal::{RemovalError, RemovalOptions, VisitsCommand, remove_visits};
pub use retention::{RetentionOptions, retain_visits};
pub use server::{Server, StartError};
pub use status::status;
pub use store::{Target, TargetError};
pub use system::{System, Systems};
pub use token::{TokenError, owner_token};
pub use transfer::{
    ExportOptions, Format, ImportOptions, Imported, Kind, Service, ServiceError, TransferError,
    export, import,
};
