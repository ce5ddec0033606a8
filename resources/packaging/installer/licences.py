"""Collects the licences of everything that is inside, into the frozen folder.

What is inside comes from four places: Python distributions, Python itself, libraries of the
machine that freezes, and what the application itself ships. Nothing without a licence passes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from importlib.metadata import Distribution, distributions
from pathlib import Path

from installer.build import Build, Stop
from installer.frozen import collected_files, frozen_distributions, normal
from installer.steps import Say, Step, Task
from installer.system_needs import package_of

FOLDER = "licences"
INDEX = "LICENCES.txt"
PATTERNS = ("licen[cs]e*", "copying*", "notice*", "authors*", "*.apache", "*.bsd", "*ofl*.txt")
# what stands for the text that a distribution has left out, by a word of its licence's name
COMMON = {
    "lgpl-3.0": ("LGPL-3.0.txt", "GPL-3.0.txt"),  # the one adds to the other
    "apache": ("../../../LICENSE",),
}
# packages under the GPL: who passes on the application with one of them passes on all of it as such
REFUSED = ("libreadline", "libgdbm")
HEAD = """\
SA Studio {version} is licensed under the Apache License 2.0: see sa-studio/LICENSE.
It brings what is listed here, each part under its own licence, whose text lies in the folder of
its name. Qt and PySide6 are used under the LGPL 3, libsndfile and soxr under the LGPL 2.1: they
lie in this installation as libraries of their own, and you may replace them.

"""


@dataclass(frozen=True)
class Component:
    """Something that is inside.

    Attributes:
        name, version: as its authors call it.
        licence: what its metadata say, in a word or an SPDX expression; may be empty.
        files: texts, with the names that they shall have.
    """

    name: str
    version: str
    licence: str
    files: tuple[tuple[str, Path], ...]

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return normal(self.name)


def licences_step(build: Build) -> Step:
    """Licences into the frozen folder, or a stop that names what has none."""
    target = build.short(build.libraries / FOLDER)
    return Step(
        "Collect the licences of everything that is inside",
        [Task(f"copy their texts to {target}", lambda say: collect(build, say))],
    )


def collect(build: Build, say: Say) -> None:
    """Write the texts and an index beside them.

    Raises:
        Stop: a component has no text.
    """
    target = build.libraries / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    components = [own_component(build), *installed_components(build), python_component()]
    components += tool_components(build, ["pyinstaller"])
    if build.system == "linux":
        components += system_components(foreign_libraries(build))
    write(components, target, HEAD.format(version=build.version))
    texts = sum(len(component.files) for component in components)
    say(f"{texts} texts of {len(components)} components; {INDEX} lists them")


def write(components: Iterable[Component], target: Path, head: str) -> None:
    """Copy every text, and say in an index what has which licence.

    Raises:
        Stop: naming every component without a text.
    """
    lines = []
    silent = []
    for component in sorted(components, key=lambda component: component.folder):
        for name, source in component.files:
            copy = target / component.folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        if not component.files:
            silent.append(f"{component.name} ({component.licence or 'it names no licence'})")
        where = f"{component.folder}/"
        licence = component.licence or "see the text"
        lines.append(f"{component.name} {component.version}".strip() + f": {licence} ({where})")
    if silent:
        raise Stop(
            f"These are inside, and the text of their licence was not found: {', '.join(silent)}"
        )
    target.mkdir(parents=True, exist_ok=True)
    (target / INDEX).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def own_component(build: Build) -> Component:
    """The application, its starter model, its fonts and its list of categories."""
    files = [("LICENSE", build.root / "LICENSE")]
    for folder in ("resources", "models"):
        for file in sorted((build.libraries / folder).rglob("*")):
            named = any(fnmatch(file.name.lower(), pattern) for pattern in PATTERNS)
            if file.is_file() and (named or file.name in ("ATTRIBUTION.md", "README.md")):
                name = "-".join(file.relative_to(build.libraries).parts)
                files.append((name, file))
    return Component("sa-studio", build.version, "Apache-2.0", tuple(files))


def installed_components(build: Build) -> list[Component]:
    """Every Python distribution whose metadata are in the frozen folder."""
    names = {normal(found.name) for found in frozen_distributions(build)} - {"sa-studio"}
    return tool_components(build, names)


def tool_components(build: Build, names: Iterable[str]) -> list[Component]:
    """Distributions of the environment, which has their texts, by name."""
    site = str(site_packages(build))
    found = {normal(each.name): each for each in distributions(path=[site])}
    texts = build.packaging / "licences"
    return [with_common_text(component_of(found[name]), texts) for name in sorted(names)]


def with_common_text(component: Component, texts: Path) -> Component:
    """The same with the text of its licence, if it has none of its own and the name is known."""
    if component.files:
        return component
    for word, names in COMMON.items():
        if word in component.licence.lower():
            files = tuple((Path(name).name, (texts / name).resolve()) for name in names)
            return replace(component, files=files)
    return component


def site_packages(build: Build) -> Path:
    """Where the environment's packages lie."""
    found = list(build.environment.glob("[Ll]ib/**/site-packages"))
    if not found:
        raise Stop(f"There is no site-packages in {build.short(build.environment)}")
    return found[0]


def component_of(distribution: Distribution) -> Component:
    """What a distribution says about its licence, and the texts that it has."""
    metadata = distribution.metadata
    names = [metadata[key] for key in ("License-Expression", "License") if key in metadata]
    licence = names[0] if names else ""
    if not licence or "\n" in licence:  # some put the whole text there
        words = [
            line.rpartition("::")[2].strip()
            for line in metadata.get_all("Classifier") or []
            if line.startswith("License ::")
        ]
        licence = ", ".join(words)
    texts = tuple(texts_of(distribution))
    return Component(distribution.name, distribution.version, licence, texts)


def texts_of(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    """The licence texts of a distribution, wherever it keeps them."""
    for file in distribution.files or []:
        name = file.name.lower()
        in_folder = "licenses" in (part.lower() for part in file.parts[:-1])
        if file.suffix in (".py", ".pyc", ".so", ".h") or file.name == "METADATA":
            continue
        if in_folder or any(fnmatch(name, pattern) for pattern in PATTERNS):
            path = Path(str(distribution.locate_file(file)))
            if path.is_file():
                yield "/".join(file.parts[1:]) if len(file.parts) > 1 else file.name, path


def python_component() -> Component:
    """Python itself."""
    version = ".".join(map(str, sys.version_info[:3]))
    number = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    places = (
        base / "LICENSE.txt",
        base / "lib" / number / "LICENSE.txt",
        Path("/usr/share/doc") / number / "copyright",
    )
    found = tuple(("LICENSE.txt", place) for place in places if place.is_file())[:1]
    return Component("Python", version, "PSF-2.0", found)


def foreign_libraries(build: Build) -> list[Path]:
    """Libraries of this machine that were frozen: neither the environment's nor Python's."""
    own = [build.environment, build.root, Path(sys.base_prefix).resolve()]
    if sys.base_prefix == "/usr":
        own = [build.environment, build.root, *Path("/usr/lib").glob("python3*")]
    found = {
        source.resolve()
        for source in collected_files(build).values()
        if ".so" in source.name and not any(source.is_relative_to(place) for place in own)
    }
    return sorted(path for path in found if not any(path.is_relative_to(place) for place in own))


def system_components(libraries: Iterable[Path]) -> list[Component]:
    """The Debian packages that libraries come from.

    Raises:
        Stop: a library's package, and with it its licence, is unknown, or may not be inside.
    """
    packages = set()
    for library in libraries:
        name = package_of(library)
        if name is None:
            raise Stop(f"{library} was frozen and belongs to no package: its licence is unknown")
        if name.startswith(REFUSED):
            raise Stop(
                f"{library} was frozen, and {name} is under the GPL: leave out what needs it"
            )
        packages.add(name)
    return [debian_component(name) for name in sorted(packages)]


def debian_component(name: str) -> Component:
    """A package of this machine."""
    query = ["dpkg-query", "--show", "--showformat=${Version}", name]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    text = Path("/usr/share/doc") / name / "copyright"
    files = (("copyright", text),) if text.is_file() else ()
    return Component(name, done.stdout.strip(), "", files)
