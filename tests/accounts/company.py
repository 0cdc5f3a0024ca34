"""A small OpenID Connect provider and a Smarter that trusts it, for the tests of company sign-in."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = ("smarter", "a-secret-between-the-two")
ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE = """
from django.utils import timezone
from smarter.accounts.models import Invitation, User
ada = User.objects.create_user("admin@example.com", "correct-horse-battery", name="Ada Admin", is_admin=True)
User.objects.create_user("manager@example.com", "correct-horse-battery", name="Priya Manager")
User.objects.create_user("gone@example.com", "correct-horse-battery", name="Gone", is_active=False)
for email in ("invited@example.com", "withdrawn@example.com"):
    invitation = Invitation(email=email, is_recruiter=True, invited_by=ada)
    invitation.renew_token()
    invitation.withdrawn_at = timezone.now() if email.startswith("withdrawn") else None
    invitation.save()
"""


class Company(ThreadingHTTPServer):
    """Signs in whoever `claims` describes, without asking; `answer` changes what it says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.refuses = False
        self.is_down = False
        self.challenges: dict[str, str] = {}

    def id_token(self) -> str:
        """What the company vouches for, signed."""
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT[0], "iat": now, "exp": now + 60, **self.claims, **self.token}
        return jwt.encode(about, self.key, algorithm="RS256", headers={"kid": "1"})

    def documents(self) -> dict[str, Any]:
        """What is read by GET."""
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/jwks": {"keys": [{**jwk, "kid": "1", "alg": "RS256", "use": "sig"}]},
            "/userinfo": self.claims,
        }


class _Handler(BaseHTTPRequestHandler):
    server: Company

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        """Documents, and the page where a person would sign in."""
        url = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        if self.server.is_down:
            self._say(503, {})
        elif url.path == "/authorize":
            code = f"code-{len(self.server.challenges)}"
            self.server.challenges[code] = asked["code_challenge"]
            given = {"error": "access_denied"} if self.server.refuses else {"code": code}
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**given, 'state': asked['state']})}")
            self.end_headers()
        else:
            self._say(200, self.server.documents()[url.path])

    def do_POST(self) -> None:
        """A code for tokens, once, for the client that asked with its verifier."""
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest = hashlib.sha256(body.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_client = (body["client_id"][0], body["client_secret"][0]) == CLIENT
        if is_client and self.server.challenges.pop(body["code"][0], None) == challenge:
            self._say(200, {"access_token": "t", "token_type": "Bearer", "id_token": self.server.id_token()})
        else:
            self._say(400, {"error": "invalid_grant"})

    def _say(self, status: int, document: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


@contextmanager
def running_company() -> Iterator[Company]:
    """The provider, on a thread."""
    company = Company()
    threading.Thread(target=company.serve_forever, daemon=True).start()
    yield company
    company.shutdown()
    company.server_close()


@contextmanager
def running_site(company: Company, folder: Path) -> Iterator[str]:
    """A Smarter of its own with PEOPLE in it, set up by environment alone; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **{key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "VIRTUAL_ENV")},
        "DEBUG": "1",
        "VAR_DIR": str(folder),
        "SITE_URL": address,
        "DJANGO_SETTINGS_MODULE": "smarter.settings",
        "OIDC_ISSUER": company.issuer,
        "OIDC_CLIENT_ID": CLIENT[0],
        "OIDC_CLIENT_SECRET": CLIENT[1],
        "OIDC_NAME": "Halden sign-in",
    }
    manage = [sys.executable, "manage.py"]
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", PEOPLE]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True, timeout=120)
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [*manage, "runserver", "--noreload", "--insecure", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)
