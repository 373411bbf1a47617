#!/usr/bin/env python3
"""The live page and the page of `extract --html` in headless Chromium: page.py BUILD. Articles are those of the demo, and one that
tries to be mark-up. Screenshots are left in BUILD/web."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

from browser import Browser, Failure

BUILD = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build")
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHOTS = BUILD / "web"
HOSTILE = {"id": "<b>hostile</b>", "title": "<img src=x onerror=\"hacked=1\"> Zorb \"praises\" Quill & 'Co'</title>", "url": "javascript:hacked=1",
           "source": "</script><script>hacked=1</script>",
           "text": "<script>hacked = 1</script> Mayor Zoë Zorb praised Norvex warmly. 𝒜 “Norvex is <b>splendid</b> & kind,” Zorb said. "
                   "<img src=x onerror=hacked=1> Norvex thanked Zorb. </textarea></script>"}
# Names and a title as long as nobody wishes them, and a language that goes from right to left.
LONG = {"id": "x" * 200, "title": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3, "source": "The Long Winded Gazette " * 8,
        "url": "https://example.org/" + "a" * 300,
        "text": "The Federal Ministry for Overlong Institutional Denominations praised Maria Wilhelmina Konstantinopolitanopoulou-Featherstonehaugh. “The Federal Ministry "
                "for Overlong Institutional Denominations has ruined us,” said Maria Wilhelmina Konstantinopolitanopoulou-Featherstonehaugh."}
ARABIC = {"id": "arabic", "title": "وزير الخارجية ينتقد القرار", "language": "ar", "source": "صحيفة الشرق",
          "text": "انتقد وزير الخارجية القرار.\n\nMinister Sameh Shoukry criticised Norvex. “Norvex has betrayed Egypt,” Shoukry said."}
ODD = {"00-hostile": HOSTILE, "00-long": LONG, "00-arabic": ARABIC}
SHOWN = "[...document.querySelectorAll('#list .stance')]"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    """`stanced demo` with its page."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/"
        self.folder = tempfile.TemporaryDirectory()
        shutil.copytree(ROOT / "tests" / "cases" / "demo", self.folder.name, dirs_exist_ok=True)
        for name, article in ODD.items():
            pathlib.Path(self.folder.name, f"{name}.json").write_text(json.dumps(article), encoding="utf-8")
        self.log = open(SHOTS / "demo.log", "ab")
        self.process = subprocess.Popen([BUILD / "stanced", "demo", "--pace", "200", "--http_listen", f"127.0.0.1:{port}", self.folder.name],
                                        stdout=self.log, stderr=self.log)

    def ask(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer)

    def wait(self, articles):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.ask("api/articles")["articles"][0]["number"] >= articles:
                    return
            except (OSError, IndexError):
                pass
            time.sleep(0.2)
        raise Failure(f"not {articles} articles after a minute; exit status {self.process.poll()}, log in {self.log.name}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        self.folder.cleanup()


def setUpModule():
    global demo, browser
    SHOTS.mkdir(parents=True, exist_ok=True)
    demo = Demo(free_port())
    demo.wait(20)
    browser = Browser()


def tearDownModule():
    browser.close()
    demo.stop()


class Case(unittest.TestCase):
    def open(self, path="", **options):
        page = browser.page(demo.address + path, **options)
        self.addCleanup(page.close)
        if not path.startswith("#"):
            page.wait("document.querySelectorAll('.item').length >= 5")
        return page

    def find(self, page, actor):
        """Filters as a person does: a click into the field, and typing."""
        page.click("#actor")
        page.write(actor)
        page.wait(f"{SHOWN}.length > 0 && {SHOWN}.every((stance) => stance.textContent.toLowerCase().includes({json.dumps(actor.lower())}))")

    def expect_clean(self, page):
        self.assertEqual(page.complaints(), [])
        foreign = [url for url in page.requests() if not url.startswith((demo.address, "about:"))]
        self.assertEqual(foreign, [])


class Live(Case):
    def test_stances_arrive_while_one_looks(self):
        page = self.open()
        before = page.run("Number(document.querySelector('.item').dataset.number)")
        page.wait(f"Number(document.querySelector('.item').dataset.number) >= {before + 3}")
        page.wait("document.querySelector('#rate').textContent !== '–' && document.querySelectorAll('#sides .node').length >= 5")
        self.assertEqual(page.run("document.getElementById('state').textContent"), "live")
        self.assertEqual(page.run("document.querySelectorAll('#instances tbody tr').length"), 1)
        page.wait("document.querySelectorAll('#reasons li').length > 0 && document.querySelectorAll('#partitions li').length === 3")
        page.screenshot(SHOTS / "desktop.png")
        self.expect_clean(page)

    def test_a_pause_holds_the_list_and_says_what_came(self):
        page = self.open()
        page.click("#pause")
        before = page.run("document.querySelector('.item').dataset.number")
        page.wait("!document.getElementById('fresh').hidden")
        self.assertEqual(page.run("document.querySelector('.item').dataset.number"), before)
        page.click("#fresh")
        page.wait(f"document.querySelector('.item').dataset.number !== {json.dumps(before)}")

    def test_filters_by_actor_and_sign(self):
        page = self.open()
        self.find(page, "kestrel")
        page.wait("document.querySelector('#list .sign.for') && document.querySelector('#list .sign.against')")
        page.wait("document.querySelectorAll('#sides .node').length > 1 && [...document.querySelectorAll('#sides .graph .edge')].every((edge) => "
                  "(edge.dataset.from + edge.dataset.to).includes('Kestrel'))")
        page.click("[name=polarity][value=for]")
        page.wait("document.querySelectorAll('#list .sign').length > 0 && document.querySelectorAll('#list .sign.for').length === 0")
        page.screenshot(SHOTS / "filtered.png")
        page.click("#clear")
        page.wait("document.querySelectorAll('#list .sign.for').length > 0 && document.getElementById('actor').value === ''")
        page.click("#actor")
        page.write("nobody of this name")
        page.wait("document.querySelectorAll('.item').length === 0 && !document.getElementById('empty').hidden")
        self.expect_clean(page)

    def test_an_actor_is_chosen_in_the_graph(self):
        page = self.open()
        page.wait("document.querySelectorAll('#sides .node').length >= 5")
        name = page.run("document.querySelector('#sides .node').dataset.name")
        page.click("#sides .node circle")
        page.wait(f"document.getElementById('actor').value === {json.dumps(name)}")

    def test_opens_an_article_with_entities_and_evidence_marked(self):
        page = self.open()
        self.find(page, "iceland")
        page.click("#list .stance")
        page.wait("document.querySelector('#article .text .lit')")
        number, index = page.run("location.hash.slice(1)").split(".")
        record = demo.ask(f"api/articles/{number}")
        evidence = record["stances"][int(index)]["evidence"]
        lit = page.run("[...document.querySelectorAll('#article .text .lit')].map((each) => each.textContent).join('')")
        self.assertEqual(lit, "".join(record["text"][each["start"]:each["end"]] for each in sorted(evidence, key=lambda each: each["start"])))
        self.assertEqual(page.run("document.querySelector('#article .text').textContent"), record["text"])
        entity = next(entity for entity in record["entities"] if entity["mentions"][0]["kind"] == "name")
        mention = entity["mentions"][0]
        self.assertIn(record["text"][mention["start"]:mention["end"]],
                      page.run(f"[...document.querySelectorAll('#article mark[data-e=\"{entity['id']}\"]')].map((each) => each.textContent)"))
        page.screenshot(SHOTS / "article.png")
        page.click("#article .chip")
        page.wait("document.querySelectorAll('#article .text mark.same').length > 0 && !document.querySelector('#article .text .lit')")
        page.click("#back")
        page.wait("document.getElementById('reader').hidden && !document.getElementById('overview').hidden")
        self.expect_clean(page)

    def test_a_stance_that_was_clicked_stays_shown_while_the_text_scrolls_below_the_pointer(self):
        """The browser then says that the pointer is over another element, without its having moved."""
        page = self.open()
        self.find(page, "iceland")
        page.click("#list .title")
        page.wait("document.querySelectorAll('#article ol.stances button').length > 4")
        page.run("void document.addEventListener('click', (event) => { window.clicked = event; }, true)")
        page.click("#article ol.stances li:nth-child(3) button")
        page.wait("document.querySelector('#article .text .lit')")
        hover = "document.querySelector('#article .text mark.name').dispatchEvent(new MouseEvent('mouseover', {bubbles: true, clientX: clicked.clientX, clientY: clicked.clientY%s}))"
        page.run(hover % "")
        self.assertEqual(page.run("document.querySelectorAll('#article .text .same').length"), 0)
        self.assertEqual(page.run("[...document.querySelectorAll('#article ol.stances .lit')].map((each) => each.dataset.s).join()"), "2")
        page.run(hover % " + 5")
        self.assertGreater(page.run("document.querySelectorAll('#article .text .same').length"), 0)

    def test_lines_of_the_graph_are_told_apart(self):
        """Names do not lie on each other nor outside, and no two lines end at one place, on a desk and on a phone."""
        for options in ({"width": 1440, "height": 900}, {"width": 360, "height": 740, "phone": True}):
            page = self.open("#view-overview", **options)
            page.wait("document.querySelectorAll('#sides .node').length >= 14")
            self.assertEqual(page.run(CROWDED), [])

    def test_long_names_fit(self):
        for options in ({"width": 1280, "height": 800}, {"width": 360, "height": 740, "phone": True}):
            page = self.open(**options)
            self.find(page, "konstantinopolit")
            page.click("#list .title")
            page.wait("document.querySelectorAll('#article .node').length > 1")
            self.assertTrue(page.run("[document.documentElement, document.getElementById('reader'), document.querySelector('#article .side')]"
                                     ".every((each) => each.scrollWidth <= each.clientWidth)"))
            self.assertEqual(page.run(CROWDED.replace("#sides", "#article")), [])

    def test_each_paragraph_goes_in_its_own_direction(self):
        page = self.open()
        self.find(page, "shoukry")
        page.click("#list .title")
        page.wait("document.querySelector('#article .text')")
        # The first letters of title, first paragraph and last one: at the right, at the right, at the left.
        self.assertEqual(page.run("""[['h2', 0], ['.text', 0], ['.text', document.querySelector('#article .text').textContent.indexOf('Minister')]].map(([selector, at]) => {
            const element = document.querySelector(`#article ${selector}`), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
            let node = walker.nextNode();
            while (at >= node.length) { at -= node.length; node = walker.nextNode(); }
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const letter = range.getBoundingClientRect(), box = element.getBoundingClientRect();
            return letter.left - box.left < 20 ? 'left' : box.right - letter.right < 20 ? 'right' : 'between';
        })"""), ["right", "right", "left"])
        self.assertEqual(page.run("getComputedStyle(document.querySelector('#list .who b')).unicodeBidi"), "isolate")

    def test_an_article_that_is_gone_is_said(self):
        page = self.open("#999999999")
        page.wait("document.getElementById('article').textContent.includes('no longer kept')")

    def test_everything_goes_by_keyboard(self):
        page = self.open()
        page.key("/")
        page.wait("document.activeElement.id === 'actor'")
        page.write("iceland")
        page.wait(f"{SHOWN}.length > 0 && {SHOWN}.every((stance) => stance.textContent.includes('Iceland'))")
        page.key("Escape")
        page.key("j")
        page.wait("document.activeElement.className === 'title'")
        number = page.run("document.activeElement.closest('.item').dataset.number")
        page.key("Enter")
        page.wait("document.querySelector('#article .text') && document.activeElement.tagName === 'H2'")
        page.key("Escape")
        page.wait("document.getElementById('reader').hidden")
        self.assertEqual(page.run("document.activeElement.closest('.item').dataset.number"), number)
        self.expect_clean(page)

    def test_text_of_strangers_stays_text(self):
        page = self.open()
        self.find(page, "zorb")
        page.click(".item .title")
        page.wait("document.querySelector('#article .text')")
        self.assertEqual(page.run("document.querySelector('#article .text').textContent"), HOSTILE["text"])
        number = page.run("location.hash.slice(1)")
        record = demo.ask(f"api/articles/{number}")
        named = [record["text"][m["start"]:m["end"]] for entity in record["entities"] for m in entity["mentions"] if m["kind"] == "name"]
        self.assertGreater(len(named), 2)
        self.assertEqual(sorted(page.run("[...document.querySelectorAll('#article mark.name')].map((each) => each.textContent)")), sorted(named))
        self.assertIn("onerror=", page.run("document.querySelector('#article h2').textContent"))
        self.assertEqual(page.run("document.querySelectorAll('main img, main script, main b b, #article a').length"), 0)
        self.assertEqual(page.run("typeof hacked"), "undefined")
        self.expect_clean(page)

    def test_fits_a_phone(self):
        page = self.open(width=360, height=740, phone=True)
        fits = "document.documentElement.scrollWidth <= innerWidth"
        self.assertTrue(page.run(fits))
        self.assertTrue(page.run("getComputedStyle(document.getElementById('overview')).display === 'none'"))
        page.screenshot(SHOTS / "phone.png")
        page.click(".tabs a[href='#view-overview']")
        page.wait("document.querySelectorAll('#sides .node').length > 1 && getComputedStyle(document.getElementById('feed')).display === 'none'")
        self.assertTrue(page.run(fits))
        page.screenshot(SHOTS / "phone-overview.png")
        page.click(".tabs a[href='#view-stances']")
        page.wait("getComputedStyle(document.getElementById('feed')).display !== 'none'")
        self.find(page, "iceland")
        page.click("#list .stance")
        page.wait("document.querySelector('#article .text .lit') && getComputedStyle(document.getElementById('feed')).display === 'none'")
        self.assertTrue(page.run(fits))
        page.screenshot(SHOTS / "phone-article.png")
        self.assertEqual(page.run("""[...document.querySelectorAll('#article button, #back')].filter((each) => each.getClientRects()[0].height < 24).length"""), 0)

    def test_can_be_read_in_light_and_dark(self):
        for dark in (False, True):
            page = self.open(dark=dark, width=1440, height=900)
            self.find(page, "iceland")
            page.click("#list .stance")
            page.wait("document.querySelector('#article .text .lit')")
            self.assertEqual(page.run("matchMedia('(prefers-color-scheme: dark)').matches"), dark)
            self.assertEqual([text for text in page.run(CONTRAST) if text], [], "dark" if dark else "light")
            page.screenshot(SHOTS / f"article-{'dark' if dark else 'light'}.png")

    def test_every_control_has_a_name(self):
        page = self.open()
        page.wait("document.querySelectorAll('#sides .node').length > 1")
        for selector in (None, "#list .stance"):
            if selector:
                self.find(page, "iceland")
                page.click(selector)
                page.wait("document.querySelector('#article .text')")
            tree = page.send("Accessibility.getFullAXTree")["nodes"]
            controls = [node for node in tree if not node["ignored"] and node["role"]["value"] in
                        ("button", "link", "searchbox", "textbox", "checkbox", "combobox", "ComboBoxSelect", "img", "group", "region", "search")]
            self.assertGreater(len(controls), 10)
            self.assertEqual([node["role"]["value"] for node in controls if not node.get("name", {}).get("value") and
                              node["role"]["value"] != "group"], [])

    def test_outlives_the_process(self):
        """On a port of its own: the others need theirs."""
        other = Demo(free_port())
        try:
            other.wait(5)
            page = browser.page(other.address)
            self.addCleanup(page.close)
            page.wait("document.querySelectorAll('.item').length >= 3")
        finally:
            other.stop()
        page.wait("document.getElementById('state').textContent === 'no answer'")
        again = Demo(int(other.address.rsplit(":", 1)[1].strip("/")))
        try:
            page.wait("document.getElementById('state').textContent === 'live' && document.querySelectorAll('.item').length >= 3 && "
                      "Number(document.querySelector('.item').dataset.number) < 60")
        finally:
            again.stop()


# What is wrong with a graph: names on each other or outside, ends of lines at one place.
CROWDED = """(() => {
  const svg = document.querySelector('#sides .graph'), frame = svg.getBoundingClientRect(), bad = [];
  const boxes = [...svg.querySelectorAll('.node')].map((node) => ({ name: node.dataset.name, box: node.getBoundingClientRect() }));
  boxes.forEach(({ name, box }, i) => {
    if (box.left < frame.left - 1 || box.right > frame.right + 1) bad.push(`${name} is outside`);
    for (const { name: other, box: b } of boxes.slice(i + 1))
      if (box.left < b.right && b.left < box.right && box.top < b.bottom - 1 && b.top < box.bottom - 1) bad.push(`${name} lies on ${other}`);
  });
  const ends = [...svg.querySelectorAll('path.edge')].map((edge) => ({ edge, at: edge.getPointAtLength(edge.getTotalLength()) }));
  ends.forEach(({ edge, at }, i) => {
    for (const { edge: other, at: b } of ends.slice(i + 1))
      if (Math.hypot(at.x - b.x, at.y - b.y) < 2) bad.push(`${edge.dataset.from} and ${other.dataset.from} end at one place of ${edge.dataset.to}`);
  });
  if (ends.length === 0) bad.push('no lines');
  return bad;
})()"""

# Text that stands out too little from what is behind it (WCAG 2, 1.4.3), of what is on the screen.
CONTRAST = """(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const over = (top, below) => ({ r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a), a: 1 });
  const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.push(parse(getComputedStyle(at).backgroundColor));
    return chain.reverse().reduce((below, top) => over(top, below), parse(getComputedStyle(document.body).backgroundColor));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set(), bad = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element) || element.closest('svg, .clutter, :disabled, noscript') ||
        element.closest('.arrived') || !element.checkVisibility()) continue;
    seen.add(element);
    const back = behind(element), front = over(parse(getComputedStyle(element).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`${element.tagName}.${element.className} ${((a + 0.05) / (b + 0.05)).toFixed(2)} ${element.textContent.slice(0, 20)}`);
  }
  return bad;
})()"""


class Extract(Case):
    def test_a_file_of_articles_is_drawn_by_the_same_scripts(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder, "out.html")
            sample = ROOT / "tests" / "cases" / "demo" / "02-mackerel-row.json"
            lines = json.dumps(json.loads(sample.read_text(encoding="utf-8"))) + "\n" + json.dumps(HOSTILE) + "\nnot JSON\n"
            subprocess.run([BUILD / "stanced", "extract", "--html", out], input=lines.encode(), stderr=subprocess.DEVNULL, timeout=60)
            page = browser.page(out.as_uri())
            self.addCleanup(page.close)
            page.wait("document.querySelectorAll('main article').length === 3")
            self.assertTrue(page.run("document.querySelectorAll('article')[2].matches('.failed') && !document.querySelector('.text .lit')"))
            page.click("article ol.stances button")
            page.wait("document.querySelector('article .text .lit')")
            page.screenshot(SHOTS / "extract.png")
            page.key("Escape")
            page.wait("!document.querySelector('article .text .lit')")
            self.assertEqual(page.run("document.querySelectorAll('.text')[1].textContent"), HOSTILE["text"])
            self.assertEqual(page.run("typeof hacked"), "undefined")
            self.assertEqual(page.complaints(), [])
            self.assertEqual([url for url in page.requests() if not url.startswith(("file:", "about:"))], [])


    def test_places_that_speak_of_a_watched_topic_are_marked(self):
        with tempfile.TemporaryDirectory() as folder:
            out, topics = pathlib.Path(folder, "out.html"), pathlib.Path(folder, "topics.yaml")
            topics.write_text("- name: duties on electric vans\n  patterns: [duty, duties, the proposal]\n", encoding="utf-8")
            sample = ROOT / "tests" / "cases" / "demo" / "03-electric-van-duties.json"
            subprocess.run([BUILD / "stanced", "extract", "--html", out, "--topics", topics, sample], check=True, timeout=60)
            page = browser.page(out.as_uri())
            self.addCleanup(page.close)
            page.wait("document.querySelector('mark.topic')")
            words = page.run("[...new Set([...document.querySelectorAll('mark.topic')].map((mark) => mark.textContent.toLowerCase()))].sort().join()")
            self.assertEqual(words, "duties,the proposal")
            count = page.run("document.querySelectorAll('mark.topic').length")
            self.assertEqual(page.run("document.querySelector('.chip.topic').textContent"), f"duties on electric vans×{count}")
            page.click(".chip.topic")
            page.wait(f"document.querySelectorAll('mark.topic.same').length === {count}")
            page.screenshot(SHOTS / "extract-topic.png")
            self.assertEqual(page.complaints(), [])


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"web: {result.testsRun - failed} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if failed or result.testsRun == 0 else 0)
