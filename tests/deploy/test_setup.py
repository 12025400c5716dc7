"""The set-up script on pretended machines: a PATH with stubs, so nothing is ever installed."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

SETUP = settings.BASE_DIR / "ambon_smartcity" / "deploy" / "setup.sh"
TOOLS = ("sh", "cat", "cut", "env", "rm", "mkdir", "chmod", "sha256sum")
APT_LINE = "apt-get update && apt-get install -y --no-install-recommends"
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# Answers to whatever is asked; `-m venv` makes an environment whose Python notes what pip is told.
PYTHON_THAT_WORKS = """
case "$*" in
"-m venv .venv")
    mkdir -p .venv/bin
    printf '#!/bin/sh\\necho "venv $*" >>calls\\n' >.venv/bin/python
    chmod +x .venv/bin/python ;;
esac
"""
PYTHON_WITHOUT_VENV = """
case "$*" in *ensurepip*) exit 1 ;; esac
"""
PYTHON_TOO_OLD = "exit 1"
PYTHON_WITHOUT_LIBRARIES = """
case "$*" in *ctypes*pango*) exit 1 ;; esac
"""
NO_SUDO = "exit 1"
SUDO = '[ "$1" = -n ] && shift; echo "sudo $*" >>calls; "$@"'
APT = 'echo "apt-get $*" >>calls'

Machine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a function that runs `prepare run` where only the given programs exist."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "requirements.txt").write_text("django==5.2\n")
    (tmp_path / "project" / "requirements-dev.txt").write_text("pytest==9.2\n")
    (tmp_path / "certificates").touch()
    for tool in TOOLS:
        path = shutil.which(tool)
        assert path is not None
        (tmp_path / "bin" / tool).symlink_to(path)

    def run(
        *, uid: int = 1000, what: str = "run", ca_file: str = "certificates", **stubs: str
    ) -> subprocess.CompletedProcess[str]:
        stubs["id"] = f"echo {uid}"
        for name, body in stubs.items():
            stub = tmp_path / "bin" / name.replace("_", "-")
            stub.write_text(f"#!/bin/sh\n{body}\n")
            stub.chmod(0o755)
        return subprocess.run(
            [tmp_path / "bin" / "sh", "-euc", f". {SETUP}; prepare {what}"],
            cwd=tmp_path / "project",
            env={"PATH": str(tmp_path / "bin"), "CA_FILE": str(tmp_path / ca_file)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "project"


def calls(project: Path) -> list[str]:
    log = project / "calls"
    return log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize(
    ("python", "packages"),
    [
        pytest.param(None, f"python3 python3-venv {LIBRARIES}", id="no Python"),
        pytest.param(PYTHON_TOO_OLD, f"python3 python3-venv {LIBRARIES}", id="Python too old"),
        pytest.param(PYTHON_WITHOUT_VENV, "python3-venv", id="no venv"),
        pytest.param(PYTHON_WITHOUT_LIBRARIES, "libpango-1.0-0 libpangoft2-1.0-0", id="no Pango"),
    ],
)
def test_who_may_not_install_is_told_the_exact_line(
    machine: Machine, project: Path, python: str | None, packages: str
) -> None:
    stubs = {"python3": python} if python else {}
    result = machine(apt_get=APT, sudo=NO_SUDO, **stubs)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"  {APT_LINE} {packages}"
    assert calls(project) == []


def test_certificates_are_asked_for_where_pip_would_miss_them(machine: Machine) -> None:
    result = machine(apt_get=APT, sudo=NO_SUDO, python3=PYTHON_THAT_WORKS, ca_file="missing")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == f"  {APT_LINE} ca-certificates"


def test_without_apt_the_packages_are_named(machine: Machine) -> None:
    result = machine(python3=PYTHON_WITHOUT_VENV)
    assert result.returncode == 1
    assert "python3-venv" in result.stderr


@pytest.mark.parametrize(("uid", "sudo", "prefix"), [(0, NO_SUDO, ""), (1000, SUDO, "sudo env")])
def test_who_may_install_does(
    machine: Machine, project: Path, uid: int, sudo: str, prefix: str
) -> None:
    result = machine(uid=uid, sudo=sudo, apt_get=APT)
    assert result.returncode == 1, "the pretended apt brings no Python"
    assert "Python 3.11" in result.stderr
    lines = [line for line in calls(project) if line.startswith("apt-get")]
    install = f"apt-get install -q -y --no-install-recommends python3 python3-venv {LIBRARIES}"
    assert lines == ["apt-get update -q", install]
    assert any(line.startswith(prefix) for line in calls(project))


def test_a_failed_installation_says_so(machine: Machine) -> None:
    result = machine(uid=0, apt_get="exit 100")
    assert result.returncode == 1
    assert APT_LINE in result.stderr


def test_a_half_made_environment_is_made_again(machine: Machine, project: Path) -> None:
    left_over = project / ".venv" / "lib" / "half"
    left_over.parent.mkdir(parents=True)
    left_over.touch()

    result = machine(python3=PYTHON_THAT_WORKS)

    assert result.returncode == 0, result.stderr
    assert not left_over.exists()
    assert any("--require-hashes -r requirements.txt" in line for line in calls(project))
    assert not any("requirements-dev.txt" in line for line in calls(project))
    digest = hashlib.sha256((project / "requirements.txt").read_bytes()).hexdigest()[:16]
    assert (project / ".venv" / f"ready-run-{digest}").exists()


def test_the_second_start_installs_nothing(machine: Machine, project: Path) -> None:
    machine(python3=PYTHON_THAT_WORKS)
    (project / "calls").unlink()
    result = machine(python3="echo never >>calls; exit 1")
    assert result.returncode == 0
    assert calls(project) == ["venv -c import django"]


def test_a_new_lock_is_installed_over_the_old_one(machine: Machine, project: Path) -> None:
    machine(python3=PYTHON_THAT_WORKS)
    (project / "requirements.txt").write_text("django==5.2.1\n")
    (project / "calls").unlink()
    result = machine(python3=PYTHON_THAT_WORKS)
    assert result.returncode == 0
    assert sum("pip install" in line for line in calls(project)) == 1
    assert len(list((project / ".venv").glob("ready-*"))) == 1


def test_tests_need_both_locks_and_then_the_portal_needs_nothing(
    machine: Machine, project: Path
) -> None:
    assert machine(python3=PYTHON_THAT_WORKS, what="test").returncode == 0
    assert sum("pip install" in line for line in calls(project)) == 2
    (project / "calls").unlink()
    assert machine(python3=PYTHON_THAT_WORKS, what="run").returncode == 0
    assert not any("pip install" in line for line in calls(project))


def test_a_failed_download_leaves_no_stamp(machine: Machine, project: Path) -> None:
    failing = PYTHON_THAT_WORKS.replace(">>calls\\n", ">>calls\\nexit 1\\n")
    result = machine(python3=failing)
    assert result.returncode == 1
    assert "sambungan internet" in result.stderr
    assert list((project / ".venv").glob("ready-*")) == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_two_commands_can_be_started(name: str) -> None:
    script = settings.BASE_DIR / name
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
