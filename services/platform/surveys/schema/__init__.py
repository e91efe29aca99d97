"""GraphQL of surveys."""

from services.platform.surveys.schema.mutation import SurveysMutation
from services.platform.surveys.schema.query import SurveysQuery

__all__ = ["SurveysMutation", "SurveysQuery"]
