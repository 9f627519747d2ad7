//! The Lambda behind `/v1/jobs`: wiring only.

use backend::{Owner, dynamodb, environment, event, telemetry};
use jobs::{Api, Log, Offers};
use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = dynamodb::Config::from_env()?.client()?;
    let log = environment::required("JOBS_LOG_TABLE")?;
    let api = &Api {
        offers: Offers::new(client.clone(), environment::required("JOBS_TABLE")?),
        log: Log::new(client, log, jiff::Timestamp::now),
        owner: Owner::from_env()?,
        clock: jiff::Timestamp::now,
    };
    event::run(service_fn(|request: Request| async move {
        let response = telemetry::logged(request, |r| jobs::handle(api, r)).await;
        Ok::<_, Error>(response)
    }))
    .await
}
