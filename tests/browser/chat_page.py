"""The chat's page in a real browser: people talk, and what they write stays text."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium  # noqa: E402
from simws_host import Host  # noqa: E402

MARKUP = '<img src=x onerror="document.title=1"> & <b>bold</b>'


async def enter(browser, url, name):
    page = await browser.open(url, 800, 600)
    await page.until('the page is connected',
                     'document.querySelector("[role=status]").textContent === "connected"')
    if name:
        await page.type('[aria-label="Your name"]', name)
        await page.enter()
        await hears(page, f'{name} joined')
    return page


async def say(page, text):
    await page.type('[aria-label=Message]', text)
    await page.enter()


async def hears(page, text):
    await page.until(f'the messages contain {text!r}',
                     f'document.querySelector("[role=log]").textContent.includes({json.dumps(text)})')


async def sees_people(page, names):
    await page.until(f'the people are {names}',
                     f'document.querySelector("#people").textContent === {json.dumps(names)}')


async def markup_stays_text(pages):
    await say(pages[0], MARKUP)
    for page in pages:
        await hears(page, MARKUP)
        same(await page.evaluate('document.querySelectorAll("[role=log] img, [role=log] span b").length'), 0)
        same(await page.evaluate('document.title'), 'simWS chat')


async def checks():
    async with Chromium() as browser:
        with Host('examples/lua/chat/chat.lua', 0) as host:
            url = f'http://localhost:{host.port}/'
            with check('two people join'):
                ada = await enter(browser, url, 'Ada')
                grace = await enter(browser, url, 'Grace')
                await hears(ada, 'Grace joined')
                await sees_people(ada, 'Here: Ada, Grace')
            with check('they hear each other'):
                await say(ada, 'Grüße aus London')
                await hears(grace, 'Grüße aus London')
                await say(grace, 'and from New York')
                await hears(ada, 'and from New York')
            with check('markup stays text'):
                await markup_stays_text([ada, grace])
            with check('a newcomer reads what was said'):
                visitor = await enter(browser, url, '')
                await hears(visitor, 'and from New York')
                await hears(visitor, MARKUP)
            with check('who leaves is missed'):
                await grace.close()
                await hears(ada, 'Grace left')
                await sees_people(ada, 'Here: Ada')
            with check('no page has complained'):
                same(ada.errors + grace.errors + visitor.errors, [])
            with check('the server ends in order'):
                same(host.terminate(), 0)


run(checks)
