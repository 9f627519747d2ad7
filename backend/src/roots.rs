//! The certificate authorities that this machine trusts.

use rustls::RootCertStore;

/// Adds the system's own.
#[cfg(not(target_os = "macos"))]
pub(crate) fn add_system_roots(roots: &mut RootCertStore) {
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
}

/// Adds those of Mozilla: the system's are in its keychain, which is read by
/// frameworks that only Apple's tools link.
#[cfg(target_os = "macos")]
pub(crate) fn add_system_roots(roots: &mut RootCertStore) {
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
}
