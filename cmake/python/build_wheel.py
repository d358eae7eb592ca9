"""Builds the Python package with CMake: the hooks of PEP 517, which pip calls.

Nothing is downloaded. CMake, a compiler and the libraries must be there (cmake/packages.sh names
Debian's). Settings, each as `--config-settings=name=value` of pip, or as a word `name=value` in the environment
variable SIMWS_WHEEL, which pip before 22.1 needs (Ubuntu 22.04's):

    preset      the CMake preset to configure: `wheel` unless another is named
    build-dir   where to build: a folder that is kept makes the next build fast
    archives    `yes` links the libraries as archives (cmake/archives.sh, which needs the network once),
                so that the wheel serves systems that haven't got them; it's without the program simws-broker then,
                which needs the system's libnats
"""
import base64
import hashlib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import zipfile

import module_checks

ROOT = pathlib.Path(__file__).resolve().parents[2]
OLDEST_WITH_STABLE_ABI = (3, 11)


def version():
    return re.search(r'project\(simws VERSION ([\d.]+)', (ROOT / 'CMakeLists.txt').read_text())[1]


def metadata():
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    return '\n'.join([
        'Metadata-Version: 2.1', 'Name: simWS', f'Version: {version()}',
        'Summary: WebSocket server for simulations and robots', 'License: MIT', 'Requires-Python: >=3.9',
        'Classifier: Operating System :: POSIX :: Linux', 'Classifier: Programming Language :: Python :: 3',
        'Classifier: Typing :: Typed', 'Description-Content-Type: text/markdown', '', readme])


def platform(module=None):
    """That of manylinux if the module needs nothing but what Ubuntu 22.04 has, and so every later
    system; this system's own if not, or as long as there is no module."""
    own = sysconfig.get_platform().replace('-', '_').replace('.', '_')
    if module and own.startswith('linux_') and module_checks.runs_everywhere(module):
        return own.replace('linux', 'manylinux_{}_{}'.format(*module_checks.NEWEST['GLIBC']), 1)
    return own


def tag(module=None):
    """One module for all versions from 3.11 on; before, one for each."""
    name = f'cp{sys.version_info.major}{sys.version_info.minor}'
    if sys.version_info >= OLDEST_WITH_STABLE_ABI:
        return f'cp{OLDEST_WITH_STABLE_ABI[0]}{OLDEST_WITH_STABLE_ABI[1]}-abi3-{platform(module)}'
    return f'{name}-{name}-{platform(module)}'


def settings_of(config_settings):
    words = shlex.split(os.environ.get('SIMWS_WHEEL', ''))
    return {**dict(word.split('=', 1) for word in words), **(config_settings or {})}


# The hooks.


def get_requires_for_build_wheel(config_settings=None):
    return []


def get_requires_for_build_sdist(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = pathlib.Path(metadata_directory) / f'simWS-{version()}.dist-info'
    info.mkdir()
    for name, text in info_files(tag()).items():
        (info / name).write_text(text, encoding='utf-8')
    return info.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    settings = settings_of(config_settings)
    with tempfile.TemporaryDirectory() as folder:
        package = build(pathlib.Path(settings.get('build-dir', folder)).resolve(), pathlib.Path(folder) / 'install',
                        settings.get('preset', 'wheel'), settings.get('archives') == 'yes')
        tags = tag(next(package.rglob('*.so')))
        name = f'simWS-{version()}-{tags}.whl'
        write_wheel(pathlib.Path(wheel_directory) / name, package, tags)
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = f'simWS-{version()}'
    with tarfile.open(pathlib.Path(sdist_directory) / f'{base}.tar.gz', 'w:gz', format=tarfile.PAX_FORMAT) as archive:
        for path in source_files():
            archive.add(path, f'{base}/{path.relative_to(ROOT)}', recursive=False)
        with tempfile.TemporaryDirectory() as folder:
            info = pathlib.Path(folder) / 'PKG-INFO'
            info.write_text(metadata(), encoding='utf-8')
            archive.add(info, f'{base}/PKG-INFO')
    return f'{base}.tar.gz'


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    raise SystemExit('simWS is compiled, so that an editable installation would show no change of its sources; '
                     'use `pip install .`, or PYTHONPATH=build/release/python of a CMake build')


# What they do.


def info_files(tags):
    return {'METADATA': metadata(), 'LICENSE': (ROOT / 'LICENSE').read_text(encoding='utf-8'),
            'WHEEL': f'Wheel-Version: 1.0\nGenerator: simWS\nRoot-Is-Purelib: false\nTag: {tags}\n'}


class Progress:
    """Words for who waits. pip keeps what a build prints to itself, but for `pip install -v`; where its own
    output goes to a terminal, a line there says every few seconds how far the build is."""

    INTERVAL = 5  # seconds

    def __init__(self):
        self._next = 0
        self._terminal = None
        try:
            terminal = open(f'/proc/{os.getppid()}/fd/1', 'w')
        except OSError:
            return
        if terminal.isatty():
            self._terminal = terminal
        else:
            terminal.close()

    def tell(self, words):
        if self._terminal:
            self._terminal.write(f'\n  simWS: {words} ')  # pip's spinner turns on the blank
            self._terminal.flush()
            self._next = time.monotonic() + self.INTERVAL

    def hear(self, line):
        """A line of a build: ninja's begin with [steps done/steps]."""
        steps = re.match(r'\[(\d+)/(\d+)\]', line)
        if steps and time.monotonic() >= self._next:
            self.tell(f'{steps[1]} of {steps[2]} steps')


def run(progress, words, *command):
    progress.tell(words)
    with subprocess.Popen([str(word) for word in command], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as program:
        for line in program.stdout:
            print(line, end='', flush=True)
            progress.hear(line)
    if program.returncode:
        raise SystemExit(f'{command[0]} failed with exit code {program.returncode}; its messages above say why. '
                         'simWS needs CMake, a C++20 compiler and the packages named in cmake/packages.sh')


def chosen_compilers():
    """CXX and CC as `./run` chooses them: where g++ isn't new enough, the newest beside it."""
    if 'CXX' in os.environ:
        return {}
    script = 'source cmake/packages.sh && source cmake/build.sh && choose_compiler && echo "${CXX-}" "${CC-}"'
    try:
        chosen = subprocess.run(['bash', '-c', script], cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout.split()
    except OSError:
        return {}
    return dict(zip(('CXX', 'CC'), chosen))


def build(folder, install, preset, with_archives):
    """The folder with the finished package."""
    progress = Progress()
    os.environ.update(chosen_compilers())
    run(progress, 'configuring', 'cmake', f'--preset={preset}', '-B', folder, f'-DPython3_EXECUTABLE={sys.executable}',
        '-DSIMWS_PYTHON_DIR=python', f'-DSIMWS_ARCHIVES={"ON" if with_archives else "OFF"}',
        f'-DSIMWS_PYTHON_BROKER={"OFF" if with_archives else "ON"}')
    run(progress, 'compiling, which takes a few minutes the first time',
        'cmake', '--build', folder, '--target', 'simws_python_package')
    run(progress, 'packing', 'cmake', '--install', folder, '--component', 'simws_python', '--prefix', install)
    return install / 'python'


def write_wheel(path, package, tags):
    """The files of the package below its folder, then what says whose they are."""
    records = []

    def add(archive, name, data, mode=0o644):
        entry = zipfile.ZipInfo(name)  # of 1980: the same files make the same wheel
        entry.external_attr = (0o100000 | mode) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
        records.append(f'{name},sha256={digest},{len(data)}')

    info = f'simWS-{version()}.dist-info'
    with zipfile.ZipFile(path, 'w') as archive:
        for file in sorted(package.rglob('*')):
            if file.is_file():
                mode = 0o755 if os.access(file, os.X_OK) else 0o644
                add(archive, file.relative_to(package).as_posix(), file.read_bytes(), mode)
        for name, text in info_files(tags).items():
            add(archive, f'{info}/{name}', text.encode())
        records.append(f'{info}/RECORD,,')
        archive.writestr(zipfile.ZipInfo(f'{info}/RECORD'), '\n'.join(records) + '\n')


def source_files():
    """What the repository knows, or, where there is none, everything but what builds leave behind."""
    try:
        listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, check=True, capture_output=True).stdout
        names = [name for name in os.fsdecode(listed).split('\0') if name]
        if names:
            return [ROOT / name for name in sorted(names) if (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        pass
    return [path for path in sorted(ROOT.rglob('*'))
            if path.is_file() and not {'build', '.git', '__pycache__'} & set(path.relative_to(ROOT).parts)]
