"""Taking a list off the platform as a file: who may is the policy's, and the audit keeps that it was done."""

from libs.policy.acting import Acting
from libs.serving.exports.exporting import Made
from libs.tenancy.models import platform_settings


async def permit(acting: Acting, made: Made | None) -> None:
    """Judges, and records an export that was `made`; its conditions may name somebody, so they are not kept.

    Raises NotAllowed.
    """
    tenant = acting.work.tenant_id
    await acting.find("tenant", platform_settings, tenant, action="export_list")
    if made is not None:
        acting.work.record(
            "export_list", "tenant", tenant, list=made.name, format=made.format, rows=made.rows
        )
