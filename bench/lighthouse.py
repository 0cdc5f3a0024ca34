"""What Lighthouse says of four pages on a phone: DATABASE_URL=postgres://… python bench/lighthouse.py [--report FOLDER]

Smarter runs as in bench/pages.py, on the same rounds. Lighthouse itself comes from the npm registry by npx, and drives
the system's Chromium with its mobile profile: a slow phone on a slow network. Wanted: performance 98, the rest 100.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.pages import prepared  # noqa: E402
from bench.serving import Server, served, until_answered  # noqa: E402

WANTED = {"performance": 98, "accessibility": 100, "best-practices": 100}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def scores(server: Server, path: str, cookies: dict[str, str], report: Path) -> dict[str, float]:
    """The marks of one page, of 100."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    command = ["npx", "--yes", "lighthouse@13", f"http://127.0.0.1:{server.port}{path}", "--quiet"]
    command += [f"--chrome-flags={FLAGS}", f"--extra-headers={json.dumps(headers)}"]
    command += [f"--only-categories={','.join(WANTED)}", "--output=json", f"--output-path={report}"]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    subprocess.run(command, check=True, env=environment)
    found = json.loads(report.read_text())
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] != "informative":
            print(f"    {audit['id']}: {audit['score']} {audit.get('displayValue', '')}")
    return {name: 100 * found["categories"][name]["score"] for name in WANTED}


def run(folder: Path) -> bool:
    """Whether every page has the marks that are wanted."""
    from bench.rounds import cookies_of, desk, home, opening_of, person, recruiter

    pages = {
        "sign-in": ("/account/login/", {}),
        "home": ("/", cookies_of(home())),
        "scorecard": (f"/scorecards/{desk().pk}/edit/", cookies_of(person("desk"))),
        "compare": (f"/openings/{opening_of(30).pk}/compare/", cookies_of(recruiter())),
    }
    held = True
    with served("smarter.wsgi", {}) as server:
        until_answered(server, "/healthz")
        print(f"{'page':<12}" + "".join(f"{name:>16}" for name in WANTED))
        for name, (path, cookies) in pages.items():
            found = scores(server, path, cookies, folder / f"{name}.json")
            held &= all(found[category] >= least for category, least in WANTED.items())
            print(f"{name:<12}" + "".join(f"{found[category]:>16.0f}" for category in WANTED), flush=True)
    return held


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", type=Path, help="keep Lighthouse's own reports in this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, prepared() as environment:
        os.environ |= environment
        folder = asked.report or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sys.exit(not run(folder))
