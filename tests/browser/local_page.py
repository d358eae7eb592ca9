"""tls = 'local' in a real browser: no warning once it trusts the authority, by the commands that `simws cert` shows."""
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium, ProtocolError  # noqa: E402
from simws_host import Process, program  # noqa: E402


class EchoServer(Process):
    def __init__(self):
        super().__init__([program(), 'echo', '0', '--tls'])

    @property
    def port(self):
        return int(self.wait_for(r'listening on [\d.]+:(\d+)')[1])


def commands_for_chromium():
    """As they are printed."""
    shown = subprocess.run([program(), 'cert'], capture_output=True, text=True, check=True).stdout
    lines = shown[shown.index('Chrome and Chromium on Linux'):].splitlines()[1:]
    return [line.strip() for line in lines[:next(i for i, line in enumerate(lines) if not line.startswith(' '))]]


async def is_trusted(browser, url):
    """Whether the page comes without a warning."""
    page = await browser.open('about:blank')
    result = await page.call('Page.navigate', url=url)
    error = result.get('errorText', '')
    with contextlib.suppress(ProtocolError):
        await page.close()
    return error == '' or error


async def echoes(page):
    return await page.evaluate("""new Promise((resolve, reject) => {
        const socket = new WebSocket(location.origin.replace('https', 'wss'));
        socket.onopen = () => socket.send('hello');
        socket.onmessage = event => { resolve(event.data); socket.close(); };
        socket.onerror = () => reject(new Error('it failed'));
    })""")


async def checks():
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=f'{home}/.config')
        with EchoServer() as server:
            addresses = [f'https://{host}:{server.port}/' for host in ('localhost', '127.0.0.1', '[::1]')]
            with check('a browser that knows nothing warns'):
                async with Chromium(home) as browser:
                    same(await is_trusted(browser, addresses[0]), 'net::ERR_CERT_AUTHORITY_INVALID')
            with check('the commands for it run'):
                for command in commands_for_chromium():
                    subprocess.run(['sh', '-ec', command], check=True)
                stored = subprocess.run(['certutil', '-d', f'sql:{home}/.pki/nssdb', '-L'], check=True,
                                        capture_output=True, text=True).stdout
                same('simWS' in stored, True)
            async with Chromium(home) as browser:
                with check('by name and by address it warns no more'):
                    for address in addresses:
                        same(await is_trusted(browser, address), True)
                with check('the page is secure, and its WebSocket too'):
                    page = await browser.open(addresses[0])
                    same(await page.evaluate('isSecureContext && location.protocol'), 'https:')
                    same(await echoes(page), 'hello')
                with check('the page has not complained'):
                    same(page.errors, [])
            with check('the server ends in order'):
                same(server.terminate(), 0)


run(checks)
