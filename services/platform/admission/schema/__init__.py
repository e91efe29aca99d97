"""GraphQL of conditions and classes."""

from services.platform.admission.schema.mutation import AdmissionMutation
from services.platform.admission.schema.query import AdmissionQuery
from services.platform.admission.schema.types import ConditionAgreement, MemberClass, MembershipCondition

__all__ = ["AdmissionMutation", "AdmissionQuery", "ConditionAgreement", "MemberClass", "MembershipCondition"]
