"""Create need weights and objective evidence"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "need_weight",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("objective_key", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 5", name=op.f("ck_need_weight_weight")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_weight_need_id_need"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["objective_key"], ["objective.key"], name=op.f("fk_need_weight_objective_key_objective")
        ),
        sa.PrimaryKeyConstraint("need_id", "objective_key", name=op.f("pk_need_weight")),
    )
    op.create_table(
        "objective_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_key", sa.String(length=40), nullable=False),
        sa.Column("criterion_key", sa.String(length=40), nullable=True),
        sa.Column(
            "measure",
            sa.Enum("lead_time_days", name="measure", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("verified", sa.Double(), nullable=False),
        sa.Column("declared", sa.Double(), nullable=False),
        sa.Column("refused", sa.Double(), nullable=False),
        sa.Column("best", sa.Double(), nullable=True),
        sa.Column("worst", sa.Double(), nullable=True),
        sa.Column("reason_fr", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(criterion_key IS NULL) <> (measure IS NULL)", name=op.f("ck_objective_evidence_one_source")
        ),
        sa.CheckConstraint(
            "(measure IS NULL) = (best IS NULL) AND (measure IS NULL) = (worst IS NULL)",
            name=op.f("ck_objective_evidence_scale"),
        ),
        sa.CheckConstraint(
            "best IS NULL OR best <> worst", name=op.f("ck_objective_evidence_scale_has_width")
        ),
        sa.CheckConstraint("share > 0", name=op.f("ck_objective_evidence_share")),
        sa.CheckConstraint(
            "0 <= refused AND refused <= declared AND declared < verified AND verified <= 1",
            name=op.f("ck_objective_evidence_points"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion_key"], ["criterion.key"], name=op.f("fk_objective_evidence_criterion_key_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["objective_key"], ["objective.key"], name=op.f("fk_objective_evidence_objective_key_objective")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_evidence")),
        sa.UniqueConstraint(
            "objective_key", "criterion_key", name=op.f("uq_objective_evidence_objective_key_criterion_key")
        ),
        sa.UniqueConstraint(
            "objective_key", "measure", name=op.f("uq_objective_evidence_objective_key_measure")
        ),
    )
    with op.batch_alter_table("objective_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objective_evidence_objective_key"), ["objective_key"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("objective_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_evidence_objective_key"))

    op.drop_table("objective_evidence")
    op.drop_table("need_weight")
