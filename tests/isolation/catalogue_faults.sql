-- A fault for each rule of catalogue_rules.sql, one statement a line; `planted` is a good table that is there already.

-- T1
CREATE TABLE tsunagari.planted_too (id uuid PRIMARY KEY);

-- T2
ALTER TABLE tsunagari.planted DROP CONSTRAINT planted_pkey, ALTER tenant_id DROP NOT NULL;

-- T3
DROP POLICY p ON tsunagari.planted;
ALTER TABLE tsunagari.planted ALTER tenant_id TYPE text;

-- T4
ALTER TABLE tsunagari.planted DROP CONSTRAINT planted_pkey;

-- T5
DROP TABLE tsunagari.outbox;

-- U1
CREATE UNIQUE INDEX planted_code_key ON tsunagari.planted (code);

-- U2
ALTER TABLE tsunagari.planted DROP CONSTRAINT planted_pkey;
ALTER TABLE tsunagari.planted ADD CONSTRAINT planted_pkey PRIMARY KEY (id, tenant_id);

-- U3
ALTER TABLE tsunagari.planted ADD CONSTRAINT planted_id_excl EXCLUDE USING hash (id WITH =);

-- U4
CREATE INDEX planted_code_idx ON tsunagari.planted (code);

-- F1
ALTER TABLE tsunagari.planted ADD parent uuid, ADD other uuid;
ALTER TABLE tsunagari.planted ADD CONSTRAINT planted_parent_fkey FOREIGN KEY (other, parent) REFERENCES tsunagari.person (tenant_id, id);

-- F2
ALTER TABLE tsunagari.planted ADD work bigint REFERENCES tsunagari.work_due (id);

-- F3
ALTER TABLE tsunagari.outbox ADD CONSTRAINT outbox_key_fkey FOREIGN KEY (tenant_id, key) REFERENCES tsunagari.person (tenant_id, id);

-- F4
ALTER TABLE tsunagari.planted ADD parent uuid;
ALTER TABLE tsunagari.planted ADD CONSTRAINT planted_parent_fkey FOREIGN KEY (tenant_id, parent) REFERENCES tsunagari.person (tenant_id, id) ON DELETE SET NULL (parent);

-- P1
CREATE POLICY q ON tsunagari.planted AS RESTRICTIVE TO tsunagari_app USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid) WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);

-- P2
ALTER POLICY p ON tsunagari.planted USING (tenant_id IN (SELECT tenant_id FROM tsunagari.tenant));

-- P3
ALTER TABLE tsunagari.planted NO FORCE ROW LEVEL SECURITY;

-- P4
CREATE FUNCTION tsunagari.current_tenant() RETURNS uuid LANGUAGE sql AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
ALTER POLICY p ON tsunagari.planted USING (tenant_id = tsunagari.current_tenant());

-- P5
DROP POLICY p ON tsunagari.planted;

-- P6
ALTER POLICY p ON tsunagari.planted WITH CHECK (true);

-- P7
ALTER POLICY p ON tsunagari.planted TO PUBLIC;

-- P8
CREATE POLICY q ON tsunagari.outbox TO tsunagari_app USING (true) WITH CHECK (true);

-- A1
ALTER TABLE tsunagari.planted OWNER TO tsunagari_app;

-- A2
GRANT SELECT ON tsunagari.planted TO PUBLIC;

-- A3
GRANT SELECT (code) ON tsunagari.planted TO PUBLIC;

-- A4
GRANT TRUNCATE ON tsunagari.planted TO tsunagari_app;

-- A5
GRANT CREATE ON SCHEMA tsunagari TO tsunagari_app;

-- A6
GRANT SELECT ON tsunagari.alembic_version TO tsunagari_app;

-- R1
ALTER ROLE tsunagari_app BYPASSRLS;

-- R2
GRANT pg_read_all_data TO tsunagari_app;

-- G1
CREATE FUNCTION tsunagari.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('x', TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER planted_touch AFTER INSERT ON tsunagari.planted FOR EACH ROW EXECUTE FUNCTION tsunagari.f();

-- G2
CREATE FUNCTION tsunagari.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN  RETURN NULL; END $$;
CREATE TRIGGER planted_touch AFTER INSERT ON tsunagari.planted FOR EACH STATEMENT EXECUTE FUNCTION tsunagari.f();

-- H1
CREATE FUNCTION tsunagari.all_people() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM tsunagari.person $$;

-- H2
CREATE FUNCTION tsunagari.t() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- N1
ALTER TABLE tsunagari.planted ADD CONSTRAINT nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn CHECK (code <> '');

-- N2
ALTER TABLE tsunagari.planted ADD CONSTRAINT planted_code_1234 CHECK (code <> '');

-- V1
CREATE VIEW tsunagari.everybody AS SELECT * FROM tsunagari.person;

-- V2
CREATE MATERIALIZED VIEW tsunagari.everybody AS SELECT * FROM tsunagari.person;

-- I1
CREATE TABLE tsunagari.planted_child () INHERITS (tsunagari.planted);

-- I2
CREATE RULE r AS ON INSERT TO tsunagari.planted DO ALSO NOTHING;

-- S1
CREATE TABLE public.stray (id int);

-- S2
UPDATE pg_database SET datlocprovider = 'c', datlocale = NULL, datcollate = 'C' WHERE datname = current_database();
