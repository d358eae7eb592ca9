"""Compression as scripts have it, at both sides."""
import unittest

from programs import ScriptTest, each_way


@each_way()
class Compression(ScriptTest):
    async def test_compresses_what_may_be(self, way):
        await self.run_script(way, 'compression')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        told = [line for line in self.script.stdout if '\t' in line]
        self.assertEqual(told, [
            'agreed\ttrue', 'sent\ttrue\tsmall', 'sent plain\ttrue\tlarge', 'broadcast\ttrue\tsmall',
            'broadcast plain\ttrue\tlarge', 'in fragments\ttrue\tsmall', 'in plain fragments\ttrue\tlarge'],
            self.script.transcript())

    async def test_a_wrong_option_is_told(self, way):
        await self.run_script(way, 'compression')
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        for words in ('level must be 1 to 9, not', 'serverWindowBits must be 9 to 15, not', 'expected .* or a '):
            self.assertRegex('\n'.join(self.script.stdout), words)


if __name__ == '__main__':
    unittest.main()
