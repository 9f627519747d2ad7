//! The DynamoDB client, and the configuration that it shares with the clients
//! of other services: one for Lambda, for one machine and for the tests, which
//! differ in values only.

use std::io;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::ReconnectMode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::environment::{self, Missing};
use crate::http_client;
use crate::retry::RetryOnlyUnapplied;
use crate::roots::add_system_roots;

/// The certificate authorities that sign for AWS, from
/// <https://www.amazontrust.com/repository/>. Reading the system's bundle of
/// 140 instead would cost a cold start a millisecond of CPU.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// A call is given up after this long, retries included: it leaves half of a
/// function's three seconds for the cold start and the answer.
const CALL_TIMEOUT: Duration = Duration::from_millis(1500);

/// The time-out for programs, which can wait longer than a visitor.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(30);

/// The address of a service, and the keys of its caller.
#[derive(Clone, Debug)]
pub struct Config {
    /// Endpoint URL of a compatible service; `None` is AWS itself.
    pub endpoint: Option<String>,
    /// Region that requests are signed for.
    pub region: String,
    /// Access keys; `None` takes them from the environment, which is how
    /// Lambda gives a function its role.
    pub credentials: Option<AccessKey>,
    /// PEM file of certificate authorities to trust instead of the built-in
    /// ones, as `AWS_CA_BUNDLE` means it for every AWS SDK.
    pub ca_bundle: Option<String>,
    /// Carries the requests instead of the network, to a service in this
    /// process.
    pub transport: Option<SharedHttpClient>,
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
    /// Reads `DYNAMODB_ENDPOINT`, or `AWS_ENDPOINT_URL` which every AWS SDK takes
    /// for all services, `AWS_REGION` and `AWS_CA_BUNDLE`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env() -> Result<Self, Missing> {
        Self::from_env_for("DYNAMODB_ENDPOINT")
    }

    /// Reads the same of another service, whose endpoint has a variable of its
    /// own, such as `AWS_ENDPOINT_URL_SQS`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env_for(endpoint: &str) -> Result<Self, Missing> {
        Ok(Self {
            endpoint: environment::optional(endpoint)
                .or_else(|| environment::optional("AWS_ENDPOINT_URL")),
            region: environment::required("AWS_REGION")?,
            credentials: None,
            ca_bundle: environment::optional("AWS_CA_BUNDLE"),
            transport: None,
        })
    }

    /// Builds the client. It connects at the first call, not here.
    ///
    /// # Errors
    /// When the CA bundle cannot be read, or there are no access keys.
    pub fn client(&self) -> io::Result<Client> {
        let config = aws_sdk_dynamodb::config::Builder::from(&self.sdk()?)
            .retry_classifier(RetryOnlyUnapplied);
        Ok(Client::from_conf(config.build()))
    }

    /// The settings of any service's client.
    ///
    /// # Errors
    /// As for [`Config::client`].
    pub fn sdk(&self) -> io::Result<SdkConfig> {
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(self.credentials()?))
            // They never change: Lambda's end with the process.
            .identity_cache(IdentityCache::no_cache())
            .http_client(match &self.transport {
                Some(transport) => transport.clone(),
                None => http_client::new(self.tls()?),
            })
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_timeout(CALL_TIMEOUT)
                    .build(),
            )
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(4)
                    .with_initial_backoff(Duration::from_millis(50))
                    .with_reconnect_mode(match self.transport {
                        // There is no connection that could be closed.
                        Some(_) => ReconnectMode::ReuseAllConnections,
                        None => ReconnectMode::ReconnectOnTransientError,
                    }),
            )
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        sdk.set_endpoint_url(self.endpoint.clone());
        Ok(sdk.build())
    }

    fn credentials(&self) -> io::Result<Credentials> {
        let (id, secret, token) = match &self.credentials {
            Some(key) => (key.id.clone(), key.secret.clone(), None),
            None => (
                environment::required("AWS_ACCESS_KEY_ID").map_err(io::Error::other)?,
                environment::required("AWS_SECRET_ACCESS_KEY").map_err(io::Error::other)?,
                environment::optional("AWS_SESSION_TOKEN"),
            ),
        };
        Ok(Credentials::new(id, secret, token, None, "configuration"))
    }

    fn tls(&self) -> io::Result<ClientConfig> {
        let mut roots = RootCertStore::empty();
        match (&self.ca_bundle, &self.endpoint) {
            (Some(path), _) => {
                let trusted = std::fs::read(path).and_then(|bundle| certificates(&bundle));
                let trusted = trusted
                    .map_err(|e| io::Error::new(e.kind(), format!("AWS_CA_BUNDLE {path}: {e}")))?;
                roots.add_parsable_certificates(trusted);
            }
            (None, None) => {
                roots.add_parsable_certificates(certificates(AMAZON_ROOTS)?);
            }
            (None, Some(_)) => add_system_roots(&mut roots),
        }
        let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        Ok(tls.with_root_certificates(roots).with_no_client_auth())
    }
}

fn certificates(pem: &[u8]) -> io::Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)
}

/// Makes a client of `client` for programs that wait for slow disks and long lines.
pub fn patient(client: &Client) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(PROGRAM_TIMEOUT)
        .build();
    let config = client.config().to_builder().timeout_config(timeouts);
    Client::from_conf(config.build())
}
