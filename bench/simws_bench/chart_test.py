import unittest
from xml.etree import ElementTree

from simws_bench.chart import Bar, Panel, bar_length, chart

SVG = '{http://www.w3.org/2000/svg}'


class ChartTest(unittest.TestCase):
    def setUp(self):
        bars = (Bar('ours', 1, True), Bar('a < b', 4))
        self.svg = ElementTree.fromstring(chart('T & t', [Panel('one', 'µs', bars), Panel('two', 'ms', bars[:1])]))
        self.bars = [bar for bar in self.svg.iter(f'{SVG}rect') if bar.get('class') != 'ground']

    def test_the_longest_bar_fills_its_panel_and_others_are_in_proportion(self):
        self.assertEqual(bar_length(4, 4, 200), 200)
        self.assertEqual(bar_length(1, 4, 200), 50)
        self.assertAlmostEqual(float(self.bars[1].get('width')), 4 * float(self.bars[0].get('width')), delta=0.5)

    def test_what_is_nothing_can_be_seen(self):
        self.assertEqual(bar_length(0, 4, 200), 1)
        self.assertEqual(bar_length(0, 0, 200), 1)

    def test_ours_stand_out(self):
        self.assertEqual([bar.get('class') for bar in self.bars], ['ours', 'bar', 'ours'])

    def test_nothing_lies_outside(self):
        width, height = float(self.svg.get('width')), float(self.svg.get('height'))
        for bar in self.bars:
            self.assertLessEqual(float(bar.get('x')) + float(bar.get('width')), width)
            self.assertLessEqual(float(bar.get('y')) + float(bar.get('height')), height)

    def test_has_its_words_and_figures(self):
        words = [''.join(text.itertext()) for text in self.svg.iter(f'{SVG}text')]
        self.assertEqual(words[:6], ['T & t', 'one µs', 'ours', '1.00', 'a < b', '4.0'])

    def test_has_a_ground_and_colours_for_dark_pages(self):
        style = self.svg.find(f'{SVG}style').text
        self.assertIn('prefers-color-scheme: dark', style)
        self.assertEqual(style.count('.ground'), 2)


if __name__ == '__main__':
    unittest.main()
