"""What it was measured on, and with which versions."""

import datetime
import json
import os
import platform
import re
import subprocess

from simws_bench import ROOT

PACKAGES = ('libboost-dev', 'libwebsocketpp-dev', 'libwebsockets-dev', 'python3-websockets', 'python3-aiohttp',
            'python3-uvloop')


def describe(places):
    return {'date': datetime.date.today().isoformat(), 'processor': processor(), 'cores': os.cpu_count(),
            'kernel': platform.release(), 'system': system(), 'load': round(os.getloadavg()[0], 2),
            'simws': simws_version(), 'versions': versions(places)}


def processor():
    found = re.search(r'^model name\s*: (.*)$', read('/proc/cpuinfo'), re.MULTILINE)
    return found[1] if found else platform.machine()


def system():
    found = re.search(r'^PRETTY_NAME="(.*)"$', read('/etc/os-release'), re.MULTILINE)
    return found[1] if found else platform.system()


def simws_version():
    return output('git', '-C', str(ROOT), 'describe', '--always', '--dirty').strip() or 'unknown'


def versions(places):
    found = {}
    for line in output('dpkg-query', '-W', '-f=${Package} ${Version}\n', *PACKAGES).splitlines():
        name, _, version = line.partition(' ')
        if version:
            found[name] = version
    if boost := re.search(r'define BOOST_LIB_VERSION "(.*)"', read('/usr/include/boost/version.hpp')):
        found['Boost'] = boost[1].replace('_', '.')
    found['node'] = output('node', '--version').strip()
    for name in ('ws', 'bufferutil', 'utf-8-validate'):
        if text := read(places.node / name / 'package.json'):
            found[name] = json.loads(text)['version']
    if checkout := os.environ.get('UWS_DIR'):
        found['uWebSockets'] = output('git', '-C', checkout, 'describe', '--always', '--tags').strip()
    nginx = output(str(places.nginx / 'usr/sbin/nginx'), '-v', errors=subprocess.STDOUT)
    found['nginx'] = nginx.strip().rpartition('/')[2]
    return {name: version for name, version in found.items() if version}


def read(path):
    try:
        with open(path, encoding='utf-8') as file:
            return file.read()
    except OSError:
        return ''


def output(*command, errors=subprocess.DEVNULL):
    """Empty when the program isn't there; what packages are unknown to dpkg-query is left out."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True).stdout
    except OSError:
        return ''
