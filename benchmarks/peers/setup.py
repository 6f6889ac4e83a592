"""Make the environments that the peers run in.

Each environment lies in benchmarks/.venvs/ and holds the versions of requirements/<name>.txt. One
that is there with these versions is left alone.

Usage:
    python benchmarks/peers/setup.py [PEER ...]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import venv

from registry import ENVIRONMENTS, PEERS, environment_python, requirements


def make(environment: str) -> bool:
    """Make an environment unless it is there, and say whether it is there now."""
    folder, wanted = ENVIRONMENTS / environment, requirements(environment).read_text()
    installed = folder / "installed.txt"  # written last, so that a broken one is made again
    if installed.exists() and installed.read_text() == wanted:
        print(f"{environment}: there already")
        return True
    print(f"{environment}: installing {', '.join(pins(wanted))}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    python = str(environment_python(environment))
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    done = subprocess.run([*command, "-r", str(requirements(environment))], check=False)
    if done.returncode:
        print(f"{environment}: pip failed", file=sys.stderr)
        return False
    installed.write_text(wanted)
    return True


def pins(text: str) -> list[str]:
    """Return the requirements of a file, without comments."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def main() -> int:
    """Make the environments of the peers that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "peers", nargs="*", metavar="PEER", help=", ".join(peer.name for peer in PEERS)
    )
    names = parser.parse_args().peers
    unknown = set(names) - {peer.name for peer in PEERS}
    if unknown:
        parser.error(f"unknown peers: {', '.join(sorted(unknown))}")
    wanted = dict.fromkeys(peer.environment for peer in PEERS if not names or peer.name in names)
    made = [make(environment) for environment in wanted]
    return 0 if all(made) else 1


if __name__ == "__main__":
    raise SystemExit(main())
