"""GraphQL of training."""

from services.platform.training.schema.mutation import TrainingMutation
from services.platform.training.schema.query import TrainingQuery

__all__ = ["TrainingMutation", "TrainingQuery"]
