"""The console's page in a real browser: served by its script it talks; opened as a file it is refused,
unless the server lists the Origin that browsers give to such pages."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium  # noqa: E402
from simws_host import ROOT, Host  # noqa: E402

SCRIPT = 'examples/lua/console/console.lua'
PAGE = (ROOT / 'examples/lua/console/console.html').as_uri()


async def says(page, text):
    await page.until(f'the page says {text!r}',
                     '[...document.querySelectorAll("#log li")].some(line =>'
                     f' line.textContent.startsWith({json.dumps(text)}))')


async def talks(page):
    await page.until('it is connected', '$("state").textContent === "connected"')
    await says(page, '← welcome')
    await page.type('#text', 'Grüße')
    await page.enter()
    await says(page, '← Grüße')


async def connect_to(page, port):
    await page.evaluate(f'$("url").value = "ws://localhost:{port}/"')
    await page.click('#connect button')


async def checks():
    async with Chromium() as browser:
        with Host(SCRIPT, 0) as host:
            with check('the page that the script serves talks to it'):
                served = await browser.open(f'http://localhost:{host.port}/')
                await talks(served)
                same(served.errors, [])
            with check('opened as a file it is refused, and the log says how to admit it'):
                opened = await browser.open(PAGE)
                await connect_to(opened, host.port)
                await says(opened, 'closed: code 1006')
                host.wait_for(r"origin 'null' may not connect; .* origins=\{'null'\}")
            same(host.terminate(), 0)
        with Host(SCRIPT, 0, options=['--param', 'simWS.origins=null']) as host:
            with check('where that Origin is listed it talks'):
                await connect_to(opened, host.port)
                await talks(opened)
            same(host.terminate(), 0)


run(checks)
