import unittest

from programs import Script, ScriptTest, each_way


@each_way()
class Arguments(ScriptTest):
    async def test_wrong_ones_are_errors_that_say_what_is_right(self, way):
        self.script = self.enterContext(Script(way, 'arguments'))
        self.assertEqual(await self.exit_code(), 0, self.script.transcript())
        self.assertEqual(self.script.stdout, ['DONE'], self.script.transcript())


if __name__ == '__main__':
    unittest.main()
