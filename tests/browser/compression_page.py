"""Compression with a real browser: what it sends comes back, whoever takes contexts over."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium  # noqa: E402
from simws_host import Host  # noqa: E402

TEXTS = ['', 'x', 'again and again', 'again and again', 'Grüße ' * 1000, '{"angle": 0.5}' * 50_000, 'again and again']

# Sends each text when the one before has come back.
TALK = '''
document.title = 'talks';
const texts = %s, echoes = [];
const socket = new WebSocket(`ws://${location.host}/`);
socket.onopen = () => socket.send(texts[0]);
socket.onmessage = (event) => {
  echoes.push(event.data);
  if (echoes.length < texts.length) socket.send(texts[echoes.length]);
  else document.title = JSON.stringify([socket.extensions, echoes.every((echo, i) => echo === texts[i])]);
};
socket.onclose = (event) => { document.title = `closed with ${event.code}`; };
'''


async def checks():
    async with Chromium() as browser:
        for who in 'none', 'server', 'client', 'both':
            with Host('tests/browser/compression.lua', who) as host:
                with check(f'echoes come back, contexts taken over by: {who}'):
                    page = await browser.open(f'http://localhost:{host.port}/')
                    await page.evaluate(f'{{{TALK % json.dumps(TEXTS)}}}')
                    await page.until('it has talked', 'document.title !== "talks"')
                    extensions, are_same = json.loads(await page.evaluate('document.title'))
                    same(extensions.split(';')[0], 'permessage-deflate')
                    same(are_same, True)
                    same(page.errors, [])


run(checks)
