"""Reading what a provider sends, no further than a limit: nothing is known of the caller's good will yet."""

from aiohttp import web

PROVIDER_BODY_LIMIT = 64 * 1024


async def read_body(request: web.Request, limit: int = PROVIDER_BODY_LIMIT) -> bytes:
    """The request's body, in bytes.

    Raises:
        HTTPRequestEntityTooLarge: it is longer than `limit` bytes, declared or found.
    """
    if (request.content_length or 0) > limit:
        raise web.HTTPRequestEntityTooLarge(limit, request.content_length or 0)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise web.HTTPRequestEntityTooLarge(limit, len(body))
    return bytes(body)
