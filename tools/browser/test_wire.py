"""A wire passes on what is said, and nothing while it is cut."""

import socket
import socketserver
import threading
import unittest

from browser.wire import Wire


class _Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Wires(unittest.TestCase):
    """With a server that answers what it is told."""

    def setUp(self):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.wire = Wire(self.server.server_address[1])

    def tearDown(self):
        self.wire.__exit__()
        self.server.shutdown()
        self.server.server_close()

    def call(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", int(self.wire.address.rpartition(":")[2])), timeout=10)

    def test_it_passes_on_what_is_said(self):
        with self.call() as end:
            end.sendall(b"bread\n")
            self.assertEqual(end.recv(100), b"bread\n")

    def test_cut_it_ends_connections_and_refuses_new_ones_until_it_is_mended(self):
        with self.call() as old:
            old.sendall(b"bread\n")
            old.recv(100)
            self.wire.cut()
            self.assertEqual(old.recv(100), b"")
        with self.call() as new:
            self.assertEqual(new.recv(100), b"")
        self.wire.mend()
        self.test_it_passes_on_what_is_said()


if __name__ == "__main__":
    unittest.main()
