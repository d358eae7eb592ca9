"""An operator of NATS servers, as nsc makes one: accounts, and files of credentials of their users."""
import base64
import json
import subprocess
from pathlib import Path

SEED, OPERATOR, ACCOUNT, USER = 18 << 3, 14 << 3, 0, 20 << 3  # the first letter of a key: S, O, A, U
LIMITS = {'wildcards': True, **{name: -1 for name in ('subs', 'data', 'payload', 'imports', 'exports', 'conn', 'leaf')}}
JETSTREAM = {name: -1 for name in ('mem_storage', 'disk_storage', 'streams', 'consumer')}
CREDENTIALS = '''-----BEGIN NATS USER JWT-----
{token}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
{seed}
------END USER NKEY SEED------
'''


def checksum(data):
    """CRC-16/XMODEM."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xffff
    return crc.to_bytes(2, 'little')


def written(data):
    return base64.b32encode(data + checksum(data)).decode().rstrip('=')


class Key:
    """Of Ed25519, by openssl."""

    def __init__(self, folder, kind, name):
        self.name = name
        self._kind = kind
        self._file = Path(folder) / f'{name}.key'
        self._openssl('genpkey', '-algorithm', 'ED25519', '-out', self._file)

    @property
    def public(self):
        return written(bytes([self._kind]) + self._openssl('pkey', '-in', self._file, '-pubout', '-outform', 'DER')[-32:])

    @property
    def seed(self):
        prefix = bytes([SEED | self._kind >> 5, (self._kind & 31) << 3])
        return written(prefix + self._openssl('pkey', '-in', self._file, '-outform', 'DER')[-32:])

    def token_for(self, subject, claims):
        """What this key says of that one."""
        claims = {'jti': subject.public, 'iat': 1700000000, 'iss': self.public, 'name': subject.name, 'sub': subject.public,
                  'nats': {'version': 2, **claims}}
        text = '.'.join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip('=')
                        for part in ({'typ': 'JWT', 'alg': 'ed25519-nkey'}, claims))
        unsigned = self._file.with_suffix('.unsigned')
        unsigned.write_text(text)
        signature = self._openssl('pkeyutl', '-sign', '-rawin', '-inkey', self._file, '-in', unsigned)
        return text + '.' + base64.urlsafe_b64encode(signature).decode().rstrip('=')

    @staticmethod
    def _openssl(*words):
        return subprocess.run(['openssl', *map(str, words)], capture_output=True, check=True).stdout


class Operator:
    """With a system's account and one of `arm`. `lines` are for a server's configuration."""

    def __init__(self, folder):
        self._folder = Path(folder)
        key = Key(folder, OPERATOR, 'operator')
        system, self._account = (Key(folder, ACCOUNT, name) for name in ('system', 'arm_account'))
        token = self._folder / 'operator.jwt'
        token.write_text(key.token_for(key, {'type': 'operator', 'system_account': system.public}))
        accounts = ''.join(f'{account.public}: {key.token_for(account, {"type": "account", "limits": limits})}\n'
                           for account, limits in ((system, LIMITS), (self._account, {**LIMITS, **JETSTREAM})))
        self.lines = f'operator: "{token}"\nsystem_account: {system.public}\nresolver: MEMORY\nresolver_preload: {{\n{accounts}}}'

    def credentials_of(self, name):
        """A file that makes whoever has it a user of that name."""
        user = Key(self._folder, USER, name)
        claims = {'type': 'user', 'pub': {}, 'sub': {}, 'subs': -1, 'data': -1, 'payload': -1}
        file = self._folder / f'{name}.creds'
        file.write_text(CREDENTIALS.format(token=self._account.token_for(user, claims), seed=user.seed))
        return file
