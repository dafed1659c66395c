"""Tests of the app, with nothing but the standard library and requirements.txt:

    python3 -m unittest discover --start-directory examples/hello

The second part starts gunicorn exactly as the image does (the CMD of the Dockerfile) on a free port.
What it cannot prove: that the image builds, and that a cluster admits it.
"""

import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from contextlib import closing

import app as hello

HERE = pathlib.Path(__file__).resolve().parent


class Routes(unittest.TestCase):
    def setUp(self):
        self.client = hello.app.test_client()
        self.addCleanup(hello.app.config.update, SERVING=hello.app.config["SERVING"])

    def answer(self, path, serving):
        hello.app.config["SERVING"] = serving
        response = self.client.get(path)
        return response.status_code, response.text

    def test_says_hello(self):
        self.assertEqual(self.answer("/", serving=True), (200, "Hello, World!"))

    def test_is_not_ready_before_the_start_is_over(self):
        self.assertFalse(hello.app.config["SERVING"])
        self.assertEqual(self.client.get("/readyz").status_code, 503)

    def test_is_ready_only_while_it_serves(self):
        self.assertEqual(self.answer("/readyz", serving=True), (200, "ready"))
        self.assertEqual(self.answer("/readyz", serving=False), (503, "not ready"))

    def test_lives_whether_it_serves_or_not(self):
        for serving in (True, False):
            self.assertEqual(self.answer("/healthz", serving), (200, "ok"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """gunicorn, started as the image starts it."""

    def __init__(self):
        command = json.loads(re.search(r"^CMD (\[.*\])$", (HERE / "Dockerfile").read_text(), re.M)[1])
        self.port = free_port()
        # Files: a full pipe would stop gunicorn, which logs each request.
        self.stdout, self.stderr = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", *command, "--bind", f"127.0.0.1:{self.port}"],
            cwd=HERE,
            stdout=self.stdout,
            stderr=self.stderr,
        )

    def connect(self):
        """A connection that the caller closes."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def wait_until_ready(self):
        for _ in range(100):
            try:
                with closing(self.connect()) as connection:
                    if get(connection, "/readyz")[0] == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("not ready after 10 seconds")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)  # the signal goes from gunicorn's first process to its workers

    def end(self):
        """Exit code, stdout and stderr, once the process has ended."""
        code = self.process.wait(timeout=25)
        self.stdout.seek(0)
        self.stderr.seek(0)
        return code, self.stdout.read(), self.stderr.read()

    def discard(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=25)
        self.stdout.close()
        self.stderr.close()


def get(connection, path):
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode(), response.getheader("Connection")


class Shutdown(unittest.TestCase):
    def start(self):
        server = Server()
        self.addCleanup(server.discard)
        server.wait_until_ready()
        return server

    def test_ends_cleanly_and_logs_to_stdout(self):
        server = self.start()
        with closing(server.connect()) as connection:
            self.assertEqual(get(connection, "/")[:2], (200, "Hello, World!"))
        server.terminate()
        code, stdout, stderr = server.end()
        self.assertEqual((code, stderr), (0, ""))
        self.assertIn('"GET / HTTP/1.1" 200', stdout)
        self.assertIn("Handling signal: term", stdout)

    def test_says_on_open_connections_that_it_is_no_longer_ready(self):
        server = self.start()
        ready, live = server.connect(), server.connect()
        self.assertEqual(get(ready, "/readyz")[0], 200)
        self.assertEqual(get(live, "/healthz")[0], 200)
        server.terminate()
        self.assertEqual(get(ready, "/readyz"), (503, "not ready", "close"))
        self.assertEqual(get(live, "/healthz"), (200, "ok", "close"))
        self.assertEqual(server.end()[0], 0)

    def test_finishes_a_request_that_is_open_at_sigterm(self):
        server = self.start()
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: hello\r\n")  # the empty line that ends it is missing
            time.sleep(0.5)
            server.terminate()
            time.sleep(1)
            self.assertIsNone(server.process.poll(), "ended before the open request was answered")
            client.sendall(b"\r\n")
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK"), answer)
        self.assertTrue(answer.endswith(b"Hello, World!"), answer)
        self.assertEqual(server.end()[0], 0)

    def test_loses_no_request_when_one_of_two_replicas_ends_under_load(self):
        leaving, staying = self.start(), self.start()
        replicas = [leaving, staying]  # as a load balancer knows them
        answers, failures = [], []
        done = threading.Event()

        def load(number):
            connection, turn = None, number
            while not done.is_set():
                try:
                    if connection is None:
                        turn += 1
                        connection = replicas[turn % len(replicas)].connect()
                    status, _, then = get(connection, "/")
                    answers.append(status)
                    if then == "close" or number % 2:  # odd clients keep no connection
                        connection.close()
                        connection = None
                except (OSError, http.client.HTTPException) as error:
                    failures.append(error)
                    connection = None
            if connection is not None:
                connection.close()

        clients = [threading.Thread(target=load, args=(number,)) for number in range(6)]
        for client in clients:
            client.start()
        time.sleep(1)
        # As in a cluster: new connections go elsewhere first, the preStop hook waits, SIGTERM follows.
        replicas[:] = [staying]
        time.sleep(0.5)
        leaving.terminate()
        code, _, stderr = leaving.end()
        done.set()
        for client in clients:
            client.join()
        self.assertEqual((code, stderr), (0, ""))
        self.assertEqual(failures, [])
        self.assertGreater(len(answers), 100)
        self.assertEqual(set(answers), {200})


if __name__ == "__main__":
    unittest.main()
