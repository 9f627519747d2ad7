//! Puts the pages' shells, which the build of the pages leaves in `shells`,
//! where the program takes them in. Without them it carries none.

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
    Ok(())
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
