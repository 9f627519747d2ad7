//! The reasons why the program does not start.

use std::io;
use std::net::SocketAddr;

use crate::PageError;
use crate::data_dir::DataDirError;
use crate::demo::DemoError;
use crate::gateway::viewer::GeoIpError;
use crate::pipeline::PipelineError;
use crate::store::StoreError;
use crate::token::TokenError;

/// The reason why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not ours to take.
    #[error("cannot listen on {address}: {error}; choose another with {option}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The option that asks for it.
        option: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// There is no store of ours to open to other programs.
    #[error(
        "--dynamodb-listen opens the built-in store, and --dynamodb-endpoint names another: \
         leave one of the two out"
    )]
    NoStoreToOpen,
    /// Two tables would be one.
    #[error("two tables are named {0}: give each a name of its own")]
    SharedTable(String),
    /// There is no bucket to open to other programs.
    #[error(
        "--s3-listen opens the bucket of job offers, and --only leaves them out: \
         leave --s3-listen out, or add jobs to --only"
    )]
    NoBucketToOpen,
    /// The key that opens it cannot be made.
    #[error("no key can be made for --dynamodb-listen: {0}")]
    Key(io::Error),
    /// There is no page to serve.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The system lets no signal handler be set.
    #[error("signals cannot be handled: {0}")]
    Signals(io::Error),
    /// The store is unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The counters cannot be read.
    #[error("the counters cannot be read: {}", .0.for_owner())]
    Counters(#[from] backend::Error),
    /// Places cannot be looked up.
    #[error(transparent)]
    GeoIp(#[from] GeoIpError),
    /// There is no data folder to keep the token in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Files of job offers cannot be taken.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The owner's token is unusable.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The demonstration cannot be made.
    #[error(transparent)]
    Demo(#[from] DemoError),
}
