"""A real SFTP server on loopback, on a folder: what shared folders are tried with."""

import os
import socket
import threading

import paramiko

USER, PASSWORD = "gestionale", "segreta"


class _Session(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        known = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
    """The operations of the protocol, on the files below `root`."""

    root = None

    def _path(self, path):
        return os.path.join(self.root, self.canonicalize(path).lstrip("/"))

    def _attempt(self, action, *args):
        try:
            action(*args)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK

    def list_folder(self, path):
        try:
            names = os.listdir(self._path(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return [self._attributes(os.path.join(path, name), name) for name in names]

    def _attributes(self, path, name=None):
        stat = os.stat(self._path(path))
        return paramiko.SFTPAttributes.from_stat(stat, name)

    def stat(self, path):
        try:
            return self._attributes(path)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):
        handle = paramiko.SFTPHandle(flags)
        writing = flags & (os.O_WRONLY | os.O_RDWR)
        try:
            file = open(self._path(path), "wb" if writing else "rb")  # noqa: SIM115
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        handle.writefile = handle.readfile = file
        return handle

    def remove(self, path):
        return self._attempt(os.remove, self._path(path))

    def mkdir(self, path, attr):
        return self._attempt(os.mkdir, self._path(path))

    def rename(self, old, new):
        return self._attempt(os.rename, self._path(old), self._path(new))

    posix_rename = rename


class SftpServer:
    """Serve a folder while in the context; `port` is where.

    :param str root: the folder
    """

    def __init__(self, root):
        self.root = root
        self.key = paramiko.ECDSAKey.generate()
        self.transports = []

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.socket.close()
        self.disconnect()

    def disconnect(self):
        """Drop whoever is connected, as servers do when nothing comes for a while."""
        while self.transports:
            self.transports.pop().close()

    def _accept(self):
        files = type("Files", (_Files,), {"root": self.root})
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
            self.transports.append(transport)
            transport.start_server(server=_Session())
