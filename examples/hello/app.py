"""The classic Flask app, with the two paths that a cluster asks for its health."""

from flask import Flask, Response

app = Flask(__name__)

# Whether requests should be sent here: from the end of the start until SIGTERM.
# gunicorn.conf.py keeps it up to date.
app.config["SERVING"] = False


def text(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/plain")


@app.get("/")
def hello() -> Response:
    return text("Hello, World!")


@app.get("/healthz")
def live() -> Response:
    """200 while the process works; failures restart the container."""
    return text("ok")


@app.get("/readyz")
def ready() -> Response:
    """200 while this replica can serve; failures take it out of the load balancer."""
    return text("ready") if app.config["SERVING"] else text("not ready", 503)
