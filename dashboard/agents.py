"""A browser's name from its User-Agent header, for people; nothing is decided by it."""

import re

# Order matters: Edge and Opera call themselves Chrome, Chrome calls itself Safari
_BROWSERS = (
    ("Edge", r"Edg\w*/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS|HeadlessChrome)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """`Firefox 145 on Linux`; a stranger is shown by the first word it said."""
    found = ((name, re.search(pattern, user_agent)) for name, pattern in _BROWSERS)
    browser = next((f"{name} {match[1]}" for name, match in found if match), "")
    system = next((name for name, word in _SYSTEMS if word in user_agent), "")
    if not browser:
        return user_agent.partition(" ")[0].partition("/")[0][:40] or "Unknown browser"
    return f"{browser} on {system}" if system else browser


def is_handheld(user_agent: str) -> bool:
    return any(word in user_agent for word in ("iPhone", "iPad", "Android", "Mobile"))
