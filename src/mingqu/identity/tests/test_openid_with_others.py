"""
Other people's programs speak with us: `openid-client` as an application that signs in here, `oidc-provider` as an
outside service. Both come from npm, so these tests are of the long run and of machines with node and npm.
"""

import json
import shutil
import socket
import subprocess
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.test import Client

from mingqu.identity.models import OutsideLink
from mingqu.identity.openid import outside
from mingqu.identity.tests import factories
from mingqu.identity.tests.applications import BACK, Application

pytestmark = [
    pytest.mark.long,
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(not shutil.which("npm"), reason="needs node and npm"),
]
PACKAGES = ("openid-client@6", "oidc-provider@9")
CLIENT = """
import * as client from 'openid-client';
import readline from 'node:readline';
const lines = readline.createInterface({input: process.stdin})[Symbol.asyncIterator]();
const read = async () => JSON.parse((await lines.next()).value);
const say = value => process.stdout.write(JSON.stringify(value) + '\\n');
const given = await read();
const config = await client.discovery(new URL(given.issuer), given.id, given.secret, undefined,
  {execute: [client.allowInsecureRequests]});
const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce();
say(client.buildAuthorizationUrl(config, {
  redirect_uri: given.back, scope: 'openid profile phone offline_access', state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256'}).href);
const tokens = await client.authorizationCodeGrant(config, new URL(await read()),
  {pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true});
const facts = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
await client.fetchUserInfo(config, fresh.access_token, tokens.claims().sub);
await client.tokenRevocation(config, fresh.refresh_token);
const gone = await client.fetchUserInfo(config, fresh.access_token, tokens.claims().sub)
  .then(() => 'open', () => 'shut');
say({facts, claims: tokens.claims(), gone, out: client.buildEndSessionUrl(config,
  {id_token_hint: tokens.id_token, post_logout_redirect_uri: given.back, state: 'bye'}).href});
process.exit(0);
"""
PROVIDER = """
import Provider from 'oidc-provider';
const [port, back] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{client_id: 'mingqu', client_secret: 'secret', redirect_uris: [back]}],
  acrValues: ['real'], claims: {openid: ['sub'], acr: null}, conformIdTokenClaims: false,
  async findAccount(ctx, id) { return {accountId: id, async claims() { return {sub: id}; }}; },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("npm")
    (made / "package.json").write_text('{"private": true, "type": "module"}')
    npm = [shutil.which("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    done = subprocess.run(npm, cwd=made, capture_output=True, timeout=200, check=False)
    if done.returncode:
        pytest.skip("npm gives no packages here")
    (made / "client.mjs").write_text(CLIENT)
    (made / "provider.mjs").write_text(PROVIDER)
    return made


def started(folder, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [shutil.which("node"), *words], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_openid_client_signs_somebody_in_reads_refreshes_and_gives_back(folder, live_server, settings):
    settings.MINGQU_BASE_URL = live_server.url
    app, browser = Application(), factories.signed_in(Client(), factories.citizen("李晓禾")[0])
    node = started(folder, "client.mjs")

    def tell(value):
        node.stdin.write(json.dumps(value) + "\n")
        node.stdin.flush()

    tell({"issuer": live_server.url, "id": str(app.id), "secret": app.secret, "back": BACK})
    asked = json.loads(node.stdout.readline())
    where = asked.removeprefix(live_server.url)
    assert browser.get(where).status_code == 200
    key = browser.get(where).context["form"].initial["key"]
    answer = browser.post(
        where, {"answer": "allow", "key": key, "scopes": ["profile", "phone", "offline_access"]}
    )
    tell(answer["Location"])
    said = json.loads(node.stdout.readline())
    node.wait(20)

    assert said["facts"]["name"] == "李*" and said["facts"]["phone_number"].startswith("+86")
    assert said["claims"]["sub"] == said["facts"]["sub"] and said["gone"] == "shut"
    out = browser.post(said["out"].removeprefix(live_server.url), {"answer": "leave"})
    assert out["Location"] == f"{BACK}?state=bye"


def test_an_account_of_oidc_provider_is_linked_and_signs_in(folder, settings, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "secret").chmod(0o600)
    settings.MINGQU_OUTSIDE_ISSUER, settings.MINGQU_OUTSIDE_CLIENT = f"http://127.0.0.1:{port}", "mingqu"
    settings.MINGQU_OUTSIDE_SECRET_FILE, settings.MINGQU_OUTSIDE_NAME = (
        str(tmp_path / "secret"),
        "省统一身份认证",
    )
    node = started(folder, "provider.mjs", str(port), outside.return_address())
    try:
        assert "ready" in node.stdout.readline()
        mine = factories.signed_in(Client(), factories.citizen()[0])
        came = mine.get(at_the_service(mine.get("/sign-in/outside/")["Location"]))
        assert came["Location"] == "/my/outside/link/"
        mine.post("/my/outside/link/", {"answer": "link"})
        again = Client()
        assert again.get(at_the_service(again.get("/sign-in/outside/")["Location"]))["Location"] == "/"
        assert "_auth_user_id" in again.session and OutsideLink.objects.count() == 1
    finally:
        node.kill()
        node.wait()


class _Stop(urllib.request.HTTPRedirectHandler):
    """Follows the service's own redirects, not the one back to us."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return (
            None
            if "/sign-in/outside/back/" in newurl
            else super().redirect_request(req, fp, code, msg, headers, newurl)
        )


def at_the_service(address: str) -> str:
    """Signs in at the service as u-1 and agrees there; our address with its answer."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stop())
    fields: dict[str, str] | None = None
    for step in ({"prompt": "login", "login": "u-1", "password": "x"}, {"prompt": "consent"}, None):
        try:
            body = urllib.parse.urlencode(fields).encode() if fields else None
            address = browser.open(address, body, timeout=20).url
        except urllib.error.HTTPError as back:
            if back.code not in {302, 303}:
                raise
            return "/" + back.headers["Location"].split("/", 3)[3]
        fields = step
    raise AssertionError(address)
