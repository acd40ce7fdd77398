"""Runs one benchmark with Odoo's Python; see launcher/bench.py."""

import argparse
import importlib.util
import json
import sys
from contextlib import contextmanager, redirect_stdout
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("conf")
    parser.add_argument("database")
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", type=int)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    factory = _env_factory(options.conf, options.database)
    sys.path.insert(0, str(options.file.parent))
    module = _load(options.file)
    size = options.size or (module.FULL if options.full else module.SIZE)
    results = sys.stdout
    with redirect_stdout(sys.stderr):
        found = module.run(factory, size)
        for result in [found] if isinstance(found, dict) else found or []:
            print(json.dumps(result), file=results, flush=True)


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _env_factory(conf, database):
    import odoo.tools
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-level=warn"],
        setup_logging=True,
    )

    @contextmanager
    def env_factory():
        with Registry(database).cursor() as cr:
            yield Environment(cr, SUPERUSER_ID, {"lang": "it_IT"})

    return env_factory


if __name__ == "__main__":
    main()
