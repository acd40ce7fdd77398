"""The launcher's own logic, on real folders and processes."""

from launcher import odoo


def test_log_records_keep_their_traceback(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(
        "2026-01-01 10:00:00,000 1 INFO db odoo: fine\n"
        "2026-01-01 10:00:00,000 1 WARNING db odoo.addons.x: late\n"
        "Traceback: here\n"
        "2026-01-01 10:00:00,000 1 INFO db odoo: fine\n"
    )
    [record] = odoo.loud_records(log)
    assert record.endswith("late\nTraceback: here")
