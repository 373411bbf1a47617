"""Headless Chromium for tests, driven over its DevTools pipe with nothing but the standard library.

    with Browser() as browser:
        page = browser.page("http://127.0.0.1:9464/", width=1280, height=800)
        page.wait("document.querySelectorAll('.item').length > 3")
        page.screenshot("page.png")
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio", "--hide-scrollbars",
         "--disable-dev-shm-usage", "--remote-debugging-pipe"]
ANSWER_S = 60  # a busy machine is no failure


class Failure(Exception):
    """The browser or the page did not do what was asked."""


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if program is None:
            raise Failure("no chromium: deploy/setup.sh web installs it")
        self.profile = tempfile.mkdtemp(prefix="stanced-web-")
        self.log = open(os.path.join(self.profile, "log"), "wb")
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        from_us, self.to = os.pipe()
        self.back, to_us = os.pipe()
        high = [os.dup2(from_us, 103, inheritable=True), os.dup2(to_us, 104, inheritable=True)]
        command = [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(["bash", "-c", 'exec "$@" 3<&103 4>&104 103<&- 104>&-', "bash", *command], pass_fds=high,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for descriptor in (from_us, to_us, *high):
            os.close(descriptor)
        self.buffer, self.next_id, self.events = b"", 0, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            try:
                self.send("Browser.close", {}, None)
                self.process.wait(10)
            except (Failure, OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        os.close(self.to)
        os.close(self.back)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.back], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Failure(f"chromium did not answer within {ANSWER_S} s")
            data = os.read(self.back, 1 << 20)
            if not data:
                with open(self.log.name, encoding="utf-8", errors="replace") as log:
                    raise Failure("chromium ended: " + log.read()[-2000:])
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, parameters, session):
        """Sends a command and gives its result; what else arrives meanwhile is kept in `events`."""
        self.next_id += 1
        message = {"id": self.next_id, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        deadline = time.monotonic() + ANSWER_S
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def page(self, url, width=1280, height=800, dark=False, phone=False):
        target = self.send("Target.createTarget", {"url": "about:blank"}, None)["targetId"]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True}, None)["sessionId"]
        page = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)
        page.send("Emulation.setTouchEmulationEnabled", enabled=phone)
        page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        page.send("Page.navigate", url=url)
        page.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        return page


class Page:
    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target

    def send(self, method, **parameters):
        return self.browser.send(method, parameters, self.session)

    def run(self, script):
        """The value of a JavaScript expression, awaited if it is a promise."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise Failure(result["exceptionDetails"].get("exception", {}).get("description", "the script failed"))
        return result["result"].get("value")

    def wait(self, script, seconds=ANSWER_S):
        """Until the expression is true."""
        deadline = time.monotonic() + seconds
        while True:
            if self.run(f"Boolean({script})"):
                return
            if time.monotonic() > deadline:
                raise Failure(f"not within {seconds} s: {script}")
            time.sleep(0.1)

    def click(self, selector):
        """A real click in the middle of the first element that fits."""
        spot = self.run(f"""(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;
            e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const b = e.getClientRects()[0];
            return [b.x + b.width / 2, b.y + b.height / 2]; }})()""")
        if spot is None:
            raise Failure(f"nothing to click: {selector}")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], button="left", clickCount=1, buttons=int(kind == "mousePressed"))

    def key(self, key):
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9}
        code = codes.get(key, ord(key.upper()) if len(key) == 1 and key.isalnum() else 0)
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=key, text=text, windowsVirtualKeyCode=code)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def write(self, text):
        self.send("Input.insertText", text=text)

    def screenshot(self, path, full=False):
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """Errors in scripts, and what the page's policy refused."""
        texts = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                texts.append(event["params"]["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                texts.append(event["params"]["entry"]["text"] + " " + event["params"]["entry"].get("url", ""))
        return texts

    def requests(self):
        """The addresses that the page asked for."""
        return [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("sessionId") == self.session and event["method"] == "Network.requestWillBeSent"]

    def close(self):
        self.browser.send("Target.closeTarget", {"targetId": self.target}, None)
