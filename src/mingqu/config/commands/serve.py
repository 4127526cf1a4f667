"""`mingqu serve` and `mingqu demo`: everything of one installation, until Ctrl-C."""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping

from mingqu.config.commands.installation import Installation, Refused, progress, stored_state
from mingqu.config.launcher_process import start_process
from mingqu.config.launcher_roles import make_roles_on_own_server
from mingqu.config.supervisor import Part, Supervisor, kept_lines

PORTS_TRIED = 20
# Who files or opens a page waits for the web; what follows, and papers, wait for nobody.
RELAY_NICE, WORKER_NICE = 5, 15
STAND_BACK = "MINGQU_STAND_BACK"  # "0": relay, scheduler and worker are as near to the processors as the web
OTHER_CONNECTIONS = 40  # relay, worker, scheduler, commands run by hand, PostgreSQL's own reserve


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=None, help="port to listen on (default 8000)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each (default %(default)s)")


def serve(options: argparse.Namespace) -> None:
    """Run a prepared installation. Raises Refused when it is not prepared for this version."""
    installation = Installation.here()
    installation.require_made()
    port = free_port(options.host, options.port or 8000, 1)
    with installation.held("mingqu serve", _connections(options)) as (urls, server):
        from mingqu.config.commands.prepare import schema_digest

        if stored_state(urls["MINGQU_DATABASE_URL"]).get("schema") != schema_digest():
            raise Refused("The database is not prepared for this version: run `mingqu migrate`.")
        environment = web_environment(installation, urls, options.host, port)
        ready = _when_ready(options.host, port, lambda: progress(f"ready: {environment['MINGQU_BASE_URL']}/"))
        log = kept_lines(installation.logs)
        Supervisor(parts(environment, options, port), server, log=log, announce=ready).run()
    progress("stopped")


def demo(options: argparse.Namespace) -> None:
    """Make, fill and run a demo installation; later starts only run it."""
    installation = Installation.here()
    installation.make("demo")
    port = free_port(options.host, options.port or 8000, 1 if options.port else PORTS_TRIED)
    progress(f"demo installation in {installation.home}")
    with installation.held("mingqu demo", _connections(options)) as (urls, server):
        if server is None:
            make_roles_on_own_server(urls)
        environment = web_environment(installation, urls, options.host, port)
        accounts = run_prepare(environment, "--demo")

        def say() -> None:
            print(
                f"\n{accounts}\nThe demo runs at  {environment['MINGQU_BASE_URL']}/   (stop: Ctrl-C)\n",
                flush=True,
            )

        ready = _when_ready(options.host, port, say)
        log = kept_lines(installation.logs)
        Supervisor(parts(environment, options, port), server, log=log, announce=ready).run()
    progress("stopped; nothing is left running")


def run_prepare(environment: Mapping[str, str], *flags: str) -> str:
    """Run `prepare` as a child that dies with us; returns what it printed."""
    child = start_process(
        [sys.executable, "-m", "mingqu.config.commands.prepare", *flags],
        environment=environment,
        output=subprocess.PIPE,
        keep_errors=True,
    )
    try:
        said, _ = child.communicate()
    except BaseException:
        child.kill()
        child.wait()
        raise
    if child.returncode != 0:
        raise Refused("The database could not be prepared; the lines above say why.")
    return said.decode()


def web_environment(
    installation: Installation, urls: Mapping[str, str], host: str, port: int
) -> dict[str, str]:
    """The environment of all parts, with the address people use when the operator gave none."""
    environment = installation.environment(urls)
    # Passkeys belong to a host name, so a site on this machine is shown under its name, not its number.
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104  a comparison
    environment.setdefault("MINGQU_BASE_URL", f"http://{shown}:{port}")
    return environment


def parts(environment: Mapping[str, str], options: argparse.Namespace, port: int) -> list[Part]:
    """What runs beside the database. Only the scheduler, which makes partitions, gets the owner's address."""
    plain = {k: v for k, v in environment.items() if k != "MINGQU_OWNER_DATABASE_URL"}
    relay_nice, worker_nice = (0, 0) if environment.get(STAND_BACK) == "0" else (RELAY_NICE, WORKER_NICE)
    manage = [sys.executable, "-m", "mingqu.config.manage"]
    web = [
        *[sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"],
        *["--respawn-interval", "1", "--workers-kill-timeout", "10", "--log-level", "warning"],
        *["--host", options.host, "--port", str(port), "--workers", str(options.workers)],
        *["--blocking-threads", str(options.threads), "mingqu.config.web:application"],
    ]
    return [
        Part("web", web, {**plain, "MINGQU_POOL": str(options.threads)}),
        Part("relay", [*manage, "relay"], plain, relay_nice),
        Part(
            "worker",
            [*manage, "procrastinate", "worker", "--shutdown-graceful-timeout", "15"],
            plain,
            worker_nice,
        ),
        *_messages(manage, plain, relay_nice),
        Part("scheduler", [*manage, "scheduler"], environment, relay_nice),
    ]


def _messages(manage: list[str], plain: Mapping[str, str], nice: int) -> list[Part]:
    """Where messages leave the machine they have a worker of their own: a code must not wait behind an import."""
    if not (plain.get("MINGQU_SMS_CHANNEL") or plain.get("MINGQU_EMAIL_CHANNEL")):
        return []
    worker = [*manage, "procrastinate", "worker", "--queues", "messages", "--shutdown-graceful-timeout", "15"]
    return [Part("messages", worker, plain, nice)]


def free_port(host: str, first: int, tries: int) -> int:
    """The first port from `first` on that nobody listens on. Raises Refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, first + tries):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as taken:
                if tries == 1:
                    raise Refused(f"{host}:{port} can't be listened on: {taken.strerror}.") from taken
                continue
        return port
    raise Refused(f"Ports {first} to {first + tries - 1} are all taken; name one with --port.")


def _connections(options: argparse.Namespace) -> int:
    return int(options.workers * options.threads + OTHER_CONNECTIONS)


def _when_ready(host: str, port: int, say: Callable[[], None]) -> Callable[[], bool]:
    """Asks /readyz; once it says yes, says so and returns True."""
    address = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  a comparison
    known_as = os.environ.get("MINGQU_HOSTS", "").split(",")[0] or "127.0.0.1"  # what the site answers to

    def announce() -> bool:
        connection = http.client.HTTPConnection(address, port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": known_as})
            ready = connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()
        if ready:
            say()
        return ready

    return announce
