"""Small HDF5 files of weights, sound and hostile, and a server on this machine that hands files out; no tests live here."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import h5py
import numpy as np

from lib.zoo.weights_lookup import PublishedWeights

KERNEL, BIAS = np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(3, np.float32)
PARAMETERS = KERNEL.size + BIAS.size


def keras3_file(path: Path, kernel: np.ndarray = KERNEL, bias: np.ndarray = BIAS) -> Path:
    """The layout of `.weights.h5`, with an optimizer and a random seed beside the weights."""
    with h5py.File(path, "w") as file:
        file["layers/dense/vars/0"], file["layers/dense/vars/1"] = kernel, bias
        file["layers/dropout/seed_generator/vars/0"] = np.zeros(2, np.uint32)
        file["optimizer/vars/0"] = np.zeros(50, np.float32)
    return path


def legacy_file(path: Path, kernel: np.ndarray = KERNEL, bias: np.ndarray = BIAS) -> Path:
    """The layout of the files that Keras publishes."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        file["dense/dense/kernel:0"], file["dense/dense/bias:0"] = kernel, bias
    return path


def published(
    url: str = "http://127.0.0.1:9/w.h5", md5: str = "", parameters: tuple[int, ...] = (PARAMETERS,)
) -> PublishedWeights:
    return PublishedWeights("SmallNet", "small_official.h5", url, md5, 2_000_000, ("small*.h5",), parameters)


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@contextmanager
def serving(
    data: bytes, status: int = 200, announced: int | None = None, wait: float = 0.0
) -> Iterator[tuple[str, list[str]]]:
    """A server on 127.0.0.1 that answers everything with `data`; gives its address and the list of what was asked for.

    Args:
        announced: the length that it claims; None: the true one; negative: none.
        wait: seconds before it answers; ended early when the server stops.
    """
    asked: list[str] = []
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            stopping.wait(wait)
            self.send_response(status)
            if announced is None or announced >= 0:
                self.send_header("Content-Length", str(len(data) if announced is None else announced))
            self.end_headers()
            with suppress(ConnectionError):  # whoever has heard enough hangs up
                self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/weights.h5", asked
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
