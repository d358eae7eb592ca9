"""The client compresses with WebSocket servers of others, whoever takes contexts over."""
import unittest

from servers import COMMANDS, ClientTest

WHO = ('none', 'server', 'client', 'both')
TEXTS = ('x', 'again and again', 'again and again', 'Grüße')


class Compressing:
    name = ''

    def test_echoes(self):
        server = self.serve(self.name)
        for who in WHO:
            with self.subTest(who):
                client = self.connect(server, compression=who)
                client.expect('open ')
                client.order('compression')
                client.expect('compressed')
                for text in TEXTS:
                    client.order(f'text {text}')
                    client.expect(f'text {text}')
                for count in 10, 1000, 50_000:
                    client.order(f'repeat {count} state')
                    client.expect('text ' + 'state' * count)
                for size in 0, 1000, 100_000:
                    client.order(f'bytes {size}')
                    client.expect(f'binary {size} as sent')
                client.order('part one ')
                client.order('rest two')
                client.expect('text one two')
                client.leave()


# Debian's libwebsockets is built without extensions.
for name in COMMANDS.keys() - {'libwebsockets'}:
    globals()[name] = type(name, (Compressing, ClientTest), {'name': name})

if __name__ == '__main__':
    unittest.main()
