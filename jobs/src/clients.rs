//! Clients for work that nobody waits for: they go on trying for longer than those of
//! an API may. Everything that is done with them may be done twice.

use std::io;
use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError};
use backend::dynamodb::Config;

/// Makes the client of DynamoDB, for a table with a provisioned rate. It tries a
/// throttled call again for as long as the function may run: half a minute.
///
/// # Errors
/// As for [`Config::client`].
pub fn dynamodb(config: &Config) -> io::Result<aws_sdk_dynamodb::Client> {
    let builder = aws_sdk_dynamodb::config::Builder::from(&config.sdk()?)
        .timeout_config(timeouts(3, 20))
        .retry_partition(unlimited("job-offers-table"))
        .retry_config(retries());
    Ok(aws_sdk_dynamodb::Client::from_conf(builder.build()))
}

/// Makes the client of the bucket.
///
/// # Errors
/// As for [`Config::client`].
pub fn s3(config: &Config) -> io::Result<aws_sdk_s3::Client> {
    let builder = aws_sdk_s3::config::Builder::from(&config.sdk()?)
        // Only on AWS does a bucket have a host of its own.
        .force_path_style(config.endpoint.is_some())
        .timeout_config(timeouts(60, 120))
        .retry_partition(unlimited("job-offers-bucket"))
        .retry_config(retries());
    Ok(aws_sdk_s3::Client::from_conf(builder.build()))
}

/// Opens a file as the body of an object, which is read while it is sent.
///
/// # Errors
/// When the file cannot be read.
pub async fn file(path: &Path) -> Result<ByteStream, ByteStreamError> {
    ByteStream::from_path(path).await
}

/// Makes the client of the queue.
///
/// # Errors
/// As for [`Config::client`].
pub fn sqs(config: &Config) -> io::Result<aws_sdk_sqs::Client> {
    let builder = aws_sdk_sqs::config::Builder::from(&config.sdk()?)
        .timeout_config(timeouts(10, 60))
        .retry_partition(unlimited("job-offers-queue"))
        .retry_config(retries());
    Ok(aws_sdk_sqs::Client::from_conf(builder.build()))
}

/// Seconds for one attempt, and for all of them.
fn timeouts(attempt: u64, all: u64) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(attempt))
        .operation_timeout(Duration::from_secs(all))
        .build()
}

/// The SDK shares 500 tokens among all calls of a process, takes five for a retry
/// of a throttled call, and gives one back for a success. A table that takes five
/// rows a second uses them up in seconds, and then every throttled call would fail
/// at once.
fn unlimited(name: &'static str) -> RetryPartition {
    RetryPartition::custom(name)
        .token_bucket(TokenBucket::unlimited())
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(12)
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_secs(3))
}
