"""The bridge from platforms to the secretariat: what platforms submitted, and what was published of it."""

import sqlalchemy as sa

from libs.persistence.tables import one_of, shared_table

LEVELS = ("nation", "prefecture", "tenant")
MARKS = ("value", "withheld", "not_reported")

TIME = sa.DateTime(timezone=True)

figure_submission = shared_table(
    "figure_submission",
    sa.Column("tenant_id", sa.Uuid(), primary_key=True),
    sa.Column("month", sa.Date(), primary_key=True),
    sa.Column("measure", sa.Text(), primary_key=True),
    sa.Column("breakdown", sa.Text(), primary_key=True),
    sa.Column("value", sa.Integer(), nullable=False),
    sa.Column("submitted_at", TIME, nullable=False),
    sa.CheckConstraint("value >= 0", name="value"),
    sa.CheckConstraint("extract(day FROM month) = 1", name="month"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"]),
    sa.Index("figure_submission_month_idx", "month"),
    reason="a platform leaves its own counts here; the publisher alone reads across platforms",
)

figure_release = shared_table(
    "figure_release",
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("month", sa.Date(), nullable=False),
    # only what was submitted by then is in it
    sa.Column("as_of", TIME, nullable=False),
    sa.CheckConstraint("extract(day FROM month) = 1", name="month"),
    sa.Index("figure_release_month_as_of_id_idx", "month", "as_of", "id"),
    reason="a publication of a month's figures: written by the publisher, read by the secretariat, for good",
)

figure_published = shared_table(
    "figure_published",
    sa.Column("release_id", sa.Uuid(), primary_key=True),
    # its place in the release: nation, prefectures by code, platforms
    sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("level", sa.Text(), nullable=False),
    # the two digits of JIS X 0401; null for the nation and for platforms that reach beyond one prefecture
    sa.Column("prefecture", sa.Text()),
    sa.Column("tenant_id", sa.Uuid()),
    sa.Column("measure", sa.Text(), nullable=False),
    sa.Column("breakdown", sa.Text(), nullable=False),
    sa.Column("value", sa.Integer()),
    sa.Column("mark", sa.Text(), nullable=False),
    # how many platforms' cells are missing in the value, and why
    sa.Column("withheld", sa.Integer(), nullable=False),
    sa.Column("not_reported", sa.Integer(), nullable=False),
    one_of("level", LEVELS),
    one_of("mark", MARKS),
    sa.CheckConstraint("(mark = 'value') = (value IS NOT NULL)", name="mark_value"),
    sa.CheckConstraint("(level = 'tenant') = (tenant_id IS NOT NULL)", name="level_tenant"),
    sa.CheckConstraint("level <> 'prefecture' OR prefecture IS NOT NULL", name="level_prefecture"),
    sa.CheckConstraint("withheld >= 0 AND not_reported >= 0", name="missing"),
    sa.ForeignKeyConstraint(["release_id"], ["tsunagari.figure_release.id"]),
    sa.ForeignKeyConstraint(["tenant_id"], ["tsunagari.tenant.tenant_id"]),
    sa.UniqueConstraint(
        "release_id",
        "level",
        "prefecture",
        "tenant_id",
        "measure",
        "breakdown",
        name="figure_published_cell_key",
        postgresql_nulls_not_distinct=True,
    ),
    reason="figures after disclosure control: the publisher writes, the secretariat reads, none changes",
)
