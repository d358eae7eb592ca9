"""The table of rooms in ARCHITECTURE.md, as data."""

import fnmatch
import re
from dataclasses import dataclass, field

EVERY_ROOM = 'tests of each room'
SYSTEM = 'system headers'


class TableError(Exception):
    """ARCHITECTURE.md has no table that can be read."""


@dataclass(frozen=True)
class Entry:
    """One thing that may be included, in the files that match a pattern."""

    name: str
    files: tuple = ('*',)

    def admits(self, include, file):
        return (any(fnmatch.fnmatch(file, pattern) for pattern in self.files)
                and self.matches(include))

    def matches(self, include):
        if self.name.startswith('<'):
            header = self.name[1:-1]
            return include == header or (header.endswith('/') and include.startswith(header))
        return include == self.name


@dataclass
class Room:
    name: str
    entries: list = field(default_factory=list)


def read_rooms(markdown):
    """The rooms by name, from the first table whose head is `room | may include`."""
    lines = iter(markdown.splitlines())
    if not any(cells(line) == ['room', 'may include'] for line in lines):
        raise TableError('ARCHITECTURE.md: no table with the head | room | may include |')
    next(lines, None)
    rooms = {}
    for line in lines:
        if not line.startswith('|'):
            break
        name, allowed = cells(line)
        name = name.strip('`')
        rooms[name] = Room(name, read_entries(name, allowed))
    every = rooms.pop(EVERY_ROOM, Room(EVERY_ROOM)).entries
    for room in rooms.values():
        room.entries += every
    check_names(rooms)
    return rooms


def cells(line):
    return [cell.strip() for cell in line.strip().strip('|').split('|')] if '|' in line else []


def read_entries(room, text):
    """`a`, `b` in `x.cpp`; `c`: entries between semicolons share the files after their `in`."""
    entries = []
    for group in filter(None, (part.strip() for part in text.split(';'))):
        if group == 'what the room may':
            continue
        names, _, places = group.partition(' in ')
        files = tuple(re.findall(r'`([^`]+)`', places)) or ('*',)
        for item in (part.strip() for part in names.split(',')):
            if item == SYSTEM:
                entries.append(Entry(SYSTEM, files))
            elif re.fullmatch(r'`[^`]+`', item):
                entries.append(Entry(item.strip('`'), files))
            else:
                raise TableError(f'ARCHITECTURE.md: room {room}: can not read "{item}"')
    return entries


def check_names(rooms):
    for room in rooms.values():
        for entry in room.entries:
            is_header = entry.name.startswith('<') or entry.name.startswith('simws/')
            if not is_header and entry.name != SYSTEM and entry.name not in rooms:
                raise TableError(f'ARCHITECTURE.md: room {room.name}: unknown room {entry.name}')
