"""Databases of this checkout: made, copied, updated, dropped.

What a database holds is written in its comment: {addon: fingerprint}. It is dropped
with it, and no file can say something else.
"""

import json
import os
import shutil
from pathlib import Path

from launcher import addons, odoo, paths
from launcher.lock import locked

BASE = "creditbox_base_"
TEMPLATE = "creditbox_tpl_"
# A base is ~100 MB; engineers who work on different addons need different ones.
KEPT = 6
LANGUAGES = "it_IT,en_US"
# The company is Italian before account comes, so that it gets l10n_it's chart. Odoo
# gives everybody the first language it loads: tests and new users start in English.
FIRST_SETTINGS = """
UPDATE res_partner SET country_id = c.id FROM res_country c
 WHERE c.code = 'IT' AND res_partner.id IN (SELECT partner_id FROM res_company);
UPDATE res_currency SET active = true WHERE name = 'EUR';
UPDATE res_company SET currency_id = c.id FROM res_currency c WHERE c.name = 'EUR';
UPDATE res_partner SET lang = 'en_US';
UPDATE ir_default SET json_value = '"en_US"' WHERE json_value = '"it_IT"';
"""


class Databases:
    def __init__(self, server, venv):
        self.server = server
        self.venv = venv

    def sql(self, query, database="postgres"):
        return self.server.sql(query, database)

    def names(self):
        query = "SELECT datname FROM pg_database WHERE NOT datistemplate"
        return [name for name in self.sql(query).splitlines() if name != "postgres"]

    def own_names(self):
        """What reset may drop: on a server of the user's, only what we have made."""
        return [n for n in self.names() if self.server.private or self.state(n)]

    def in_use(self):
        """The databases that somebody is connected to."""
        query = (
            "SELECT DISTINCT datname FROM pg_stat_activity"
            " WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return self.sql(query).split()

    def exists(self, name):
        return name in self.names()

    def drop(self, name):
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(_filestore(name), ignore_errors=True)

    def copy(self, source, target):
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        if _filestore(source).is_dir():
            # Odoo never rewrites a file of the filestore: a hard link is a copy.
            shutil.copytree(
                _filestore(source), _filestore(target), copy_function=os.link
            )

    def rename(self, old, new):
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
        if _filestore(old).is_dir():
            shutil.rmtree(_filestore(new), ignore_errors=True)
            _filestore(old).rename(_filestore(new))

    def state(self, name):
        """{addon: fingerprint} as the database's comment tells."""
        query = (
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE datname = '{name}'"
        )
        try:
            return json.loads(self.sql(query) or "{}")
        except json.JSONDecodeError:
            return {}

    def set_state(self, name, state):
        self.sql(f"COMMENT ON DATABASE \"{name}\" IS '{json.dumps(state)}'")

    def relax(self, name):
        """A test's database may lose its last second in a power cut."""
        self.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')

    # ---- what is built on them ----

    def base(self, modules):
        """A database with Odoo's and OCA's modules that our addons rest on."""
        name = BASE + self._key(modules, FIRST_SETTINGS)
        with locked(paths.LOCKS, name):
            if not self.exists(name):
                self._build_base(name, modules)
            self.set_state(name, {"modules": modules})
        self._prune(BASE, name)
        return name

    def _build_base(self, name, modules):
        work = f"{name}_new"
        self.drop(work)
        self.sql(f"CREATE DATABASE \"{work}\" TEMPLATE template0 ENCODING 'UTF8'")
        self.relax(work)
        odoo.server(self, work, "-i", "base", "--load-language", LANGUAGES)
        self.sql(FIRST_SETTINGS, work)
        wanted = [module for module in modules if module != "base"]
        if wanted:
            odoo.server(self, work, "-i", ",".join(wanted))
        self.rename(work, name)

    def _key(self, *content):
        """A database is made of Odoo's tree and the pinned packages too."""
        pins = (paths.ROOT / "requirements.txt").read_text()
        return paths.digest(self.venv.tree.root, pins, *content)

    def _prune(self, prefix, current):
        """Drop all but the newest of a kind."""
        query = (
            f"SELECT datname FROM pg_database WHERE datname ~ '^{prefix}[0-9a-f]+$'"
            " ORDER BY oid DESC"
        )
        others = [name for name in self.sql(query).splitlines() if name != current]
        for name in others[KEPT - 1 :]:
            self.drop(name)

    def create_from_template(self, target, wanted):
        """A fresh database with the wanted addons installed.

        It is a copy of a template that is named by all it is made of, and made when it
        is missing. Under one lock, so that nobody drops it before it is copied.
        """
        ours = addons.with_dependencies(wanted)
        state = {name: addons.fingerprint(name) for name in ours}
        modules = addons.foreign(ours)
        template = TEMPLATE + self._key(modules, state, FIRST_SETTINGS)
        with locked(paths.LOCKS, "template"):
            if not self.exists(template):
                self._build_template(template, modules, ours)
                self._prune(TEMPLATE, template)
            self.drop(target)
            self.copy(template, target)
        self.set_state(target, state)

    def _build_template(self, template, modules, ours):
        work = f"{TEMPLATE}new"
        self.drop(work)
        self.copy(self.base(modules), work)
        self.relax(work)
        if ours:
            odoo.server(self, work, "-i", ",".join(ours))
        self.rename(work, template)

    def bring_up_to_date(self, name, wanted, before=None):
        """A database that stays: only what changed since is installed or updated.

        ``before`` is called before a change. Returns what was done, for the user.
        """
        ours = addons.with_dependencies(wanted)
        with locked(paths.LOCKS, f"db-{name}"):
            if not self.exists(name):
                self.copy(self.base(addons.foreign(ours)), name)
                self.relax(name)
            installed, state = self._installed(name), self.state(name)
            known = set(addons.names())
            now = {a: addons.fingerprint(a) for a in {*ours, *(installed & known)}}
            new = [addon for addon in ours if addon not in installed]
            changed = [a for a in now if a in installed and state.get(a) != now[a]]
            if new or changed:
                changes = [("-i", new), ("-u", changed)]
                options = [p for o, a in changes if a for p in (o, ",".join(a))]
                if before:
                    before()
                if changed:
                    options.append("--i18n-overwrite")
                odoo.server(self, name, *options)
                self.set_state(name, now)
        return new, changed

    def _installed(self, name):
        query = (
            "SELECT name FROM ir_module_module"
            " WHERE state IN ('installed', 'to upgrade')"
        )
        return set(self.sql(query, name).splitlines())


def _filestore(name):
    return Path(paths.DATA_DIR) / "filestore" / name
