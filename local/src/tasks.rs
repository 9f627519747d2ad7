//! The tasks that run for as long as the program does: when one ends, so does
//! the program, and whatever started it starts it again.

use std::collections::HashMap;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::{AbortHandle, Id, JoinSet};

/// Tasks that are watched. Dropping this ends them.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
    roll: Roll,
}

/// The names of tasks, for who wants to know whether all go on; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roll(Arc<Mutex<Vec<(&'static str, AbortHandle)>>>);

impl Roll {
    /// One that has ended, if any has.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        let tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ended = tasks.iter().filter(|(_, task)| task.is_finished());
        ended.next().map(|(name, _)| *name)
    }

    fn add(&self, name: &'static str, task: AbortHandle) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push((name, task));
    }
}

impl Tasks {
    /// Starts without tasks; those to come are written into `roll`.
    pub(crate) fn on(roll: Roll) -> Self {
        Self {
            roll,
            ..Self::default()
        }
    }

    /// Starts one; `name` is for the sentence that says that it ended.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(task);
        self.names.insert(task.id(), name);
        self.roll.add(name, task);
    }

    /// Says which one ended, once one has.
    pub(crate) async fn ended(&mut self) -> String {
        let (id, how) = match self.tasks.join_next_with_id().await {
            None => pending().await,
            Some(Ok((id, ()))) => (id, "has ended"),
            // Its cause is in the log.
            Some(Err(error)) => (error.id(), "panicked"),
        };
        let name = self.names.get(&id).unwrap_or(&"a task");
        format!("{name} {how}")
    }

    /// Waits until each has ended by itself.
    pub(crate) async fn all_ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Ends them at once.
    pub(crate) async fn stop(&mut self) {
        self.tasks.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_or_panics_is_told_by_its_name() {
        let mut tasks = Tasks::default();
        tasks.spawn("the one that stays", pending());
        tasks.spawn("the reader of files", async { panic!("no more") });
        assert_eq!(tasks.ended().await, "the reader of files panicked");
        assert_eq!(tasks.roll.missing(), Some("the reader of files"));
        tasks.spawn("the port", async {});
        assert_eq!(tasks.ended().await, "the port has ended");
    }
}
