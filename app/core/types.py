"""Column shorthands shared by the models of every domain."""

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from app.core.clock import now

Id = Annotated[int, mapped_column(primary_key=True)]
Key = Annotated[str, mapped_column(sa.String(160), unique=True)]
Label = Annotated[str, mapped_column(sa.String(300))]
Text = Annotated[str, mapped_column(sa.Text, default="")]
Url = Annotated[str, mapped_column(sa.String(500), default="")]
CreatedAt = Annotated[datetime, mapped_column(default=now)]
