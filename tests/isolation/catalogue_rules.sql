-- Rules of the schema, read from PostgreSQL's catalogue: row-level security, partitioning and Citus rest on them.
-- Every row returned is a violation: (rule, obj, detail).
-- $1 schema, $2 tables without a tenant (the closed list), $3 those of them that tenant tables may reference,
-- $4 owner role, $5 the other roles of the product.
WITH cfg AS (
  SELECT to_regnamespace($1) AS ns, $2::text[] AS shared, $3::text[] AS registers, $4::text AS owner, $5::text[] AS roles
), t AS (
  SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
    a.attnum AS dcol, a.atttypid, a.attnotnull, a.attgenerated, c.relname = ANY(cfg.shared) AS is_shared
  FROM pg_class c CROSS JOIN cfg
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
  WHERE c.relnamespace = cfg.ns AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
), d AS (SELECT * FROM t WHERE NOT is_shared)

SELECT 'T1 table has no tenant_id and is not on the closed list' AS rule, relname AS obj, '' AS detail
FROM d WHERE dcol IS NULL
UNION ALL
SELECT 'T2 tenant_id is nullable or generated', relname, '' FROM d WHERE NOT attnotnull OR attgenerated <> ''
UNION ALL
SELECT 'T3 tenant_id is no uuid', relname, format_type(atttypid, NULL) FROM d WHERE atttypid <> 'uuid'::regtype
UNION ALL
SELECT 'T4 no primary key', relname, '' FROM t
WHERE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
UNION ALL
SELECT 'T5 the closed list names a table that is not there', listed.name, ''
FROM cfg, unnest(cfg.shared) AS listed(name) WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.relname = listed.name)
UNION ALL
SELECT 'U1 unique, primary or exclusion index without tenant_id', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM d JOIN pg_index i ON i.indrelid = d.oid
WHERE (i.indisunique OR i.indisexclusion) AND NOT EXISTS (
  SELECT 1 FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(n, o) WHERE k.n = d.dcol AND k.o <= i.indnkeyatts)
UNION ALL
SELECT 'U2 primary key does not start with (tenant_id, id)', d.relname, pg_get_indexdef(i.indexrelid)
FROM d JOIN pg_index i ON i.indrelid = d.oid AND i.indisprimary
WHERE i.indkey[0] <> d.dcol OR i.indnkeyatts < 2
  OR (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = d.oid AND a.attnum = i.indkey[1]) <> 'id'
UNION ALL
SELECT 'U3 exclusion constraint does not compare tenant_id with =', k.conname, pg_get_constraintdef(k.oid)
FROM d JOIN pg_constraint k ON k.conrelid = d.oid AND k.contype = 'x'
WHERE NOT EXISTS (
  SELECT 1 FROM unnest(k.conkey) WITH ORDINALITY x(n, o) JOIN unnest(k.conexclop) WITH ORDINALITY e(op, o) USING (o)
  JOIN pg_operator p ON p.oid = e.op WHERE x.n = d.dcol AND p.oprname = '=')
UNION ALL
SELECT 'U4 b-tree index does not start with tenant_id', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM d JOIN pg_index i ON i.indrelid = d.oid JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
WHERE m.amname = 'btree' AND i.indkey[0] <> d.dcol
UNION ALL
SELECT 'F1 foreign key between tenant tables does not pair tenant_id with tenant_id', k.conname, pg_get_constraintdef(k.oid)
FROM d JOIN pg_constraint k ON k.conrelid = d.oid AND k.contype = 'f' AND k.conparentid = 0 JOIN d f ON f.oid = k.confrelid
WHERE NOT EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) x(a, b) WHERE a = d.dcol AND b = f.dcol)
UNION ALL
SELECT 'F2 foreign key from a tenant table to a shared one that is no register', k.conname, pg_get_constraintdef(k.oid)
FROM cfg, d JOIN pg_constraint k ON k.conrelid = d.oid AND k.contype = 'f' JOIN t f ON f.oid = k.confrelid AND f.is_shared
WHERE NOT f.relname = ANY(cfg.registers)
UNION ALL
SELECT 'F3 foreign key from a shared table to a tenant table', k.conname, pg_get_constraintdef(k.oid)
FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' JOIN d f ON f.oid = k.confrelid WHERE t.is_shared
UNION ALL
SELECT 'F4 foreign key holding tenant_id sets null or default, or acts on update', k.conname, pg_get_constraintdef(k.oid)
FROM d JOIN pg_constraint k ON k.conrelid = d.oid AND k.contype = 'f' AND k.conparentid = 0
WHERE d.dcol = ANY(k.conkey) AND (k.confdeltype IN ('n', 'd') OR k.confupdtype IN ('n', 'd', 'c'))
UNION ALL
SELECT 'P1 restrictive policy (Citus recreates it as permissive on its shards)', t.relname, p.polname
FROM t JOIN pg_policy p ON p.polrelid = t.oid WHERE NOT p.polpermissive
UNION ALL
SELECT 'P2 sub-query in a policy', t.relname, p.polname FROM t JOIN pg_policy p ON p.polrelid = t.oid
WHERE p.polqual::text LIKE '%{SUBLINK%' OR p.polwithcheck::text LIKE '%{SUBLINK%'
UNION ALL
SELECT 'P3 row-level security is not enabled and forced', relname, '' FROM t
WHERE NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
SELECT 'P4 a policy calls a function of ours', t.relname, p.polname || ' -> ' || dp.refobjid::regprocedure
FROM t JOIN pg_policy p ON p.polrelid = t.oid
JOIN pg_depend dp ON dp.classid = 'pg_policy'::regclass AND dp.objid = p.oid
  AND dp.refclassid = 'pg_proc'::regclass AND dp.refobjid >= 16384
UNION ALL
SELECT 'P5 a tenant table has not exactly one policy, for all commands', d.relname, count(p.oid)::text
FROM d LEFT JOIN pg_policy p ON p.polrelid = d.oid GROUP BY d.relname HAVING count(p.oid) <> 1 OR min(p.polcmd) <> '*'
UNION ALL
SELECT 'P6 a tenant table''s policy is not exactly the tenant''s condition, for reading and for writing', d.relname,
  concat_ws(' / ', pg_get_expr(p.polqual, d.oid), pg_get_expr(p.polwithcheck, d.oid))
FROM d JOIN pg_policy p ON p.polrelid = d.oid
WHERE pg_get_expr(p.polqual, d.oid)
    IS DISTINCT FROM '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)'
  OR pg_get_expr(p.polwithcheck, d.oid) IS DISTINCT FROM pg_get_expr(p.polqual, d.oid)
UNION ALL
SELECT 'P7 a policy is for PUBLIC or a role that is not the product''s', t.relname, p.polname
FROM cfg, t JOIN pg_policy p ON p.polrelid = t.oid
WHERE EXISTS (SELECT 1 FROM unnest(p.polroles) AS held(role) WHERE held.role = 0 OR NOT held.role::regrole::text = ANY(cfg.roles))
UNION ALL
SELECT 'P8 a shared table lets app write rows of every tenant', t.relname, p.polname
FROM cfg, t JOIN pg_policy p ON p.polrelid = t.oid CROSS JOIN unnest(p.polroles) AS held(role)
WHERE t.is_shared AND has_table_privilege(held.role, t.oid, 'INSERT, UPDATE, DELETE')
  AND held.role::regrole::text = cfg.roles[1] AND pg_get_expr(p.polwithcheck, t.oid) = 'true'
UNION ALL
SELECT 'A1 a table is not the owner role''s', relname, relowner::regrole::text FROM cfg, t
WHERE relowner::regrole::text <> cfg.owner
UNION ALL
SELECT 'A2 a table''s rights are given to PUBLIC, to a role that is not the product''s, or to be passed on', t.relname,
  concat_ws(' ', CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, x.privilege_type)
FROM cfg, t CROSS JOIN aclexplode(t.relacl) x
WHERE x.grantee <> t.relowner
  AND (x.grantee = 0 OR x.is_grantable OR NOT x.grantee::regrole::text = ANY(cfg.roles))
UNION ALL
SELECT 'A3 a column''s rights are given to PUBLIC, to a role that is not the product''s, or to be passed on',
  t.relname || '.' || a.attname, x.privilege_type
FROM cfg, t JOIN pg_attribute a ON a.attrelid = t.oid CROSS JOIN aclexplode(a.attacl) x
WHERE x.grantee = 0 OR x.is_grantable OR NOT x.grantee::regrole::text = ANY(cfg.roles)
UNION ALL
SELECT 'A4 a role may truncate, reference, trigger or maintain a table', t.relname, x.grantee::regrole::text || ' ' || x.privilege_type
FROM t CROSS JOIN aclexplode(t.relacl) x
WHERE x.grantee <> t.relowner AND x.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
UNION ALL
SELECT 'A5 others than the owner may create in the schema, or PUBLIC may use it', n.nspname,
  concat_ws(' ', CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, x.privilege_type)
FROM cfg JOIN pg_namespace n ON n.oid = cfg.ns CROSS JOIN aclexplode(n.nspacl) x
WHERE x.grantee <> n.nspowner AND (x.grantee = 0 OR x.privilege_type = 'CREATE' OR x.is_grantable)
UNION ALL
SELECT 'A6 the version table is open to a service', x.grantee::regrole::text, x.privilege_type
FROM cfg JOIN pg_class c ON c.relnamespace = cfg.ns AND c.relname = 'alembic_version' CROSS JOIN aclexplode(c.relacl) x
WHERE x.grantee <> c.relowner
UNION ALL
SELECT 'R1 a role''s attributes: only the owner bypasses row security, nobody is a superuser', r.rolname, ''
FROM cfg JOIN pg_roles r ON r.rolname = cfg.owner OR r.rolname = ANY(cfg.roles)
WHERE r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR NOT r.rolcanlogin
  OR r.rolbypassrls <> (r.rolname = cfg.owner)
UNION ALL
SELECT 'R2 a role of the product is a member of another role', m.member::regrole::text, m.roleid::regrole::text
FROM cfg JOIN pg_auth_members m ON m.member::regrole::text = ANY(cfg.roles)
UNION ALL
SELECT 'G1 trigger function uses NOTIFY or the table''s name at run time', t.relname, g.tgname || ' -> ' || p.proname
FROM t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgparentid = 0 JOIN pg_proc p ON p.oid = g.tgfoid
WHERE p.prosrc ~* '\m(pg_notify|notify|tg_table_name|tg_relname|tg_relid)\M'
UNION ALL
SELECT 'G2 statement-level or transition-table trigger (fires once a shard)', t.relname, g.tgname
FROM t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgparentid = 0
WHERE (g.tgtype & 1) = 0 OR g.tgoldtable IS NOT NULL OR g.tgnewtable IS NOT NULL
UNION ALL
SELECT 'H1 function runs with its owner''s rights', p.oid::regprocedure::text, ''
FROM cfg JOIN pg_proc p ON p.pronamespace = cfg.ns AND p.prosecdef
UNION ALL
SELECT 'H2 function that reads the tenant''s setting is marked immutable', p.oid::regprocedure::text, ''
FROM cfg JOIN pg_proc p ON p.pronamespace = cfg.ns AND p.provolatile = 'i' AND p.prosrc ~* 'current_setting'
UNION ALL
SELECT 'N1 name longer than 54 bytes (a shard''s suffix would be hashed in)', x.n, x.k
FROM (
  SELECT c.relname::text AS n, 'relation' AS k FROM pg_class c, cfg
  WHERE c.relnamespace = cfg.ns AND c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v')
  UNION SELECT k.conname::text, 'constraint' FROM pg_constraint k, cfg WHERE k.connamespace = cfg.ns AND k.contype IN ('c', 'f', 'p', 'u', 'x')
) x WHERE octet_length(x.n) > 54
UNION ALL
SELECT 'N2 name ends in _digits (cannot be told from a shard''s suffix)', x.n, x.k
FROM (
  SELECT d.relname::text AS n, 'table' AS k FROM d WHERE NOT d.relispartition
  UNION SELECT k.conname::text, 'constraint' FROM pg_constraint k JOIN d ON d.oid = k.conrelid WHERE k.conparentid = 0 AND NOT d.relispartition
  UNION SELECT c.relname::text, 'index' FROM pg_index i JOIN d ON d.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT d.relispartition
) x WHERE x.n ~ '_[0-9]+$'
UNION ALL
SELECT 'V1 view without security_invoker', v.relname, '' FROM pg_class v, cfg
WHERE v.relnamespace = cfg.ns AND v.relkind = 'v'
  AND NOT COALESCE(v.reloptions::text ~ 'security_invoker=(true|on|1)', false)
UNION ALL
SELECT 'V2 materialized view (row security does not reach it)', v.relname, '' FROM pg_class v, cfg
WHERE v.relnamespace = cfg.ns AND v.relkind = 'm'
UNION ALL
SELECT 'I1 plain inheritance', c.relname, '' FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN d ON d.oid = c.oid
WHERE NOT c.relispartition
UNION ALL
SELECT 'I2 rule on a table', t.relname, r.rulename FROM pg_rewrite r JOIN t ON t.oid = r.ev_class
UNION ALL
SELECT 'S1 a table lies outside the product''s schema', c.oid::regclass::text, ''
FROM cfg, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace <> cfg.ns AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
UNION ALL
SELECT 'S2 the database does not use the builtin C.UTF-8 collation', d.datname, concat_ws(' ', d.datlocprovider, d.datlocale)
FROM pg_database d WHERE d.datname = current_database() AND (d.datlocprovider <> 'b' OR d.datlocale <> 'C.UTF-8')
ORDER BY 1, 2, 3
