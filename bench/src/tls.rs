//! TLS in front of the store, as DynamoDB has it, under a certificate
//! authority made for the run.

use std::net::Ipv4Addr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::Result;

/// An `https://` address that passes everything on to the store.
pub(crate) struct Terminator {
    /// The URL it listens on.
    pub(crate) endpoint: String,
    /// The authority that signed for it, in PEM.
    pub(crate) authority: String,
    server: JoinHandle<()>,
}

impl Terminator {
    /// Listens in front of `store` (`host:port`).
    pub(crate) async fn start(store: String) -> Result<Self> {
        let mut authority = CertificateParams::default();
        // A name of its own: to OpenSSL, issuer and subject of one name are
        // one self-signed certificate.
        authority
            .distinguished_name
            .push(DnType::CommonName, "benchmark's authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let issuer_key = KeyPair::generate()?;
        let root = authority.self_signed(&issuer_key)?;

        let mut server = CertificateParams::new(["localhost".to_owned()])?;
        server.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = server.signed_by(&key, &Issuer::new(authority, issuer_key))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.into()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let endpoint = format!("https://localhost:{}", listener.local_addr()?.port());
        let server = tokio::spawn(accept(listener, TlsAcceptor::from(Arc::new(config)), store));
        Ok(Self {
            endpoint,
            authority: root.pem(),
            server,
        })
    }
}

impl Drop for Terminator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, store: String) {
    while let Ok((client, _)) = listener.accept().await {
        let (acceptor, store) = (acceptor.clone(), store.clone());
        // A connection that breaks is the client's to notice.
        tokio::spawn(async move { relay(client, &acceptor, &store).await });
    }
}

async fn relay(client: TcpStream, acceptor: &TlsAcceptor, store: &str) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    let mut store = TcpStream::connect(store).await?;
    store.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut store).await?;
    Ok(())
}
