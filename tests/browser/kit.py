"""A headless Chromium for tests: pages of a venue, and files such as a saved notebook. Nothing of it leaves loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

__all__ = ["PATIENCE", "Browser", "missing"]

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds until a fact that a page must show shows."""
_STEP = 0.02
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-extensions",
    # A name that is looked up is an attempt to leave: it is found nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def missing() -> str | None:
    """What to install for these tests; None if it is there."""
    if not any(map(shutil.which, _CHROMIUM)) or shutil.which("chromedriver") is None:
        return (
            "no Chromium with its driver here; on Debian and Ubuntu: apt-get install chromium chromium-driver"
        )
    return None


class Browser:
    """One browser with one tab; ``open`` makes it new: no storage, no history, no log of before."""

    def __init__(self) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = next(found for name in _CHROMIUM if (found := shutil.which(name)))
        for flag in _FLAGS:
            options.add_argument(flag)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium refuses to start as root with it
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = Service(shutil.which("chromedriver"), log_output=subprocess.DEVNULL)
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(30)
        self._events: list[dict[str, Any]] = []
        self._logged: list[str] = []

    def close(self) -> None:
        """End it."""
        self.driver.quit()

    # Pages.

    def open(self, url: str, *, width: int = 1440, height: int = 900, scheme: str = "light") -> None:
        """Show a page in a fresh tab of that size, for eyes that want it light or dark."""
        driver, old = self.driver, self.driver.current_window_handle
        driver.switch_to.new_window("tab")
        new = driver.current_window_handle
        driver.switch_to.window(old)
        driver.close()
        driver.switch_to.window(new)
        self.resize(width, height)
        self.prefer(scheme)
        self._drain()
        self._events.clear()
        self._logged.clear()
        driver.get(url)

    def open_file(self, path: str | os.PathLike[str], **how: Any) -> None:
        """Show a file, such as a notebook that was exported to HTML."""
        self.open(Path(path).resolve().as_uri(), **how)

    def resize(self, width: int, height: int) -> None:
        """Make the page's own part of the window that large."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """Have pages be told that ``light`` or ``dark`` is wanted, and no motion."""
        wanted = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in wanted.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, path: Path, selector: str = "") -> Path:
        """Write what is seen, or one element whole, as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        assert (self.find(selector).screenshot if selector else self.driver.save_screenshot)(str(path))
        return path

    # What a page shows.

    def find(self, selector: str) -> WebElement:
        """The first element, as soon as there is one."""
        return self.until(lambda: next(iter(self.all(selector)), None), selector)

    def all(self, selector: str) -> list[WebElement]:
        """The elements that there are now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """What is read there now, nothing where there is no such element."""
        script = "const one = document.querySelector(arguments[0]); return one ? one.textContent : ''"
        return str(self.driver.execute_script(script, selector))

    def texts(self, selector: str) -> list[str]:
        """What is read in each that is shown now."""
        script = """return [...document.querySelectorAll(arguments[0])]
            .filter((one) => one.checkVisibility()).map((one) => one.textContent)"""
        return list(self.driver.execute_script(script, selector))

    def value(self, script: str, *arguments: object) -> Any:
        """What a script says of the page."""
        return self.driver.execute_script(f"return {script}", *arguments)

    def until(self, fact: Callable[[], T | None], what: str = "") -> T:
        """Wait for a fact and give it; it is asked anew while the page changes under it."""
        wait = WebDriverWait(
            self.driver, PATIENCE, poll_frequency=_STEP, ignored_exceptions=[StaleElementReferenceException]
        )
        try:
            return wait.until(lambda _: fact())
        except TimeoutException:
            raise AssertionError(f"never came: {what or fact}\n{self.text('body')[:2000]}") from None

    def shows(self, selector: str, *words: str) -> str:
        """Wait until one element holds all these words; its text."""
        return self.until(
            lambda: next(
                (text for text in self.texts(selector) if all(word in text for word in words)), None
            ),
            f"{words} in {selector}",
        )

    def write(self, selector: str, *keys: str) -> None:
        """Type into a field, instead of what stands there."""
        field = self.find(selector)
        field.click()
        field.send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.DELETE, *keys)

    # What was asked and said behind it.

    def log(self) -> list[str]:
        """What the page, or the browser of it, wrote into the console: violations of its policy among it."""
        self._drain()
        return list(self._logged)

    def requests(self) -> list[dict[str, Any]]:
        """Every request of the tab since it was opened: ``url``, ``headers``, ``method``."""
        self._drain()
        sent = (event["params"] for event in self._events if event["method"] == "Network.requestWillBeSent")
        return [params["request"] for params in sent]

    def history(self) -> list[str]:
        """The addresses that Back and Forward lead to, and the present one."""
        told = self.driver.execute_cdp_cmd("Page.getNavigationHistory", {})
        return [entry[name] for entry in told["entries"] for name in ("url", "userTypedURL")]

    def _drain(self) -> None:
        lines = self.driver.get_log("performance")
        self._events += [json.loads(line["message"])["message"] for line in lines]
        self._logged += [f"{line['level']} {line['message']}" for line in self.driver.get_log("browser")]
