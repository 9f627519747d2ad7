//! A child process, whose CPU time and memory are read from outside.

use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_getcpuclockid};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use crate::Result;

/// A running child; it is killed when dropped.
pub(crate) struct Process {
    child: Child,
    clock: Clock,
}

/// The two clocks of a process: wall time since its start, and its CPU time.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
    cpu: ClockId,
}

/// A reading of both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Since the process was asked for.
    pub(crate) wall: Duration,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
}

impl Process {
    /// Starts `command`.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let started = Instant::now();
        let child = command.kill_on_drop(true).spawn().map_err(|error| {
            format!(
                "{:?} does not start: {error}",
                command.as_std().get_program()
            )
        })?;
        let pid = child.id().ok_or("the process has ended")?;
        let cpu = clock_getcpuclockid(Pid::from_raw(pid.try_into()?))?;
        let clock = Clock { started, cpu };
        Ok(Self { child, clock })
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The most memory it has had resident so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        let pid = self.child.id().ok_or("the process has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let kibibytes: u64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB"))
            .ok_or("the process has no VmHWM")?
            .trim()
            .parse()?;
        Ok(kibibytes * 1024)
    }

    /// Ends it, as Lambda and a power cut do: without notice.
    pub(crate) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

impl Clock {
    /// The clocks of this process, which starts now.
    pub(crate) fn own() -> Result<Self> {
        Ok(Self {
            started: Instant::now(),
            cpu: clock_getcpuclockid(Pid::this())?,
        })
    }

    /// Reads both clocks.
    pub(crate) fn read(self) -> Result<Moment> {
        Ok(Moment {
            wall: self.started.elapsed(),
            cpu: self.cpu.now()?.into(),
        })
    }
}
