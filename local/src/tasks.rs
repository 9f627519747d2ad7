//! The tasks that run for as long as the program does: when one ends, so does
//! the program, and whatever started it starts it again.

use std::collections::HashMap;
use std::future::{Future, pending};

use tokio::task::{Id, JoinSet};

/// Tasks that are watched. Dropping this ends them.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

impl Tasks {
    /// Starts one; `name` is for the sentence that says that it ended.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.tasks.spawn(task).id();
        self.names.insert(id, name);
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
        tasks.spawn("the port", async {});
        assert_eq!(tasks.ended().await, "the port has ended");
    }
}
