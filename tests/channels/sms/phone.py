"""A citizen's telephone on a simulated operator, over the real gateway."""

from __future__ import annotations

from tests.channels.harness import until

CITIZEN = "+967771234567"


class Phone:
    def __init__(self, gateway, operator) -> None:
        self.gateway, self.operator = gateway, operator

    async def text(self, text: str, number: str = "771234567") -> None:
        assert await self.operator.text(number, text)

    def heard(self, number: str = CITIZEN) -> list[str]:
        return ["".join(message.segments.parts) for message in self.operator.shown(number) if not message.sent]

    async def hears(self, count: int, number: str = CITIZEN) -> list[str]:
        await until(lambda: len(self.heard(number)) >= count)
        return self.heard(number)
