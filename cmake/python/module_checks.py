"""What makes a module load on every system it is meant for, read from readelf's output."""

import os
import re
import subprocess

# The newest symbol versions of Ubuntu 22.04's glibc 2.35, and libstdc++ and libgcc of GCC 12.
NEWEST = {'GLIBC': (2, 35), 'GLIBCXX': (3, 4, 30), 'CXXABI': (1, 3, 13), 'GCC': (12, 0, 0)}
# What every such system has. Since glibc 2.34 the others are empty shells of libc.
LIBRARIES = re.compile(r'(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|'
                       r'libstdc\+\+\.so\.6|libgcc_s\.so\.1|ld-linux-[\w-]+\.so\.\d)$')
# Text that is changed at load means an archive that isn't position-independent; a path would
# have the loader look where the module was built.
FORBIDDEN_TAGS = ('TEXTREL', 'RPATH', 'RUNPATH')


def readelf(path, *options):
    return subprocess.run(['readelf', '--wide', *options, str(path)], check=True, text=True,
                          stdout=subprocess.PIPE, env={**os.environ, 'LC_ALL': 'C'}).stdout


def too_new_versions(text):
    """From `readelf --version-info`: the symbol versions it needs that are newer than NEWEST."""
    for name, number in sorted(set(re.findall(r'Name: (\w+)_([\d.]+) ', text))):
        newest = NEWEST.get(name)
        if newest is None or tuple(map(int, number.split('.'))) > newest:
            yield f'needs {name}_{number}, which Ubuntu 22.04 has not'


def foreign_libraries(text):
    """From `readelf --dynamic`: the libraries it needs that not every system has."""
    for library in re.findall(r'\(NEEDED\)\s+Shared library: \[(.+)\]', text):
        if not LIBRARIES.match(library):
            yield f'needs {library}, which is not the same everywhere'


def forbidden_tags(text):
    """From `readelf --dynamic`."""
    for tag in FORBIDDEN_TAGS:
        if f'({tag})' in text:
            yield f'has {tag}'


def exported_symbols(text):
    """From `readelf --dyn-syms`: the names that others can link to."""
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 8 and fields[4] in ('GLOBAL', 'WEAK', 'UNIQUE') and fields[6] != 'UND':
            yield fields[7].partition('@')[0]


def wrong_exports(text, wanted):
    shown = set(exported_symbols(text))
    yield from (f'shows {name}' for name in sorted(shown - set(wanted)))
    yield from (f'does not show {name}' for name in sorted(set(wanted) - shown))


def runs_everywhere(path):
    """Whether every system from Ubuntu 22.04 on has what the module needs. What can't be read has not."""
    try:
        return not [*too_new_versions(readelf(path, '--version-info')), *foreign_libraries(readelf(path, '--dynamic'))]
    except (OSError, subprocess.CalledProcessError):
        return False


def is_newer_system(libc=os.confstr('CS_GNU_LIBC_VERSION') or ''):
    """Whether what is built here may ask for what older systems haven't: from glibc 2.37 on compilers
    are newer than Debian 12's, which asks for nothing that Ubuntu 22.04 hasn't."""
    return tuple(map(int, re.findall(r'\d+', libc))) >= (2, 37)


def problems(path, exports):
    """All that is wrong with the module at `path`, which is to show `exports` and no more."""
    dynamic = readelf(path, '--dynamic')
    versions = [] if is_newer_system() else too_new_versions(readelf(path, '--version-info'))
    return [*versions, *foreign_libraries(dynamic),
            *forbidden_tags(dynamic), *wrong_exports(readelf(path, '--dyn-syms'), exports)]
