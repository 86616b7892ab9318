"""How fast it is, as ratios in one run on one machine: `python -m tests.benchmarks.speed`, all parts or those named.

Parts: reader, batch, answer, pictures, page, start, weight. Nothing else should be running.
"""

import asyncio
import gzip
import io
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.support.parts import chosen

ROOT = Path(__file__).resolve().parents[2]
FRAME = 1000 / 60  # milliseconds


def milliseconds(call: Callable[[], object], seconds: float = 2.0) -> float:
    """The median time of a call, over as many as fit into `seconds`."""
    for _ in range(5):
        call()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def reader() -> None:
    """`reader.read` against Keras and against NumPy."""
    import numpy as np

    import model
    from model.networks import lstm, weights
    from tests.support.drawings import as_points, pen_digits

    shipped = weights.load()[0]
    keras_model = lstm.build()
    keras_model.set_weights(shipped)
    strokes = as_points(pen_digits()[4]["strokes"])
    image = model.strokes_to_image(strokes)
    ours = model.load_reader()

    def numpy_loop() -> None:
        """The bare cell, no logits, no evidence, nothing kept but the last state."""
        h = c = np.zeros(128, np.float32)
        for x in image:
            z = x @ shipped.kernel + h @ shipped.recurrent_kernel + shipped.bias
            i, f, o = (1 / (1 + np.exp(-z[k : k + 128])) for k in (0, 128, 384))
            c = f * c + i * np.tanh(z[256:384])
            h = o * np.tanh(c)

    read = milliseconds(lambda: ours.read(image))
    print(f"reader.read, everything in it      {read:8.3f} ms")
    for name, call in {
        "keras.Model.predict of one image": lambda: keras_model.predict(image[None], verbose=0),
        "calling the Keras model": lambda: keras_model(image[None], training=False).numpy(),
        "a bare NumPy loop over the cell": numpy_loop,
    }.items():
        other = milliseconds(call)
        print(f"{name:34} {other:8.3f} ms   {other / read:6.2f} × the time of reader.read")
    print(f"strokes_to_image                   {milliseconds(lambda: model.strokes_to_image(strokes)):8.3f} ms")


def batch() -> None:
    """Many images at once: their probabilities, and the trace of every one."""
    import numpy as np

    import model

    images = np.random.default_rng(0).random((10_000, 28, 28), np.float32)
    ours = model.load_reader()
    for name, call in {"reader.classify": ours.classify, "reader.trace": ours.trace}.items():
        took = milliseconds(lambda call=call: call(images), 10)
        print(f"{name} of {len(images):,} images {took:12.0f} ms   {1000 * len(images) / took:,.0f} a second")


def answer() -> None:
    """What a request costs the server, from its body to the answer's, without HTTP; alone, and beside others."""
    import model
    from model.serving.readings import BATCH, Readings
    from model.serving.request import checked, parsed
    from tests.support.drawings import as_points, pen_digits

    strokes = pen_digits()[4]["strokes"]
    body = json.dumps({"strokes": strokes}).encode()
    asked = checked(parsed(body))
    reader = model.load_reader()
    readings = Readings(reader)

    async def together(count: int) -> None:
        await asyncio.gather(*(readings.answer(asked) for _ in range(count)))

    with asyncio.Runner() as runner:
        for name, count, call in (
            ("parsing and checking the request", 1, lambda: checked(parsed(body))),
            ("    strokes_to_image in it", 1, lambda: model.strokes_to_image(as_points(strokes))),
            ("reading and packing, alone", 1, lambda: runner.run(together(1))),
            (f"reading and packing, {BATCH} together", BATCH, lambda: runner.run(together(BATCH))),
        ):
            print(f"{name:34} {1000 * milliseconds(call) / count:8.0f} µs a reading")


def pictures() -> None:
    """The digit found in JPEG files of made-up photos, and the most memory that the process had by then."""
    import resource

    from model.evaluation.photos import NAMES, photos
    from model.preprocessing.pictures import image_of_file
    from tests.support.drawings import as_points, pen_digits

    digits = [(as_points(digit["strokes"]), digit["digit"]) for digit in pen_digits()]
    for name, size in (("512 × 384 pixels", (512, 384)), ("8 megapixels", (3264, 2448))):
        files = []
        for kind in NAMES:
            file = io.BytesIO()
            next(photos(kind, digits, 1, 1))[0].convert("RGB").resize(size).save(file, "JPEG", quality=90)
            files.append(file.getvalue())
        times = [milliseconds(lambda file=file: image_of_file(file), 0.5) for file in files]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"a photo of {name:16} median {statistics.median(times):7.1f} ms   at most {max(times):.1f} ms", end="")
        print(f"   of {len(files)} kinds; the process at most {peak:.0f} MB")


WATCH_PEN_UP = """() => {
    window.penUp = 0; window.painted = [];
    addEventListener("pointerup", () => { penUp = performance.now(); painted = []; }, true);
    const prediction = document.querySelector("#prediction");
    new MutationObserver(() => painted.push(performance.now() - penUp))
        .observe(prediction, { attributeFilter: ["data-revision"] });
}"""

SKETCHPAD_PAGE = """
import sys; sys.path[:0] = {path!r}
import gradio as gr, model
reader = model.load_reader()
def read(drawn):
    digit = reader.read(model.picture_to_image(drawn["composite"])).digit
    return "" if digit is None else str(digit)
with gr.Blocks() as demo:
    pad = gr.Sketchpad(type="pil"); answer = gr.Textbox(elem_id="answer")
    pad.change(read, pad, answer)
demo.launch(server_port={port})
"""


def page() -> None:
    """From pen-up until the reading of the whole drawing is painted, in headless Chromium; and with `gr.Sketchpad`."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import draw, open_browser, open_page
    from tests.support.demo import Demo
    from tests.support.drawings import pen_digits

    demo = Demo()
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        open_page(tab, demo.url)
        tab.evaluate(WATCH_PEN_UP)
        times = []
        for digit in pen_digits():
            draw(tab, digit["strokes"])
            tab.wait_for_timeout(150)
            # No reading after pen-up: the whole drawing had been read and painted before the pen was lifted.
            times.append(max([0, *tab.evaluate("painted")]))
            tab.click("#clear")
            tab.wait_for_timeout(50)
        demo.kill()
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"pen-up to painted, {len(times)} digits       p50 {p50:6.1f} ms = {p50 / FRAME:.2f} frames")
        print(f"                                   p95 {p95:6.1f} ms = {p95 / FRAME:.2f} frames")
        theirs = sketchpad(browser, demo.port)
        ours = max(p50, FRAME)  # nothing is seen sooner than a frame
        print(f"gr.Sketchpad with .change          p50 {theirs:6.1f} ms = {theirs / ours:.0f} × ours, at least a frame")
        browser.close()


def sketchpad(browser: object, port: int) -> float:
    """The median time from pen-up to the answer on a page of Gradio's own parts."""
    code = SKETCHPAD_PAGE.format(path=[str(ROOT)], port=port)
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        times = []
        for x in range(6):
            tab = browser.new_page(viewport={"width": 1440, "height": 900})
            tab.goto(f"http://127.0.0.1:{port}/")
            canvas = tab.locator("canvas").first
            canvas.wait_for()
            tab.get_by_label("Brush").click()
            tab.wait_for_timeout(1000)
            box = canvas.bounding_box()
            tab.evaluate(
                """() => { addEventListener("pointerup", () => { window.penUp = performance.now(); }, true);
                const field = document.querySelector("#answer textarea, #answer input");
                const look = () => { if (window.penUp && field.value) window.answered ??= performance.now() - penUp;
                                     requestAnimationFrame(look); }; look(); }"""
            )
            tab.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + 60)
            tab.mouse.down()
            for y in range(20):
                tab.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + 60 + 8 * y)
            tab.mouse.up()
            times.append(tab.wait_for_function("window.answered", timeout=20_000).json_value())
            tab.close()
        return statistics.median(times)
    finally:
        server.kill()


def wait_for(url: str) -> None:
    """Wait until something is served there."""
    for _ in range(3000):
        try:
            return urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(url)


def start() -> None:
    """From `python demo.py` to the first answer, against the bare imports. Every other run, five of each."""
    from tests.support.demo import free_port

    bare, ours = [], []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import tensorflow, gradio"], check=True, stderr=subprocess.DEVNULL)
        bare.append(time.perf_counter() - begun)
        url = f"http://127.0.0.1:{(port := free_port())}/"
        begun = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, ROOT / "demo.py"],
            env={**os.environ, "GRADIO_SERVER_PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(url)
        body = json.dumps({"strokes": [[1, 2, 3, 4]]}).encode()
        request = urllib.request.Request(url + "page/read", body, {"Content-Type": "application/json"})
        assert len(urllib.request.urlopen(request).read()) > 784
        ours.append(time.perf_counter() - begun)
        server.kill()
        server.wait()
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"import tensorflow, gradio          {statistics.median(bare):8.2f} s")
    print(f"demo.py to the first answer        {statistics.median(ours):8.2f} s    {ratio:.2f} × the imports")


def weight() -> None:
    """What of the page is the project's own, compressed."""
    files = [path for path in (ROOT / "assets").rglob("*") if path.is_file() and path.name != "social-card.png"]
    total = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    print(f"the page's own {len(files)} files, gzipped  {total / 1000:8.1f} KB")


PARTS = {part.__name__: part for part in (reader, batch, answer, pictures, page, start, weight)}

if __name__ == "__main__":
    for part in chosen(__doc__, PARTS):
        part()
