"""docker-compose.yml names only what exists, pins all, and holds no secret.

No container is started here: the file, and what it mounts and builds, is read.
"""

import configparser
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DAEMONS = sorted(name for name in SERVICES if SERVICES[name].get("restart") != "no")
PINNED = re.compile(r"[\w./-]+:\d+\.\d+[\w.-]*")


def mounts(service):
    return [mount.split(":")[:2] for mount in SERVICES[service].get("volumes", [])]


def odoo_conf(service):
    [source] = [s for s, target in mounts(service) if target == "/etc/odoo/odoo.conf"]
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / source)
    return parser


def test_all_parts_are_there():
    assert {"web", "jobs", "db", "nginx", "mailsink", "install"} == {*SERVICES}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name):
    assert PINNED.fullmatch(SERVICES[name]["image"])


def test_image_is_built_on_a_pinned_odoo_19():
    dockerfile = ROOT / SERVICES["web"]["build"]["dockerfile"]
    [base] = re.findall(r"^FROM (\S+)", dockerfile.read_text(), re.MULTILINE)
    assert re.fullmatch(r"odoo:19\.0-\d{8}", base)


def test_what_the_image_copies_exists():
    dockerfile = (ROOT / SERVICES["web"]["build"]["dockerfile"]).read_text()
    sources = re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE)
    assert sources
    assert all((ROOT / source).exists() for source in sources)


@pytest.mark.parametrize("name", SERVICES)
def test_mounts_are_declared_or_exist(name):
    for source, _target in mounts(name):
        if source.startswith("./"):
            assert (ROOT / source).is_file(), source
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", DAEMONS)
def test_daemons_tell_their_health(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_database_and_filestore_outlive_their_containers():
    assert ["database", "/var/lib/postgresql/data"] in mounts("db")
    for name in ("web", "jobs", "install"):
        assert ["filestore", "/var/lib/odoo"] in mounts(name)


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_the_environment(name):
    for key, value in SERVICES[name].get("environment", {}).items():
        if "PASSWORD" in key:
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), key


def test_no_config_holds_a_password():
    for path in (ROOT / "config").iterdir():
        assert not re.search(r"passw\w*\s*=\s*\S", path.read_text()), path.name


def test_env_example_names_every_required_variable():
    compose = (ROOT / "docker-compose.yml").read_text()
    required = set(re.findall(r"\$\{(\w+):\?", compose))
    example = (ROOT / ".env.example").read_text()
    assert required <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_web_has_workers_and_leaves_jobs_to_the_job_runner():
    assert odoo_conf("web").getint("options", "workers") > 1
    assert SERVICES["web"]["environment"]["ODOO_QUEUE_JOB_CHANNELS"] == "root:0"
    channels = odoo_conf("jobs").get("queue_job", "channels")
    assert re.fullmatch(r"root:[1-9]\d*", channels)


@pytest.mark.parametrize("name", ["web", "jobs"])
def test_odoo_loads_the_queue_and_the_addons(name):
    options = odoo_conf(name)["options"]
    assert "queue_job" in options["server_wide_modules"].split(",")
    assert options["addons_path"].split(",")[-1] == "/opt/creditbox/addons"
    assert options["list_db"] == "False"


def test_install_takes_every_addon():
    addons = {path.parent.name for path in ROOT.glob("addons/*/__manifest__.py")}
    for option in ("--init=", "--update="):
        [value] = [part for part in SERVICES["install"]["command"] if option in part]
        assert set(re.findall(r"creditbox_\w+", value)) == addons


def test_sockets_go_to_the_websocket_port():
    nginx = (ROOT / "config/nginx.conf").read_text()
    assert "server web:8072;" in nginx
    location = re.search(r"location /websocket \{([^}]*)\}", nginx)
    assert "proxy_pass http://odoo_websocket;" in location[1]


def test_mailsink_is_only_for_trying_out():
    assert SERVICES["mailsink"]["profiles"] == ["try"]
    assert not SERVICES["mailsink"].get("ports")
