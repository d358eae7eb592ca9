"""A server with a token in a real browser: a page that is opened with it, and then needs it no more."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium  # noqa: E402
from simws_host import Host  # noqa: E402

FOLDER = Path(__file__).resolve().parent
SCRIPT = FOLDER / 'token.lua'
IS_OPEN = 'document.readyState === "complete" && document.title === "guarded"'


async def checks():
    async with Chromium() as browser:
        with Host(SCRIPT) as host:
            address = f'http://localhost:{host.port}/'
            with check('without the token a page asks for it'):
                page = await browser.open(address)
                await page.until('it asks', 'document.querySelector("input[name=token]") !== null')
            with check('a wrong token is none'):
                await page.type('input', 'wrong')
                await page.click('button')
                await page.until('it asks again', 'location.search === "?token=wrong"')
                await page.until('it asks again', 'document.querySelector("input[name=token]") !== null')
            with check('the token opens the page, and is gone from its address'):
                await page.type('input', 's3cret')
                await page.click('button')
                await page.until('the page is there', IS_OPEN)
                same(await page.evaluate('location.href'), address)
                same(await page.evaluate('document.cookie'), '')
            with check('its WebSocket needs no code'):
                await page.until('it has talked', 'window.heard === "welcome to /?x=1"')
            with check('the next page needs no token'):
                await page.goto(address + 'next?y=2')
                await page.until('the page is there', IS_OPEN)
            with check('a link that has the token opens the page'):
                await page.call('Page.navigate', url=address + 'page?token=s3cret&z=3')
                await page.until('it leads there', f'location.href === "{address}page?z=3" && {IS_OPEN}')
            port = host.wait_for('^OTHER ([0-9]+)$', 'stdout')[1]
            with check('a link of another site leads to a page that asks, from where one goes on'):
                site = await browser.open(f'http://127.0.0.1:{port}/')
                await site.evaluate(f'location.href = "{address}linked?token=s3cret"')
                await site.until('it asks', 'document.querySelector("input[name=token]") !== null')
                same(await site.evaluate('location.href'), address + 'linked')
                await site.click('a')
                await site.until('the page is there', IS_OPEN)
            with check('a page of another port of this host may not use the cookie'):
                other = await browser.open(f'http://localhost:{port}/')
                result = await other.evaluate(
                    'new Promise(done => { const socket = new WebSocket("ws://localhost:%d/");'
                    ' socket.onopen = () => done("open"); socket.onclose = () => done("closed"); })' % host.port)
                same(result, 'closed')
                host.wait_for("the page of 'http://localhost:.*origins=", 'stderr')
            same([line for line in host.stderr if 's3cret' in line], [])
            same(host.terminate(), 0)


run(checks)
