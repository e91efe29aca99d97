"""A person asks that what is kept of them be erased: one person has asked for it, another must confirm."""

from rich.console import Console

from services.operator.demo.chapters.steps import TENANT, mutation, open_case
from services.operator.demo.teller import Teller

ERASE = mutation("eraseCase", "ErasurePayload", "erasure { id }")


async def rights(teller: Teller, _: Console) -> None:
    """the rights of the person"""
    case = await open_case(teller, "ines", "LISTENING")
    await teller.do("ines", TENANT, ERASE, **case, reason="PERSON_ASKED")
