"""What the environment says of proxies, certificates and passwords concerns neither half of a client."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.tunnel_proxy import TunnelProxy

ROOT = Path(__file__).parent.parent.parent
SCRIPT = textwrap.dedent("""
    from orderly_sync import Market, connect, topics
    with connect("paper", market="frozen") as ex:
        reports = ex.stream(topics.execution_report())
        order = ex.place(Market.buy("ETH", quantity="0.1"))
        print(order.wait("filled", 30).status, reports.get(timeout=30).order_id == order.order_id, bool(ex.book("ETH").bids))
""")


def run(tmp_path: Path, **variables: str) -> str:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password canary-of-netrc\n")
    (tmp_path / ".netrc").chmod(0o600)
    environment = {**os.environ, "HOME": str(tmp_path), **variables}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert "canary" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "WSS_PROXY"])
@pytest.mark.parametrize("case", [str.upper, str.lower], ids=["upper", "lower"])
def test_no_proxy_of_the_environment_is_dialled(name: str, case: Callable[[str], str], tmp_path: Path):
    """Both halves go straight to the venue, with a user and password in the variable or whatever NO_PROXY says."""
    with TunnelProxy() as proxy:
        url = f"http://somebody:canary@127.0.0.1:{proxy.port}"
        said = run(tmp_path, **{case(name): url, case("NO_PROXY"): "nowhere.invalid"})
        assert said == "FILLED True True\n"
        assert proxy.asked == []


@pytest.mark.parametrize(
    "name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC"]
)
def test_no_file_that_the_environment_names_is_needed(name: str, tmp_path: Path):
    """Though it is missing, unreadable or of another kind."""
    assert run(tmp_path, **{name: str(tmp_path / "missing.pem")}) == "FILLED True True\n"
