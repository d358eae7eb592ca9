"""The demo's page in a real browser: connect, drive by keys and by the pad, reload, two pages of
which one drives, phones, a server that comes back."""
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'support'))

from checks import check, run, same  # noqa: E402
from chromium import Chromium, until  # noqa: E402
from layout import complaints  # noqa: E402
from simws_host import Host  # noqa: E402

SCRIPT = 'examples/lua/demo/demo.lua'
CONNECTED = 'document.querySelector("[role=status]").textContent === "connected"'
RECONNECTING = 'document.querySelector("[role=status]").textContent === "reconnecting"'


def field(name):
    """JavaScript for a number that the page shows."""
    return f'Number(document.querySelector("[data-field={name}]").value)'


MANUAL = 'document.querySelector("[data-field=mode]").value === "manual"'
SAYS = 'document.querySelector("#notice:not([hidden])")?.textContent === "{}"'
PHONES = ((390, 844), (844, 390), (320, 568), (667, 375))
STANDING = f'{MANUAL} && {field("v")} === 0 && {field("omega")} === 0'


async def pose(page):
    return await page.evaluate(f'[{field("x")}, {field("y")}, {field("heading")}]')


async def moved(page, start, distance):
    async def condition():
        return math.dist((await pose(page))[:2], start[:2]) > distance
    await until(f'the robot has moved {distance} m away from {start}', condition)


async def opens(browser, url, touch=False):
    page = await browser.open('about:blank')
    if touch:
        await page.touch()
    await page.goto(url)
    await page.until('the page is connected', CONNECTED)
    await page.until('the robot\'s state is shown', f'{field("time")} > 0')
    return page


async def autopilot_drives(page):
    await page.until('the autopilot is on',
                     'document.querySelector("[data-field=mode]").value === "auto"')
    await moved(page, await pose(page), 0.2)


async def keys_drive(page):
    await page.key_down('a', 'KeyA')
    await page.until('A turns the robot to the left', f'{MANUAL} && {field("omega")} > 1')
    await page.key_up('a', 'KeyA')
    await page.until('it stands when the key is up', STANDING)
    start = await pose(page)
    await page.key_down('ArrowUp')
    await page.until('the arrow drives it forward', f'{field("v")} > 0.3')
    await moved(page, start, 0.1)
    await page.key_up('ArrowUp')
    await page.until('it stands again', STANDING)


async def pad_drives(page):
    start = await pose(page)
    pad = await page.centre('[aria-roledescription=joystick]')
    await page.mouse('mousePressed', **pad)
    await page.mouse('mouseMoved', pad['x'], pad['y'] + 60)
    await page.until('the pad drives it backwards', f'{field("v")} < -0.3')
    await moved(page, start, 0.1)
    await page.mouse('mouseReleased', pad['x'], pad['y'] + 60)
    await page.until('it stands when the pad is let go', STANDING)


async def buttons_work(page):
    await page.key_down('d', 'KeyD')
    await page.until('the robot turns', f'{field("omega")} < -1')
    await page.click('#stop')
    await page.until('Stop stops it', STANDING)
    await page.key_up('d', 'KeyD')
    before = await page.evaluate(field('time'))
    await page.click('#reset')
    await page.until('Reset brings it back to its start and to the autopilot',
                     f'{field("time")} > {before} && !({MANUAL}) && {field("x")} < -2')


async def space_stops(page):
    for focus in ('#reset', '#stop', '#pad'):
        await page.focus(focus)
        await page.key_down('a', 'KeyA')
        await page.until('the robot turns', f'{MANUAL} && {field("omega")} > 1')
        await page.space()
        await page.until(f'Space stops it with the focus on {focus}', STANDING)
        await page.key_up('a', 'KeyA')
    same(await page.evaluate('document.activeElement.id'), 'pad')


async def driver_is(page, text, takes):
    await page.until(f'the page says {text!r}',
                     f'document.querySelector("#driver").textContent === {json.dumps(text)}')
    same(await page.evaluate('!document.querySelector("#take").hidden'), takes)


async def one_drives(first, second):
    await second.key_down('ArrowLeft')
    await driver_is(second, 'You drive', takes=False)
    await driver_is(first, 'Viewer 3 drives', takes=True)
    await first.key_down('ArrowUp')
    await first.until('it says why nothing happens', SAYS.format('Viewer 3 drives. Take over first.'))
    same(await second.evaluate(field('v')), 0)
    await first.key_up('ArrowUp')


async def the_other_takes_over(first, second):
    await first.click('#take')
    await second.until('who drove is told', SAYS.format('Viewer 2 has taken over.'))
    await driver_is(second, 'Viewer 2 drives', takes=True)
    await driver_is(first, 'You drive', takes=False)
    await second.until('the robot stands, though the key is still held', STANDING)
    await first.key_down('d', 'KeyD')
    await second.until('the other one drives it', f'{field("omega")} < -1')
    await first.key_up('d', 'KeyD')
    await second.key_up('ArrowLeft')
    await first.until('the robot stands', STANDING)


async def fits(page, size, scale=1):
    await page.resize(*size, scale, mobile=True)
    found = await complaints(
        page, apart=['.top > *', '.veil > *', '.drive-body > *', '.card'],
        inside=[('.scene', '.veil > *'), ('.top', '.top > *'), ('.drive', '.drive-body > *')],
        lines='.readouts data, .readouts dt, .card-head h2, .card-head p, .pill, .badge, button, h1',
        whole='#arena')
    same((size, found), (size, []))


async def fits_phones(page):
    for size in PHONES:
        await fits(page, size, 2)


async def only_keyboards_are_told_of_keys(page, phone):
    await phone.resize(*PHONES[0], 2, mobile=True)
    same(await phone.evaluate('document.querySelector("#drive-help").innerText'),
         'Drag the pad. Left alone for 15 s, the robot drives itself.')
    same(await page.evaluate('document.querySelector(".by-keys").checkVisibility()'), True)


async def both_see_the_same(first, second):
    for page in (first, second):
        await page.until('two viewers are counted', f'{field("viewers")} === 2')
    await second.key_down('ArrowLeft')
    await first.until('the first page sees how the second one drives', f'{MANUAL} && {field("omega")} > 1')
    await second.key_up('ArrowLeft')
    for page in (first, second):
        await page.until('the robot stands', STANDING)

    async def equal():
        return await pose(first) == await pose(second)
    await until('both pages show the same pose', equal)


async def round_trips_are_measured(page):
    await page.until('a round trip is shown', f'{field("rtt")} > 0')


async def the_log_tells(page, text):
    await page.until(f'the log has {text!r}', f'document.querySelector("#log").textContent.includes({json.dumps(text)})')


async def slow_down(page, milliseconds):
    await page.evaluate(f'{{ const slow = document.querySelector("#slow"); slow.value = {milliseconds};'
                        ' slow.dispatchEvent(new Event("input")); }')


async def is_as_slow_as_one_likes(page):
    await page.until('states come as often as there are steps', f'{field("rate")} > 10')
    await slow_down(page, 300)
    await page.until('few come', f'{field("rate")} > 0 && {field("rate")} < 5')
    await page.until('it says how old they are', f'{field("age")} > 0')
    await slow_down(page, 0)
    await page.until('all come again', f'{field("rate")} > 10')


async def a_crowd_comes_and_goes(page):
    before = await page.evaluate(field('viewers'))
    await page.click('#crowd')
    await page.until('twenty more look on', f'{field("viewers")} === {before + 20}')
    await page.until('the page says so', 'document.querySelector("#crowd-value").textContent === "20 more"')
    await page.click('#crowd')
    await page.until('they are gone', f'{field("viewers")} === {before}')


async def reload_works(page):
    await page.reload()
    await page.until('the page is connected again', CONNECTED)
    await page.until('the robot is shown again', f'{field("time")} > 0')
    await page.until('the old connection is no longer counted', f'{field("viewers")} === 1')


async def waits(page):
    await page.until('the page says that it reconnects', RECONNECTING)
    await page.until('the page says when',
                     '/in \\d s/.test(document.querySelector("#link").textContent)')


async def come_back(pages, port):
    """The server is gone already. A new one on the same port is found by all pages."""
    for page in pages:
        await waits(page)
    with Host(SCRIPT, port) as host:
        for page in pages:
            await page.until('the page is connected again', CONNECTED)
        for page in pages:
            await page.until('both are counted', f'{field("viewers")} === {len(pages)}')
        await moved(pages[0], await pose(pages[0]), 0.1)
        same(host.terminate(), 0)


def complaints_of(*pages):
    """But for what the browser says of drawing in 3D without a graphics card, where the demo has its arm."""
    return [error for page in pages for error in page.errors if 'WebGL' not in error]


async def checks():
    async with Chromium() as browser:
        with Host(SCRIPT, 0) as host:
            port = host.port
            url = f'http://localhost:{port}/'
            with check('the page opens and connects'):
                first = await opens(browser, url)
            with check('the autopilot drives the robot'):
                await autopilot_drives(first)
            with check('keys drive the robot'):
                await keys_drive(first)
            with check('the pad drives the robot'):
                await pad_drives(first)
            with check('stop and reset work'):
                await buttons_work(first)
            with check('Space stops it wherever the focus is'):
                await space_stops(first)
            with check('round trips are measured'):
                await round_trips_are_measured(first)
            with check('a reload connects again'):
                await reload_works(first)
            with check('two pages see the same robot'):
                second = await opens(browser, url)
                await both_see_the_same(first, second)
            with check('one of them drives, and the other is told'):
                await one_drives(first, second)
            with check('the other one can take over'):
                await the_other_takes_over(first, second)
            with check('who comes later reads what has happened before'):
                await the_log_tells(second, 'viewer 1 drives')
                await the_log_tells(first, 'viewer 3 drives')
            with check('a page that is slow on purpose gets fewer states'):
                await is_as_slow_as_one_likes(first)
            with check('a crowd comes and goes'):
                await a_crowd_comes_and_goes(first)
            with check('a phone shows all of it'):
                phone = await opens(browser, url, touch=True)
                await fits_phones(phone)
            with check('who drives by touch is told of no keys'):
                await only_keyboards_are_told_of_keys(first, phone)
            with check('no page has complained'):
                same(complaints_of(first, second, phone), [])
            with check('the server is killed'):
                host.kill()
        with check('a phone says that the connection is lost'):
            await waits(phone)
            await fits_phones(phone)
            await phone.close()
        with check('both pages reconnect to a new server'):
            await come_back([first, second], port)
        with check('no page has complained but about the lost server'):
            same([x for x in complaints_of(first, second) if 'WebSocket connection to' not in x], [])


run(checks)
