"""Two platforms full of rows, drawn from one seed and written by SQL past every policy.

Rows that the product itself would hardly make (an applicant's seat, a referral void after posting, a consent
that names nobody) are among them: the row policies must not rest on the actions' good behaviour.
"""

import random
import uuid
from dataclasses import replace
from typing import Any

from libs.persistence.roles import SCHEMA
from libs.tenancy.models import (
    coordinator_appointment,
    member_class,
    membership,
    organisation,
    person,
    platform_settings,
    policy_draft,
    policy_edition,
    tenant_issuer,
)
from services.platform.admission.models import condition_agreement, membership_condition
from services.platform.councils.models import council, council_member
from services.platform.events.models import calendar_feed, event, event_report, occurrence, place
from services.platform.groups.models import (
    charter,
    comment,
    file,
    group_reading,
    post,
    seat,
    seat_request,
    working_group,
)
from services.platform.links.models import answer_link
from services.platform.meetings import models as meetings
from services.platform.notices import models as notices
from services.platform.papers.models import application_paper
from services.platform.referrals import models as referrals
from services.platform.requests import models as requests
from services.platform.resources.models import resource
from services.platform.rights import models as rights
from services.platform.surveys import models as surveys
from services.platform.training import models as training
from tests.oracle.draw_admission import draw_admission, draw_classes
from tests.oracle.draw_bases import draw_bases
from tests.oracle.draw_events import draw_events
from tests.oracle.draw_groups import draw_groups
from tests.oracle.draw_members import draw_members
from tests.oracle.draw_notices import draw_notices
from tests.oracle.draw_policies import draw_policies
from tests.oracle.draw_referrals import draw_referrals
from tests.oracle.draw_requests import draw_requests
from tests.oracle.draw_resources import draw_resources
from tests.oracle.draw_shelves import draw_shelves
from tests.oracle.draw_surveys import draw_surveys
from tests.oracle.draw_training import draw_training
from tests.oracle.drawn_rows import Draw
from tests.oracle.moments import NOW
from tests.reading.world import Row, World, insert, load
from tests.stage.tokens import ISSUER

TABLES = (
    platform_settings,
    member_class,
    organisation,
    person,
    membership_condition,
    condition_agreement,
    application_paper,
    membership,
    coordinator_appointment,
    policy_edition,
    policy_draft,
    working_group,
    seat,
    seat_request,
    post,
    comment,
    charter,
    group_reading,
    meetings.meeting,
    meetings.attendance,
    meetings.minutes,
    meetings.agreement,
    meetings.decision,
    meetings.vote,
    file,
    event,
    occurrence,
    place,
    calendar_feed,
    event_report,
    referrals.case_file,
    referrals.consent,
    referrals.consent_recipient,
    referrals.referral,
    referrals.referral_event,
    referrals.card_note,
    referrals.offer,
    referrals.disclosure,
    answer_link,
    referrals.access_entry,
    requests.help_request,
    requests.request_access,
    notices.webhook,
    notices.notice_preference,
    notices.notice,
    council,
    council_member,
    referrals.council_item,
    referrals.council_assignment,
    referrals.sitting,
    referrals.sitting_body,
    referrals.sitting_participant,
    referrals.sitting_referral,
    referrals.break_glass,
    referrals.break_glass_person,
    referrals.question,
    referrals.assignment,
    referrals.correction,
    rights.erasure,
    surveys.survey,
    surveys.answer,
    resource,
    training.course_text,
    training.course,
    training.dispatch,
    training.course_report,
    training.certificate,
    training.target,
)


async def populate(connection: Any, seed: int, slug: str, code: str) -> World:
    """A tenant of its own, and all its rows."""
    draw = Draw(random.Random(seed), seed)
    tenant_id = draw.id()
    await _register(connection, tenant_id, slug, code)
    await insert(connection, platform_settings, _settings(draw, tenant_id))
    await insert(connection, tenant_issuer, {"tenant_id": tenant_id, "id": draw.id(), "issuer": ISSUER})
    drawn = drawn_rows(draw)
    for table in TABLES:
        for row in drawn.get(table.name, ()):
            # the draft is the platform's one, and has its id
            await insert(connection, table, {"tenant_id": tenant_id, "id": tenant_id, **row})
    await connection.execute(
        f"UPDATE {SCHEMA}.platform_settings SET help_desk_id = $2 WHERE tenant_id = $1",
        tenant_id,
        draw.one(drawn["organisation"]),
    )
    return await read_back(connection, tenant_id)


def drawn_rows(draw: Draw) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    parts = (
        draw_classes,
        draw_members,
        draw_admission,
        draw_policies,
        draw_groups,
        draw_events,
        draw_referrals,
        draw_bases,
        draw_requests,
        draw_notices,
        draw_surveys,
        draw_resources,
        draw_training,
        draw_shelves,
    )
    for part in parts:
        # each of its own chance: what one room draws anew changes nothing that the others draw
        rows |= part(draw.apart(part.__name__), rows)
    return rows


async def read_back(connection: Any, tenant_id: uuid.UUID) -> World:
    """The rows as PostgreSQL keeps them."""
    world = await load(connection, tenant_id, TABLES)
    register = await connection.fetchrow(
        f"SELECT name, kind, (SELECT array_agg(code ORDER BY code) FROM {SCHEMA}.tenant_municipality m "
        f"WHERE m.tenant_id = t.tenant_id) AS codes FROM {SCHEMA}.tenant t WHERE tenant_id = $1",
        tenant_id,
    )
    return replace(world, register=dict(register))


def _settings(draw: Draw, tenant_id: uuid.UUID) -> Row:
    return {
        "tenant_id": tenant_id,
        "id": tenant_id,
        "conditions": draw.of("", "市内で活動していること"),
        "card_scan": draw.of("block", "confirm"),
        "access_after_end_days": 30,
        "review_every_days": draw.of(7, 14),
        "review_from": draw.day(-100, -14, 3),
        "closed_days": [draw.day(3), draw.day(9)],
        "recipient_kinds": draw.some(("government", "npo", "company"), 3),
        "help_introduction": draw.of("", "ひとりで抱えないでください。\n改行"),
        "help_lines": draw.of("[]", '[{"name": "夜の電話", "number": "#0000", "spans": []}]'),
    }


async def _register(connection: Any, tenant_id: uuid.UUID, slug: str, code: str) -> None:
    await connection.execute(
        f"INSERT INTO {SCHEMA}.tenant (tenant_id, slug, kind, name, onboarded_at) "
        "VALUES ($1, $2, 'municipality', $2, $3)",
        tenant_id,
        slug,
        NOW,
    )
    await connection.execute(
        f"INSERT INTO {SCHEMA}.tenant_municipality (tenant_id, code, alone) VALUES ($1, $2, true)",
        tenant_id,
        code,
    )
