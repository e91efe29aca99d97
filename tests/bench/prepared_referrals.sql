-- $1 tenant, $2 sender, $3 caseworker, $4 recipient, $5 working group, $6 first, $7 last, $8 of how many tenants this
-- is which ($9): referrals that were sent and wait for an answer, under ids that a number makes.

-- case files
INSERT INTO tsunagari.case_file (tenant_id, id, number, kind, organisation_id, caseworker_id, opened_on, created_at,
  updated_at)
SELECT $1, format('bbbbbbbb-0000-7000-8000-%s', to_char(n, 'FM000000000000'))::uuid, 'bench-' || n, 'person', $2, $3,
  current_date, now(), now()
FROM generate_series($6::bigint, $7::bigint) n WHERE (n / $8::bigint + n) % $8::bigint = $9::bigint AND $4::uuid IS NOT NULL AND $5::uuid IS NOT NULL;

-- referrals
INSERT INTO tsunagari.referral (tenant_id, id, case_id, mode, state, need_category, urgency, age_band, area, ask,
  working_group_id, sender_id, recipient_id, posted_at, sent_at, due_at, basis, created_at, updated_at)
SELECT $1, format('aaaaaaaa-0000-7000-8000-%s', to_char(n, 'FM000000000000'))::uuid,
  format('bbbbbbbb-0000-7000-8000-%s', to_char(n, 'FM000000000000'))::uuid, 'board', 'sent', 'listening', 'normal',
  'senior', '北地区', '話し相手になってくれる方を探しています。', $5, $2, $4, now(), now(), now() + interval '7 days',
  'none_deidentified', now(), now()
FROM generate_series($6::bigint, $7::bigint) n WHERE (n / $8::bigint + n) % $8::bigint = $9::bigint AND $3::uuid IS NOT NULL
