//! The rule for repeating failed calls: only those known not to have been
//! applied are tried again. The SDK's own rule also repeats a write whose
//! answer was lost, and an `ADD` that is repeated counts twice.

use std::error::Error;

use aws_config::retry::ErrorKind;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use hyper_util::client::legacy;

/// The code of a write that met a transaction.
pub(crate) const TRANSACTION_CONFLICT: &str = "TransactionConflictException";

/// Narrows what the SDK's classifiers decided before it.
///
/// A throttled call was refused unrun, so their verdict stands; a connection
/// that was never made carried nothing; every other failure may have followed
/// the write.
#[derive(Debug)]
pub(crate) struct RetryOnlyUnapplied;

impl ClassifyRetry for RetryOnlyUnapplied {
    fn classify_retry(&self, call: &InterceptorContext) -> RetryAction {
        self.classify_retry_v2(call, &RetryAction::NoActionIndicated)
    }

    fn classify_retry_v2(&self, call: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        let Some(Err(error)) = call.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        if is_throttling(previous) {
            return RetryAction::NoActionIndicated;
        }
        if met_a_transaction(call) {
            return RetryAction::transient_error();
        }
        match error.as_connector_error() {
            Some(cause) if was_never_connected(cause) => RetryAction::transient_error(),
            _ => RetryAction::RetryForbidden,
        }
    }

    fn name(&self) -> &'static str {
        "retry only what was not applied"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

fn is_throttling(verdict: &RetryAction) -> bool {
    matches!(
        verdict,
        RetryAction::RetryIndicated(RetryReason::RetryableError {
            kind: ErrorKind::ThrottlingError,
            ..
        })
    )
}

/// DynamoDB turns away a write to an item that a transaction is writing; the
/// SDK's classifiers do not know it.
fn met_a_transaction(call: &InterceptorContext) -> bool {
    let body = call.response().and_then(|response| response.body().bytes());
    body.is_some_and(|body| {
        let code = TRANSACTION_CONFLICT.as_bytes();
        body.windows(code.len()).any(|window| window == code)
    })
}

fn was_never_connected(error: &ConnectorError) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(connection) = error.downcast_ref::<legacy::Error>() {
            return connection.is_connect();
        }
        cause = error.source();
    }
    false
}
