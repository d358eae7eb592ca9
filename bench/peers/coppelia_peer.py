#!/usr/bin/python3
"""The plugin in the simulator of the tests, which passes once a millisecond, or again and again in the role `spin`:
coppelia_peer.py 0 <role>

Becomes the simulator, whose commands it writes into a pipe before. COPPELIA_BUILD is the build folder.
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def commands(role):
    script = HERE / 'coppelia_peer.lua'
    passing = 'spinning' if role == 'spin' else 'on'
    return f'script customization peer {script}\nauto {passing}\nlua peer return listen("{role}")\n'.encode()


def main():
    build = pathlib.Path(os.environ['COPPELIA_BUILD'])
    host = next(build.rglob('coppeliasim_host'))
    readable, writable = os.pipe()
    os.write(writable, commands(sys.argv[2]))
    os.set_inheritable(writable, True)  # or else the simulator reads an end, and quits
    os.dup2(readable, 0)
    os.execv(host, [host, '--version=new', f'--core={host.parent}/libcoppeliasim_core_new.so',
                    f'--plugin={build}/coppeliasim/libsimWS.so', f'--lua={ROOT}/tests/coppeliasim/host/lua',
                    f'--lua={ROOT}/src/bindings/coppeliasim/lua', f'--lua={HERE}'])


if __name__ == '__main__':
    main()
