"""A browser without a window, for the tests of pages: Chromium, driven by Selenium, with no way to the network."""

from __future__ import annotations

import io
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

LONGEST = 120  # seconds until something is drawn, on a machine with better things to do
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # for root, as in containers
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--window-size=1300,1100",
)


class Page:
    """A page that is open."""

    def __init__(self, driver) -> None:
        self.driver = driver

    def script(self, text: str, *arguments):
        """What JavaScript returns."""
        return self.driver.execute_script(text, *arguments)

    def text(self, name: str) -> str:
        return self.script("return document.getElementById(arguments[0]).textContent", name)

    def set(self, name: str, value: object) -> None:
        """As if a user had set an input."""
        self.script(
            "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
            "for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind))",
            name,
            str(value),
        )

    def picture(self, name: str) -> np.ndarray:
        """[H, W, 3] what is seen of an element."""
        from PIL import Image
        from selenium.common.exceptions import TimeoutException

        element = self.driver.find_element("id", name)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        stop = time.monotonic() + LONGEST
        while True:
            try:
                image = Image.open(io.BytesIO(element.screenshot_as_png))
                break
            except TimeoutException:  # chromedriver's own, after ten seconds
                if time.monotonic() > stop:
                    raise
        return np.asarray(image.convert("RGB")).astype(int)

    def until(self, name: str, condition: Callable[[np.ndarray], bool]) -> bool:
        """Does a condition on the picture of an element come true? WebGL draws when it is ready."""
        stop = time.monotonic() + LONGEST
        while not condition(self.picture(name)):
            if time.monotonic() > stop:
                return False
            time.sleep(0.2)
        return True

    def drag(self, name: str, right: int, down: int) -> None:
        """Drags from the middle of an element."""
        from selenium.webdriver import ActionChains

        element = self.driver.find_element("id", name)
        self.script("arguments[0].scrollIntoView({block: 'center'})", element)
        ActionChains(self.driver).drag_and_drop_by_offset(element, right, down).perform()

    def complaints(self) -> list[str]:
        """Errors on the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """What was asked for, from anywhere, since the last call; data: addresses are their own content."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("data:")]


@contextmanager
def opened(path: Path) -> Iterator[Page]:
    """A page in a browser; skips the test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("there is no chromium with its chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.command_executor.client_config.timeout = 5 * LONGEST
    try:
        browser.get(path.resolve().as_uri())
        yield Page(browser)
    finally:
        browser.quit()
