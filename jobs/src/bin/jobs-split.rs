//! The Lambda that S3 calls with each new file: wiring only.

use backend::dynamodb::Config;
use backend::{Metric, causes, count, environment, telemetry};
use jobs::{BucketEvent, Log, Split, clients, split};
use lambda_http::lambda_runtime::{self, Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let function = &Split {
        s3: clients::s3(&Config::from_env_for("AWS_ENDPOINT_URL_S3")?)?,
        sqs: clients::sqs(&Config::from_env_for("AWS_ENDPOINT_URL_SQS")?)?,
        queue_url: environment::required("QUEUE_URL")?,
        log: Log::new(
            clients::dynamodb(&Config::from_env()?)?,
            environment::required("JOBS_LOG_TABLE")?,
            jiff::Timestamp::now,
        ),
    };
    lambda_runtime::run(service_fn(|event: LambdaEvent<BucketEvent>| async move {
        let outcome = split(function, event.payload).await;
        outcome
            .map(|sent| count(Metric::RejectedRows, sent.rejected))
            .map_err(|error| causes(&error))
    }))
    .await
}
