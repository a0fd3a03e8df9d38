"""Sets the project up in .venv and runs one job in it: `python dev.py demo`. The Makefile only calls this
file, so a machine without make types the same word. Standard library only: it runs first of all."""

# ruff: noqa: T201, S603 - a task runner prints and starts programs

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{SUFFIX}"
STAMP = VENV / "set-up-from.txt"
LOCK = ROOT / "requirements" / "dev.txt"
RUNTIME_LOCK = ROOT / "requirements" / "runtime.txt"
SERVER_LOCK = ROOT / "requirements" / "sqlserver.txt"
CLIENTS_LOCK = ROOT / "requirements" / "clients-python.txt"
COVERAGE = ROOT / ".coverage.json"
# Being watched makes a test half as slow again, and the others add nothing to what these take.
COVERING = tuple(f"tests/{name}" for name in ("unit", "adapters", "cli", "properties", "steps", "contract"))
COVERING += tuple(
    f"tests/acceptance/test_{name}.py"
    for name in ("bad_input", "commands_check", "commands_run", "verify", "second_items")
)
COVERING += ("tests/crash/test_transactions_that_fail.py",)
OLDEST, NEWEST = (3, 11), (3, 13)

JOBS = {
    "demo": "a few hundred orders travel to a simulated board, with faults, and the result is proved",
    "test": "the whole test suite; further words go to pytest",
    "check": "all that CI runs: lint, format, types, imports, tests with coverage, docs",
    "bench": "the benchmarks; further words go to them",
    "fuzz": "100,000 strange requests to the simulator; further words: how many, --seed N",
    "campaign": "faults at every boundary, in pairs, at random; further words: parts, --hours N, --first N",
    "docs": "build the documentation into site/",
    "setup": "only what the others do first: .venv with the locked dependencies",
    "lock": "resolve the dependencies again (needs uv)",
}


class JobError(Exception):
    """A job ended badly; `code` is the exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def main(words: list[str]) -> int:
    """Exit code of the job; of the failing program where one fails."""
    options = _parse(words)
    os.chdir(ROOT)
    try:
        _refuse_other_pythons()
        if options.job == "lock":
            lock()
        else:
            set_up()
            _run_job(options.job, options.rest)
    except JobError as failure:
        print(f"dev.py: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        return 130
    return 0


def _parse(words: list[str]) -> argparse.Namespace:
    lines = "\n".join(f"  {job:8} {meaning}" for job, meaning in JOBS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        usage="%(prog)s JOB [words for the job]",
        description=f"jobs:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("job", choices=JOBS, metavar="JOB", help="one of the above")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def _refuse_other_pythons() -> None:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    known = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    found = [*known, "python3.12"][0]
    raise JobError(
        f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]} ({sys.executable})\n"
        f"  next: make PYTHON={found} ..., or {found} dev.py ...",
        code=2,
    )


def set_up() -> None:
    """Make .venv agree with the lock. A second call costs a few milliseconds."""
    wanted = _fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return
    print(f"setting up {VENV.name} with the locked dependencies (once; a minute or two)", flush=True)
    if not PYTHON.exists() or _other_version():
        _make_venv()
    if _call(PYTHON, "-c", "import pip", quiet=True) != 0:
        _must(PYTHON, "-m", "ensurepip", "--upgrade")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq")
    _must(*pip, "--require-hashes", "-r", LOCK)
    # The build backend is in the lock too: nothing unlocked is fetched here.
    _must(*pip, "--no-index", "--no-deps", "--no-build-isolation", "-e", ROOT)
    STAMP.write_text(wanted, encoding="utf-8")


def _fingerprint() -> str:
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    return f"{sys.version_info[0]}.{sys.version_info[1]} {digest}\n"


def _other_version() -> bool:
    """Whether .venv was made by us with another Python than the one asked for now."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]} "
    return STAMP.exists() and not STAMP.read_text(encoding="utf-8").startswith(version)


def _make_venv() -> None:
    try:
        venv.EnvBuilder(with_pip=True, clear=VENV.exists(), symlinks=os.name != "nt").create(VENV)
    except (subprocess.CalledProcessError, ImportError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise JobError(
            f"the virtual environment cannot be made: {error}\n"
            "  next: on Debian and Ubuntu, apt install python3-venv; elsewhere, a Python from python.org",
            code=2,
        ) from None


def lock() -> None:
    """Write the lock files: hashes for every platform and Python version, no addresses."""
    uv = shutil.which("uv")
    if uv is None:
        raise JobError("uv is not on the PATH\n  next: install uv, then run this again", code=2)
    resolve = [uv, "pip", "compile", "--universal", "--python-version", "3.11"]
    resolve += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"]
    ours = [*resolve, "pyproject.toml"]
    _must(*ours, "--extra", "dev", "--extra", "docs", "-o", LOCK.relative_to(ROOT))
    _must(*ours, "--constraint", LOCK.relative_to(ROOT), "-o", RUNTIME_LOCK.relative_to(ROOT))
    # Beside the others, not in them: not every machine that develops can install the driver.
    _must(*ours, "--extra", "sqlserver", "--constraint", LOCK.relative_to(ROOT), "-o", SERVER_LOCK.relative_to(ROOT))
    _lock_clients(resolve)


def _lock_clients(resolve: list[str]) -> None:
    """Python clients that the tests install; those of npm are pinned in their package.json."""
    wanted = CLIENTS_LOCK.relative_to(ROOT)
    _must(*resolve, wanted.with_suffix(".in"), "-o", wanted)


def _run_job(job: str, rest: list[str]) -> None:
    if job == "demo":
        _must(BIN / f"order-sync{SUFFIX}", "demo", *rest)
    elif job == "test":
        _must(PYTHON, "-m", "pytest", *(rest or ("-n", "logical")), environment=_memory_for_tests())
    elif job == "bench":
        _must(PYTHON, "-m", "benchmarks.run", *rest)
    elif job == "fuzz":
        _must(PYTHON, "-m", "tests.fuzz.long_run", *rest)
    elif job == "campaign":
        _must(PYTHON, "-m", "tests.campaign", *rest)
    elif job == "docs":
        docs()
    elif job == "check":
        check()


def docs() -> None:
    """Strict: a dead link or a missing page is an error."""
    _must(PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet", environment={"NO_MKDOCS_2_WARNING": "1"})
    print(f"documentation: {(ROOT / 'site' / 'index.html').as_uri()}")


def check() -> None:
    """Everything, in order of how quickly it fails."""
    _step("lint")
    _must(PYTHON, "-m", "ruff", "check")
    _step("format")
    _must(PYTHON, "-m", "ruff", "format", "--check")
    _step("types")
    _must(PYTHON, "-m", "mypy")
    _step("import contracts")
    _must(BIN / f"lint-imports{SUFFIX}")
    _step("documentation")
    docs()
    _step("tests of what coverage is asked of")
    tests = (PYTHON, "-m", "pytest", "-n", "logical")
    _must(
        *tests,
        *COVERING,
        "--cov",
        "--cov-report=",
        f"--cov-report=json:{COVERAGE.name}",
        environment=_memory_for_tests(),
    )
    _step("all other tests")
    _must(*tests, *(f"--ignore={each}" for each in COVERING), environment=_memory_for_tests())
    _step("coverage of model and steps")
    _must(PYTHON, ROOT / "tools" / "coverage_gate.py", COVERAGE)


def _memory_for_tests() -> dict[str, str]:
    """The databases of the tests are durable to the disk at every commit; in memory that costs nothing."""
    memory = Path("/dev/shm")  # noqa: S108 - Linux only, and only where it is
    return {"PYTEST_DEBUG_TEMPROOT": str(memory)} if os.access(memory, os.W_OK) else {}


def _step(name: str) -> None:
    print(f"\n== {name}", flush=True)


def _call(*command: str | Path, quiet: bool = False, environment: dict[str, str] | None = None) -> int:
    out = subprocess.DEVNULL if quiet else None
    env = {**os.environ, "PYTHONUTF8": "1", **(environment or {})}
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env, stdout=out, stderr=out)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program got Ctrl-C too, and ends in its own order


def _must(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    try:
        code = _call(*command, environment=environment)
    except FileNotFoundError as error:
        raise JobError(f"cannot start {command[0]}: {error.strerror}", code=2) from None
    if code != 0:
        shown = shlex.join(str(part) for part in command)
        raise JobError(f"exit code {code} from: {shown}", code=code if code > 0 else 128 - code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
