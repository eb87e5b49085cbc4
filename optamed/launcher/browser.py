"""Opens the user's browser."""

import os
import sys
import threading
import webbrowser


def show(url: str) -> None:
    """In the background, and only where there is a screen: a text browser would take the terminal over."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return
    opening = threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True)
    opening.start()
    opening.join(timeout=5)  # a second start ends at once, and must not take the opening with it
