"""The packages that run and test ask for are there in each release, as new as the build wants them."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What each release has of them, upstream's version only. Debian's are the candidates that `apt-cache
# policy` named there, Ubuntu's those of packages.ubuntu.com; - where it only tells that there is one.
# Names that one release has and another hasn't are here for the packages of the tests too.
RELEASES = {
    'bookworm': '''cmake 3.25.1  ninja-build 1.11.1  g++ 12.2.0  pkg-config 1.8.1  libuv1-dev 1.44.2
        liburing-dev 2.3  libssl-dev 3.0.22  libboost-dev 1.74.0.3  libsimdjson-dev 3.0.1
        zlib1g-dev 1.2.13  libzstd-dev 1.5.4  nlohmann-json3-dev 3.11.2
        libcli11-dev 2.1.2  libedit-dev 3.1  liblua5.4-dev 5.4.4  lua5.4 5.4.4  lua-dkjson 2.6  libnats-dev 3.4.1  python3 3.11.2
        python3-dev 3.11.2  clang-format-14 14.0.6  chromium 156.0.8078.108  firefox-esr 153.8.0''',
    'trixie': '''cmake 3.31.6  ninja-build 1.12.1  g++ 14.2.0  pkg-config 1.8.1  libuv1-dev 1.50.0
        liburing-dev 2.9  libssl-dev 3.5.9  libboost-dev 1.83.0.2  libsimdjson-dev 3.12.3
        zlib1g-dev 1.3.1  libzstd-dev 1.5.7  nlohmann-json3-dev 3.11.3
        libcli11-dev 2.4.1  libedit-dev 3.1  liblua5.4-dev 5.4.7  lua5.4 5.4.7  lua-dkjson 2.8  libnats-dev 3.10.1  python3 3.13.5
        python3-dev 3.13.5  chromium 156.0.8078.79  firefox-esr -''',
    'jammy': '''cmake 3.22.1  ninja-build -  g++-12 12.3.0  pkg-config 0.29.2  libuv1-dev 1.43.0
        liburing-dev 2.1  libssl-dev 3.0.2  libboost-dev 1.74.0.3  libsimdjson-dev 1.0.2
        zlib1g-dev 1.2.11  libzstd-dev 1.4.8  nlohmann-json3-dev 3.10.5
        libcli11-dev 2.1.2  libedit-dev 3.1  liblua5.4-dev 5.4.4  lua5.4 5.4.4  lua-dkjson 2.6  python3 3.10.6
        python3-dev 3.10.6  clang-format-14 14.0.0  chromium-browser -  firefox -''',
    'noble': '''cmake 3.28.3  ninja-build 1.11.1  g++ 13.2.0  pkg-config 1.8.1  libuv1-dev 1.48.0
        liburing-dev 2.5  libssl-dev 3.0.13  libboost-dev 1.83.0.1  libsimdjson-dev 3.6.4
        zlib1g-dev 1.3  libzstd-dev 1.5.5  nlohmann-json3-dev 3.11.3
        libcli11-dev 2.4.1  libedit-dev 3.1  liblua5.4-dev 5.4.6  lua5.4 5.4.6  lua-dkjson 2.6  libnats-dev -  python3 3.12.3
        python3-dev 3.12.3  clang-format-14 14.0.6  chromium-browser -  firefox -''',
}


def versions(release):
    words = RELEASES[release].split()
    return dict(zip(words[::2], words[1::2]))


def number(version):
    return tuple(map(int, version.split('.')))


def from_packages_sh(script):
    command = f'set -euo pipefail; source "{ROOT}/cmake/packages.sh"; {script}'
    return subprocess.run(['bash', '-c', command], check=True, text=True, stdout=subprocess.PIPE).stdout.split()


def asked_by(file, pattern):
    return re.search(pattern, (ROOT / file).read_text())[1]


class ReleasesTest(unittest.TestCase):
    def test_a_release_has_what_builds_want(self):
        names = {name for release in RELEASES for name in versions(release)}
        for release in RELEASES:
            wanted = set(from_packages_sh(f'choose_packages {release}; echo "${{build_packages[@]}}" "${{python_packages[@]}}"'))
            for_tests = set(from_packages_sh(f'choose_packages {release}; echo "${{test_packages[@]}}"'))
            with self.subTest(release):
                self.assertEqual(wanted - set(versions(release)), set())
                self.assertEqual(for_tests & names - set(versions(release)), set())
                self.assertTrue(for_tests & {'chromium', 'chromium-browser'})
                self.assertTrue(for_tests & {'firefox', 'firefox-esr'})

    def test_they_are_new_enough(self):
        dependencies = 'cmake/Dependencies.cmake'
        oldest = {
            'cmake': asked_by('CMakeLists.txt', r'cmake_minimum_required\(VERSION ([\d.]+?)\.\.\.'),
            'libboost-dev': asked_by(dependencies, r'find_package\(Boost ([\d.]+)'),
            'libssl-dev': asked_by(dependencies, r'find_package\(OpenSSL ([\d.]+)'),
            'libnats-dev': asked_by(dependencies, r'libnats>=([\d.]+)'),
            'python3-dev': asked_by('src/bindings/python/CMakeLists.txt', r'find_package\(Python3 ([\d.]+)'),
            'g++': from_packages_sh('echo $oldest_compiler')[0],
            'g++-12': from_packages_sh('echo $oldest_compiler')[0],
        }
        for release in RELEASES:
            for package, version in oldest.items():
                if package.startswith('g++') and package not in versions(release):
                    continue  # a release has one of the two here: its own, or a newer one
                if versions(release).get(package, '-') == '-' and package == 'libnats-dev':
                    continue  # without it, or with what is too old, simws-broker isn't built
                with self.subTest(f'{package} of {release}'):
                    self.assertGreaterEqual(number(versions(release)[package]), number(version))

    def test_presets_and_scripts_want_what_cmake_does(self):
        cmake = asked_by('CMakeLists.txt', r'cmake_minimum_required\(VERSION ([\d.]+?)\.\.\.')
        self.assertEqual(asked_by('CMakePresets.json', r'"minor": (\d+)'), cmake.split('.')[1])
        self.assertEqual(asked_by('CMakeLists.txt', r'VERSION_LESS (\d+)'), from_packages_sh('echo $oldest_compiler')[0])
        self.assertEqual(from_packages_sh('echo $oldest_boost')[0],
                         asked_by('cmake/Dependencies.cmake', r'find_package\(Boost ([\d.]+)'))


if __name__ == '__main__':
    unittest.main()
