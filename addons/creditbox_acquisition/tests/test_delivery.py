import os
import tempfile

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.creditbox_base.tests import sftp_server

from .common import AcquisitionCase


@tagged("post_install", "-at_install")
class TestDelivery(AcquisitionCase):
    """Data that comes by itself, from a real SFTP server and a real database."""

    # -- SFTP ----------------------------------------------------------------------

    def _serve(self):
        """A server on a folder, and the source that watches it."""
        root = self.enterContext(tempfile.TemporaryDirectory())
        os.mkdir(f"{root}/in")
        server = self.enterContext(sftp_server.SftpServer(root))
        storage = self.env["fs.storage"].create(
            {
                "name": "SFTP",
                "code": f"sftp_{server.port}",
                "protocol": "sftp",
                "json_options": {
                    "host": "127.0.0.1",
                    "port": server.port,
                    "username": sftp_server.USER,
                    "password": sftp_server.PASSWORD,
                },
                "directory_path": "/",
            }
        )
        self.source.write(
            {
                "delivery": "folder",
                "fs_storage_id": storage.id,
                "file_pattern": "*.csv",
                "settle_seconds": 0,
            }
        )
        return server

    def _drop(self, server, name, code):
        with open(f"{server.root}/in/{name}", "w") as file:
            file.write(f"Codice;Nominativo\n{code};Rossi\n")

    def _run(self):
        taken = self.source._run()
        self.env.cr.postcommit.run()
        return taken

    def test_sftp(self):
        server = self._serve()
        self._drop(server, "a.csv", "C1")
        taken = self._run()
        self.assertEqual(taken.state, "done", taken.message)
        self.assertTrue(self.partner("C1"))
        self.assertFalse(os.listdir(f"{server.root}/in"))
        self.assertEqual(os.listdir(f"{server.root}/done"), [f"{taken.id}_a.csv"])
        self.assertFalse(self._run())

    def test_sftp_waits_for_files_being_written(self):
        server = self._serve()
        self.source.settle_seconds = 3600
        self._drop(server, "a.csv", "C1")
        self.assertFalse(self._run())
        os.utime(f"{server.root}/in/a.csv", (0, 0))
        self.assertEqual(self._run().state, "done")

    def test_sftp_server_that_hung_up(self):
        """The connection of the run before is gone: the next one makes its own."""
        server = self._serve()
        self._drop(server, "a.csv", "C1")
        self.assertEqual(self._run().state, "done")
        server.disconnect()
        self._drop(server, "b.csv", "C2")
        self.assertEqual(self._run().state, "done")
        self.assertTrue(self.partner("C2"))

    @mute_logger("paramiko.transport")
    def test_sftp_wrong_password(self):
        server = self._serve()
        self.source.fs_storage_id.json_options = {
            **self.source.fs_storage_id.json_options, "password": "x",
        }  # fmt: skip
        self._drop(server, "a.csv", "C1")
        with self.assertRaises(UserError):
            self.source.action_run()

    # -- database ------------------------------------------------------------------

    def _database(self):
        """The tables of a billing system, in a schema of their own."""
        info = self.env.cr._cnx.get_dsn_parameters()
        dsn = " ".join(
            f"{name}={info[name]}"
            for name in ("host", "port", "user", "dbname")
            if info.get(name)
        )
        connection = psycopg2.connect(dsn)
        connection.autocommit = True
        self.addCleanup(connection.close)
        cursor = connection.cursor()
        cursor.execute("CREATE SCHEMA gestionale")
        self.addCleanup(cursor.execute, "DROP SCHEMA gestionale CASCADE")
        cursor.execute(
            """
            CREATE TABLE gestionale.bill (
                numero text, codice_cliente text, emissione date, scadenza date,
                importo numeric(12,2), changed timestamp);
            INSERT INTO gestionale.bill VALUES
                ('2024/1', 'C1', '2024-01-31', '2024-02-28', 123.45, '2024-01-31'),
                ('2024/2', 'C1', '2024-01-31', NULL, 10, '2024-01-31');
            """
        )
        return cursor, dsn

    def _source_of(self, dsn, query):
        database = self.env["base.external.dbsource"].create(
            {"name": "Gestionale", "connector": "postgresql", "conn_string": dsn}
        )
        self.source.write({"delivery": "sql", "dbsource_id": database.id})
        return self.env["creditbox.mapping"].create(
            {"source_id": self.source.id, "kind": "bills", "query": query}
        )

    def test_database(self):
        """Rows with their types, and later only what has changed since."""
        self.acquire({"customers": [self.customer()]})
        cursor, dsn = self._database()
        self._source_of(
            dsn,
            """
            SELECT numero, codice_cliente, emissione, scadenza, importo
              FROM gestionale.bill WHERE changed > %(since)s ORDER BY numero
            """,
        )
        taken = self.source._run()
        self.assertEqual((taken.created_count, taken.error_count), (1, 1))
        self.assertEqual(self.move("2024/1").amount_total, 123.45)
        self.assertEqual(taken.error_ids.field_name, "due_date")
        self.assertFalse(self.source._run())
        cursor.execute(
            "UPDATE gestionale.bill SET scadenza = '2024-02-28', "
            "changed = now() AT TIME ZONE 'UTC' + interval '1 minute' "
            "WHERE numero = '2024/2'"
        )
        again = self.source._run()
        self.assertEqual((again.row_count, again.created_count), (1, 1))

    def test_wrong_query(self):
        _cursor, dsn = self._database()
        self._source_of(dsn, "SELECT nothing FROM gestionale.bill")
        with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
            self.source.action_run()
