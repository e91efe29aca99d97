-- The nation's rows. Everything is drawn from names and numbers by hashing, so every run, and the same tenant in
-- a smaller database, gets the same rows under the same ids. Steps begin with a line "-- step"; a step that says
-- "by month" runs once for each month of $1 <= at < $2.

-- step: functions
CREATE FUNCTION pg_temp.draw(seed text, below int) RETURNS int IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
  $$ SELECT (hashtextextended(seed, 7) & 1152921504606846975) % below $$;
-- a version 7 UUID of that moment, as the product makes them: newer rows have greater ids
CREATE FUNCTION pg_temp.id(at timestamptz, seed text) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
  $$ SELECT (lpad(to_hex((date_part('epoch', at) * 1000)::bigint), 12, '0') || '7' || substr(md5(seed), 1, 3)
             || '8' || substr(md5(seed), 4, 15))::uuid $$;
CREATE FUNCTION pg_temp.org(code text, no int) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
  $$ SELECT pg_temp.id(timestamptz '2024-04-01+09' + no * interval '1 minute', 'organisation ' || code || ' ' || no) $$;
CREATE FUNCTION pg_temp.person(code text, org int, no int) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
  $$ SELECT pg_temp.id(timestamptz '2024-04-02+09' + org * interval '1 minute',
                       'person ' || code || ' ' || org || ' ' || no) $$;
CREATE FUNCTION pg_temp.grp(code text, no int) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
  $$ SELECT pg_temp.id(timestamptz '2024-04-10+09' + no * interval '1 minute', 'group ' || code || ' ' || no) $$;

-- step: tenants
INSERT INTO tsunagari.tenant (tenant_id, slug, kind, name, status, onboarded_at)
SELECT tenant_id, 't' || code, kind, name, 'active', timestamptz '2024-04-01+09' FROM city;
INSERT INTO tsunagari.tenant_municipality (tenant_id, code, alone) SELECT tenant_id, code, true FROM city;
INSERT INTO tsunagari.platform_settings (tenant_id, id) SELECT tenant_id, tenant_id FROM city;
INSERT INTO tsunagari.audit_head (tenant_id, id, sequence, hash)
SELECT tenant_id, tenant_id, 0, decode(repeat('00', 32), 'hex') FROM city;
INSERT INTO tsunagari.tenant_issuer (tenant_id, id, issuer)
SELECT tenant_id, pg_temp.id(timestamptz '2024-04-01+09', 'issuer ' || code), current_setting('bench.issuer') FROM city;

-- step: policies
DO $do$ BEGIN IF to_regclass('tsunagari.policy_draft') IS NOT NULL THEN INSERT INTO tsunagari.policy_draft (tenant_id, id) SELECT tenant_id, tenant_id FROM city; END IF; END $do$;

-- step: organisations
INSERT INTO tsunagari.organisation (tenant_id, id, kind, status, name, name_kana, search_key, sort_key,
  fields_of_work, services, area, website, work_contact, published, created_at, decided_at)
SELECT tenant_id, pg_temp.org(code, no),
  CASE WHEN no = 0 OR no % 7 = 3 THEN 'government' WHEN no % 7 = 5 THEN 'company' ELSE 'npo' END, 'active',
  said.name, said.kana, said.name, said.kana, ARRAY['listening', 'belonging'],
  '見守り・居場所づくり・相談', city.name || '全域', 'https://org' || no || '.t' || code || '.example.jp/',
  'desk' || no || '@t' || code || '.example.jp', true, timestamptz '2024-04-01+09' + no * interval '1 minute',
  timestamptz '2024-04-02+09' + no * interval '1 minute'
FROM city, generate_series(0, organisations - 1) no, LATERAL (SELECT
  (ARRAY['つながる', 'ひだまり', 'あおぞら', 'みんなの家', 'ともしび', 'そよかぜ', 'こもれび', 'なかま'])[1 + pg_temp.draw('name ' || code || no, 8)]
    || no AS name,
  (ARRAY['あ', 'か', 'さ', 'た', 'な', 'は', 'ま', 'や', 'ら', 'わ'])[1 + pg_temp.draw('kana ' || code || no, 10)]
    || lpad(no::text, 4, '0') AS kana) said;

-- step: people
INSERT INTO tsunagari.person (tenant_id, id, status, issuer, subject, name, name_kana, profile, created_at)
SELECT tenant_id, pg_temp.person(code, org, no), 'active', current_setting('bench.issuer'),
  format('t%s-%s-%s', code, org, no),
  (ARRAY['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '山本', '中村'])[1 + pg_temp.draw('family ' || code || org || no, 8)]
  || ' ' || (ARRAY['さくら', 'はるか', '健', '恵', '直樹', '薫', '誠', '陽子'])[1 + pg_temp.draw('given ' || code || org || no, 8)],
  '', '', timestamptz '2024-04-02+09'
FROM city, generate_series(0, organisations - 1) org, generate_series(0, 1) no;
INSERT INTO tsunagari.membership (tenant_id, id, person_id, organisation_id, roles, since)
SELECT tenant_id, pg_temp.id(timestamptz '2024-04-02+09', format('membership %s %s %s', code, org, no)),
  pg_temp.person(code, org, no), pg_temp.org(code, org),
  CASE no WHEN 0 THEN ARRAY['representative', 'desk', 'caseworker'] ELSE ARRAY['desk', 'caseworker'] END,
  timestamptz '2024-04-02+09'
FROM city, generate_series(0, organisations - 1) org, generate_series(0, 1) no;
INSERT INTO tsunagari.coordinator_appointment (tenant_id, id, person_id, since)
SELECT tenant_id, pg_temp.id(timestamptz '2024-04-02+09', 'coordinator ' || code), pg_temp.person(code, 0, 0),
  timestamptz '2024-04-02+09' FROM city;

-- step: working groups
INSERT INTO tsunagari.working_group (tenant_id, id, name, purpose, search_key, published, created_at)
SELECT tenant_id, pg_temp.grp(code, no), said.name, '気になる人を見守り、つなぎ先を一緒に考えます。', said.name, true,
  timestamptz '2024-04-10+09' + no * interval '1 minute'
FROM city, generate_series(0, groups - 1) no, LATERAL (SELECT
  (ARRAY['見守り', 'ひきこもり', '子ども', '高齢者', '就労', '居場所'])[1 + no % 6] || '部会' || (no / 6 + 1) AS name) said;
-- the first two organisations of a tenant sit everywhere, the others in about a third of the groups
INSERT INTO tsunagari.seat (tenant_id, id, working_group_id, organisation_id, from_on, is_chair, created_at)
SELECT tenant_id, pg_temp.id(timestamptz '2024-04-11+09', format('seat %s %s %s', code, grp, org)),
  pg_temp.grp(code, grp), pg_temp.org(code, org), date '2024-04-11', org = 0, timestamptz '2024-04-11+09'
FROM city, generate_series(0, groups - 1) grp, generate_series(0, organisations - 1) org
WHERE org < 2 OR pg_temp.draw(format('seat %s %s %s', code, grp, org), 3) = 0;

-- step: events
INSERT INTO tsunagari.event (tenant_id, id, organisation_id, working_group_id, state, published, announced_at,
  title, search_key, starts_at, ends_at, over_at, delivery_mode, venue, reservable, created_at, updated_at)
SELECT tenant_id, pg_temp.id(starts - interval '60 days', format('event %s %s %s', code, grp, no)),
  pg_temp.org(code, 0), pg_temp.grp(code, grp), 'announced', true, starts - interval '50 days',
  '部会の集まり 第' || no || '回', '部会の集まり第' || no || '回', starts, starts + interval '2 hours',
  starts + interval '2 hours', 'room', name || '役所 会議室', false, starts - interval '60 days',
  starts - interval '50 days'
FROM city, generate_series(0, groups - 1) grp, generate_series(1, 60) no,
  LATERAL (SELECT timestamptz '2024-05-01 14:00+09' + no * interval '3 months' + grp * interval '1 day' AS starts) at;

-- step: attempts
-- one row for each referral to be: narrow, so that putting them in order of time is cheap
CREATE TEMP TABLE attempt AS
SELECT city.number, n, at, chance,
  (n / 2)::int AS case_no,
  pg_temp.draw('case ' || code || n / 2, organisations) AS sender,
  CASE WHEN n % 20 < 13 THEN floor(groups * power(pg_temp.draw('group ' || code || n, 1000) / 1000.0, 2))::int END AS grp
FROM city, generate_series(0, referrals - 1) n,
  LATERAL (SELECT timestamptz '2024-05-01+09' + (n + pg_temp.draw('at ' || code || n, 1000) / 1000.0) / referrals * interval '730 days' AS at,
    pg_temp.draw('chance ' || code || n, 100) AS chance) drawn
ORDER BY at;
ANALYZE attempt;
ANALYZE city;

-- step: case files
INSERT INTO tsunagari.case_file (tenant_id, id, number, kind, organisation_id, caseworker_id, needs, opened_on,
  created_at, updated_at)
SELECT tenant_id, pg_temp.id(first.at, 'case ' || code || ' ' || case_no), to_char(case_no, 'FM000000'), 'person',
  pg_temp.org(code, sender), pg_temp.person(code, sender, 1), ARRAY['listening', 'belonging'], first.at::date,
  first.at, first.at
FROM (SELECT number, case_no, sender, min(at) AS at FROM attempt GROUP BY number, case_no, sender) first
JOIN city USING (number) ORDER BY first.at;
CREATE TEMP TABLE began AS
SELECT number, case_no, min(at) AS began_at FROM attempt GROUP BY number, case_no;
CREATE UNIQUE INDEX ON began (number, case_no);
CREATE INDEX ON attempt (at);
ANALYZE began;

-- step: referrals by month
INSERT INTO tsunagari.referral (tenant_id, id, case_id, mode, state, need_category, urgency, age_band, area, ask,
  working_group_id, sender_id, recipient_id, posted_at, sent_at, answered_at, started_on, reported_at, ended_at,
  due_at, basis, created_at, updated_at)
SELECT tenant_id, pg_temp.id(at, 'referral ' || code || ' ' || n), pg_temp.id(began_at, 'case ' || code || ' ' || case_no),
  CASE WHEN grp IS NULL THEN 'directed' ELSE 'board' END, now_in.state,
  (ARRAY['belonging', 'listening', 'daily_life', 'housing', 'food', 'money', 'work', 'health'])
    [1 + (pg_temp.draw('need ' || code || case_no, 8) + n % 2) % 8],
  CASE WHEN chance % 10 = 0 THEN 'urgent' ELSE 'normal' END,
  (ARRAY['youth', 'adult', 'senior', 'oldest'])[1 + chance % 4], '北地区',
  (ARRAY['週に一度、話し相手になってくれる方を探しています。将棋も指します。',
         '家から出る機会が減っています。立ち寄れる場所をご紹介ください。',
         '夕食を一緒に食べられる集まりを探しています。夕方なら通えます。'])[1 + chance % 3] || '(' || n || ')',
  CASE WHEN grp IS NOT NULL THEN pg_temp.grp(code, grp) END, pg_temp.org(code, sender),
  CASE WHEN state <> 'posted' THEN pg_temp.org(code, (sender + 1 + pg_temp.draw('to ' || code || n, organisations - 1)) % organisations) END,
  CASE WHEN grp IS NOT NULL THEN at END,
  CASE WHEN state <> 'posted' THEN at + interval '2 days' END,
  CASE WHEN state NOT IN ('posted', 'sent') THEN at + interval '4 days' END,
  CASE WHEN state IN ('in_progress', 'reported', 'closed') THEN (at + interval '9 days')::date END,
  CASE WHEN state IN ('reported', 'closed') THEN at + interval '60 days' END,
  CASE WHEN state IN ('closed', 'declined') THEN at + interval '70 days' END,
  CASE WHEN state = 'sent' THEN at + interval '7 days' END,
  CASE WHEN state <> 'posted' THEN 'none_deidentified' END, at, at
FROM attempt JOIN city USING (number) JOIN began USING (number, case_no), LATERAL (SELECT CASE
    WHEN chance < 30 THEN 'closed' WHEN chance < 55 THEN 'in_progress' WHEN chance < 65 THEN 'accepted'
    WHEN chance < 70 THEN 'reported' WHEN chance < 75 THEN 'declined'
    -- the cards of a tenant's first group have all found somebody: its page shows both organisations
    WHEN chance < 88 OR grp IS NULL OR grp = 0 THEN 'sent' ELSE 'posted' END AS state) now_in
WHERE at >= $1 AND at < $2 ORDER BY at;

-- step: card notes by month
INSERT INTO tsunagari.card_note (tenant_id, id, referral_id, working_group_id, author_id, author_organisation_id,
  body, posted_at, created_at, updated_at)
SELECT tenant_id, pg_temp.id(wrote, 'note ' || code || ' ' || n || ' ' || no), pg_temp.id(at, 'referral ' || code || ' ' || n),
  pg_temp.grp(code, grp), pg_temp.person(code, author, no % 2), pg_temp.org(code, author),
  (ARRAY['地区の担当に心当たりを聞いてみます。',
         '先月から通っている方に声をかけます。',
         '送迎があれば受けられそうです。'])[1 + (chance + no) % 3],
  at, wrote, wrote
FROM attempt JOIN city USING (number), generate_series(1, 3 + chance % 5) no,
  LATERAL (SELECT at + no * interval '7 hours' AS wrote, (sender + no) % organisations AS author) said
WHERE grp IS NOT NULL AND at >= $1 AND at < $2 ORDER BY wrote;
