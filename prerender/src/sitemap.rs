//! The list of the site's pages for search engines.

use url::Url;

pub(crate) const NAME: &str = "sitemap.xml";

/// A sitemap by <https://www.sitemaps.org/protocol.html>.
pub(crate) fn write(addresses: &[Url]) -> String {
    let mut map = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for address in addresses {
        let address = address
            .as_str()
            .replace('&', "&amp;")
            .replace('\'', "&apos;");
        map += &format!("<url><loc>{address}</loc></url>\n");
    }
    map + "</urlset>\n"
}
