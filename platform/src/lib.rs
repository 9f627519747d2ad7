//! The differences between Linux, macOS and Windows, each behind one function.
//! No other crate asks for which system it is compiled.

pub mod browser;
pub mod disk;
pub mod file;
mod shutdown;
pub mod supervisor;

pub use shutdown::Shutdown;
