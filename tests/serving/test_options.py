"""What whoever runs the server may choose, and what it refuses."""

import pytest

from model.serving.options import FRAME_ANCESTORS, Options, from_command_line


def test_the_address_comes_from_the_command_line_then_the_environment_then_the_space() -> None:
    environment = {"SPACE_HOST": "someone-gatescope.hf.space"}
    assert from_command_line([], {}).address is None
    assert from_command_line([], environment).address == "https://someone-gatescope.hf.space/"
    environment["GATESCOPE_ADDRESS"] = "https://example.org/a"
    assert from_command_line([], environment).address == "https://example.org/a/"
    assert from_command_line(["--address", "http://b.org"], environment).address == "http://b.org/"


@pytest.mark.parametrize(
    "wrong",
    ["", "example.org", "ftp://a.org/", "https://", "https://a.org/?b", "https://a.org/#b", 'https://a.org/"><script>',
     "https://me:word@a.org/", "https://a.org/\n", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_a_sentence(wrong, capsys) -> None:
    with pytest.raises(ValueError, match=r"^The address .*\.$|^The address .*'$"):
        Options(address=wrong)
    if wrong:
        with pytest.raises(SystemExit):
            from_command_line(["--address", wrong], {})
        assert "The address" in capsys.readouterr().err


@pytest.mark.parametrize(
    "sources",
    [FRAME_ANCESTORS, "'none'", "*", "'self'", "https:", "https://a.example.org:8443  https://*.b.org", "localhost:*"],
)
def test_who_may_frame_the_page_stands_in_the_policy(sources) -> None:
    policy = Options(frame_ancestors=sources).headers()["content-security-policy"]
    assert policy.split("; ")[-1] == f"frame-ancestors {' '.join(sources.split())}"


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "'none' https://a.org", "* 'self'", "self'", "'unsafe-inline'", "https://a.org; script-src *", "a,b",
     "https://a.org\r\nx: y", "https://a.org/path", "https://a.*.org", "*.", "javascript:"],
)  # fmt: skip
def test_what_is_no_list_of_sources_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="Who may frame the page"):
        Options(frame_ancestors=wrong)


def test_the_environment_says_who_may_frame_the_page() -> None:
    assert from_command_line([], {"GATESCOPE_FRAME_ANCESTORS": "'none'"}).frame_ancestors == "'none'"
    assert from_command_line(["--frame-ancestors", "*"], {"GATESCOPE_FRAME_ANCESTORS": "'none'"}).frame_ancestors == "*"


def test_the_policy_allows_nothing_unsafe() -> None:
    policy = Options().headers({"script": ["'sha256-x'"], "style": ["'sha256-y'"]})["content-security-policy"]
    assert "unsafe" not in policy
    assert "; script-src 'self' 'sha256-x'; style-src 'self' 'sha256-y'; " in policy
    assert policy.startswith("default-src 'self'; ")
