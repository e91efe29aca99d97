-- Statements for the reader of statements (tests/stage/statement_rules.py): those that pass, and those that must not.

-- good
SELECT name FROM tsunagari.person WHERE tenant_id = $1::UUID AND id = $2

-- good
SELECT 1 FROM tsunagari.person AS p WHERE $1 = p.tenant_id

-- good
SELECT p.id FROM tsunagari.person p JOIN tsunagari.membership m ON m.tenant_id = $1 AND p.tenant_id = $1

-- good
SELECT p.id FROM tsunagari.person p LEFT JOIN tsunagari.membership m ON m.tenant_id = $1 WHERE p.tenant_id = $1

-- good
SELECT JSON_OBJECT('a' VALUE (SELECT o.name FROM tsunagari.organisation o WHERE o.tenant_id = $1) RETURNING json)

-- good
WITH head AS (UPDATE tsunagari.audit_head SET sequence = 1 WHERE tenant_id = $1 RETURNING tenant_id) INSERT INTO tsunagari.audit_entry (tenant_id, id) SELECT head.tenant_id, $2 FROM head RETURNING id

-- good
INSERT INTO tsunagari.person (tenant_id, id, name) VALUES ($1::UUID, $2, $3) ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name

-- good
SELECT tenant_id FROM tsunagari.tenant WHERE slug = $1

-- good
BEGIN READ ONLY;SET LOCAL app.tenant_id = '0190';

-- good
SELECT pg_notify($1, $2)

-- bad: no condition
SELECT name FROM tsunagari.person

-- bad: a value in the text
SELECT 1 FROM tsunagari.person WHERE tenant_id = '0190'

-- bad: one branch of an OR
SELECT 1 FROM tsunagari.person WHERE tenant_id = $1 OR name = $2

-- bad: negated
SELECT 1 FROM tsunagari.person WHERE NOT tenant_id = $1

-- bad: another operator
SELECT 1 FROM tsunagari.person WHERE tenant_id >= $1

-- bad: one of two tables
SELECT 1 FROM tsunagari.person p, tsunagari.membership m WHERE p.tenant_id = $1 AND m.tenant_id = p.tenant_id

-- bad: bare column beside two tables
SELECT 1 FROM tsunagari.person p, tsunagari.membership m WHERE tenant_id = $1

-- bad: outer join binds the other side
SELECT 1 FROM tsunagari.person p LEFT JOIN tsunagari.membership m ON p.tenant_id = $1 AND m.tenant_id = $1

-- bad: full join
SELECT 1 FROM tsunagari.person p FULL JOIN tsunagari.membership m ON p.tenant_id = $1 AND m.tenant_id = $1

-- bad: correlated
SELECT (SELECT o.name FROM tsunagari.organisation o WHERE o.tenant_id = p.tenant_id) FROM tsunagari.person p WHERE p.tenant_id = $1

-- bad: inside JSON_OBJECT
SELECT JSON_OBJECT('a' VALUE (SELECT name FROM tsunagari.organisation) RETURNING json)

-- bad: inside EXISTS
SELECT 1 FROM tsunagari.person p WHERE p.tenant_id = $1 AND EXISTS (SELECT 1 FROM tsunagari.membership m WHERE m.person_id = p.id)

-- bad: lateral
SELECT 1 FROM tsunagari.person p, LATERAL (SELECT 1 FROM tsunagari.membership m WHERE m.tenant_id = p.tenant_id) x WHERE p.tenant_id = $1

-- bad: union
SELECT id FROM tsunagari.person WHERE tenant_id = $1 UNION ALL SELECT id FROM tsunagari.organisation

-- bad: with
WITH x AS (SELECT id FROM tsunagari.person) SELECT id FROM x

-- bad: a CTE of a table's name does not hide the table
WITH person AS (SELECT 1) SELECT 1 FROM tsunagari.person

-- bad: update
UPDATE tsunagari.person SET name = $1 WHERE id = $2

-- bad: update from
UPDATE tsunagari.person SET name = $1 FROM tsunagari.membership m WHERE person.tenant_id = $2

-- bad: returning
UPDATE tsunagari.person SET name = $1 WHERE tenant_id = $2 RETURNING (SELECT name FROM tsunagari.organisation)

-- bad: changed tenant
UPDATE tsunagari.person SET tenant_id = $1 WHERE tenant_id = $1

-- bad: delete
DELETE FROM tsunagari.person WHERE id = $1

-- bad: insert without tenant
INSERT INTO tsunagari.person (id) VALUES ($1)

-- bad: insert of a literal
INSERT INTO tsunagari.person (tenant_id, id) VALUES ('0190', $1)

-- bad: insert from select returns nothing
INSERT INTO tsunagari.person (tenant_id, id) SELECT $1, $2

-- bad: upsert calls a function
INSERT INTO tsunagari.person (tenant_id, id) VALUES ($1, $2) ON CONFLICT (tenant_id, id) DO UPDATE SET created_at = now()

-- bad: merge
MERGE INTO tsunagari.person p USING tsunagari.person q ON p.tenant_id = $1 WHEN MATCHED THEN DELETE

-- bad: session setting
SET app.tenant_id = '0190'

-- bad: set_config
SELECT set_config('app.tenant_id', $1, true)

-- bad: set_config of a computed name
SELECT set_config($1, $2, true)

-- bad: two statements
SELECT 1; SELECT 2

-- bad: unknown table
SELECT 1 FROM tsunagari.nobody_registered_me WHERE tenant_id = $1

-- bad: table without schema
SELECT 1 FROM person WHERE tenant_id = $1

-- bad: truncate
TRUNCATE tsunagari.person

-- bad: copy
COPY tsunagari.person TO STDOUT

-- bad: notify
NOTIFY x
