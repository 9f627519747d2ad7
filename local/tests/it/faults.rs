//! A system that fails on purpose under the real program: `testkit/faults.c`, by
//! way of `LD_PRELOAD`.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The switches, in the order of the C file; each is a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Switch {
    ClockSeconds,
    FailedSyncs,
    StorePanics,
    PortPanics,
    Undelayed,
    FullDisk,
}

/// The faults of the programs that are started with it.
#[derive(Debug)]
pub(crate) struct Faults {
    library: PathBuf,
    switches: PathBuf,
    file: File,
}

impl Faults {
    /// Compiles the library into `folder`; every switch is off.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let library = folder.join("faults.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/faults.c");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(&library);
        let compiled = compiler.args([source, "-ldl"]).status().unwrap();
        assert!(compiled.success(), "cc: {compiled}");
        let switches = folder.join("switches");
        std::fs::write(&switches, [0; 64]).unwrap();
        let file = File::options().read(true).write(true).open(&switches);
        Self {
            library,
            switches,
            file: file.unwrap(),
        }
    }

    /// Has `command` started with the library.
    pub(crate) fn under(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library);
        command.env("FAULTS", &self.switches);
    }

    pub(crate) fn set(&self, switch: Switch, number: i64) {
        let at = switch as u64 * 8;
        self.file.write_all_at(&number.to_ne_bytes(), at).unwrap();
    }

    pub(crate) fn get(&self, switch: Switch) -> i64 {
        let mut number = [0; 8];
        self.file
            .read_exact_at(&mut number, switch as u64 * 8)
            .unwrap();
        i64::from_ne_bytes(number)
    }
}
