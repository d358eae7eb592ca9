"""Certificates for tests, made by the program openssl in a folder of the test's own."""
import ssl
import subprocess
from pathlib import Path


class Authority:
    """`authority.file` is to be trusted; `issue` makes what it vouches for."""

    def __init__(self, folder, name='authority'):
        self._folder = Path(folder)
        self._name = name
        self.file = self._folder / f'{name}.pem'
        self._key = self._folder / f'{name}-key.pem'
        self._openssl('req', '-x509', *self._new_key(self._key), '-out', self.file, '-days', '30',
                      '-subj', f'/CN={name}', '-addext', 'basicConstraints=critical,CA:TRUE')

    def issue(self, name='localhost', names='DNS:localhost,IP:127.0.0.1', days=30):
        """Files of a certificate and its private key."""
        certificate, key = (self._folder / f'{name}{end}.pem' for end in ('', '-key'))
        request, extensions = self._folder / f'{name}.csr', self._folder / f'{name}.ext'
        extensions.write_text(f'subjectAltName={names}\n')
        self._openssl('req', *self._new_key(key), '-out', request, '-subj', f'/CN={name}')
        self._openssl('x509', '-req', '-in', request, '-CA', self.file, '-CAkey', self._key, '-CAcreateserial',
                      '-extfile', extensions, '-days', days, '-out', certificate)
        return certificate, key

    def trust(self, certificate=None):
        """What a client of Python's takes to trust it, and to show a certificate of its own."""
        return trusting(self.file, certificate)

    @staticmethod
    def _new_key(file):
        return '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', file

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(['openssl', *map(str, arguments)], check=True, capture_output=True)


def trusting(file, certificate=None):
    context = ssl.create_default_context(cafile=file)
    if certificate:
        context.load_cert_chain(*certificate)
    return context


def serving(certificate):
    """What a server of Python's takes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context
