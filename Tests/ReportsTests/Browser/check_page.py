"""Looks at pages in headless Chromium: check_page.py SMALL LARGE prints {check: [faults]} as JSON.

SMALL is used as a reader would; LARGE is a page of 12 variants, 10 workloads and 6 settings, looked at in every size.
"""
import json
import re
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

FACTORS = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "": 1}


def number(text):
    """The number of a figure such as 20.3 MiB; None for a dash."""
    match = re.match(r"([-0-9.]+) ?([A-Za-zµ]*)", text)
    return float(match[1]) * FACTORS[match[2]] if match else None


def start(folder):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # As root Chromium refuses its sandbox; the page is ours.
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                     f"--user-data-dir={folder}"]:
        options.add_argument(argument)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(60)
    driver.set_script_timeout(60)
    return driver


class Checks:
    def __init__(self, driver, small, large):
        self.driver, self.small, self.large, self.faults = driver, small, large, []

    def expect(self, holds, fault):
        if not holds:
            self.faults.append(fault)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def open(self, page, width=1280, scheme="light", height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.driver.get("file://" + page)

    def view(self):
        """The stretch of the first chart that is seen."""
        return [float(v) for v in self.js("return document.querySelector('.chart .plot').getAttribute('viewBox')").split()]

    def unfold(self):
        self.js("for (const d of document.querySelectorAll('details')) d.open = true")

    def metric_switch(self):
        self.open(self.small)
        select = Select(self.one("#metric"))
        values = set()
        for index, option in enumerate(select.options):
            select.select_by_index(index)
            seen = self.js("""return [...document.querySelectorAll('.matrix td[data-k]')].map(td => [td.textContent,
                document.querySelector(`.figures tr[data-k="${td.dataset.k}"]`).cells[arguments[0] + 2].textContent,
                td.dataset.v])""", index)
            self.expect(seen and all(shown == known for shown, known, _ in seen), f"{option.text}: {seen[:2]}")
            values.add(str([v for _, _, v in seen]))
            note = self.one("#metric-note").text
            self.expect(note == option.get_attribute("title"), f"{option.text} is explained as '{note}'")
        self.expect(len(values) == len(select.options), "two metrics show the same figures")

    def sorting(self):
        self.open(self.small)
        self.unfold()
        for table in ["#trial-table", ".figures"]:
            heads = self.all(f"{table} thead th")
            column = next(i for i, head in enumerate(heads) if "peak RSS" in head.text)
            for direction in ["ascending", "descending"]:
                heads[column].find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
                values = self.js("""return [...document.querySelectorAll(arguments[0] + ' tbody tr')]
                    .map(r => r.cells[arguments[1]].dataset.v).filter(v => v !== undefined).map(Number)""", table, column)
                wanted = sorted(values, reverse=direction == "descending")
                self.expect(len(set(values)) > 3 and values == wanted, f"{table} {direction}: {values[:9]}")
                said = heads[column].get_attribute("aria-sort")
                self.expect(said == direction, f"{table} says it is {said}, not {direction}")

    def every_trial(self):
        self.open(self.small)
        place = self.one("#trial-place").text
        count = int(place.split(" of ")[1])
        data = self.js("return JSON.parse(document.getElementById('trial-data').textContent)")
        self.expect(count == sum(len(cell["b"]) for cell in data["cells"]), f"{place} of the data's trials")
        self.expect(len(self.all("#trial-table tbody tr")) == min(50, count), "a page has 50 rows")
        self.one("#trial-on").click()
        self.expect(self.one("#trial-place").text.startswith("51–"), self.one("#trial-place").text)
        self.one("#trial-back").click()
        self.one("#trial-filter").send_keys("sawtooth musl")
        names = {row.text.split()[0] for row in self.all("#trial-table tbody tr")}
        self.expect(names == {"sawtooth"}, f"after filtering: {names}")
        shown = self.js("""return [...document.querySelectorAll('#trial-table td[data-v]')].slice(0, 400)
            .map(td => [td.dataset.v, td.textContent, document.querySelectorAll('#trial-table th')[td.cellIndex].textContent])""")
        for exact, text, title in shown:
            # Three digits, or two behind the point, and nanoseconds in a unit that fits.
            value, exact = number(text), float(exact) * (1e-9 if title.startswith("malloc") else 1)
            least = 0.0051 * abs(value) / float(re.match("[-0-9.]+", text)[0]) if value else 0
            self.expect(abs(value - exact) <= 0.006 * abs(exact) + least, f"{title}: {exact} is shown as {text}")

    def curves(self):
        self.open(self.small)
        chart, plot = self.one(".chart"), self.one(".chart .plot")
        self.js("arguments[0].scrollIntoView({block: 'center'})", chart)
        width = plot.size["width"]
        ActionChains(self.driver).move_to_element_with_offset(plot, 0, 0).perform()
        readout = self.one(".chart .readout").text
        self.expect("glibc/dynamic" in readout and "live" in readout and "MiB" in readout, f"reading: {readout}")
        ActionChains(self.driver).move_to_element_with_offset(plot, -width // 4, 0).click_and_hold().move_by_offset(
            width // 4, 0).release().perform()
        box = self.view()
        self.expect(2300 < box[0] < 2700 and 2300 < box[2] < 2700, f"zoomed to {box}")
        labels = [text.text for text in chart.find_elements(By.CSS_SELECTOR, ".x text")]
        self.expect(len(labels) >= 2 and "0" not in labels, f"labels after zooming: {labels}")
        self.one(".chart .readout + button").click()
        self.expect(self.view() == [0, 0, 10000, 4000], "the whole length does not come back")
        self.js("arguments[0].focus()", plot)
        ActionChains(self.driver).send_keys("+").perform()
        self.expect(self.view()[2] == 5000, "the key + does not zoom")
        ActionChains(self.driver).send_keys("0").perform()
        other = self.all(".chart .legend button")[1]
        other.click()
        states = [b.get_attribute("aria-pressed") for b in self.one(".chart").find_elements(By.CSS_SELECTOR, ".legend button")]
        self.expect(states[:2] == ["false", "true"], f"focus: {states}")
        focus = self.js("return [...arguments[0].querySelectorAll('.series.on')].map(g => g.dataset.i)", chart)
        self.expect(focus == ["1"], f"in focus: {focus}")

    def curve_figures(self):
        """What the chart reads back is what the path holds, to a part in a thousand of the axis."""
        self.open(self.small)
        chart, plot = self.one(".chart"), self.one(".chart .plot")
        self.js("arguments[0].scrollIntoView({block: 'center'})", chart)
        self.js("arguments[0].focus()", plot)
        top = float(chart.get_attribute("data-y"))
        for _ in range(12):
            ActionChains(self.driver).send_keys(Keys.ARROW_RIGHT).perform()
        place = float(re.match(r"M([0-9.]+)", self.one(".chart .cursor").get_attribute("d"))[1])
        wanted = self.js("""const path = arguments[0].querySelector('.on .main'), n = path.getTotalLength();
            let best = null;
            for (let i = 0; i <= 4000; i++) { const p = path.getPointAtLength(n * i / 4000); if (p.x <= arguments[1]) best = p; }
            return best.y""", chart, place)
        text = self.one(".chart .readout").text
        shown = number(re.search(r"glibc/dynamic ([0-9.]+ [KM]?i?B)", text)[1])
        self.expect(abs(shown - (4000 - wanted) / 4000 * top) < 0.03 * top, f"{text}: {shown} is not {(4000 - wanted) / 4000 * top}")

    def stacked(self):
        """What stands under the pointer in a stack are the parts, and their sum is its upper edge."""
        self.open(self.small)
        chart, plot = self.one(".stacked"), self.one(".stacked .plot")
        self.js("arguments[0].scrollIntoView({block: 'center'})", chart)
        self.js("arguments[0].focus()", plot)
        top = float(chart.get_attribute("data-y"))
        order = "return [...arguments[0].querySelectorAll('.series')].map(g => g.dataset.i)"
        before = self.js(order, chart)
        for _ in range(4):
            ActionChains(self.driver).send_keys(Keys.ARROW_LEFT).perform()
        text = chart.find_element(By.CSS_SELECTOR, ".readout").text
        shown = [number(figure) for figure in re.findall(r"[a-z0-9] ([0-9.]+ [KM]?i?B)", text)]
        place = float(re.match(r"M([0-9.]+)", chart.find_element(By.CSS_SELECTOR, ".cursor").get_attribute("d"))[1])
        edge = self.js("""const path = arguments[0].querySelector('.series .main'), n = path.getTotalLength();
            let best = null;
            for (let i = 0; i <= 4000; i++) { const p = path.getPointAtLength(n * i / 4000); if (p.x <= arguments[1]) best = p; }
            return best.y""", chart, place)
        self.expect(len(shown) == len(before) and min(shown) > 0, f"parts: {text}")
        self.expect(abs(sum(shown) - (4000 - edge) / 4000 * top) < 0.03 * top, f"{text}: {sum(shown)} is not {(4000 - edge) / 4000 * top}")
        self.all(".stacked .legend button")[1].click()
        self.expect(self.js(order, chart) == before, "the areas changed places")

    def theme(self):
        for scheme, first, second in [("light", "rgb(255, 255, 255)", "rgb(21, 23, 26)"), ("dark", "rgb(21, 23, 26)", "rgb(255, 255, 255)")]:
            self.open(self.small, scheme=scheme)
            self.js("try { localStorage.clear() } catch {}; delete document.documentElement.dataset.theme")
            ground = "return getComputedStyle(document.documentElement).backgroundColor"
            self.expect(self.js(ground) == first, f"{scheme}: {self.js(ground)}")
            self.one("#theme").click()
            self.expect(self.js(ground) == second, f"{scheme}, switched: {self.js(ground)}")
            self.js("try { localStorage.clear() } catch {}")

    def no_horizontal_scroll(self):
        for page in [self.small, self.large]:
            for width in [390, 1280]:
                self.open(page, width=width)
                self.unfold()
                wide = self.js("return [document.documentElement.scrollWidth, innerWidth]")
                self.expect(wide[0] <= width, f"{width} px: the page is {wide[0]} px wide")

    def labels_do_not_overlap(self):
        for page in [self.small, self.large]:
            for width in [390, 1280]:
                self.open(page, width=width)
                self.unfold()
                pairs = self.js("""const found = [];
                    for (const figure of document.querySelectorAll('.grid2, svg.iv')) {
                      const texts = [...figure.querySelectorAll('text'), ...(figure.matches('svg') ? figure.querySelectorAll('text') : [])]
                        .map(t => [t.textContent, t.getBoundingClientRect()]).filter(t => t[1].width > 0);
                      for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
                        const [a, b] = [texts[i], texts[j]];
                        if (a[0] === b[0] && a[1].left === b[1].left && a[1].top === b[1].top) continue;
                        if (a[1].left < b[1].right - 1 && b[1].left < a[1].right - 1 && a[1].top < b[1].bottom - 2 && b[1].top < a[1].bottom - 2)
                          found.push(a[0] + ' / ' + b[0]);
                      }
                    }
                    return [found.length, found.slice(0, 5)]""")
                self.expect(pairs[0] == 0, f"{width} px: {pairs[0]} pairs of labels, for example {pairs[1]}")

    def accessible(self):
        self.open(self.small)
        self.unfold()
        nameless = self.js("""return [...document.querySelectorAll('button, select, input, svg[role=img]')].filter(e => !(e.textContent.trim()
            || e.getAttribute('aria-label') || e.labels && e.labels.length)).map(e => e.outerHTML.slice(0, 90))""")
        self.expect(nameless == [], f"without a name: {nameless}")
        levels = [int(h.tag_name[1]) for h in self.all("h1, h2, h3")]
        self.expect(levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"headings: {levels}")
        charts = self.js("return [...document.querySelectorAll('figure')].filter(f => !f.querySelector('table')).map(f => f.id)")
        self.expect(charts == [], f"charts without a table: {charts}")
        self.js("document.activeElement.blur(); scrollTo(0, 0)")
        ActionChains(self.driver).send_keys(Keys.TAB).perform()
        self.expect(self.js("return document.activeElement.className") == "skip", "the first key stop is not the skip link")

    def complete_without_scripts(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.open(self.small)
        self.expect("22" in self.one(".matrix").text or "MiB" in self.one(".matrix").text, "the matrix has no figures")
        self.expect("needs its script" in self.one("#trials").text, "nothing says how to see the trials")
        self.expect(not self.one("#trial-tools").is_displayed() and not self.one("#theme").is_displayed(), "tools that do nothing are shown")
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def print(self):
        self.open(self.small)
        pdf = self.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
        self.expect(len(pdf["data"]) > 20_000, "printing gives an empty file")

    def silent(self):
        """No message of the console, no violation of the policy, no request but for the page, in everything above."""
        for entry in self.driver.get_log("browser"):
            self.expect(False, entry["message"])
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            # The browser's own pages ask for parts of it.
            if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"].startswith("file:"):
                url = message["params"]["request"]["url"]
                self.expect(url in ["file://" + self.small, "file://" + self.large], f"a request for {url}")


NAMES = ["metric_switch", "sorting", "every_trial", "curves", "curve_figures", "stacked", "theme", "no_horizontal_scroll",
         "labels_do_not_overlap", "accessible", "complete_without_scripts", "print", "silent"]


def main():
    small, large = sys.argv[1:3]
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        driver = start(folder)
        try:
            checks = Checks(driver, small, large)
            for name in NAMES:
                checks.faults = []
                try:
                    getattr(checks, name)()
                except Exception as error:
                    checks.faults.append(f"{type(error).__name__}: {error}")
                result[name] = checks.faults
        finally:
            driver.quit()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
