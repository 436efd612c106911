"""An assistant that gives the same answer at once, so that `sms.py` measures the gateway: sms_assistant.py PORT."""

from __future__ import annotations

import json
import sys

from aiohttp import web

ANSWER = "إصدار جواز سفر: الرسوم 3,500 ريال. تدفع في مكتب الهجرة والجوازات في محافظتك عند تقديم الطلب، ولا تدفع لغيره."
"""Two parts of Arabic, as most answers by SMS are."""
_REST = {"service": None, "options": [], "reference": None, "confidence": 0.9, "also": []}
_BODY = json.dumps({"kind": "fees", **_REST, "messages": [{"text": ANSWER, "choices": []}]}).encode()


async def _message(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=_BODY, content_type="application/json")


async def _ready(_request: web.Request) -> web.Response:
    return web.Response()


if __name__ == "__main__":
    application = web.Application()
    application.add_routes([web.post("/v1/messages", _message), web.get("/health/ready", _ready)])
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
