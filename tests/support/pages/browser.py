"""Pages in headless Chromium: shown at several widths at once, and asked what they became."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

WIDTHS = (1400, 800, 400)
"""Widths of a window in pixels: a desk, a tablet, a telephone."""

# Before anything of the page: whatever it complains about, and whatever it was kept from loading.
_WATCH = """<script>
window.complaints = [];
addEventListener("error", (event) => complaints.push("error: " + event.message), true);
addEventListener("unhandledrejection", (event) => complaints.push("rejected: " + event.reason));
for (const kind of ["error", "warn"]) {
  const said = console[kind].bind(console);
  console[kind] = (...words) => { complaints.push(kind + ": " + words.join(" ")); said(...words); };
}
document.addEventListener("securitypolicyviolation",
  (event) => complaints.push("blocked: " + event.blockedURI));
</script>
"""
_ASK = """<script>
addEventListener("load", () => setTimeout(async () => {
  const answer = {};
  try { answer.value = await (async () => { %s })(); }
  catch (error) { complaints.push("test: " + error.stack); }
  answer.complaints = complaints;
  answer.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  answer.loaded = performance.getEntriesByType("resource").map((entry) => entry.name)
    .filter((name) => !/^(data|blob):/.test(name));
  parent.postMessage({ width: %d, answer }, "*");
}, 300));
</script>
"""
_FRAMES = """<!doctype html><body><pre id="answers"></pre><script>
const answers = {};
addEventListener("message", (event) => {
  answers[event.data.width] = event.data.answer;
  document.getElementById("answers").textContent = JSON.stringify(answers);
});
</script>%s</body>"""


def require_browser() -> str:
    """Return the path of Chromium; skips the test where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


def ask(page: str, script: str, folder: Path) -> dict[int, dict[str, Any]]:
    """Show a page at each of the widths, and return what a script finds there.

    Args:
        page: The whole page.
        script: Body of an async JavaScript function that returns a JSON value.
        folder: Where to put files.

    Returns:
        By width ``value`` (what the script returned), ``complaints`` (errors, warnings and blocked
        requests), ``overflow`` (pixels that the page is wider than its window), ``loaded`` (what
        was fetched besides the page).
    """
    browser = require_browser()
    frames = []
    for width in WIDTHS:
        path = folder / f"page{width}.html"
        watched = page.replace("<head>", f"<head>{_WATCH}", 1)
        watched = watched.replace("</body>\n</html>", f"{_ASK % (script, width)}</body>\n</html>")
        assert watched.count(_WATCH) == 1
        assert "parent.postMessage" in watched
        path.write_text(watched, encoding="utf-8")
        frames.append(f'<iframe src="{path.name}" style="width:{width}px;height:900px"></iframe>')
    outer = folder / "frames.html"
    outer.write_text(_FRAMES % "".join(frames), encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    # As a user other than root may have no home to write to.
    command += [f"--user-data-dir={folder / 'profile'}", "--window-size=1600,3000"]
    command += ["--virtual-time-budget=60000", outer.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    found = re.search(r'<pre id="answers">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr[-2000:]
    answers = json.loads(html.unescape(found[1]) or "{}")
    assert set(answers) == {str(width) for width in WIDTHS}, done.stderr[-2000:]
    return {int(width): answer for width, answer in answers.items()}


def check_quiet(answers: dict[int, dict[str, Any]]) -> None:
    """Check that a page fits every width, complains about nothing and loads nothing."""
    for width, answer in answers.items():
        found = {name: answer[name] for name in ("complaints", "overflow", "loaded")}
        assert found == {"complaints": [], "overflow": 0, "loaded": []}, width
