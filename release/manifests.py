"""Writes what package managers read of a release: `manifests.py <version> <repository> <folder>`,
with the address that the files of a tag are published below, and the folder that they
are in. A formula for Homebrew, a manifest for Scoop, and three for winget.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

SUMMARY = "A résumé page that counts its visitors, in one program"
LICENCE = "MIT OR Apache-2.0"
# Homebrew's words for Rust's names of systems.
BREWED = {
    "on_macos": {"on_arm": "aarch64-apple-darwin.tar.gz", "on_intel": "x86_64-apple-darwin.tar.gz"},
    "on_linux": {"on_arm": "aarch64-unknown-linux-musl.tar.gz", "on_intel": "x86_64-unknown-linux-musl.tar.gz"},
}
WINDOWS = "x86_64-pc-windows-gnu.zip"
WINGET = {"ManifestVersion": "1.10.0"}


def main(version, repository, folder):
    folder = Path(folder)
    owner = repository.rstrip("/").split("/")[-2]
    # What winget allows in an identifier.
    identifier = f"{re.sub(r'[^A-Za-z0-9]', '', owner)}.ResumeCounter"

    def file(ending):
        name = f"resume-counter-{version}-{ending}"
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        return f"{repository}/releases/download/v{version}/{name}", digest

    url, digest = file(WINDOWS)
    inside = f"resume-counter-{version}-{WINDOWS.removesuffix('.zip')}"
    scoop = {
        "version": version,
        "description": SUMMARY,
        "homepage": repository,
        "license": LICENCE.replace(" OR ", "|"),
        "architecture": {"64bit": {"url": url, "hash": digest, "extract_dir": inside}},
        "bin": "resume-counter.exe",
    }
    own = {"PackageIdentifier": identifier, "PackageVersion": version}
    winget = {
        "": {**own, "DefaultLocale": "en-US", "ManifestType": "version", **WINGET},
        ".installer": {
            **own,
            "InstallerType": "zip",
            "NestedInstallerType": "portable",
            "NestedInstallerFiles": [
                {"RelativeFilePath": f"{inside}\\resume-counter.exe", "PortableCommandAlias": "resume-counter"}
            ],
            "Installers": [{"Architecture": "x64", "InstallerUrl": url, "InstallerSha256": digest.upper()}],
            "ManifestType": "installer",
            **WINGET,
        },
        ".locale.en-US": {
            **own,
            "PackageLocale": "en-US",
            "Publisher": owner,
            "PackageName": "resume-counter",
            "PackageUrl": repository,
            "License": LICENCE,
            "ShortDescription": SUMMARY,
            "ManifestType": "defaultLocale",
            **WINGET,
        },
    }
    (folder / "resume-counter.rb").write_text(formula(version, repository, file), "utf-8")
    (folder / "resume-counter.scoop.json").write_text(json.dumps(scoop, indent=4, ensure_ascii=False) + "\n", "utf-8")
    for ending, manifest in winget.items():
        # JSON is YAML, too.
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{identifier}{ending}.yaml").write_text(text, "utf-8")


def formula(version, repository, file):
    lines = [
        "class ResumeCounter < Formula",
        f'  desc "{SUMMARY}"',
        f'  homepage "{repository}"',
        f'  version "{version}"',
        "  license any_of: " + json.dumps(LICENCE.split(" OR ")),
    ]
    for system, processors in BREWED.items():
        lines += ["", f"  {system} do"]
        for processor, ending in processors.items():
            url, digest = file(ending)
            lines += [f"    {processor} do", f'      url "{url}"', f'      sha256 "{digest}"', "    end"]
        lines += ["  end"]
    lines += [
        "",
        "  def install",
        '    bin.install "resume-counter"',
        '    man1.install Dir["man1/*.1"]',
        '    bash_completion.install "completions/resume-counter.bash" => "resume-counter"',
        '    zsh_completion.install "completions/_resume-counter"',
        '    fish_completion.install "completions/resume-counter.fish"',
        "  end",
        "",
        "  test do",
        '    assert_match version.to_s, shell_output("#{bin}/resume-counter --version")',
        "  end",
        "end",
        "",
    ]
    return "\n".join(lines)


main(*sys.argv[1:])
