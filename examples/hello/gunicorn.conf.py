"""How gunicorn runs the app. Every setting: https://gunicorn.org/reference/settings/"""

import signal

bind = "0.0.0.0:8080"

# Two processes, so that one that hangs does not take the replica down; more load means more replicas.
workers = 2
worker_class = "gthread"
threads = 4

# Open requests get this long after SIGTERM: app.shutdown.drainSeconds, 20 by default.
graceful_timeout = 20

# The root file system is read-only: heartbeats go to memory, and nothing else is written.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# Everything to stdout; gunicorn's own lines would go to stderr.
accesslog = "-"
logconfig_dict = {
    "loggers": {
        name: {"level": "INFO", "handlers": ["console"], "propagate": False}
        for name in ("gunicorn.error", "gunicorn.access")
    }
}


def post_worker_init(worker):
    """The app is loaded: it is ready until SIGTERM, which also starts gunicorn's own shutdown."""
    config = worker.wsgi.config
    shut_down = signal.getsignal(signal.SIGTERM)

    def on_sigterm(number, frame):
        config["SERVING"] = False
        shut_down(number, frame)

    signal.signal(signal.SIGTERM, on_sigterm)
    signal.siginterrupt(signal.SIGTERM, False)  # as gunicorn has it: open requests are not interrupted
    config["SERVING"] = True
