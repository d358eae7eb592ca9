"""Bar charts as SVG, readable on light and on dark pages: each has a ground of its own, and follows the reader's
scheme."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from simws_bench.table import number

WIDTH, MARGIN, GAP = 860, 16, 28
LABEL, VALUE = 150, 60  # widths of a bar's name and figure
BAR, STEP = 12, 17  # heights
TITLE, HEAD = 34, 24
STYLE = '''
    text { font: 11px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
    .title { font-size: 15px; font-weight: 600; } .head { font-weight: 600; } .unit { fill: #59636e; }
    .ground { fill: #ffffff; stroke: #d1d9e0; } .bar { fill: #9aa4af; } .ours { fill: #0969da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; } .unit { fill: #9198a1; }
      .ground { fill: #0d1117; stroke: #3d444d; } .bar { fill: #656c76; } .ours { fill: #4493f8; }
    }
  '''


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    is_ours: bool = False


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    bars: tuple  # shortest first

    def height(self):
        return HEAD + STEP * len(self.bars)


def chart(title, panels, columns=2):
    """An SVG with the panels in rows; of each the longest bar fills its width."""
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns
    parts, top = [], MARGIN + TITLE
    for first in range(0, len(panels), columns):
        row = panels[first:first + columns]
        for column, panel in enumerate(row):
            parts += draw(panel, MARGIN + column * (width + GAP), top, width)
        top += max(panel.height() for panel in row) + GAP
    height = top - GAP + MARGIN
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">')
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>'
    return '\n'.join([head, f'  <style>{STYLE}</style>', f'  {ground}', '  ' + text(MARGIN, MARGIN + 14, title, 'title'),
                      *(f'  {part}' for part in parts), '</svg>', ''])


def draw(panel, left, top, width):
    yield text(left, top + 10, panel.title, 'head', f' <tspan class="unit">{escape(panel.unit)}</tspan>')
    longest = max((bar.value for bar in panel.bars), default=0)
    room = width - LABEL - VALUE
    for index, bar in enumerate(panel.bars):
        y = top + HEAD + STEP * index
        length = bar_length(bar.value, longest, room)
        yield text(left + LABEL - 6, y + 10, bar.label, 'head' if bar.is_ours else '', anchor='end')
        yield (f'<rect class="{"ours" if bar.is_ours else "bar"}" x="{left + LABEL:.1f}" y="{y}" width="{length:.1f}" '
               f'height="{BAR}" rx="2"/>')
        yield text(left + LABEL + length + 5, y + 10, number(bar.value))


def bar_length(value, longest, room):
    return max(1.0, room * value / longest) if longest > 0 else 1.0


def text(x, y, words, kind='', more='', anchor='start'):
    kind = f' class="{kind}"' if kind else ''
    return f'<text x="{x:.1f}" y="{y}"{kind} text-anchor="{anchor}">{escape(words)}{more}</text>'
