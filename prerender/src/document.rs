//! The page as trunk staged it, and the places where something can be put in.

use super::PrerenderError;

/// Where trunk starts the WebAssembly: an inline script, and hints to load the
/// files it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loader {
    pub(super) script: String,
    pub(super) hints: String,
}

/// An HTML document in two halves, cut before `</head>`.
#[derive(Clone, Debug)]
pub(super) struct Document {
    head: String,
    body: String,
}

impl Document {
    pub(super) fn parse(html: &str) -> Result<Self, PrerenderError> {
        let end = html
            .find("</head>")
            .ok_or(PrerenderError::Markup("</head>"))?;
        let (head, body) = html.split_at(end);
        if !body.contains("<body>") {
            return Err(PrerenderError::Markup("plain <body>"));
        }
        Ok(Self {
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    /// Takes trunk's loader out. It is what follows the style sheet: in the
    /// page's source, the program is the last thing in the head.
    pub(super) fn take_loader(&mut self) -> Result<Loader, PrerenderError> {
        let missing = PrerenderError::Markup("inline script that loads the program");
        let Some(start) = self.head.find("<script type=module>") else {
            return Err(missing);
        };
        let loader = self.head.split_off(start);
        let script = loader
            .strip_prefix("<script type=module>")
            .and_then(|rest| rest.split_once("</script>"));
        match script {
            Some((script, hints)) => Ok(Loader {
                script: script.to_owned(),
                hints: hints.to_owned(),
            }),
            None => Err(missing),
        }
    }

    /// Puts elements before everything that loads something, since a content
    /// security policy does not hold for what comes before it.
    pub(super) fn put_first(&mut self, html: &str) {
        let at = self.head.find("<link").unwrap_or(self.head.len());
        self.head.insert_str(at, html);
    }

    /// Puts elements at the end of the head.
    pub(super) fn put_head(&mut self, html: &str) {
        self.head.push_str(html);
    }

    /// Puts elements at the start of the body.
    pub(super) fn put_body(&mut self, html: &str) {
        self.body = self.body.replacen("<body>", &format!("<body>{html}"), 1);
    }

    /// Puts `text` where the body's own words say `name`.
    pub(super) fn fill_in(&mut self, name: &str, text: &str) {
        self.body = self.body.replace(name, text);
    }

    pub(super) fn into_html(self) -> String {
        self.head + &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGED: &str = "<html lang=en><meta charset=utf-8><link href=/style.css rel=stylesheet>\
        <script type=module>start()</script><link href=/site.js rel=modulepreload></head>\
        <body></body></html>";

    #[test]
    fn everything_finds_its_place() {
        let mut page = Document::parse(STAGED).unwrap();
        let loader = page.take_loader().unwrap();
        page.put_first("<meta name=viewport>");
        page.put_head("<title>T</title>");
        page.put_body("<h1>T</h1>");
        assert_eq!(loader.script, "start()");
        assert_eq!(loader.hints, "<link href=/site.js rel=modulepreload>");
        assert_eq!(
            page.into_html(),
            "<html lang=en><meta charset=utf-8>\
             <meta name=viewport>\
             <link href=/style.css rel=stylesheet><title>T</title></head>\
             <body><h1>T</h1></body></html>"
        );
    }

    #[test]
    fn a_page_of_another_shape_is_refused() {
        assert!(Document::parse("<html><body></body></html>").is_err());
        assert!(Document::parse("<head></head><body class=x></body>").is_err());
        assert!(
            Document::parse("<head></head><body></body>")
                .unwrap()
                .take_loader()
                .is_err()
        );
    }
}
