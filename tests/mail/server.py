"""A mail server of the tests that refuses, hangs or breaks off where it is told to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

REPLIES = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "body": "250 taken", "RSET": "250 ok"}


@dataclass
class MailServer:
    """Speaks enough SMTP on a port of its own. `mood` says at which step it does what: a reply, "hang" or "cut".

    Each entry of `moods` serves one connection; when they are used up it behaves. `taken` are the mails it has said it
    has; `received` are all whose last byte arrived, whether it said so or not.
    """

    moods: list[dict[str, str]] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    received: list[Message] = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed, each in a thread."""
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                self.connections += 1
                mood = self.moods.pop(0) if self.moods else {}
                threading.Thread(target=self._talk, args=(line, mood), daemon=True).start()

    def _talk(self, line: socket.socket, mood: dict[str, str]) -> None:
        with suppress(OSError), line, line.makefile("rb") as lines:
            if not self._answer(line, mood, "greeting", "220 test"):
                return
            for raw in lines:
                verb = raw.decode("ascii", "replace").split()[0].upper().rstrip(":")
                if verb == "QUIT":
                    line.sendall(b"221 bye\r\n")
                    return
                usual = "250 test" if verb in ("EHLO", "HELO") else REPLIES.get(verb, "250 ok")
                if not self._answer(line, mood, verb, usual):
                    return
                if verb == "DATA" and "DATA" not in mood and not self._take(line, mood, lines):
                    return

    def _take(self, line: socket.socket, mood: dict[str, str], lines: Iterator[bytes]) -> bool:
        whole = []
        for raw in lines:
            if mood.get("half") == "cut":
                return False
            if raw == b".\r\n":
                break
            whole.append(raw)
        message = message_from_bytes(b"".join(whole))
        self.received.append(message)
        if not self._answer(line, mood, "body", REPLIES["body"]):
            return False
        if mood.get("body", "2").startswith("2"):
            self.taken.append(message)
        return True

    def _answer(self, line: socket.socket, mood: dict[str, str], step: str, usual: str) -> bool:
        reply = mood.get(step, usual)
        if reply == "hang":
            self.closing.wait(30)
        if reply in ("hang", "cut"):
            return False
        line.sendall(reply.encode() + b"\r\n")
        return True


@contextmanager
def mail_server(*moods: dict[str, str]) -> Iterator[tuple[MailServer, int]]:
    """A server that runs, and its port."""
    server = MailServer(moods=list(moods))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
        yield server, listener.getsockname()[1]
        server.closing.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
