"""Take the README's pictures from a demo round that was just loaded.

Beside `python3 manage.py serve` run `.venv/bin/python docs/pictures/take.py http://localhost:8000` (needs Chromium and
the test extras).
"""

import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
SIZE = {"width": 1440, "height": 1000}


def sign_in(browser: Browser, address: str, email: str) -> Page:
    """A page of somebody of the demo round."""
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.goto(f"{address}/account/login/")
    page.locator(f"button[value='{email}']").click()
    return page


def take(page: Page, name: str) -> None:
    """Keep what the window shows, in few colours, since the picture is fetched with every clone."""
    page.wait_for_load_state("networkidle")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).quantize(96).save(path, optimize=True)


def main(address: str) -> None:
    """Home, opening, compare, debrief, scorecard and rubric editor, each by those who use it most."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = sign_in(browser, address, "manager@example.com")
        take(page, "home")
        page = sign_in(browser, address, "recruiter@example.com")
        page.get_by_role("link", name="Regional VP of Sales, EMEA", exact=True).first.click()
        take(page, "opening")
        page.get_by_role("link", name="Compare", exact=True).first.click()
        take(page, "compare")
        page.get_by_role("link", name="Debrief", exact=True).click()
        page.get_by_role("button", name="Open the debrief").click()
        take(page, "debrief")
        page = sign_in(browser, address, "interviewer@example.com")
        page.get_by_role("link", name="Score", exact=False).first.click()
        take(page, "scorecard")
        page = sign_in(browser, address, "admin@example.com")
        page.get_by_role("link", name="Rubrics").click()
        page.get_by_role("link", name="Version 1").click()
        page.get_by_role("button", name="Edit as a new version").click()
        take(page, "editor")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
