"""Where things are: the checkout, what all checkouts share, what this one keeps.

Shared (CREDITBOX_HOME): Odoo's tree and the virtual environments, large and the same
for every checkout. Own (.creditbox/): database cluster, filestore, logs, odoo.conf.
"""

import hashlib
import os
import shutil
from pathlib import Path

from launcher.console import Failure

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
STATE = ROOT / ".creditbox"
LOGS = STATE / "log"
LOCKS = STATE / "lock"
ODOO_CONF = STATE / "odoo.conf"
DATA_DIR = STATE / "data"


def home():
    """The folder that all checkouts share.

    As root it can't be below /root: PostgreSQL refuses to run as root, and the user it
    runs as instead must be able to read its programs there.
    """
    if named := os.environ.get("CREDITBOX_HOME"):
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0 and "XDG_CACHE_HOME" not in os.environ:
        return Path("/var/cache/creditbox")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser().resolve() / "creditbox"


def digest(*parts):
    """A short name for what something is made from."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def make_dir(path):
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            f"{path} can't be made: {error.strerror}.",
            "Name another folder with CREDITBOX_HOME=/some/folder.",
        ) from error
    if not os.access(path, os.W_OK):
        raise Failure(
            f"{path} can't be written to.",
            "Name another folder with CREDITBOX_HOME=/some/folder.",
        )
    return path


def require_space(path, gigabytes, purpose):
    """Say that the disk is full before the work, not in the middle of it."""
    free = shutil.disk_usage(path).free / 1e9
    if free < gigabytes:
        raise Failure(
            f"{purpose} needs {gigabytes} GB in {path}, {free:.1f} GB are free.",
            "Free some space, or name a folder elsewhere: CREDITBOX_HOME=/folder.",
        )
