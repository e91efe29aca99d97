"""The lawful basis as a sender gives it: exactly one of four."""

import strawberry

from libs.errors.problems import InvalidInput
from libs.serving.session import identity_of
from services.platform.referrals.actions.grounds import (
    Consented,
    CouncilExchange,
    SupportMeeting,
    VitalInterest,
)
from services.platform.referrals.actions.sending import Basis
from services.platform.referrals.schema.enums import Item


@strawberry.input(description="協議会での情報共有(法16条) / exchange in the statutory council")
class CouncilExchangeInput:
    item_id: strawberry.ID
    opening_reason: str | None = strawberry.field(
        default=None,
        description="受諾前にL3・L4を開く理由(暗号化して保管) / why L3 and L4 open at once; kept sealed",
    )


@strawberry.input(description="支援会議(社会福祉法106条の6) / a sitting for which the recipient was picked")
class SupportMeetingInput:
    sitting_id: strawberry.ID


@strawberry.input(description="生命・身体・財産の緊急 / danger to life, body or property")
class VitalInterestInput:
    reason: str = strawberry.field(description="待てない理由。本人の事情は書かない / no story of the person")
    person_ids: list[strawberry.ID]
    items: list[Item]
    hours: int = 24

    def basis(self) -> VitalInterest:
        people = [identity_of(each, "person", "personIds") for each in self.person_ids]
        return VitalInterest(self.reason, people, [item.value for item in self.items], self.hours)


@strawberry.input(description="根拠。どれか一つ / the lawful basis: exactly one of these")
class WithBasis:
    consent_id: strawberry.ID | None = None
    council_exchange: CouncilExchangeInput | None = None
    support_meeting: SupportMeetingInput | None = None
    vital_interest: VitalInterestInput | None = None

    def given(self) -> list[Basis]:
        """All that were given. Raises InvalidInput for an id that is none."""
        found: list[Basis] = []
        if self.consent_id is not None:
            found.append(Consented(identity_of(self.consent_id, "consent", "consentId")))
        if self.council_exchange is not None:
            item = identity_of(self.council_exchange.item_id, "council_item", "itemId")
            found.append(CouncilExchange(item, self.council_exchange.opening_reason))
        if self.support_meeting is not None:
            found.append(SupportMeeting(identity_of(self.support_meeting.sitting_id, "sitting", "sittingId")))
        if self.vital_interest is not None:
            found.append(self.vital_interest.basis())
        return found

    def one(self) -> Basis:
        """Raises InvalidInput for none and for several."""
        found = self.given()
        if len(found) != 1:
            raise _not_one()
        return found[0]

    def at_most_one(self) -> Basis | None:
        """Raises InvalidInput for several."""
        found = self.given()
        if len(found) > 1:
            raise _not_one()
        return found[0] if found else None


def _not_one() -> InvalidInput:
    return InvalidInput(
        "basis",
        "提供の根拠を、同意・協議会・支援会議・緊急のうちから一つ示してください。",
        "Give exactly one basis: a consent, the council, a sitting, or danger.",
        detail="ONE_BASIS",
    )
