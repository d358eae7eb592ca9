"""Answers to conditional requests and requests for parts, beside those of nginx for the same files.

Where the two differ on purpose, the table says how and why.
"""
import contextlib
import os
import re
import socket
import tempfile
import unittest
from email.utils import formatdate
from pathlib import Path

from files import DEADLINE, ClientTest, FilesHost, Process, exchange, put
from proxies import find, libraries
from simws_host import free_port

CONFIGURATION = '''
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/plain txt; text/html html; }}
    if_modified_since before;
    server {{
        listen 127.0.0.1:{port};
        root {www};
    }}
}}
'''
MODIFIED = 784111777
DATE, EARLIER, LATER = (formatdate(MODIFIED + seconds, usegmt=True) for seconds in (0, -1, 1))

# Each with our status and nginx', where they differ. TAG is each server's own entity tag.
CONDITIONS = [
    ({}, None),
    ({'If-None-Match': 'TAG'}, None),
    ({'If-None-Match': 'W/TAG'}, None),
    ({'If-None-Match': '*'}, None),
    ({'If-None-Match': '"a", TAG, "b"'}, None),
    ({'If-None-Match': '"a"'}, None),
    ({'If-None-Match': '"a"', 'If-Modified-Since': DATE}, None),
    ({'If-None-Match': 'TAG', 'If-Modified-Since': EARLIER}, (304, 200)),  # RFC 9110, 13.1.3: the date isn't looked at beside a tag
    ({'If-Modified-Since': DATE}, None),
    ({'If-Modified-Since': LATER}, None),
    ({'If-Modified-Since': EARLIER}, None),
    ({'If-Modified-Since': 'yesterday'}, None),
    ({'If-Match': 'TAG'}, None),
    ({'If-Match': '*'}, None),
    ({'If-Match': '"a"'}, None),
    ({'If-Match': 'W/TAG'}, None),
    ({'If-Unmodified-Since': DATE}, None),
    ({'If-Unmodified-Since': EARLIER}, None),
    ({'If-Unmodified-Since': 'yesterday'}, (200, 412)),  # RFC 9110, 13.1.4: what is no date is ignored
    ({'Range': 'bytes=0-'}, None),
    ({'Range': 'bytes=0-0'}, None),
    ({'Range': 'bytes=10-19'}, None),
    ({'Range': 'bytes=999-'}, None),
    ({'Range': 'bytes=990-2000'}, None),
    ({'Range': 'bytes=-1'}, None),
    ({'Range': 'bytes=-2000'}, None),
    ({'Range': 'bytes=1000-'}, None),
    ({'Range': 'bytes=2000-3000'}, None),
    ({'Range': 'bytes=-0'}, None),
    ({'Range': 'bytes=99999999999999999999-'}, None),
    ({'Range': 'bytes=5-2'}, (200, 416)),  # RFC 9110, 14.1.1: it's invalid, and one that is invalid is ignored
    ({'Range': 'bytes=a-b'}, (200, 416)),
    ({'Range': 'bytes='}, None),
    ({'Range': 'lines=0-1'}, None),
    ({'Range': 'bytes=0-1,5-6'}, (200, 206)),  # several are answered with the whole, which a server may do
    ({'Range': 'bytes=0-1', 'If-Range': 'TAG'}, None),
    ({'Range': 'bytes=0-1', 'If-Range': '"a"'}, None),
    ({'Range': 'bytes=0-1', 'If-Range': DATE}, None),
    ({'Range': 'bytes=0-1', 'If-Range': EARLIER}, None),
    ({'Range': 'bytes=0-1', 'If-None-Match': 'TAG'}, None),
    ({'Range': 'bytes=0-1', 'If-Match': '"a"'}, None),
]


class Nginx(Process):
    def __init__(self, folder, www):
        self.port = free_port()
        configuration = folder / 'nginx.conf'
        configuration.write_text(CONFIGURATION.format(folder=folder, www=www, port=self.port))
        super().__init__([find('usr/sbin/nginx'), '-p', folder, '-c', configuration, '-e', 'stderr'], cwd=folder,
                         env={'LD_LIBRARY_PATH': libraries()})


def field(head, name):
    found = re.search(rf'\r\n{name}: ([^\r]*)', head, re.IGNORECASE)
    return found and found[1]


def get(port, fields, target='/file.txt', method='GET'):
    """Status, body and what the head says of the part."""
    head, body = exchange(port, target, method, fields=''.join(f'{name}: {value}\r\n' for name, value in fields.items()))
    status = int(head.split(' ')[1])
    if status in (412, 416):
        body = b''  # words for people
    return status, body, field(head, 'Content-Range')


class BesideNginx(ClientTest):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        www = folder / 'www'
        put(www, **{'file.txt': bytes(i % 251 for i in range(1000)), 'sub__index.html': b'sub', 'empty.txt': b''})
        os.utime(www / 'file.txt', (MODIFIED, MODIFIED))
        self.ours = self.enterContext(FilesHost(www)).port
        theirs = self.enterContext(Nginx(folder, www))
        self.theirs = theirs.port
        self.wait_for(theirs)

    def wait_for(self, server):
        """It listens soon after its start."""
        while server.process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                return socket.create_connection(('127.0.0.1', server.port), DEADLINE).close()
        self.fail(server.transcript())

    def test_conditions_and_ranges(self):
        tags = {port: field(exchange(port, '/file.txt')[0], 'ETag') for port in (self.ours, self.theirs)}
        for method in ('GET', 'HEAD'):
            for fields, statuses in CONDITIONS:
                answers = [get(port, {name: value.replace('TAG', tag) for name, value in fields.items()}, method=method)
                           for port, tag in tags.items()]
                with self.subTest(method=method, fields=fields):
                    self.compare(*answers, statuses, method)

    def compare(self, ours, theirs, statuses, method):
        if method == 'HEAD' and theirs[0] in (206, 416):
            self.assertEqual(ours[0], 200)  # RFC 9110, 14.2: ranges are of a GET only
        elif statuses:
            self.assertEqual((ours[0], theirs[0]), statuses)
        else:
            self.assertEqual(ours, theirs)

    def test_folders_and_what_is_not_there(self):
        for target in ('/sub/', '/nothing', '/sub/nothing', '/file.txt/', '/empty.txt', '/%2e%2e/file', '/file%2etxt'):
            with self.subTest(target):
                ours, theirs = (get(port, {}, target) for port in (self.ours, self.theirs))
                if theirs[0] == 404:
                    self.assertEqual(ours[0], 404)
                elif theirs[0] != 400:
                    self.assertEqual(ours, theirs)
        for port in (self.ours, self.theirs):
            head, _ = exchange(port, '/sub?a=1')
            self.assertRegex(head, '^HTTP/1.1 301 ')
            self.assertTrue(field(head, 'Location').endswith('/sub/?a=1'))


if __name__ == '__main__':
    unittest.main()
