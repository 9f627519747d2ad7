//! Puts the pages' shells, which the build of the pages leaves in `shells`,
//! where the program takes them in. Without them it carries none. Gives the program
//! for Windows the icon and the version that its Explorer shows.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=RESUME_COUNTER_SHELLS");
    let shells = env::var_os("RESUME_COUNTER_SHELLS")
        .map_or_else(|| PathBuf::from("../shells"), PathBuf::from);
    println!("cargo::rerun-if-changed={}", shells.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("shells");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    if shells.is_dir() {
        copy(&shells, &out)?;
    }
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "windows") {
        describe_to_windows();
    }
    Ok(())
}

/// A toolchain that lacks the resource compiler still builds the program.
fn describe_to_windows() {
    const ICON: &str = "../site/favicon.ico";
    println!("cargo::rerun-if-changed={ICON}");
    let icon = Path::new(env!("CARGO_MANIFEST_DIR")).join(ICON);
    let done = winresource::WindowsResource::new()
        .set("ProductName", "resume-counter")
        .set("FileDescription", "resume-counter")
        .set("OriginalFilename", "resume-counter.exe")
        .set("LegalCopyright", env!("CARGO_PKG_LICENSE"))
        .set_icon(&icon.to_string_lossy())
        .compile_for("resume-counter");
    if let Err(error) = done {
        println!("cargo::warning=the program has no icon and no version: {error}");
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}
