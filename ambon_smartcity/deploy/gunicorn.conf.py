"""The web server, embedded and in production; see the gunicorn settings reference."""

import os

wsgi_app = "ambon_smartcity.wsgi"
host = os.environ.get("HOST") or "127.0.0.1"
bind = f"{f'[{host}]' if ':' in host else host}:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
preload_app = False
timeout = 60
graceful_timeout = 10
keepalive = 5
loglevel = "warning"
# One recycled worker at a time keeps slow leaks small without ever closing the door.
max_requests = 5000
max_requests_jitter = 500
# Nobody steers the server through a socket, and a container has no home to put it in.
control_socket_disable = True
