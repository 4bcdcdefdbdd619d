#!/usr/bin/env python3
"""Opens a report page in a headless Chromium, uses it as people do, and prints what it saw.

Usage: Scripts/look-at-page.py PAGE.html [--screenshots DIRECTORY] [--view VIEW]

The page is opened from its file on a desktop and on a phone, light and dark each. One line of JSON per view:

  view, width, scroll_width    of the page; where the second is larger, the page scrolls to the side
  about                        lines of the head on whose heap it is, and what to mind
  suspect                      the texts of the first suspect: of its paragraphs, and of each step of its path
  errors                       what stands in the console, uncaught exceptions and violations of the page's policy too
  requests                     URLs that were asked for beside the page itself
  pwned                        whether markup out of the data ran (it would set window.pwned)
  strange_elements             how many there are that the page has no use for: images, scripts, frames
  escapes, unseen              what is shown in place of characters that nobody sees, and how many were left
  least_contrast               the lowest contrast of a text and its ground, and the text
  treemap, classes             what the mouse and the keyboard brought about

and one line more, without_script: what is to be read where JavaScript is off.

Exit status: 0 when every view was looked at, 2 when Chromium could not be started or driven.
Needs chromium and the Python package websockets; Scripts/setup.sh --tests installs both.
"""

import argparse
import base64
import json
import pathlib
import sys
import time

from headless_chromium import START_SECONDS, Failure, chromium, tab, wait_until
from measuring.processes import end_by_exception

VIEWS = {
    f"{device}-{scheme}": (device == "phone", width, height, scheme)
    for device, width, height in (("desktop", 1280, 900), ("phone", 390, 844))
    for scheme in ("light", "dark")
}

IS_DRAWN = "document.readyState === 'complete' && !!document.querySelector('main section, noscript p')"

PAGE_FACTS = r"""({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  pwned: 'pwned' in window,
  title: document.title,
  about: [...document.querySelectorAll('#top .about li')].map((each) => each.textContent),
  suspect: [...document.querySelectorAll('.suspect:first-child :is(p, summary, .path li)')].map((each) => each.textContent),
  sections: [...document.querySelectorAll('main section')].map((each) => each.id),
  scripts: document.scripts.length,
  escapes: [...new Set([...document.querySelectorAll('.escape')].map((each) => each.textContent))],
  unseen: (document.body.innerText.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g) ?? []).length,
  strange_elements: document.querySelectorAll('main img, main script, main iframe, main object, main svg image').length,
})"""

# Grounds are those of the nearest ancestor that has one: hatching and brightness filters are left out of account.
LEAST_CONTRAST = """(() => {
  const pen = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      known.set(color, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(color);
  };
  const luminance = ([red, green, blue]) => [red, green, blue]
    .map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = rgba(getComputedStyle(each).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  let least = {ratio: 21, text: ''};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode());) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest('script, noscript, .unseen, .skip') || !element.checkVisibility()) continue;
    const [a, b] = [rgba(getComputedStyle(element).color), ground(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least.ratio) least = {ratio: Math.round(ratio * 100) / 100, text: text.data.slice(0, 40)};
  }
  return least;
})()"""

TREEMAP = """(() => {
  const focused = document.activeElement;
  const field = document.querySelector('#treemap');
  const box = field.querySelector('.level-0.deep');
  const place = box?.getBoundingClientRect();
  return {
    boxes: field.querySelectorAll('.level-0').length,
    unnamed: [...field.querySelectorAll('.level-0')].filter((each) => !each.getAttribute('aria-label')).length,
    depth: document.querySelectorAll('.crumbs li').length,
    focused: field.contains(focused) ? focused.getAttribute('aria-label') : null,
    outline: field.contains(focused) ? getComputedStyle(focused).outlineStyle : null,
    // The label of the box: what lies further down is a box of its own.
    deep: box ? [place.x + Math.min(20, place.width / 2), place.y + Math.min(8, place.height / 2)] : null,
  };
})()"""

CLASSES = """(() => {
  const table = document.querySelector('#class-table');
  return {
    rows: table.tBodies[0].rows.length,
    status: table.closest('.data').querySelector('.status').textContent,
    sorted: [...table.tHead.rows[0].cells].map((each) => each.getAttribute('aria-sort')),
    first: table.tBodies[0].rows[0].cells[0].textContent.slice(0, 60),
  };
})()"""

KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
}


class View:
    """The page in one size and one colour scheme."""

    def __init__(self, page, directory, name):
        self.page = page
        self.directory = directory
        self.name = name

    def call(self, method, **params):
        return self.page.call(method, time.monotonic() + START_SECONDS, **params)

    def ask(self, expression):
        value = self.page.evaluate(expression, time.monotonic() + START_SECONDS)
        if isinstance(value, dict) and "error" in value:
            raise Failure(f"{self.name}: {value['error']}")
        return value

    def open(self, url):
        is_phone, width, height, scheme = VIEWS[self.name]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        # Only what is in front draws frames, and has the focus.
        self.call("Page.bringToFront")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, mobile=is_phone,
            deviceScaleFactor=2 if is_phone else 1,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=is_phone)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call("Page.navigate", url=url)
        deadline = time.monotonic() + START_SECONDS
        # about:blank is complete too, and drawn by nobody.
        wait_until(lambda: self.ask(IS_DRAWN), deadline, "the page was not drawn")

    def settle(self):
        """Until what was changed is laid out: sizes are observed between two frames."""
        frame = "new Promise((go) => requestAnimationFrame(() => setTimeout(go)))"
        self.ask(f"{frame}.then(() => {frame}).then(() => true)")

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def click_on(self, expression):
        self.ask(f"{expression}.scrollIntoView({{block: 'center'}}), true")
        self.settle()
        middle = f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({expression}.getBoundingClientRect())"
        self.click(*self.ask(middle))

    def press(self, key):
        code, text = KEYS[key]
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def picture(self, part, selector=None, most=2400):
        if not self.directory:
            return
        clip = {}
        if selector:
            place = self.ask(
                f"(({{x, y, width, height}}) => ({{x: x + scrollX, y: y + scrollY, width, height}}))"
                f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
            )
            place["height"] = min(place["height"], most)
            clip = {"captureBeyondViewport": True, "clip": {**place, "scale": 1}}
        shot = self.call("Page.captureScreenshot", format="png", **clip)["data"]
        (self.directory / f"{self.name}-{part}.png").write_bytes(base64.b64decode(shot))


def use_treemap(view):
    """Into a box by mouse and by key, between boxes by arrows, and back."""
    view.ask("document.querySelector('#treemap').scrollIntoView({block: 'center'}), true")
    view.settle()
    at_first = view.ask(TREEMAP)
    result = {"boxes": at_first["boxes"], "unnamed": at_first["unnamed"]}
    if not at_first["deep"]:
        return result
    view.click(*at_first["deep"])
    clicked = view.ask(TREEMAP)
    view.picture("treemap-inside", "#map")
    view.press("Escape")
    back = view.ask(TREEMAP)
    moved = back
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        view.press(key)
        moved = view.ask(TREEMAP)
        if moved["focused"] != back["focused"]:
            break
    view.picture("treemap-focus", "#map")
    view.ask("document.querySelector('#treemap .level-0.deep').focus(), true")
    view.press("Enter")
    entered = view.ask(TREEMAP)
    view.click_on("document.querySelector('.crumbs button')")
    return {
        **result,
        "depth": [each["depth"] for each in (at_first, clicked, back, entered, view.ask(TREEMAP))],
        "focus_after_click": clicked["focused"],
        "focus_moves": moved["focused"] not in (None, back["focused"]),
        "outline": moved["outline"],
        "unnamed": max(each["unnamed"] for each in (at_first, clicked, entered)),
    }


def use_classes(view):
    """Sorted by a click and by a key, filtered by typing, and prolonged."""
    header = "document.querySelector('#class-table').tHead.rows[0].cells[%d].querySelector('button')"
    result = {"at_first": view.ask(CLASSES)}
    view.click_on(header % 0)
    result["clicked"] = view.ask(CLASSES)
    view.ask(f"{header % 4}.focus(), true")
    view.press("Enter")
    result["by_key"] = view.ask(CLASSES)
    more = "document.querySelector('#classes .button')"
    if not view.ask(f"{more}.hidden"):
        view.click_on(more)
        result["more"] = view.ask(CLASSES)
    if view.ask("!!document.querySelector('#class-table-filter')"):
        view.click_on("document.querySelector('#class-table-filter')")
        view.call("Input.insertText", text="session")
        view.settle()
        result["filtered"] = view.ask(CLASSES)
        view.picture("classes-filtered", "#classes", 900)
    return result


def errors_of(events):
    for event in events:
        params = event["params"]
        if event["method"] == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            yield details.get("exception", {}).get("description", details["text"])
        elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            yield " ".join(str(each.get("value", each.get("description"))) for each in params["args"])
        elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            yield params["entry"]["text"]


def look(base, path, name, directory):
    url = path.as_uri()
    with tab(base, "about:blank") as page:
        view = View(page, directory, name)
        view.open(url)
        view.settle()
        view.picture("top")
        facts = view.ask(PAGE_FACTS)
        least = view.ask(LEAST_CONTRAST)
        for each in facts["sections"]:
            view.picture(each, f"#{each}")
        view.press("Tab")
        first_stop = view.ask("document.activeElement.textContent")
        treemap = use_treemap(view)
        classes = use_classes(view)
        # Chromium tells of a refused load only after a while of its own.
        view.settle()
        last = view.ask(PAGE_FACTS)
        requests = [each["params"]["request"] for each in page.events if each["method"] == "Network.requestWillBeSent"]
        return {
            "view": name,
            **facts,
            "overflow": max(facts["overflow"], last["overflow"]),
            "pwned": last["pwned"],
            "errors": list(errors_of(page.events)),
            "requests": [each["url"] for each in requests if each["url"] != url],
            "least_contrast": least,
            "first_stop": first_stop,
            "treemap": treemap,
            "classes": classes,
        }


def look_without_script(base, path):
    with tab(base, "about:blank") as page:
        view = View(page, None, "desktop-light")
        view.call("Emulation.setScriptExecutionDisabled", value=True)
        view.open(path.as_uri())
        return {"without_script": view.ask("document.body.innerText").strip()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=pathlib.Path, metavar="PAGE.html")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIRECTORY", help="where PNG files go")
    parser.add_argument("--view", choices=VIEWS, action="append", help="one of the views (default: all)")
    arguments = parser.parse_args()
    end_by_exception()
    try:
        if arguments.screenshots:
            arguments.screenshots.mkdir(parents=True, exist_ok=True)
        path = arguments.page.resolve(strict=True)
        with chromium() as base:
            for name in arguments.view or VIEWS:
                print(json.dumps(look(base, path, name, arguments.screenshots)), flush=True)
            print(json.dumps(look_without_script(base, path)), flush=True)
    except TimeoutError:
        print(f"look-at-page: Chromium did not answer within {START_SECONDS} s", file=sys.stderr)
        return 2
    except (Failure, OSError) as error:
        print(f"look-at-page: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
