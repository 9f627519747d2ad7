//! Pages that are made small: real files, and the tools that a build uses.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pages::polish;

const SOURCE: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <link data-trunk rel="css" href="../site/style.css">
    <link data-trunk rel="copy-file" href="robots.txt">
  </head>
  <body></body>
</html>
"#;

/// Polishes a page with this style sheet, and gives the names of its files.
fn polished(folder: &Path, style: &str) -> BTreeSet<String> {
    fs::write(folder.join("style.css"), style).unwrap();
    fs::write(folder.join("robots.txt"), "User-agent: *\n").unwrap();
    polish(SOURCE, folder, "/x/").unwrap();
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_style_sheet_is_small_and_named_by_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let names = polished(folder.path(), "/* dark */\nbody {\n  color: black;\n}\n");
    let style = names.iter().find(|name| name.ends_with(".css")).unwrap();
    assert_eq!(
        names,
        ["index.html", "robots.txt", style]
            .map(str::to_owned)
            .into()
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read(style), "body{color:#000}\n");
    assert_eq!(
        read("index.html"),
        format!(
            "<!doctype html><html lang=\"en\"><head>\
             <link rel=\"stylesheet\" href=\"/x/{style}\"></head><body></body></html>"
        )
    );

    let other = tempfile::tempdir().unwrap();
    let same = polished(other.path(), "body{color:#000}");
    assert!(same.contains(style));
    let other = tempfile::tempdir().unwrap();
    let another = polished(other.path(), "body{color:red}");
    assert!(!another.contains(style));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = polish(SOURCE, folder.path(), "/").unwrap_err();
    assert!(format!("{error:#}").contains("style.css"), "{error:#}");
}
