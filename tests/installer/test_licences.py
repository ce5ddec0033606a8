"""Licences of everything that is inside, collected from a small tree that stands for a build."""

from __future__ import annotations

from importlib.metadata import Distribution
from pathlib import Path

import pytest

from installer import licences
from installer.build import Build, Stop
from installer.dead_weight import EXCLUDED_MODULES
from installer.licences import Component, component_of, write


def install(site: Path, name: str, version: str, metadata: str, **files: str) -> None:
    """Put a distribution into ``site`` as pip does, files by their path below its dist-info."""
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}\n"
    )
    record = [f"{folder.name}/METADATA,,"]
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        record.append(f"{folder.name}/{place},,")
    (folder / "RECORD").write_text("\n".join(record) + "\n")


@pytest.fixture
def frozen(build: Build, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A frozen folder with two distributions, and the environment that they came from."""
    site = build.environment / "lib" / "python3.11" / "site-packages"
    texts = {"licenses/LICENSE": "You may.", "licenses/sub/NOTICE.txt": "Note."}
    install(site, "Sound_Thing", "1.2", "License-Expression: MIT", **texts)
    install(site, "wordless", "3", "License: LGPL-3.0-only OR GPL-3.0-only")
    install(site, "pyinstaller", "6", "License: GPL", COPYING="with an exception")
    install(site, "pytest", "9", "License: MIT", LICENSE="not inside")
    for name, version in (("Sound_Thing", "1.2"), ("wordless", "3")):
        install(build.libraries, name, version, "")
    fonts = build.libraries / "resources" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "Inter-OFL.txt").write_text("The font's.")
    (fonts / "Inter.otf").write_text("no licence")
    starter = build.libraries / "models" / "starter"
    starter.mkdir(parents=True)
    (starter / "ATTRIBUTION.md").write_text("Thanks.")
    monkeypatch.setattr(licences, "foreign_libraries", lambda _: [])
    return build


def test_every_text_is_inside_and_listed(frozen: Build) -> None:
    said: list[str] = []
    licences.collect(frozen, said.append)
    folder = frozen.libraries / "licences"
    assert (folder / "sound-thing" / "licenses" / "LICENSE").read_text() == "You may."
    assert (folder / "sound-thing" / "licenses" / "sub" / "NOTICE.txt").read_text() == "Note."
    assert (folder / "sa-studio" / "LICENSE").read_text().lstrip().startswith("Apache License")
    assert (folder / "sa-studio" / "resources-fonts-Inter-OFL.txt").read_text() == "The font's."
    assert (folder / "sa-studio" / "models-starter-ATTRIBUTION.md").is_file()
    assert (folder / "pyinstaller" / "COPYING").is_file()
    assert not (folder / "pytest").exists()
    index = (folder / "LICENCES.txt").read_text()
    assert "Sound_Thing 1.2: MIT (sound-thing/)" in index
    assert "wordless 3: LGPL-3.0-only OR GPL-3.0-only (wordless/)" in index
    assert "LESSER" in (folder / "wordless" / "LGPL-3.0.txt").read_text()
    assert "GNU GENERAL" in (folder / "wordless" / "GPL-3.0.txt").read_text()
    assert "Python " in index
    assert "LICENCES.txt lists them" in said[0]


def test_collecting_again_leaves_nothing_of_before(frozen: Build) -> None:
    licences.collect(frozen, print)
    old = frozen.libraries / "licences" / "gone" / "LICENSE"
    old.parent.mkdir()
    old.write_text("of something that is not inside any more")
    licences.collect(frozen, print)
    assert not old.exists()


def test_nothing_without_a_licence_passes(tmp_path: Path) -> None:
    silent = [Component("quiet", "1", "", ()), Component("mute", "2", "MIT", ())]
    with pytest.raises(Stop, match=r"was not found: mute \(MIT\), quiet \(it names no"):
        write(silent, tmp_path, "")


def test_a_text_of_apache_s_is_the_application_s_own(build: Build) -> None:
    bare = Component("tokens", "1", "Apache Software License", ())
    found = licences.with_common_text(bare, build.packaging / "licences")
    assert found.files == (("LICENSE", build.root / "LICENSE"),)


def test_a_whole_text_in_the_metadata_is_no_name(tmp_path: Path) -> None:
    metadata = "License: Copyright\n        all of it\nClassifier: License :: OSI Approved :: X11"
    install(tmp_path, "old", "1", metadata)
    found = component_of(Distribution.at(tmp_path / "old-1.dist-info"))
    assert found.licence == "X11"


def test_a_library_of_nobody_stops_the_build(tmp_path: Path) -> None:
    library = tmp_path / "libmine.so.1"
    library.write_bytes(b"\x7fELF")
    with pytest.raises(Stop, match=r"libmine\.so\.1 was frozen and belongs to no package"):
        licences.system_components([library])


def test_a_library_under_the_gpl_stops_the_build(
    frozen: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Path("/usr/lib/libreadline.so.8")
    monkeypatch.setattr(licences, "foreign_libraries", lambda _: [library])
    monkeypatch.setattr(licences, "package_of", lambda _: "libreadline8")
    with pytest.raises(Stop, match=r"libreadline8 is under the GPL"):
        licences.collect(frozen, print)
    assert "readline" in EXCLUDED_MODULES
