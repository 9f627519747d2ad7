//! The browser that is installed on this machine and can print to a file.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The names that Chromium, Chrome and Edge have on the search path.
const NAMES: [&str; 8] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
];

/// The places that are not on the path: on a Mac, and on Windows below the
/// folders that these variables name.
const OF_MAC: [&str; 3] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
const OF_WINDOWS: [&str; 2] = [
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
];
const FOLDERS_OF_WINDOWS: [&str; 3] = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];

/// The first of them that is there.
pub(super) fn find() -> Option<PathBuf> {
    let on_path = env::var_os("PATH").and_then(|path| on_path(&path));
    let places = || {
        let windows = FOLDERS_OF_WINDOWS
            .iter()
            .filter_map(env::var_os)
            .flat_map(|folder| OF_WINDOWS.map(|name| Path::new(&folder).join(name)));
        OF_MAC.map(PathBuf::from).into_iter().chain(windows)
    };
    on_path.or_else(|| places().find(|place| place.is_file()))
}

fn on_path(path: &OsStr) -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(path).collect();
    let files = NAMES.iter().flat_map(|name| {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&name))
    });
    files.into_iter().find(|file| file.is_file())
}
