"""Headless Chromium, driven over its DevTools protocol.

    async with Chromium() as browser:
        page = await browser.open('http://localhost:9000/')
        await page.until('the title is there', 'document.title === "simWS"')

Expressions are JavaScript, evaluated in the page. A wait polls its condition until a deadline.
"""
import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_TESTS / 'support'))

from websocket_client import connect  # noqa: E402

DEADLINE = 60.0  # seconds
POLL = 0.05
_PROFILES = _TESTS.parent / 'build'  # Ubuntu's Chromium is a snap, which sees nothing of /tmp

_FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
          '--disable-background-networking', '--disable-component-update', '--disable-sync',
          '--disable-dev-shm-usage', '--disable-background-timer-throttling',
          '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
          '--remote-debugging-port=0']


def program():
    """The browser's path: the environment variable CHROMIUM, or what is found on PATH."""
    for name in (os.environ.get('CHROMIUM'), 'chromium', 'chromium-browser', 'google-chrome'):
        if name and shutil.which(name):
            return shutil.which(name)
    raise RuntimeError('Chromium is needed: install it or set the environment variable CHROMIUM')


async def until(what, condition, timeout=DEADLINE):
    """The first true value that the coroutine function returns; what names it in a failure."""
    end = time.monotonic() + timeout
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f'not within {timeout:g} s: {what}')
        await asyncio.sleep(POLL)


class Page:
    """One tab. errors lists what its console and its scripts complained about."""

    def __init__(self, browser, target, session):
        self._browser = browser
        self._target = target
        self._session = session
        self.errors = []

    async def call(self, method, **parameters):
        return await self._browser.call(method, self._session, **parameters)

    async def close(self):
        await self._browser.call('Target.closeTarget', targetId=self._target)

    async def goto(self, url):
        await self.call('Page.navigate', url=url)
        await self.until(f'{url} is loaded',
                         f'location.href === {json.dumps(url)} && document.readyState === "complete"')

    async def reload(self):
        await self.evaluate('window.beforeReload = true')
        await self.call('Page.reload')
        await self.until('the page is loaded again',
                         '!window.beforeReload && document.readyState === "complete"')

    async def evaluate(self, expression):
        result = await self.call('Runtime.evaluate', expression=expression, returnByValue=True,
                                 awaitPromise=True)
        if 'exceptionDetails' in result:
            raise AssertionError(f'{expression}: {result["exceptionDetails"]}')
        return result['result'].get('value')

    async def until(self, what, expression, timeout=DEADLINE):
        async def condition():
            try:
                return await self.evaluate(expression)
            except ProtocolError:  # the page is being replaced
                return None
        return await until(what, condition, timeout)

    async def centre(self, selector):
        """Where the element's middle is in the window."""
        return await self.evaluate(
            f'(() => {{ const box = document.querySelector({json.dumps(selector)});'
            ' box.scrollIntoView({block: "nearest"});'
            ' const {left, top, width, height} = box.getBoundingClientRect();'
            ' return {x: left + width / 2, y: top + height / 2}; })()')

    async def key_down(self, key, code=None):
        await self.call('Input.dispatchKeyEvent', type='rawKeyDown', key=key, code=code or key)

    async def key_up(self, key, code=None):
        await self.call('Input.dispatchKeyEvent', type='keyUp', key=key, code=code or key)

    async def enter(self):
        key = {'key': 'Enter', 'code': 'Enter', 'windowsVirtualKeyCode': 13}
        await self.call('Input.dispatchKeyEvent', type='keyDown', text='\r', **key)
        await self.call('Input.dispatchKeyEvent', type='keyUp', **key)

    async def space(self):
        key = {'key': ' ', 'code': 'Space', 'windowsVirtualKeyCode': 32}
        await self.call('Input.dispatchKeyEvent', type='keyDown', text=' ', **key)
        await self.call('Input.dispatchKeyEvent', type='keyUp', **key)

    async def focus(self, selector):
        await self.evaluate(f'document.querySelector({json.dumps(selector)}).focus()')

    async def type(self, selector, text):
        await self.focus(selector)
        await self.call('Input.insertText', text=text)

    async def mouse(self, event, x, y, button='left'):
        await self.call('Input.dispatchMouseEvent', type=event, x=x, y=y, button=button,
                        buttons=0 if event == 'mouseReleased' else 1, clickCount=1)

    async def click(self, selector):
        place = await self.centre(selector)
        await self.mouse('mousePressed', **place)
        await self.mouse('mouseReleased', **place)

    async def resize(self, width, height, scale=1, mobile=False):
        await self.call('Emulation.setDeviceMetricsOverride', width=width, height=height,
                        deviceScaleFactor=scale, mobile=mobile)

    async def touch(self):
        """From now on the page is on a device with a touch screen and without a mouse."""
        await self.call('Emulation.setTouchEmulationEnabled', enabled=True, maxTouchPoints=5)

    async def prefer(self, scheme):
        """The colour scheme, 'dark' or 'light'."""
        await self.call('Emulation.setEmulatedMedia',
                        features=[{'name': 'prefers-color-scheme', 'value': scheme}])

    async def screenshot(self, path, **options):
        result = await self.call('Page.captureScreenshot', format='png', **options)
        Path(path).write_bytes(base64.b64decode(result['data']))

    def notice(self, method, parameters):
        if method == 'Runtime.exceptionThrown':
            details = parameters['exceptionDetails']
            self.errors.append(details.get('exception', {}).get('description', details['text']))
        elif method == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'warning'):
            self.errors.append(' '.join(str(x.get('value', x)) for x in parameters['args']))
        elif method == 'Log.entryAdded' and parameters['entry']['level'] in ('error', 'warning'):
            entry = parameters['entry']
            self.errors.append(f'{entry["text"]} ({entry.get("url", "")})')


class ProtocolError(Exception):
    """What the browser answered to a call that it refused."""


class Chromium:
    """A browser with a profile of its own, as an asynchronous context manager; with `home` in that folder, where its
    store of certificates is."""

    def __init__(self, home=None):
        self._environment = {**os.environ, **({'HOME': str(home)} if home else {})}

    async def __aenter__(self):
        _PROFILES.mkdir(exist_ok=True)
        self._profile = tempfile.TemporaryDirectory(prefix='chromium-', dir=_PROFILES, ignore_cleanup_errors=True)
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [program(), *_FLAGS, f'--user-data-dir={self._profile.name}', 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=self._log, env=self._environment)
        try:
            port, path = await until('the browser has started', self._devtools)
            self._socket = await connect(f'ws://127.0.0.1:{port}{path}', max_size=None)
        except BaseException:
            self._end()
            raise
        self._ids = itertools.count(1)
        self._answers = {}
        self._pages = {}
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self._reader.cancel()
        await self._socket.close()
        self._end()

    async def open(self, url, width=1440, height=900, scale=1, mobile=False):
        """A new tab with that page."""
        target = await self.call('Target.createTarget', url='about:blank')
        attached = await self.call('Target.attachToTarget', flatten=True,
                                   targetId=target['targetId'])
        page = Page(self, target['targetId'], attached['sessionId'])
        self._pages[attached['sessionId']] = page
        for domain in ('Page', 'Runtime', 'Log'):
            await page.call(f'{domain}.enable')
        await page.call('Emulation.setFocusEmulationEnabled', enabled=True)
        await page.resize(width, height, scale, mobile)
        await page.goto(url)
        return page

    async def call(self, method, session=None, **parameters):
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {'id': number, 'method': method, 'params': parameters}
        if session:
            message['sessionId'] = session
        await self._socket.send(json.dumps(message))
        return await asyncio.wait_for(answer, DEADLINE)

    async def _devtools(self):
        if self._process.poll() is not None:
            self._log.seek(0)
            raise AssertionError(f'the browser ended: {self._log.read().decode(errors="replace")}')
        file = Path(self._profile.name) / 'DevToolsActivePort'
        lines = file.read_text().splitlines() if file.exists() else []
        return lines if len(lines) == 2 else None

    async def _read(self):
        async for text in self._socket:
            message = json.loads(text)
            if 'id' in message:
                self._settle(self._answers.pop(message['id']), message)
            elif page := self._pages.get(message.get('sessionId')):
                page.notice(message['method'], message['params'])

    @staticmethod
    def _settle(answer, message):
        if answer.cancelled():
            return
        if 'error' in message:
            answer.set_exception(ProtocolError(message['error']['message']))
        else:
            answer.set_result(message['result'])

    def _end(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._profile.cleanup()
