"""What Windows says of itself, read-only: a registry value, the language of its screens, a rule that stops Excel.

Written from the documentation and tried on made-up answers only. Nothing here changes a setting or asks for rights.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

UNREADABLE: Final = "unreadable"
"""What stands where Windows does not let us look."""

Registry = Callable[[str, str], object]
"""Key, value name -> content for this user, else for all; None when there is none, ``UNREADABLE``."""

_DEFENDER = r"SOFTWARE\{}Microsoft\Windows Defender"
_RULE = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"  # "Block all Office applications from creating child processes"
_STATES = {"0": "off", "1": "block", "2": "audit", "6": "warn"}


def registry(key: str, name: str) -> object:
    """A ``Registry``: the one of this computer."""
    if sys.platform != "win32":
        return None
    import winreg

    found: object = None
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        try:
            with winreg.OpenKey(root, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
                return winreg.QueryValueEx(opened, name)[0]
        except FileNotFoundError:
            continue
        except OSError:
            found = UNREADABLE
    return found


def child_process_rule(ask: Registry) -> str:
    """How Microsoft Defender treats programs that Excel starts, Python among them: "block", "warn", "audit", "off"
    (also where nobody set it), or ``UNREADABLE``. Set by a policy, by a management service, or on this computer; the
    strictest counts.

    Source: Microsoft, "Attack surface reduction rules reference" (identifier and states of the rule); the key of the
    policy as security baselines list it (DISA STIG WNDF-AV-000033), the others by its pattern, unverified.
    """
    rules = rf"{_DEFENDER}\Windows Defender Exploit Guard\ASR\Rules"
    managed = ask(_DEFENDER.format("Policies\\") + r"\Policy Manager", "ASRRules")
    pairs = [pair.partition("=") for pair in str(managed or "").casefold().split("|")]
    found: list[object] = [ask(rules.format("Policies\\"), _RULE), ask(rules.format(""), _RULE)]
    found += [state for rule, _, state in pairs if rule.strip() == _RULE]
    states = {_STATES.get(str(state).strip(), "off") for state in found if state not in (None, UNREADABLE)}
    strictest = next((state for state in ("block", "warn", "audit") if state in states), "off")
    unread = UNREADABLE in (*found, managed)
    return UNREADABLE if unread and strictest == "off" else strictest


def language_name(number: object) -> str:
    """1066 -> "vi_VN"; the number itself for one that Python does not know, "" for none."""
    from locale import windows_locale  # late

    return windows_locale.get(number, str(number)) if isinstance(number, int) and number else ""


def screen_language() -> str:
    """The language of the screens of Windows; "" elsewhere."""
    import ctypes

    windows = getattr(ctypes, "windll", None)
    return language_name(int(windows.kernel32.GetUserDefaultUILanguage())) if windows else ""


def code_page() -> int | None:
    """The ANSI code page; None where there is none."""
    import ctypes

    windows = getattr(ctypes, "windll", None)
    return int(windows.kernel32.GetACP()) if windows else None
