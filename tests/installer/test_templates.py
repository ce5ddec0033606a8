"""What is filled in for each system parses, by that system's checker where there is one here."""

from __future__ import annotations

import ast
import plistlib
import re
import subprocess
from pathlib import Path

import pytest

from installer.build import Build
from installer.macos import write_note
from installer.steps import fill
from installer.windows import script_text
from tests.installer.checkers import CHECKERS, check
from tests.installer.conftest import make_build

# directives of [Setup] in Inno Setup's help
DIRECTIVES = {
    *("AppId", "AppName", "AppVersion", "AppPublisher", "DefaultDirName", "DefaultGroupName"),
    *("DisableProgramGroupPage", "LicenseFile", "PrivilegesRequired", "MinVersion", "OutputDir"),
    *("PrivilegesRequiredOverridesAllowed", "ArchitecturesAllowed", "OutputBaseFilename"),
    *("ArchitecturesInstallIn64BitMode", "SetupIconFile", "UninstallDisplayIcon", "Compression"),
    *("SolidCompression", "WizardStyle"),
}
# parameters of the other sections' lines, and the constants that are used in them
PARAMETERS = {
    "Tasks": {"Name", "Description", "GroupDescription", "Flags"},
    "InstallDelete": {"Type", "Name"},
    "Files": {"Source", "DestDir", "Flags"},
    "Icons": {"Name", "Filename", "Tasks"},
    "Run": {"Filename", "Description", "Flags"},
}
CONSTANTS = {"app", "autodesktop", "autopf", "group", "localappdata"}


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_script_after_removing_is_shell(build: Build, shell: str) -> None:
    check(shell, "-n", build.packaging / "linux" / "postrm")


def test_the_script_after_removing_has_no_trap_of_shells(build: Build) -> None:
    check("shellcheck", "--shell=sh", build.packaging / "linux" / "postrm")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("remove",), True),
        (("purge",), False),  # dpkg removes first
        (("upgrade", "0.2.0"), False),
        (("remove", "in-favour", "sa-studio-cuda", "0.1.0"), False),
    ],
)
def test_removing_says_where_the_sounds_are(
    build: Build, words: tuple[str, ...], says: bool
) -> None:
    script = build.packaging / "linux" / "postrm"
    done = subprocess.run(["sh", script, *words], capture_output=True, text=True, check=True)
    assert ("~/.local/share/SA Studio" in done.stdout) is says


def test_the_desktop_file(build: Build) -> None:
    said = check("desktop-file-validate", build.packaging / "linux" / "sa-studio.desktop")
    assert said == ""


def test_the_note_in_the_folder(build: Build) -> None:
    words = {"version": "1", "glibc": "2.36", "packages": "libegl1"}
    text = fill(build.packaging / "linux" / "README.txt", **words)
    assert "glibc 2.36" in text
    assert "$" not in text


def test_the_script_for_inno_setup(tmp_path: Path) -> None:
    text = script_text(make_build(tmp_path, "windows"))
    assert "$" not in re.sub(r"#13#10|\$\$", "", text)
    body, _, code = text.partition("[Code]")
    section, sections = "", []
    for line in body.splitlines():
        if not line or line.startswith(";"):
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found[1]
            sections.append(section)
        elif section == "Setup":
            assert line.partition("=")[0] in DIRECTIVES, line
        else:
            # parameters that are quoted as they must be
            assert re.fullmatch(r'(\w+: ("[^"]*"|[\w ]+)(; |$))+', line), line
            assert set(re.findall(r"(?:^|; )(\w+): ", line)) <= PARAMETERS[section], line
    assert sections == ["Setup", *PARAMETERS]
    used = set(re.findall(r"(?<!\{)\{(\w+)\}", text))
    assert used == CONSTANTS
    assert code.count("begin") == len(re.findall(r"\bend;", code))
    # what is removed is the program alone
    assert "[UninstallDelete]" not in text
    assert r"{localappdata}\SA Studio" in code


def test_the_entitlements(build: Build) -> None:
    with (build.packaging / "macos" / "entitlements.plist").open("rb") as file:
        entitlements = plistlib.load(file)
    assert all(value is True for value in entitlements.values())
    assert "com.apple.security.cs.disable-library-validation" in entitlements


def test_what_tells_the_mac_about_the_application(build: Build, tmp_path: Path) -> None:
    """PyInstaller writes Info.plist from what the spec says; it has to be a property list."""
    text = (build.packaging / "sa_studio.spec").read_text(encoding="utf-8")
    (bundle,) = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "BUNDLE"
    )
    words = {word.arg: word.value for word in bundle.keywords}
    plist = ast.literal_eval(words["info_plist"])
    assert plistlib.loads(plistlib.dumps(plist)) == plist
    identifier = ast.literal_eval(words["bundle_identifier"])
    assert re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", identifier)
    assert plist["CFBundleExecutable"] == build_executables(text)[-1]


def build_executables(spec: str) -> list[str]:
    """The names of the programs that the spec makes, from top to bottom."""
    calls = (node for node in ast.walk(ast.parse(spec)) if isinstance(node, ast.Call))
    programs = (call for call in calls if ast.unparse(call.func) == "EXE")
    return [
        ast.literal_eval(word.value)
        for call in sorted(programs, key=lambda call: call.lineno)
        for word in call.keywords
        if word.arg == "name"
    ]


def test_the_note_on_the_disk_image(tmp_path: Path) -> None:
    build = make_build(tmp_path, "macos")
    write_note(build, tmp_path / "note")
    text = (tmp_path / "note").read_text()
    assert "~/Library/Application Support/SA Studio" in text
    assert f"SA Studio {build.version}" in text


def test_where_the_sounds_are_is_where_the_application_puts_them(build: Build) -> None:
    """The scripts and notes of each system name the folder that platformdirs chooses there."""
    from platformdirs.macos import MacOS
    from platformdirs.unix import Unix

    home = str(Path.home())
    mac, unix = (kind("SA Studio", False).user_data_dir for kind in (MacOS, Unix))
    texts = {
        "macos/Read me.txt": mac.replace(home, "~"),
        "linux/README.txt": "~/.local/share/SA Studio",
        "linux/postrm": "~/.local/share/SA Studio",
        "windows/sa-studio.iss": "{localappdata}\\SA Studio",
    }
    assert Path(unix).name == "SA Studio"
    for name, place in texts.items():
        assert place in (build.packaging / name).read_text(encoding="utf-8"), name


def test_continuous_integration_installs_every_checker(build: Build) -> None:
    always = {"apt", "bash", "coreutils", "dash", "dpkg", "tar"}  # parts of every Debian
    script = build.root / ".ci" / "run"
    check("bash", "-n", script)
    installed = set(script.read_text(encoding="utf-8").split())
    assert set(CHECKERS.values()) - always <= installed
