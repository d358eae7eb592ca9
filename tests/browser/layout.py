"""What a page must hold to at any size of window: a list of what it doesn't, in words."""
import json

_COMPLAINTS = '''(({apart, inside, lines, whole}) => {
  const found = [];
  const shown = selector => [...document.querySelectorAll(selector)].filter(x => x.checkVisibility({visibilityProperty: true}));
  const name = x => x.id || x.className || x.tagName;
  const box = x => x.getBoundingClientRect();
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  for (const group of apart) {
    const members = shown(group);
    members.forEach((one, i) => members.slice(i + 1).forEach(other => {
      const [a, b] = [box(one), box(other)];
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        found.push(`${name(one)} and ${name(other)} overlap`);
    }));
  }
  for (const [outer, inner] of inside) for (const x of shown(inner)) {
    const [a, b] = [box(shown(outer)[0]), box(x)];
    if (b.left < a.left || b.right > a.right || b.top < a.top || b.bottom > a.bottom)
      found.push(`${name(x)} sticks out of ${outer}`);
  }
  for (const x of shown(lines)) {
    const range = document.createRange();
    range.selectNodeContents(x);
    const [first, ...others] = [...range.getClientRects()].filter(r => r.width);
    if (others.some(r => r.top >= first.bottom)) found.push(`${x.textContent} wraps`);
    if (x.scrollWidth > x.clientWidth + 1 && x.clientWidth) found.push(`${x.textContent} is cut off`);
  }
  for (const x of shown(whole)) {
    const {top, bottom} = box(x);
    if (top < 0 || bottom > innerHeight) found.push(`${name(x)} is not whole: ${top} to ${bottom} of ${innerHeight}`);
  }
  return found;
})'''


async def complaints(page, apart=(), inside=(), lines='none', whole='none'):
    """Selectors: of each of `apart` no two overlap; of the pairs `inside` the second lies in the first;
    `lines` are one line each, whole; `whole` are seen without scrolling."""
    rules = {'apart': apart, 'inside': inside, 'lines': lines, 'whole': whole}
    return await page.evaluate(f'{_COMPLAINTS}({json.dumps(rules)})')
