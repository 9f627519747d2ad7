//! The Lambda behind `/v1/jobs`: wiring only.

use backend::{Owner, dynamodb, environment, event, telemetry};
use jobs::{Api, Offers};
use lambda_http::{Error, Request, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = dynamodb::Config::from_env()?.client()?;
    let api = &Api {
        offers: Offers::new(client, environment::required("JOBS_TABLE")?),
        owner: Owner::from_env()?,
        clock: jiff::Timestamp::now,
    };
    event::run(service_fn(|request: Request| async move {
        let response = telemetry::logged(request, |r| jobs::handle(api, r)).await;
        Ok::<_, Error>(response)
    }))
    .await
}
