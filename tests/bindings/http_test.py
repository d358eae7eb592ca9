import unittest

from programs import PYTHON_WAYS, ScriptTest, each_way


@each_way()
class Http(ScriptTest):
    async def test_answers(self, way):
        await self.run_script(way, 'http')
        for path, status, body, content_type in (
                ('/plain.txt', 200, b'plain', 'text/plain'),
                ('/created', 201, b'made', 'text/x-made'),
                ('/status', 204, b'', None),
                ('/float', 200, b'float', None),
                ('/nothing', 404, b'404 Not Found\n', 'text/plain'),
                ('/nil', 404, b'not here', None),
                ('/binary', 200, b'\x00\xff', None),
                ('/large', 200, b'x' * 3_000_000, None)):
            with self.subTest(path):
                answer, headers, data = await self.fetch(path)
                self.assertEqual((answer, data), (status, body))
                self.assertRegex(headers['Date'], r'^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$')
                if content_type:
                    self.assertEqual(headers.get_content_type(), content_type)
        self.assertEqual((await self.fetch('/created'))[1]['X-Robot'], 'R2')

    async def test_nonsense_is_500_and_a_line_in_the_log(self, way):
        await self.run_script(way, 'http')
        is_python = way in PYTHON_WAYS
        text, data, nil, table = ('str', 'str or bytes', 'None', 'dict') if is_python else ('string', 'string', 'nil', 'map')
        for path, line in (
                ('/error', 'RuntimeError: broken' if is_python else r'http.lua:\d+: broken'),
                ('/unknown', "KeyError: '/unknown'" if is_python else 'attempt to call a nil value'),
                ('/badStatus', f"returned a wrong status: expected an int from 200 to 599, or {nil}, got {text} '200'"),
                ('/zero', 'returned a wrong status: .*got int 0'),
                ('/huge', 'returned a wrong status: .*got float'),
                ('/badBody', f'returned a wrong body: expected a {data}, or {nil}, got {table}'),
                ('/badHeaders', f"returned a wrong value for headers: .*got {text} 'y'"),
                ('/badHeader', f"returned a wrong header 'Age': expected a {text}, got int 5"),
                ('/splitHeader', "header 'A'"),
                ('/splitName', 'header')):
            with self.subTest(path):
                status, headers, _ = await self.fetch(path)
                self.assertEqual(status, 500)
                self.assertNotIn('Set-Cookie', headers)
                await self.line(line, 'stderr')
        self.assertEqual((await self.fetch('/float'))[0], 200)

    async def test_a_handler_of_five_parameters_gets_the_request(self, way):
        await self.run_script(way, 'http')
        _, _, body = await self.fetch('/request?x=1', b'body', 'PUT', {'X-Robot': 'R2'})
        self.assertEqual(body, b'PUT R2 127.0.0.1 body')
        _, _, body = await self.fetch('/request')
        self.assertEqual(body, b'GET - 127.0.0.1 ')

    async def test_a_handler_of_four_parameters_gets_four(self, way):
        await self.run_script(way, 'http')
        await self.fetch('/four')
        self.assertEqual((await self.fetch('/a?b', b'c'))[2], b'/a?bc')

    async def test_head_has_no_body(self, way):
        await self.run_script(way, 'http')
        status, headers, body = await self.fetch('/plain.txt', method='HEAD')
        self.assertEqual((status, headers['Content-Length'], body), (200, '5', b''))

    async def test_without_a_handler_a_browser_gets_a_page(self, way):
        await self.run_script(way, 'http')
        await self.fetch('/unset')
        await self.line('the http handler is cleared', 'stderr')
        status, headers, body = await self.fetch('/', headers={'Accept': 'text/html,*/*;q=0.8'})
        self.assertEqual((status, headers.get_content_type()), (200, 'text/html'))
        self.assertIn(b'simWS', body)
        self.assertEqual(headers['X-Frame-Options'], 'SAMEORIGIN')

    async def test_without_a_handler_it_is_404(self, way):
        for command in ('/unset', '/missing'):
            await self.run_script(way, 'http')
            self.assertEqual((await self.fetch(command))[0], 200)
            self.assertEqual((await self.fetch('/plain.txt'))[0], 404)
            self.assertEqual((await self.fetch('/plain.txt'))[0], 404)
            self.assertEqual((await self.fetch('/'))[0], 404)
        await self.terminate()
        lines = [line for line in self.script.stderr if "httpCallback 'nowhere'" in line]
        self.assertEqual(len(lines), 1, self.script.transcript())


@each_way(PYTHON_WAYS)
class PythonHttp(ScriptTest):
    async def test_bodies_of_every_kind_of_bytes(self, way):
        await self.run_script(way, 'http')
        for path, body in (('/buffer', b'buffer!'), ('/buffer', b'buffer!!'), ('/view', b'view')):
            self.assertEqual((await self.fetch(path))[::2], (200, body))

    async def test_headers_of_every_kind_of_mapping(self, way):
        await self.run_script(way, 'http')
        for path in ('/proxy', '/userDict'):
            self.assertEqual((await self.fetch(path))[1]['X-Robot'], 'R2')

    async def test_what_is_no_answer_says_what_is_one(self, way):
        await self.run_script(way, 'http')
        for path, line in (('/larger', f'expected an int from 200 to 599, or None, got int {10**30}'),
                           ('/tooMany', 'returned 4 values; expected status, data and headers'),
                           ('/generator', 'httpCallback of .*: returned a generator, of which nothing has run'),
                           ('/async', "it is 'async def', and no asyncio loop runs here")):
            self.assertEqual((await self.fetch(path))[0], 500)
            await self.line(line, 'stderr')


if __name__ == '__main__':
    unittest.main()
