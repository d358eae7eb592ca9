#!/usr/bin/python3
"""The server with nginx and Lua: nginx_peer.py <port> <role>

Becomes nginx, as one process, from Debian's packages unpacked in the folder NGINX_ROOT. It has no permessage-deflate.
"""

import os
import pathlib
import socket
import sys
import tempfile

CONFIGURATION = '''
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
load_module {root}/usr/lib/nginx/modules/ndk_http_module.so;
load_module {root}/usr/lib/nginx/modules/ngx_http_lua_module.so;
worker_rlimit_nofile 65536;
events {{
    worker_connections 32768;
    multi_accept on;
    use epoll;
}}
http {{
    access_log off;
    tcp_nodelay on;
    keepalive_requests 1000000;
    lua_package_path '{root}/usr/share/lua/5.1/?.lua;;';
    lua_socket_buffer_size 64k;
    lua_socket_log_errors off;
    lua_check_client_abort on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    init_by_lua_block {{ role = '{role}' }}
    init_worker_by_lua_block {{ io.stdout:write('port {port}\\n') io.stdout:flush() }}
    server {{
        listen 127.0.0.1:{port} backlog=4096{tls};
        location / {{ content_by_lua_file {script}; }}
    }}
}}
'''


TLS = ''' ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {file};
        ssl_certificate_key {file}'''


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def main():
    root = pathlib.Path(os.environ['NGINX_ROOT'])
    port = int(sys.argv[1]) or free_port()
    folder = tempfile.mkdtemp(prefix='nginx-', dir=root)
    configuration = pathlib.Path(folder, 'nginx.conf')
    script = pathlib.Path(__file__).resolve().with_suffix('.lua')
    tls = TLS.format(file=os.environ['BENCH_CERTIFICATE']) if sys.argv[2] == 'tls' else ''
    configuration.write_text(CONFIGURATION.format(root=root, folder=folder, port=port, role=sys.argv[2], script=script,
                                                  tls=tls))
    libraries = [*root.glob('usr/lib/*-linux-gnu'), *root.glob('lib/*-linux-gnu')]
    os.environ['LD_LIBRARY_PATH'] = ':'.join(map(str, libraries))
    os.execv(root / 'usr/sbin/nginx', ['nginx', '-p', folder, '-c', str(configuration), '-e', 'stderr'])


if __name__ == '__main__':
    main()
