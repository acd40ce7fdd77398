"""Files of a shared folder, as fsspec tells of them."""

from datetime import datetime, timezone


def is_settled(info, now, seconds):
    """Whether a file has not changed for so long that it must be complete.

    :param info: dict as `fsspec` gives it; where it knows no time: yes
    :param now: datetime in UTC, naive
    """
    changed = _timestamp(
        info.get("mtime") or info.get("LastModified") or info.get("modify")
    )
    if changed is None or not seconds:
        return True
    return now.timestamp() - changed >= seconds


def _timestamp(changed):
    """Seconds since 1970 of a time as SFTP, S3 (datetimes) or FTP (text) say it."""
    if isinstance(changed, str):
        try:
            changed = datetime.strptime(changed[:14], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        changed = changed.replace(tzinfo=timezone.utc)
    return changed.timestamp() if isinstance(changed, datetime) else changed
