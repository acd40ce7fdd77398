from . import creditbox_snapshot_compare
