"""The statements of sittings."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from libs.persistence.statements import Statement, among, parameter
from libs.persistence.tables import TENANT
from libs.policy.predicates import ASKER
from libs.tenancy.models import membership, organisation
from services.platform.members.models import live
from services.platform.referrals.models import machine, referral, sitting, sitting_body, sitting_referral

_THIS = (sitting.c.tenant_id == TENANT, sitting.c.id == parameter(sitting.c.id))

SET_STATE = Statement(
    sa.update(sitting)
    .where(*_THIS)
    .values(state=parameter(sitting.c.state), version=sitting.c.version + 1)
    .returning(sitting.c.id)
)
TOUCH = Statement(
    sa.update(sitting).where(*_THIS).values(version=sitting.c.version + 1).returning(sitting.c.id)
)
END = Statement(
    sa.update(sitting)
    .where(*_THIS)
    .values(ended_at=sa.bindparam("viewer_now", type_=sitting.c.ended_at.type), version=sitting.c.version + 1)
    .returning(sitting.c.id)
)
NOT_ENDED = Statement(
    sa.select(sitting.c.held_on)
    .where(*_THIS, sitting.c.state != "cancelled", sitting.c.ended_at.is_(None))
    .with_for_update()
)
BODIES = Statement(
    sa.select(organisation.c.id, organisation.c.kind)
    .join(
        sitting_body,
        sa.and_(sitting_body.c.tenant_id == TENANT, sitting_body.c.organisation_id == organisation.c.id),
    )
    .where(
        organisation.c.tenant_id == TENANT,
        sitting_body.c.sitting_id == parameter(sitting_body.c.sitting_id),
    )
    .order_by(organisation.c.id)
)
BEFORE = Statement(
    sa.select(referral, sitting_referral.c["items"].label("needed"))
    .join(
        sitting_referral,
        sa.and_(sitting_referral.c.tenant_id == TENANT, sitting_referral.c.referral_id == referral.c.id),
    )
    .where(
        referral.c.tenant_id == TENANT,
        sitting_referral.c.sitting_id == parameter(sitting_referral.c.sitting_id),
        sitting_referral.c.ended_at.is_(None),
        among(referral.c.state, machine.LIVE),
    )
    .order_by(referral.c.id)
)
PRESENT = Statement(
    sa.select(membership.c.person_id, membership.c.organisation_id)
    .join(
        sitting_body,
        sa.and_(
            sitting_body.c.tenant_id == TENANT,
            sitting_body.c.organisation_id == membership.c.organisation_id,
        ),
    )
    .where(
        live(ASKER),
        membership.c.tenant_id == TENANT,
        membership.c.person_id == sa.any_(sa.bindparam("people", type_=ARRAY(sa.Uuid()))),
        sitting_body.c.sitting_id == parameter(sitting_body.c.sitting_id),
    )
    .order_by(membership.c.organisation_id.desc(), membership.c.person_id)
)
