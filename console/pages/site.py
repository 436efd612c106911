"""Renders pages: one frame for all, everything in it escaped, nothing inline, in the visitor's language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from arabic import strip_marks
from channels.web import policy
from channels.web.assets import Assets
from console.access.routes import Entry, Visit
from console.errors import Problem
from console.pages import words
from storage import utc_now

_CONSOLE = Path(__file__).parents[1]
_HEADERS = policy.headers("'none'") | {
    # Forms then say where they come from in every browser (accounts/sessions.py).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Site:
    """The templates of all rooms (`room/page.html`) and what every page of theirs has."""

    def __init__(self, rooms: Sequence[str], sso: str = "") -> None:
        """sso: whose accounts staff may log in with beside their own; "" when there are none."""
        self.assets = Assets(_CONSOLE / "pages" / "static")
        self.menu: Sequence[Entry] = ()
        folders = {room: FileSystemLoader(_CONSOLE / room / "templates") for room in rooms}
        self._templates = Environment(
            loader=ChoiceLoader([PrefixLoader(folders), FileSystemLoader(_CONSOLE / "pages" / "templates")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"asset": self.assets.url, "t": _t, "ago": _ago, "sso": sso}
        self._templates.filters |= {"moment": words.moment, "plain": strip_marks}

    def page(self, visit: Visit, template: str, status: int = 200, /, **values: Any) -> web.Response:
        """A whole page, or for htmx the part of one that its template is."""
        body = self.render(visit, template, **values)
        response = web.Response(text=body, content_type="text/html", status=status, headers=_HEADERS)
        response.enable_compression()
        return response

    def render(self, visit: Visit, template: str, **values: Any) -> str:
        """The text of a template."""
        frame = {
            "visit": visit,
            "person": visit.person,
            "lang": visit.language,
            "csrf": visit.csrf,
            "path": visit.request.path,
            "menu": [entry for entry in self.menu if visit.person and visit.person.may(entry.permission)],
            "done": DONE.get(visit.request.query.get("done", "")),
        }
        return self._templates.get_template(template).render(**frame, **values)

    def problem(self, visit: Visit, problem: Problem) -> web.Response:
        """What went wrong, in words for the person."""
        text = words.say(visit.language, problem.text, **problem.values)
        template = "problem_part.html" if "HX-Request" in visit.request.headers else "problem.html"
        response = self.page(visit, template, problem.status, problem=text)
        response.headers.update(problem.headers)
        return response


DONE: dict[str, str] = {"saved": "حُفظ.", "removed": "حُذف.", "sent": "أُرسل."}
"""What a page says after an act, by the word that follows `?done=`."""


def see_other(path: str, done: str = "") -> web.HTTPSeeOther:
    """Where the browser goes after a form; to be raised. The page there says what was done."""
    joint = "&" if "?" in path else "?"
    return web.HTTPSeeOther(f"{path}{joint}done={done}" if done else path)


def local(path: str) -> str:
    """A path of this console, or its first page: nobody is sent to another site."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local and len(path) < 500 else "/"


@pass_context
def _t(context: Context, text: str, /, **values: object) -> str:
    return words.say(context["lang"], text, **values)


@pass_context
def _ago(context: Context, at: Any) -> str:
    return words.ago(context["lang"], utc_now() - at)
