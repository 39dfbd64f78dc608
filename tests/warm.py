"""Runs Python programs in processes that are forked from a server, which has imported mlguide and MkDocs.

    python warm.py SOCKET                               # the server
    python -IS warm.py SOCKET PROGRAM ARGUMENT...       # a client: "python PROGRAM ARGUMENT..." without the imports

A program gets the arguments, folder, environment and standard streams of the client. Only the variables that Python
itself reads (`INTERPRETER`) are those of the server.
"""

import functools
import json
import os
import socket
import sys

INTERPRETER = ("PYTHON", "LC_", "LANG")
PACKAGES = ("mlguide_site", "mkdocs_incremental", "mkdocs")
MODULES = "PIL.JpegImagePlugin colorama.initialise typer._adapters pygments.formatters.html".split()
MODULES += [f"markdown.extensions.{name}" for name in ("admonition", "attr_list", "sane_lists", "tables")]
MODULES += [f"pymdownx.{name}" for name in ("details", "highlight", "quotes", "saneheaders", "superfences")]


@functools.cache
def client() -> tuple[str, ...]:
    """Return the start of a client's command. Starts a server, which ends with this process; only Linux has one."""
    import subprocess
    import tempfile

    if sys.platform != "linux":
        return (sys.executable,)
    place = f"{tempfile.mkdtemp()}/warm"
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    client.server = subprocess.Popen([sys.executable, "-P", __file__, place], **streams)
    assert client.server.stdout.readline() == b"ready\n"
    return sys.executable, "-IS", __file__, place


def ask(server: str, *words: str) -> int:
    """Let a server run a program. Returns the exit status of the program."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server)
        socket.send_fds(connection, [b"\n"], [0, 1, 2])
        connection.sendall(json.dumps([words, os.getcwd(), dict(os.environ)]).encode() + b"\n")
        return int(connection.makefile().read() or 1)


def serve(place: str) -> socket.socket:
    """Import what commands need, and serve until standard input ends. Returns only in a process for a new client, with
    its connection."""
    import gc
    import pkgutil
    import select
    from importlib import import_module

    walked = [pkgutil.walk_packages(import_module(name).__path__, f"{name}.") for name in PACKAGES]
    for name in [module.name for modules in walked for module in modules if "__main__" not in module.name] + MODULES:
        import_module(name)
    import_module("mlguide_site.content.knowledge").schema_files()
    os.fsync = lambda _file: None  # as in conftest.py
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()
        print("ready", flush=True)
        children = set()
        while 0 not in select.select([listener, 0], [], [])[0]:
            connection = listener.accept()[0]
            if not (child := os.fork()):
                return connection
            connection.close()
            children = {one for one in {*children, child} if not os.waitpid(one, os.WNOHANG)[0]}
    os.unlink(place)
    os.rmdir(os.path.dirname(place))
    os._exit(0)


def run(connection: socket.socket) -> None:
    """Run a program in a new process. Tell the client how the process ended."""
    import runpy
    import time

    with connection:
        streams = socket.recv_fds(connection, 1, 3)[1]
        sys.argv, folder, environment = json.loads(connection.makefile("rb").readline())
        if process := os.fork():
            connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) % 256).encode())
            os._exit(0)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.path.insert(0, os.path.dirname(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    if sys.argv[2:]:
        sys.exit(ask(*sys.argv[1:]))
    run(serve(sys.argv[1]))
