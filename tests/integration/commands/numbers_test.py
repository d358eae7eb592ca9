"""What isn't a number that a command can use is told with what would be one, before anything is begun."""
import subprocess
import unittest

from commands import finish

WRONG = {
    ('echo', '-1'): "PORT: '-1' is no port: write 0 to 65535; 0 picks a free one",
    ('serve', '.', '65536'): "PORT: '65536' is no port: write 0 to 65535",
    ('replay', 'x', 'y'): "PORT: 'y' is no port: write 0 to 65535",
    ('replay', 'x', '0', '--speed', 'nan'): "--speed: 'nan' is no speed: write how many times as fast, 0.001 to 1000",
    ('doctor', '0'): "PORT: '0' is no port: write 1 to 65535",
    ('record', '9000', 'x', '--seconds', '-1'): "--seconds: '-1' is no time over 0, nor inf: write seconds, such as 0.5",
    ('record', '9000', 'x', '--messages', '0'): "--messages: '0' is no count: write a whole number from 1 on",
    ('bench', '9000', '--connections', '0'): "--connections: '0' is no count: write a whole number from 1 on",
    ('bench', '9000', '--size', '-1'): "--size: '-1' is no size: write 0 to 1073741824",
    ('bench', '9000', '--size', '1e3'): "--size: '1e3' is no size: write 0 to 1073741824",
    ('bench', '9000', '--size', '1073741824', '--pipeline', '2'):
        '--size times --pipeline is more than 1073741824, which is the most',
    ('bench', '9000', '--mode', 'age', '--send', '--slow', '-1'): "--slow: '-1' is no count: write a whole number from 0 on",
    ('bench', '9000', '--seconds', 'nan'): "--seconds: 'nan' is no time over 0, nor inf: write seconds, such as 0.5",
    ('bench', '9000', '--warm-up', '-1'): "--warm-up: '-1' is no time: write seconds, such as 0.5",
    ('bench', '9000', '--server', '-1'): "--server: '-1' is no process: write 1 to 2147483647",
}


class NumbersTest(unittest.TestCase):
    def test_wrong_ones(self):
        for arguments, words in WRONG.items():
            with self.subTest(arguments):
                done = finish(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr)

    def test_a_process_that_there_is_not(self):
        with subprocess.Popen(['true']) as ended:
            ended.wait()
            done = finish('bench', '9000', '--server', ended.pid)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f'simws: there is no process {ended.pid}\n')


if __name__ == '__main__':
    unittest.main()
