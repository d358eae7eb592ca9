import json
import unittest

from example import ExampleTest


class Http(ExampleTest):
    script = 'examples/lua/http.lua'

    async def test_page(self):
        status, headers, body = await self.fetch('/')
        self.assertEqual((status, headers['Content-Type']), (200, 'text/html; charset=utf-8'))
        self.assertIn(b'Karel', body)

    async def test_json(self):
        for path in ('/state', '/state?since=3'):
            status, headers, body = await self.fetch(path)
            self.assertEqual((status, headers['Content-Type']), (200, 'application/json'))
            self.assertEqual(json.loads(body), {'name': 'Karel', 'speed': 0})

    async def test_post(self):
        status, _, body = await self.fetch('/speed', b'{"speed": 0.4}')
        self.assertEqual((status, json.loads(body)['speed']), (200, 0.4))
        self.assertEqual(json.loads((await self.fetch('/state'))[2])['speed'], 0.4)

    async def test_bad_post(self):
        for body in (b'', b'fast', b'{}', b'[]', b'{"speed": "fast"}', b'{"speed": 2}', b'[' * 10_000, b'\xff'):
            with self.subTest(body=body[:20]):
                status, _, answer = await self.fetch('/speed', body)
                self.assertEqual(status, 400)
                self.assertIn('speed', json.loads(answer)['error'])

    async def test_unknown(self):
        for method, path in (('GET', '/nothing'), ('POST', '/state'), ('DELETE', '/')):
            with self.subTest(method=method, path=path):
                status, _, body = await self.fetch(path, method=method)
                self.assertEqual((status, json.loads(body)['error']), (404, f'there is no {method} {path}'))

    async def test_head_is_get_without_body(self):
        _, expected, page = await self.fetch('/')
        status, headers, body = await self.fetch('/', method='HEAD')
        self.assertEqual((status, body), (200, b''))
        for name in ('Content-Type', 'Content-Length'):
            self.assertEqual(headers[name], expected[name])
        self.assertEqual(int(headers['Content-Length']), len(page))

    async def test_redirect(self):
        status, _, body = await self.fetch('/old-state')
        self.assertEqual((status, json.loads(body)['name']), (200, 'Karel'))


if __name__ == '__main__':
    unittest.main()
