//! The functions side by side: rounds in shuffled order on one store over TLS.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf, absolute};

use emulator::{DynamoDb, ensure_table};
use serde::Serialize;

use crate::function::{Function, Life};
use crate::options::Options;
use crate::tls::Terminator;
use crate::{Error, Result, progress};

const TABLE: &str = "CloudResumeCounterHits";
/// A real event that asks for one page; the store is new, so its first hit is 1.
const EVENT: &str = include_str!("../../events/counter-get.json");

/// The authorities that the function trusts on AWS; here it reads them from a
/// file, which costs it time.
const AMAZON_ROOTS: &str = include_str!("../../backend/src/amazon-roots.pem");

/// The functions, and for each round the life of each in the same order.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    /// Ours first.
    pub(crate) functions: [Function; 3],
    /// The size of a reference with all that Lambda brings for it.
    pub(crate) vendored_zip_bytes: u64,
    pub(crate) rounds: Vec<[Life; 3]>,
}

/// Measures the functions, each in every round.
///
/// # Errors
/// When one does not count as it should.
pub(crate) async fn compare(options: &Options) -> Result<Comparison> {
    let store = DynamoDb::in_memory().await?;
    let port = store.listen().await?;
    let config = port.config();
    ensure_table(&config.client()?, counter::table(TABLE)).await?;
    let endpoint = config.endpoint.as_deref().unwrap_or_default();
    let address = endpoint.trim_start_matches("http://").to_owned();
    let tls = Terminator::start(address).await?;
    let functions = functions(options, &tls.authority)?;
    let key = config.credentials.as_ref().ok_or("the store has no key")?;
    let environment = environment(&[
        ("DYNAMODB_TABLE", TABLE),
        ("METRICS_NAMESPACE", "bench"),
        ("DYNAMODB_ENDPOINT", &tls.endpoint),
        ("AWS_ENDPOINT_URL_DYNAMODB", &tls.endpoint),
        ("AWS_ACCESS_KEY_ID", &key.id),
        ("AWS_SECRET_ACCESS_KEY", &key.secret),
        ("AWS_REGION", &config.region),
        ("AWS_DEFAULT_REGION", &config.region),
    ]);
    let calls = options.calls as usize;

    let mut rounds = Vec::new();
    let mut hits = 0;
    // Round 0 warms the system's file cache and is not kept.
    for round in 0..=options.rounds {
        let mut order = [0, 1, 2];
        fastrand::shuffle(&mut order);
        let mut lives = [None; 3];
        for index in order {
            let function = &functions[index];
            progress(&format!(
                "function round {round} of {}: {}",
                options.rounds, function.name
            ));
            let life = function.live(&environment, EVENT, calls, hits).await?;
            hits += u64::from(options.calls) + 1;
            lives[index] = Some(life);
        }
        if let ([Some(ours), Some(once), Some(per_call)], 1..) = (lives, round) {
            rounds.push([ours, once, per_call]);
        }
    }
    store.stop().await;
    Ok(Comparison {
        functions,
        vendored_zip_bytes: zip_bytes(&options.deployables, "vendored")?,
        rounds,
    })
}

/// The functions, each trusting the authorities it would on AWS and `authority`.
fn functions(options: &Options, authority: &str) -> Result<[Function; 3]> {
    // Absolute, since each function runs in its own folder.
    let deployables = absolute(&options.deployables)?;
    let python = absolute(&options.python)?;
    let trusting = |authorities: &str, file| {
        let bundle = absolute(options.scratch.join(file))?;
        fs::write(&bundle, format!("{authorities}\n{authority}"))?;
        Ok::<_, Error>(bundle)
    };
    let ours = trusting(AMAZON_ROOTS, "counter.pem")?;
    let theirs = trusting(
        &fs::read_to_string(&options.python_authorities)?,
        "python.pem",
    )?;
    let interpreted = |name, code, handler: &'static str| {
        let module = ["-m", "awslambdaric", handler].map(PathBuf::from);
        Ok::<_, Error>(Function {
            name,
            command: iter::once(python.clone()).chain(module).collect(),
            root: deployables.join(code),
            handler,
            ca_bundle: theirs.clone(),
            zip_bytes: zip_bytes(&deployables, code)?,
        })
    };
    Ok([
        Function {
            name: "counter",
            command: vec![deployables.join("counter/bootstrap")],
            root: deployables.join("counter"),
            handler: "bootstrap",
            ca_bundle: ours,
            zip_bytes: zip_bytes(&deployables, "counter")?,
        },
        interpreted("python, client once", "client_once", "client_once.handler")?,
        interpreted(
            "python, client per call",
            "client_per_call",
            "client_per_call.handler",
        )?,
    ])
}

fn zip_bytes(deployables: &Path, code: &str) -> Result<u64> {
    let zip = deployables.join(code).with_extension("zip");
    let file = fs::metadata(&zip).map_err(|error| format!("{}: {error}", zip.display()))?;
    Ok(file.len())
}

/// The variables that Lambda sets for every function, and the given ones.
fn environment<'a>(own: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let lambda = [
        ("AWS_EXECUTION_ENV", "AWS_Lambda_bench"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0"),
        ("AWS_SESSION_TOKEN", "bench"),
        ("LANG", "en_US.UTF-8"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TZ", ":UTC"),
    ];
    let all = lambda.into_iter().chain(own.iter().copied());
    all.map(|(name, value)| (name, value.to_owned())).collect()
}
