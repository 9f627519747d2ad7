//! The Lambda behind `/visits`: wiring only.

use backend::{Bounds, Cdn, Owner, dynamodb, environment, event, telemetry};
use lambda_http::{Error, Request, service_fn};
use visits::{Log, Retention, Salts, Visits, Zone};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let client = dynamodb::Config::from_env()?.client()?;
    let visits = &Visits {
        log: Log::new(client.clone(), environment::required("VISITS_TABLE")?)
            .within(Bounds::from_env()?)
            .keeping(Retention::from_env()?)
            .by(Zone::from_env()?),
        salts: Salts::new(client, environment::required("SALTS_TABLE")?),
        owner: Owner::from_env()?,
        cdn: Cdn::from_env(),
        clock: jiff::Timestamp::now,
    };
    visits.log.connect().await;
    event::run(service_fn(|request: Request| async move {
        let response = telemetry::logged(request, |r| visits::handle(visits, r)).await;
        Ok::<_, Error>(response)
    }))
    .await
}
