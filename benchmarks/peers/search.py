"""The search for a peer's best setting: batch sizes, variants, batch sizes again, then streams."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from graphs.graph import load_any
from peer import Peer, Setting

TRIAL_SECONDS = 300  # a candidate that needs more, compilation included, is given up


def best_setting(peer: Peer, path: str, threads: int) -> Setting:
    """Return the fastest setting among those that lie on the way.

    Every candidate runs in a process of its own: thread counts are fixed when a process starts.

    Args:
        peer: The peer.
        path: File of the problem.
        threads: Threads in all.

    Raises:
        SystemExit: No candidate runs.
    """
    problem = load_any(path)
    variants = peer.variants + (peer.image_variants if problem.has_images else ())
    speeds: dict[Setting, float] = {}

    def fastest(candidates: list[Setting]) -> Setting:
        for setting in candidates:
            if setting not in speeds:
                speeds[setting] = images_per_second(path, setting, threads)
        return max(speeds, key=lambda setting: speeds[setting])

    sizes = batch_sizes(peer, problem.num_images)
    best = fastest([Setting(size, peer.variants[0]) for size in sizes])
    # A variant may be at its best in smaller batches than the first one is.
    best = fastest([Setting(size, v) for v in variants for size in {sizes[0], best.batch_size}])
    best = fastest([replace(best, batch_size=size) for size in sizes])
    if peer.in_streams and threads > 1:
        each = min(best.batch_size, problem.num_images // threads)
        smaller = [size for size in sizes if size <= each][-2:]
        best = fastest([replace(best, batch_size=size, streams=threads) for size in smaller])
    if speeds[best] == 0:
        raise SystemExit(f"{peer.name} runs under no setting")
    return best


def batch_sizes(peer: Peer, num_images: int) -> list[int]:
    """Return the peer's batch sizes that divide the images; all images where none does."""
    sizes = [size for size in peer.batch_sizes if num_images % size == 0]
    return sizes or [num_images]


def images_per_second(path: str, setting: Setting, threads: int) -> float:
    """Return the speed under a setting; 0, and a line on standard error, where it fails."""
    script = Path(sys.argv[0])
    command = [sys.executable, str(script), path, "--threads", str(threads), "--trial"]
    command += ["--setting", setting.to_json()]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=TRIAL_SECONDS
        )
    except subprocess.TimeoutExpired:
        reason = f"took more than {TRIAL_SECONDS} s"
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no message"])[-1]
    else:
        speed = float(json.loads(done.stdout)["images_per_second"])
        print(f"{script.stem}: {setting.to_json()}: {speed:.4g} images/s", file=sys.stderr)
        return speed
    print(f"{script.stem}: {setting.to_json()} fails: {reason}", file=sys.stderr)
    return 0.0
