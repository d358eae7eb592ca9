#!/usr/bin/python3
"""Fails on an include, or a linked CMake target, that a room's row in ARCHITECTURE.md doesn't name.

    check_includes.py <the repository's root>
"""

import pathlib
import re
import sys

from rooms import SYSTEM, TableError, read_rooms

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SYSTEM_HEADER = re.compile(
    r'(sys|net|netinet|arpa|linux|asm|bits)/|'
    r'(unistd|fcntl|dirent|poll|signal|netdb|pthread|semaphore|sched|dlfcn|errno|time|termios|pwd|ifaddrs|syslog|'
    r'langinfo|spawn|windows|winsock2|ws2tcpip|io|process)\.h$')
# Which headers a linked target stands for.
LINKED_LIBRARIES = {
    'OpenSSL::': 'openssl/', 'simdjson::': 'simdjson.h',
    'Boost::': 'boost/', 'PkgConfig::LIBUV': 'uv.h', 'PkgConfig::LIBURING': 'liburing.h',
    'ZLIB::': 'zlib.h', 'PkgConfig::LIBZSTD': 'zstd.h', 'CLI11::': 'CLI/',
    'nlohmann_json::': 'nlohmann/', 'PkgConfig::LIBNATS': 'nats/nats.h', 'PkgConfig::LUA': 'lua.h', 'PkgConfig::LIBEDIT': 'histedit.h', 'LUA_LIBRARIES': 'lua.h',
}


def folder_of(room, root):
    return root / 'include' if room == 'include' else root / 'src' / room


def sources(folder):
    return sorted(path for pattern in ('*.h', '*.hpp', '*.cpp', '*.c', '*.inc')
                  for path in folder.rglob(pattern))


def room_of(path, rooms):
    """The room a path below src/ lies in: the one with the longest name; None without one."""
    fitting = [name for name in rooms if path == name or path.startswith(name + '/')]
    return max(fitting, key=len, default=None)


def is_standard(include):
    return '/' not in include and '.' not in include


def check_include(room, file, kind, include, rooms):
    """What is wrong with an include in a file (its path within the room); None: nothing."""
    admitted = any(entry.admits(include, file) for entry in room.entries)
    if admitted or (kind == '<' and is_standard(include)):
        return None
    if include.startswith('simws/'):
        target = 'include'
    elif kind == '"':
        target = room_of(include, rooms) or room.name  # beside the file
        if '..' in include.split('/'):
            return f'"{include}": write paths from src/, without ".."'
    elif SYSTEM_HEADER.match(include):
        target = SYSTEM
    else:
        return f'<{include}> is not in the row of {room.name}'
    if target == room.name or any(entry.admits(target, file) for entry in room.entries):
        return None
    return f'{kind}{include}{">" if kind == "<" else kind} of {target} is not in the row of {room.name}'


def check_sources(room, root, rooms):
    folder = folder_of(room.name, root)
    files = [path for path in sources(folder)
             if room.name == 'include'
             or room_of(path.relative_to(root / 'src').as_posix(), rooms) == room.name]
    for path in files:
        for kind, include in INCLUDE.findall(path.read_text()):
            problem = check_include(room, path.relative_to(folder).as_posix(), kind, include, rooms)
            if problem:
                yield f'{path.relative_to(root)}: {problem}'


def linked_room(target, rooms):
    """The room behind simws_<target>: bindings/lua for simws_bindings_lua or simws_lua."""
    names = {name.replace('/', '_'): name for name in rooms}
    names.update({name.rpartition('/')[2]: name for name in rooms if name.startswith('bindings/')})
    return names.get(target)


def check_links(room, root, rooms):
    path = folder_of(room.name, root) / 'CMakeLists.txt'
    if not path.exists():
        return
    text = re.sub(r'#.*', '', path.read_text())
    names = {entry.name for entry in room.entries}
    allowed = names | {room.name} | ({'endpoint'} if 'include' in names else set())
    for target in sorted(set(re.findall(r'\bsimws_(\w+)', text))):
        linked = linked_room(target, rooms)
        if linked and linked not in allowed:
            yield f'{path.relative_to(root)}: simws_{target} is not in the row of {room.name}'
    for library, header in LINKED_LIBRARIES.items():
        if library in text and f'<{header}>' not in names:
            yield f'{path.relative_to(root)}: {library} is not in the row of {room.name}'


def check_tree(root):
    """All that is wrong in the tree, one line each."""
    rooms = read_rooms((root / 'ARCHITECTURE.md').read_text())
    problems = []
    for path in sources(root / 'src'):
        if room_of(path.relative_to(root / 'src').as_posix(), rooms) is None:
            problems.append(f'{path.relative_to(root)}: lies in no room of ARCHITECTURE.md')
    for room in rooms.values():
        if not folder_of(room.name, root).is_dir():
            problems.append(f'ARCHITECTURE.md: room {room.name} has no folder')
        problems += check_sources(room, root, rooms)
        problems += check_links(room, root, rooms)
    return problems


def main():
    try:
        problems = check_tree(pathlib.Path(sys.argv[1]))
    except TableError as error:
        problems = [str(error)]
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
