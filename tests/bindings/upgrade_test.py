"""Who may open a WebSocket, as the script decides."""
import unittest

from programs import PYTHON_WAYS, ScriptTest, answer_to_handshake, each_way


class UpgradeTest(ScriptTest):
    async def attempt(self, path, **headers):
        return await self.do(answer_to_handshake, self.port, path, headers)


@each_way()
class Upgrades(UpgradeTest):
    async def test_are_admitted(self, way):
        await self.run_script(way, 'upgrade')
        socket = await self.connect('/yes')
        await self.line('^open$')
        await socket.close()
        status, headers, _ = await self.attempt('/headers')
        self.assertEqual((status, headers['X-Robot']), (101, 'R2'))

    async def test_are_refused(self, way):
        await self.run_script(way, 'upgrade')
        status, _, body = await self.attempt('/no')
        self.assertEqual((status, body), (403, b'403 Forbidden\n'))
        await self.line('^fail .*upgrade handler')
        status, headers, body = await self.attempt('/full')
        self.assertEqual((status, headers['Retry-After'], body), (503, '9', b'full'))
        self.assertEqual((await self.attempt('/float'))[0], 404)
        await self.line('refused with 404: .*setUpgradeHandler', 'stderr')

    async def test_nonsense_is_500_and_a_line_in_the_log(self, way):
        await self.run_script(way, 'upgrade')
        is_python = way in PYTHON_WAYS
        nil, text = ('None', 'str') if is_python else ('nil', 'string')
        yes, no = ('True', 'False') if is_python else ('true', 'false')
        status = f'upgradeCallback of simWS.Server:1: returned a wrong status: expected {yes}, {no} or an int from 400 to 599, got '
        for path, line in (('/nothing', status + nil),
                           ('/nil', status + nil),
                           ('/ok', status + 'int 200'),
                           ('/text', status + f"{text} 'true'"),
                           ('/error', 'RuntimeError: broken' if is_python else r'upgrade.lua:\d+: broken'),
                           ('/unknown', "KeyError: '/unknown'" if is_python else 'attempt to call a nil value'),
                           ('/body', 'returned a wrong body'),
                           ('/misplaced', 'returned a wrong body'),
                           ('/own', "header 'Upgrade' is the handshake's own"),
                           ('/split', "header 'A' with the value .* can't be sent")):
            with self.subTest(path):
                answer, headers, _ = await self.attempt(path)
                self.assertEqual(answer, 500)
                self.assertNotIn('Set-Cookie', headers)
                await self.line(line, 'stderr')
        self.assertNotIn('open', self.script.stdout)
        self.assertEqual((await self.attempt('/yes'))[0], 101)

    async def test_come_with_their_request(self, way):
        await self.run_script(way, 'upgrade')
        _, headers, _ = await self.attempt('/request?a=1%202&b+c=%2B&a=3', **{
            'X-Robot': 'R2', 'Sec-WebSocket-Protocol': 'v2, v1'})
        self.assertEqual(headers['X-Request'], 'GET /request?a=1%202&b+c=%2B&a=3 1 2 + R2 nil v2+v1 127.0.0.1')
        _, headers, _ = await self.attempt('/request?a=&b+c=', **{
            'X-Robot': 'R2', 'Origin': 'http://localhost:3000'})
        self.assertEqual(headers['X-Request'], 'GET /request?a=&b+c=   R2 http://localhost:3000  127.0.0.1')

    async def test_without_a_handler_everybody_is_admitted(self, way):
        await self.run_script(way, 'upgrade')
        self.assertEqual((await self.attempt('/unset'))[0], 101)
        await self.line('the upgrade handler is cleared', 'stderr')
        self.assertEqual((await self.attempt('/no'))[0], 101)

    async def test_a_name_of_no_function_admits_nobody(self, way):
        await self.run_script(way, 'upgrade')
        self.assertEqual((await self.attempt('/missing'))[0], 101)
        for _ in range(3):
            self.assertEqual((await self.attempt('/yes'))[0], 500)
        await self.terminate()
        lines = [line for line in self.script.stderr if "upgradeCallback 'nowhere'" in line]
        self.assertEqual(len(lines), 1, self.script.transcript())
        self.assertIn('nobody is admitted', lines[0])

    async def test_the_handler_may_stop_its_server(self, way):
        await self.run_script(way, 'upgrade')
        self.assertEqual((await self.attempt('/stop'))[0], 503)
        self.assertNotIn('open', self.script.stdout)


@each_way(PYTHON_WAYS)
class PythonUpgrades(UpgradeTest):
    async def test_what_only_looks_like_yes(self, way):
        await self.run_script(way, 'upgrade')
        self.assertEqual((await self.attempt('/truthy'))[0], 500)

    async def test_without_a_loop_nobody_is_admitted_later(self, way):
        await self.run_script(way, 'upgrade')
        self.assertEqual((await self.attempt('/async'))[0], 500)
        await self.line("upgradeCallback of .*: it is 'async def', and no asyncio loop runs here", 'stderr')


if __name__ == '__main__':
    unittest.main()
