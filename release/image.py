"""Makes an OCI archive of what a Containerfile says, for two processors and without
an engine: `image.py <folder of the Containerfile> <version> <archive>`.

It knows the instructions that ours uses, and stops at any other.
"""

import gzip
import hashlib
import io
import json
import os
import re
import shlex
import sys
import tarfile
from datetime import datetime, timezone
from pathlib import Path

ARCHITECTURES = ["amd64", "arm64"]
EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])


def main(folder, version, archive):
    image = Image()
    manifests = [image.add_platform(Path(folder), architecture) for architecture in ARCHITECTURES]
    index = image.add({"schemaVersion": 2, "mediaType": media("index"), "manifests": manifests}, media("index"))
    named = {**index, "annotations": {"org.opencontainers.image.ref.name": version}}
    image.files["index.json"] = text({"schemaVersion": 2, "mediaType": media("index"), "manifests": [named]})
    image.files["oci-layout"] = text({"imageLayoutVersion": "1.0.0"})
    Path(archive).write_bytes(tar((name, content, 0o644, 0) for name, content in sorted(image.files.items())))


class Image:
    """The files of an image layout, by their names."""

    def __init__(self):
        self.files = {}

    def add(self, content, kind):
        content = content if isinstance(content, bytes) else text(content)
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}

    def add_platform(self, folder, architecture):
        copied, config = read(folder, architecture)
        layer = tar(copied)
        created = datetime.fromtimestamp(EPOCH, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        platform = {"architecture": architecture, "os": "linux"}
        described = self.add(
            {
                "created": created,
                **platform,
                "config": config,
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
                "history": [{"created": created, "created_by": "Containerfile"}],
            },
            media("config"),
        )
        packed = self.add(gzip.compress(layer, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip")
        manifest = {"schemaVersion": 2, "mediaType": media("manifest"), "config": described, "layers": [packed]}
        return {**self.add(manifest, media("manifest")), "platform": platform}


def read(folder, architecture):
    """What a Containerfile copies, and the configuration that it makes."""
    files, config = {}, {"Env": [], "Labels": {}}
    lines = (folder / "Containerfile").read_text(encoding="utf-8").splitlines()
    for line in lines:
        instruction, _, rest = line.replace("${TARGETARCH}", architecture).partition(" ")
        if not instruction or instruction == "#":
            continue
        elif (instruction, rest) in [("FROM", "scratch"), ("ARG", "TARGETARCH")]:
            continue
        elif instruction == "COPY":
            owner, source, target = re.fullmatch(r"(?:--chown=(\d+):\d+ )?(\S+) /(\S+)", rest).groups()
            for parent in Path(target).parents:
                files.setdefault(parent.as_posix(), (None, 0o755, 0))
            source = folder / source
            content = None if source.is_dir() else source.read_bytes()
            files[target] = (content, 0o755, int(owner or 0))
        elif instruction == "LABEL":
            [label] = shlex.split(rest)
            name, _, value = label.partition("=")
            config["Labels"][name] = value
        elif instruction == "ENV":
            config["Env"].append(rest)
        elif instruction == "EXPOSE":
            config["ExposedPorts"] = {f"{rest}/tcp": {}}
        elif instruction == "VOLUME":
            config["Volumes"] = {rest: {}}
        elif instruction == "USER":
            config["User"] = rest
        elif instruction == "WORKDIR":
            config["WorkingDir"] = rest
        elif instruction == "ENTRYPOINT":
            config["Entrypoint"] = json.loads(rest)
        elif instruction == "HEALTHCHECK":
            # OCI has no such thing; engines that know it read it here.
            config["Healthcheck"] = {"Test": ["CMD", *json.loads(rest.removeprefix("CMD "))]}
        else:
            sys.exit(f"error: {folder}/Containerfile: {line}")
    files.pop(".", None)
    return [(name, *rest) for name, rest in sorted(files.items())], config


def tar(files):
    """An archive of these files, which is the same whoever makes it, whenever."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content, mode, owner in files:
            entry = tarfile.TarInfo(name)
            entry.mode, entry.mtime, entry.uid, entry.gid = mode, EPOCH, owner, owner
            if content is None:
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def media(kind):
    return f"application/vnd.oci.image.{kind}.v1+json"


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


main(*sys.argv[1:])
