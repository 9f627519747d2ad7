//! The DynamoDB client: one configuration for Lambda, for one machine and for
//! the tests, which differ in values only.

use std::io;
use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::environment::{self, Missing};
use crate::retry::RetryOnlyUnapplied;

/// The certificate authorities that sign for AWS, from
/// <https://www.amazontrust.com/repository/>. Reading the system's bundle of
/// 140 instead would cost a cold start a millisecond of CPU.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// A call is given up after this long, retries included: it leaves half of a
/// function's three seconds for the cold start and the answer.
const CALL_TIMEOUT: Duration = Duration::from_millis(1500);

/// Nothing was sent on a connection that was not made, so giving up early
/// leaves time to try again.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// DynamoDB closes idle connections; closing them first keeps a request from
/// being sent into one that is already gone, when its outcome is unknown.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// Where DynamoDB is and who asks.
#[derive(Clone, Debug)]
pub struct Config {
    /// Endpoint URL of a DynamoDB-compatible store; `None` is AWS itself.
    pub endpoint: Option<String>,
    /// Region that requests are signed for.
    pub region: String,
    /// Access keys; `None` takes them from the environment, which is how
    /// Lambda gives a function its role.
    pub credentials: Option<AccessKey>,
    /// PEM file of certificate authorities to trust instead of the built-in
    /// ones, as `AWS_CA_BUNDLE` means it for every AWS SDK.
    pub ca_bundle: Option<String>,
}

/// A pair of access key and secret.
#[derive(Clone)]
pub struct AccessKey {
    /// Access key id.
    pub id: String,
    /// Secret access key.
    pub secret: String,
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey(..)")
    }
}

impl Config {
    /// Reads `DYNAMODB_ENDPOINT`, `AWS_REGION` and `AWS_CA_BUNDLE`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env() -> Result<Self, Missing> {
        Ok(Self {
            endpoint: environment::optional("DYNAMODB_ENDPOINT"),
            region: environment::required("AWS_REGION")?,
            credentials: None,
            ca_bundle: environment::optional("AWS_CA_BUNDLE"),
        })
    }

    /// Builds the client. It connects at the first call, not here.
    ///
    /// # Errors
    /// When the CA bundle cannot be read.
    pub fn client(&self) -> io::Result<Client> {
        let credentials = match &self.credentials {
            Some(key) => SharedCredentialsProvider::new(Credentials::new(
                &key.id,
                &key.secret,
                None,
                None,
                "configuration",
            )),
            None => SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()),
        };
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(self.tls_context()?)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build_https();
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(credentials)
            .http_client(http)
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .operation_timeout(CALL_TIMEOUT)
                    .build(),
            )
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(4)
                    .with_initial_backoff(Duration::from_millis(50)),
            )
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        let mut config =
            aws_sdk_dynamodb::config::Builder::from(&sdk).retry_classifier(RetryOnlyUnapplied);
        config.set_endpoint_url(self.endpoint.clone());
        Ok(Client::from_conf(config.build()))
    }

    fn tls_context(&self) -> io::Result<TlsContext> {
        let trusted = match (&self.ca_bundle, &self.endpoint) {
            (Some(path), _) => TrustStore::empty().with_pem_certificate(
                std::fs::read(path)
                    .map_err(|e| io::Error::new(e.kind(), format!("AWS_CA_BUNDLE {path}: {e}")))?,
            ),
            (None, None) => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
            (None, Some(_)) => TrustStore::default(),
        };
        TlsContext::builder()
            .with_trust_store(trusted)
            .build()
            .map_err(io::Error::other)
    }
}
