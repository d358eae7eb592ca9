"""simws bench: against simWS, servers that others wrote and ones that are none."""
import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import websockets

from commands import DEADLINE, Authority, ClientTest, Command, Host, RawServer, connect, finish, program

SHORT = {'--seconds': '0.2', '--warm-up': '0.05', '--connections': '4', '--timeout': str(DEADLINE)}
LONGER = (0.2, 1, 5, 25)  # seconds, where a busy machine may see nothing in less
TIMES = ('p50', 'p90', 'p99', 'p999', 'max')


def short(arguments):
    """With what makes a measurement short, where nothing else is said."""
    return [*arguments, *(word for pair in SHORT.items() if pair[0] not in arguments for word in pair)]


class BenchTest(ClientTest):
    async def bench(self, *arguments, status=0, **options):
        done = await self.do(lambda: finish('bench', *arguments, **options))
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    async def measure(self, *arguments, **options):
        return await self.bench(*short(arguments), **options)

    async def figures(self, *arguments):
        return json.loads((await self.measure('--json', *arguments)).stdout)

    async def heard(self, *arguments):
        """The figures of a measurement that's long enough for something to come."""
        for seconds in LONGER:
            found = await self.figures(*arguments, '--seconds', str(seconds))
            if found['messages'] > 0:
                return found
        self.fail(f'nothing came: {found}')

    async def said(self, expected, *arguments):
        """Waits for a measurement that's long enough for this to be said."""
        for seconds in LONGER:
            out = (await self.measure(*arguments, '--seconds', str(seconds))).stdout
            if expected in out:
                return
        self.assertIn(expected, out)

    async def echo(self, *options, command='echo'):
        """A server of simWS: its port."""
        self.server = self.enterContext(Command(command, '0', *options))
        return await self.do(lambda: self.server.port)

    async def serve(self, handler, **options):
        """One of Python's websockets: its port."""
        server = await websockets.serve(lambda client, *_: handler(client), '127.0.0.1', 0, **options)

        async def stop():
            server.close()
            await server.wait_closed()
        self.addAsyncCleanup(stop)
        return server.sockets[0].getsockname()[1]


async def echo(client):
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            await client.send(await client.recv())


def stream(message, pause=0.002):
    async def handler(client):
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await client.send(message())
                await asyncio.sleep(pause)
    return handler


class Echo(BenchTest):
    async def test_measures_simws_in_each_payload(self):
        port = await self.echo()
        for payload in ('ascii', 'utf8', 'binary', 'json'):
            found = await self.figures(port, '--payload', payload, '--size', 1000, '--pipeline', 3)
            self.assertGreater(found['messages'], 0)
            times = [found[f'{name}_us'] for name in TIMES]
            self.assertEqual(times, sorted(times))
            self.assertGreater(times[0], 0)

    async def test_measures_others(self):
        port = await self.serve(echo, ping_interval=0.02)
        for options in ((), ('--deflate',), ('--deflate', '--in-context', '--payload', 'json', '--size', 500)):
            found = await self.figures(f'ws://127.0.0.1:{port}/', *options)
            self.assertGreater(found['messages'], 0)
            self.assertEqual(found['deflate'], 1 if options else 0)
            self.assertEqual(found.get('compressed', 0) > 0, bool(options))

    async def test_ends_after_so_many_messages(self):
        port = await self.echo()
        found = await self.figures(port, '--seconds', 1000, '--messages', 10)
        self.assertGreaterEqual(found['messages'], 10)

    async def test_shows_a_picture_as_the_terminal_can(self):
        port = await self.echo()
        for locale, bar in (('C', '#'), ('C.UTF-8', '█')):
            done = await self.measure(port, env={**os.environ, 'LC_ALL': locale, 'COLUMNS': '60'})
            self.assertIn('every byte as it was sent', done.stdout)
            self.assertRegex(done.stdout, r'round trip:  p50 [\d.]+ .s   p90 .* p99 .* p99.9 .* max ')
            self.assertIn(bar, done.stdout)
            self.assertLessEqual(max(map(len, re.findall(r'.* [|│].*', done.stdout))), 60)
        self.assertEqual(done.stdout.splitlines()[0], f'ws://localhost:{port}/')
        done = await self.measure(f'ws://localhost:{port}/?token=secret')
        self.assertNotIn('secret', done.stdout)

    async def test_measures_the_server_process_too(self):
        port = await self.echo()
        found = await self.figures(port, '--server', self.server.pid)
        self.assertGreater(found['server_us_per_message'], 0)
        found = await self.figures(port, '--server', self.server.pid, '--mode', 'idle')
        self.assertIn('bytes_per_connection', found)
        done = await self.measure(port, '--server', self.server.pid, '--mode', 'idle')
        self.assertIn('a connection', done.stdout)

    async def test_ends_early_and_tells_what_it_has(self):
        begun = asyncio.Event()

        async def handler(client):
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    await client.send(await client.recv())
                    begun.set()
        port = await self.serve(handler)
        for number in (signal.SIGINT, signal.SIGTERM):
            begun.clear()
            bench = subprocess.Popen([program(), 'bench', str(port), '--seconds', 'inf', '--warm-up', '0', '--connections', '1',
                                      '--json'], stdout=subprocess.PIPE, text=True)
            await asyncio.wait_for(begun.wait(), DEADLINE)
            bench.send_signal(number)
            out, _ = await self.do(lambda: bench.communicate(timeout=DEADLINE))
            self.assertEqual(bench.returncode, 0)
            self.assertIn('messages', json.loads(out))


class Latency(BenchTest):
    async def test_counts_on_a_schedule(self):
        port = await self.echo()
        for options in ((), ('--wait',)):
            found = await self.heard(port, '--mode', 'latency', '--rate', '200', *options)
            self.assertGreaterEqual(found['late'], 0)
            self.assertGreater(found['p50_us'], 0)
        done = await self.measure(port, '--mode', 'latency', '--rate', 200)
        self.assertRegex(done.stdout, r'latency:  p50 ')

    async def test_of_another_server(self):
        port = await self.serve(echo, ping_interval=0.02)
        self.assertGreater((await self.heard(port, '--mode', 'latency', '--rate', '100'))['p50_us'], 0)


class Connects(BenchTest):
    async def test_come_and_go(self):
        for port in (await self.echo(), await self.serve(echo)):
            found = await self.heard(port, '--mode', 'connect')
            self.assertGreater(found['p50_us'], 0)

    async def test_are_held(self):
        port = await self.echo()
        done = await self.measure(port, '--mode', 'idle', '--hold', input='')
        self.assertEqual(json.loads(done.stdout)['messages'], 4)


class Streams(BenchTest):
    async def test_listens(self):
        port = await self.serve(stream(lambda: 'x' * 100))
        found = await self.heard(port, '--mode', 'fan-out')
        self.assertGreater(found['bytes_per_second'], 0)
        self.assertLessEqual(found['connection_rate_min'], found['connection_rate_max'])
        await self.said('gap:  p50', port, '--mode', 'fan-out', '--deflate')
        await self.said('a connection: ', port, '--mode', 'fan-out')

    async def test_answers_pings_meanwhile(self):
        answered = asyncio.Event()

        async def handler(client):
            with contextlib.suppress(websockets.ConnectionClosed):
                await (await client.ping())
                answered.set()
                await client.wait_closed()
        port = await self.serve(handler)
        bench = subprocess.Popen([program(), 'bench', str(port), '--mode', 'fan-out', '--seconds', '1000'],
                                 stdout=subprocess.DEVNULL)
        await asyncio.wait_for(answered.wait(), DEADLINE)
        bench.terminate()
        await self.do(lambda: bench.wait(DEADLINE))

    async def test_tells_the_age_of_what_is_stamped(self):
        for message in (lambda: f'{time.time_ns()} and more', lambda: f'{time.monotonic_ns():020}',
                        lambda: f'{time.time():.6f} in seconds', lambda: str(time.time_ns()).encode()):
            port = await self.serve(stream(message))
            found = await self.heard(port, '--mode', 'age')
            self.assertEqual(found['stamped'], found['messages'])
            self.assertIsNotNone(found['p50_ms'])

    async def test_says_what_is_missing(self):
        port = await self.serve(stream(lambda: 'no time'))
        await self.said('time.time_ns()', port, '--mode', 'age')
        port = await self.serve(stream(lambda: str(time.time_ns() + 10 ** 12)))
        await self.said('from the future', port, '--mode', 'age')
        port = await self.echo()
        self.assertIn('nothing came', (await self.measure(port, '--mode', 'fan-out')).stdout)
        done = await self.measure(port, '--mode', 'age', '--send')  # an echo, which the others don't get
        self.assertIn('send to all what one connection sends', done.stdout)

    async def test_subscribes_to_topics(self):
        script = Path(self.enterContext(tempfile.TemporaryDirectory())) / 'topics.lua'
        script.write_text('''
            simWS = require 'simWS'
            function sysCall_init() server = simWS.start(0, {topics = true}) end
            function sysCall_sensing()
                simWS.publish(server, 'a,"b', 'state')
                simWS.publish(server, 'big', string.rep('x', 100000))
            end
        ''')
        host = self.enterContext(Host(script, options=('--step', '5ms')))
        port = await self.do(lambda: host.port)
        for topic in ('a,"b', 'big'):
            found = await self.heard(port, '--mode', 'age', '--topic', topic)
            self.assertEqual(found['stamped'], found['messages'])

    async def test_one_connection_sends_what_all_get(self):
        clients = set()

        async def handler(client):
            clients.add(client)
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    message = await client.recv()
                    await asyncio.gather(*(each.send(message) for each in set(clients)))
            clients.discard(client)
        port = await self.serve(handler)
        found = await self.figures(port, '--mode', 'fan-out', '--send', '--pipeline', 3)
        self.assertGreater(found['messages'], 0)
        clients.clear()
        found = await self.heard(port, '--mode', 'age', '--send', '--rate', '50', '--slow', '1')
        self.assertGreater(found['delivered'], 0)
        self.assertEqual(found['slow_ended'], 0)


class Tls(BenchTest):
    async def test_checks_certificates_as_asked(self):
        authority = Authority(Path(self.enterContext(tempfile.TemporaryDirectory())))
        certificate, key = authority.issue()
        port = await self.echo('--certificate', certificate, '--private-key', key)
        url = f'wss://localhost:{port}/'
        for options in (('--ca', authority.file), ('--insecure',)):
            for mode in (['echo', '--size', '70000'], ['latency', '--size', '70000', '--rate', '100'], ['connect']):
                await self.heard(url, *options, '--mode', *mode)
        self.assertIn('certificate', (await self.measure(url, status=1)).stderr)


class Clients(BenchTest):
    async def test_are_measured_at_the_door(self):
        bench = subprocess.Popen([program(), 'bench', '--clients', '--json', '--seconds', '0.2', '--warm-up', '0.05',
                                  '--connections', '1', '--size', '70000'], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True)
        line = await self.do(bench.stdout.readline)
        port = re.fullmatch(r'port (\d+)\n', line)[1]

        async def client():
            async with connect(f'ws://127.0.0.1:{port}/', ping_interval=0.02) as opened:
                await echo(opened)
        task = asyncio.create_task(client())
        out, _ = await self.do(lambda: bench.communicate(f'{os.getpid()}\n', timeout=DEADLINE))
        await task
        self.assertEqual(bench.returncode, 0)
        found = json.loads(out)
        self.assertGreater(found['messages'], 0)
        self.assertGreater(found['server_us_per_message'], 0)


class Refusals(BenchTest):
    async def refused(self, *arguments):
        return (await self.measure(*arguments, status=1)).stderr

    async def answered(self, answer, *arguments):
        """What it says of a server that answers the handshake so, or with a function of the connection."""
        server = self.enterContext(RawServer())
        heads = []

        def run():
            with contextlib.suppress(OSError, AssertionError, ValueError):
                while True:
                    with server.accept(answer if isinstance(answer, bytes) else None) as connection:
                        heads.append(connection.head)
                        if callable(answer):
                            answer(connection)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.heads = heads
        return await self.refused(server.port, '--connections', '1', *arguments)

    async def test_says_why_the_server_refuses(self):
        said = await self.answered(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\nnot for you\n')
        self.assertIn("403", said)
        self.assertIn('not for you', said)
        said = await self.answered(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                                   b'Sec-WebSocket-Accept: nonsense\r\n\r\n')
        self.assertIn('Sec-WebSocket-Accept', said)
        said = await self.answered(b'HTTP/1.1 301 Moved\r\nLocation: ws://elsewhere:1/\r\nContent-Length: 0\r\n\r\n')
        self.assertIn('ws://elsewhere:1/', said)
        self.assertIn('answer', await self.answered(b'SSH-2.0-OpenSSH_9.2\r\n'))

    async def test_sends_what_it_is_told_to(self):
        await self.answered(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', '--token', 'secret', '--header',
                            'X-Robot: 7', '--subprotocol', 'a', '--subprotocol', 'b', '--origin', 'https://lab.example')
        for field in ('Authorization: Bearer secret', 'X-Robot: 7', 'Sec-WebSocket-Protocol: a, b',
                      'Origin: https://lab.example'):
            self.assertIn(field, self.heads[0])

    async def test_says_what_came_instead_of_an_echo(self):
        said = await self.answered(lambda connection: (connection.receive(), connection.send(1, b'welcome')))
        self.assertIn("message 0 of the batch, byte 0: 'welcome' came instead of '0 {", said)
        self.assertIn('send back what they get', said)
        said = await self.answered(lambda connection: connection.send(1, b'hello'))
        self.assertIn('hello', said)
        said = await self.answered(lambda connection: connection.send(1, b'hello'), '--mode', 'age', '--send')
        self.assertIn("'hello' came, which wasn't sent; this load is for servers that send to all", said)
        said = await self.answered(lambda connection: connection.receive(), '--mode', 'latency')
        self.assertIn('ended a connection; this load is for servers that send back what they get', said)
        said = await self.answered(lambda connection: connection.send(8, b'\x03\xf0no room'))
        self.assertIn("a Close with 1008 ('no room')", said)
        said = await self.answered(lambda connection: connection.socket.sendall(b'\x83\x00'))
        self.assertIn('opcode', said)
        self.assertIn('ended a connection', await self.answered(lambda connection: connection.receive()))
        said = await self.answered(lambda connection: connection.send(1, b'\x1b[2J'))
        self.assertNotIn('\x1b', said)

    async def test_other_bytes_in_the_middle_are_found(self):
        def nearly(connection):
            _, payload = connection.receive()
            connection.send(1, payload[:40] + b'!' + payload[41:])
        self.assertIn('byte 40', await self.answered(nearly))
        self.assertIn("came instead of '00000", await self.answered(nearly, '--mode', 'latency'))

    async def test_waits_no_longer_than_it_is_told(self):
        with socket.create_server(('127.0.0.1', 0)) as silent:
            port = silent.getsockname()[1]
            self.assertIn('did not answer the handshake in time', await self.refused(port, '--timeout', '0.1'))
        port = await self.serve(lambda client: client.wait_closed())
        self.assertIn(' in time', await self.refused(port, '--timeout', '0.5'))

    async def test_there_is_nobody(self):
        with socket.socket() as held:
            held.bind(('127.0.0.1', 0))  # so that nobody listens there
            url = f'ws://127.0.0.1:{held.getsockname()[1]}/'
            self.assertIn('cannot connect to 127.0.0.1:', await self.refused(url))
        self.assertIn('cannot find', await self.refused('ws://nobody.invalid:9000/'))

    async def test_options_that_no_server_could_serve(self):
        for arguments, told in ((['ftp://x'], "'ftp://x' can't be used"), (['ws://localhost:0'], "the port '0'"),
                                (['9000', '--subprotocol', 'a b'], "'a b'"), (['wss://localhost:9', '--ca', '/nowhere.pem'], '/nowhere.pem')):
            self.assertIn(told, (await self.bench(*arguments, status=2)).stderr)

    async def test_the_server_has_no_topics(self):
        port = await self.echo()
        for mode in ('age', 'fan-out'):
            said = await self.refused(port, '--mode', mode, '--topic', 'pose')
            self.assertIn("the server doesn't speak simws.topics.1", said)
            self.assertIn('has it the option topics?', said)

    async def test_nothing_is_compressed(self):
        port = await self.echo()
        self.assertIn("doesn't compress", await self.refused(port, '--deflate'))
        done = await self.measure(port, '--deflate', '--json', status=1)
        self.assertEqual(json.loads(done.stdout), {'deflate': 0})
        self.assertIn("doesn't compress", done.stderr)

    async def test_wrong_uses(self):
        for arguments in ([], ['9000', '--mode', 'x'], ['9000', '--clients'], ['9000', '--payload', 'x'], ['9000', '--hold'],
                          ['9000', '--connections', '0'], ['9000', '--seconds', '0'], ['9000', '--send'], ['9000', '--topic', 'a'],
                          ['9000', '--mode', 'age', '--send', '--topic', 'a'], ['9000', '--mode', 'age', '--slow', '1'],
                          ['9000', '--mode', 'connect', '--deflate'], ['9000', '--header', 'nonsense'],
                          ['9000', '--raw', '--size', '0'], ['9000', '--rate', 'inf'], ['--clients', '--mode', 'latency']):
            with self.subTest(arguments):
                await self.bench(*arguments, status=2)

    async def test_options_that_say_nothing_where_they_stand(self):
        for arguments, told in ((['--rate', '5'], '--rate goes with --mode latency, or age with --send'),
                                (['--mode', 'latency', '--pipeline', '2'], '--pipeline goes with --mode echo, or fan-out with --send'),
                                (['--mode', 'connect', '--messages', '5'], '--messages goes with --mode echo'),
                                (['--mode', 'latency', '--payload', 'utf8'], '--payload goes with --mode echo'),
                                (['--mode', 'idle', '--size', '5'], '--size goes with --mode echo or latency'),
                                (['--mode', 'fan-out', '--send', '--slow', '1'], '--slow goes with --mode age and --send'),
                                (['--mode', 'age', '--wait'], '--wait goes with --mode latency'),
                                (['--in-context'], '--in-context requires --deflate')):
            with self.subTest(arguments):
                self.assertIn(told, (await self.bench('9000', *arguments, status=2)).stderr)


if __name__ == '__main__':
    unittest.main()
