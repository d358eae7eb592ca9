"""Proxies that others wrote, with configurations of their own, in a folder that goes with them."""
import os
import shutil
import tempfile
from pathlib import Path

from servers import ROOT, Process, free_port

UNPACKED = Path(os.environ.get('SIMWS_TEST_SERVERS', ROOT / 'build/servers'))  # by ./test, where they aren't installed
USER, PASSWORD = 'me', 'secret'
# PASSWORD as openssl passwd -apr1 has it.
USERS = f'{USER}:$apr1$robots00$rssHgFI2YZODy/Kuahqlq.\n'


def find(name):
    """The path of a file below / or the unpacked folder, by its path there."""
    return next((path for path in (Path('/', name), UNPACKED / name) if path.exists()), Path('/', name))


def libraries():
    return ':'.join(str(path) for pattern in ('usr/lib/*-linux-gnu', 'lib/*-linux-gnu') for path in UNPACKED.glob(pattern))


class Proxy(Process):
    """Listens on `port` soon after its start; who comes earlier is refused."""

    def __init__(self, name, backend=0):
        self.folder = Path(tempfile.mkdtemp(prefix=f'{name}-'))
        self.folder.chmod(0o755)  # some of them change to another user
        self.port = free_port()
        configuration = self.folder / 'configuration'
        configuration.write_text(CONFIGURATIONS[name].format(
            folder=self.folder, port=self.port, backend=backend,
            apache_modules=find('usr/lib/apache2/modules'), squid_auth=find('usr/lib/squid/basic_ncsa_auth'),
            squid_share=find('usr/share/squid'), squid_unlinkd=find('usr/lib/squid/unlinkd'),
            squid_errors=find('usr/share/squid-langpack/templates')))
        (self.folder / 'users').write_text(USERS)
        command = [word.format(folder=self.folder, configuration=configuration) for word in COMMANDS[name]]
        super().__init__([find(command[0]), *command[1:]], cwd=self.folder,
                         env={'LD_LIBRARY_PATH': libraries(), 'HOME': str(self.folder)})

    def __exit__(self, *details):
        if self.process.poll() is None:
            self.terminate()  # they have processes of their own to end
        super().__exit__(*details)
        shutil.rmtree(self.folder, ignore_errors=True)


REVERSE = ('nginx', 'haproxy', 'apache', 'caddy')
COMMANDS = {
    'nginx': ('usr/sbin/nginx', '-p', '{folder}', '-c', '{configuration}', '-e', 'stderr'),
    'haproxy': ('usr/sbin/haproxy', '-db', '-f', '{configuration}'),
    'apache': ('usr/sbin/apache2', '-D', 'FOREGROUND', '-f', '{configuration}'),
    'caddy': ('usr/bin/caddy', 'run', '--adapter', 'caddyfile', '--config', '{configuration}'),
    'squid': ('usr/sbin/squid', '-N', '-f', '{configuration}'),
}
CONFIGURATIONS = {
    'nginx': '''
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
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{backend};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
}}
''',
    'haproxy': '''
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend web
    bind 127.0.0.1:{port}
    default_backend robots
backend robots
    option forwardfor
    server robot 127.0.0.1:{backend}
''',
    'apache': '''
ServerRoot {folder}
ServerName localhost
PidFile {folder}/pid
ErrorLog /dev/stderr
LogLevel crit
User www-data
Group www-data
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {apache_modules}/mod_mpm_event.so
LoadModule authz_core_module {apache_modules}/mod_authz_core.so
LoadModule proxy_module {apache_modules}/mod_proxy.so
LoadModule proxy_http_module {apache_modules}/mod_proxy_http.so
Mutex pthread
ProxyPreserveHost On
ProxyPass / http://127.0.0.1:{backend}/ upgrade=websocket retry=0
''',
    'caddy': '''
{{
    admin off
    auto_https off
    storage file_system {folder}
}}
http://127.0.0.1:{port} {{
    reverse_proxy 127.0.0.1:{backend}
}}
''',
    'squid': '''
unlinkd_program {squid_unlinkd}
http_port 127.0.0.1:{port}
pid_filename {folder}/pid
cache_log stdio:/dev/stderr
access_log none
cache_store_log none
coredump_dir none
shutdown_lifetime 0 seconds
pinger_enable off
visible_hostname localhost
mime_table {squid_share}/mime.conf
icon_directory {squid_share}/icons
error_directory {squid_errors}
auth_param basic program {squid_auth} {folder}/users
auth_param basic realm robots
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
''',
}
