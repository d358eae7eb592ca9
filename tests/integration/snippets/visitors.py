"""What comes to the server of a snippet: clients that ask for whatever the snippet knows of."""
import asyncio
import re

import websockets

from clients import answer_to
from simws_host import DEADLINE
from websocket_client import Refused, connect, status_of

EVENTS = 12  # more than what one client causes
_RESOURCE = re.compile(r'''["'](/[\w\-./?=&%]*)["']''')


def resources_of(snippet):
    """What the snippet's rules name, what stands quoted in it, and the root."""
    named = snippet.rules.get('opens', '').split()
    if 'refuses' in snippet.rules:
        return named
    return list(dict.fromkeys([*named, *_RESOURCE.findall(snippet.text), '/']))


async def all_handled(probe):
    """Comes back when the script has handled all that came before."""
    async with connect(f'ws://127.0.0.1:{probe}/') as socket:
        for _ in range(EVENTS):
            await socket.send('?')
            await asyncio.wait_for(socket.recv(), DEADLINE)


async def talk(port, probe, resource, rules, wanted):
    """What a client hears that connects, sends text and bytes, waits for what it wants, and leaves."""
    heard = []
    socket = await connect(f'ws://127.0.0.1:{port}{resource}', max_queue=None)
    try:
        await socket.send(rules.get('sends', 'hello'))
        await socket.send(bytes.fromhex(rules.get('bytes', '00ff')))
        while wanted is not None and wanted not in heard:
            heard.append(await asyncio.wait_for(socket.recv(), DEADLINE))
    except websockets.ConnectionClosed:
        pass
    await all_handled(probe)
    await socket.close()
    await all_handled(probe)
    return heard


async def be_refused(port, status, origin=None):
    """An attempt that fails with this status."""
    try:
        await connect(f'ws://127.0.0.1:{port}/', origin=origin)
    except Refused as refusal:
        return status_of(refusal) == status
    return False


async def visit(snippet, port, probe):
    """What is wrong with how the server serves, one line each."""
    wrong = []
    wanted = snippet.rules.get('gets')
    await all_handled(probe)  # and has set its handlers: who comes before an upgrade handler is set is closed
    for resource in resources_of(snippet):
        heard = await talk(port, probe, resource, snippet.rules, wanted)
        if wanted is not None and wanted not in heard:
            wrong.append(f'no client got {wanted!r}, but {heard}')
        wanted = None
        for body in (None, b'{"speed": 0.5}'):
            status = (await asyncio.to_thread(answer_to, f'http://127.0.0.1:{port}{resource}', body))[0]
            if status >= 500:
                wrong.append(f'{resource} is answered with {status}')
    if not await be_refused(port, 403, origin='https://stranger.example'):
        wrong.append('a page of a stranger is admitted')
    if 'refuses' in snippet.rules and not await be_refused(port, int(snippet.rules['refuses'])):
        wrong.append(f'/ is not refused with {snippet.rules["refuses"]}')
    await all_handled(probe)
    return wrong
