// PostGraphile 5 as its documentation sets it up for a service of one's own: the amber preset, a pool, grafserv
// on Node's own server, `pgSettings` for each request from its verified token, no GraphiQL, NODE_ENV=production.
// Settings come as JSON in PEER: {database, pool, port, key, issuer, audience}.
import { createServer } from "node:http";
import { createPublicKey } from "node:crypto";
import jwt from "jsonwebtoken";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { addPgTableCondition } from "postgraphile/utils";

const settings = JSON.parse(process.env.PEER);
const key = createPublicKey({ key: settings.key, format: "jwk" });
const expected = { algorithms: ["ES256"], issuer: settings.issuer, audience: settings.audience };
const verified = new Map();

// remembered until it ends, as the measured service does
function claimsOf(header) {
  const token = header?.startsWith("Bearer ") ? header.slice(7) : "";
  const known = verified.get(token);
  if (known && known.exp * 1000 > Date.now()) return known;
  const claims = jwt.verify(token, key, expected);
  verified.set(token, claims);
  return claims;
}

// the plain conditions compare with one value; a card on the board is one that was posted and not made void
const onBoard = addPgTableCondition(
  { schemaName: "tsunagari", tableName: "referral" },
  "onBoard",
  (build) => ({ type: build.graphql.GraphQLBoolean }),
  (value, { sql, sqlTableAlias: row }) =>
    value ? sql`${row}.posted_at is not null and ${row}.state <> 'void'` : null,
);
// likewise 'to come' for events, and 'held today' for seats
const upcoming = addPgTableCondition(
  { schemaName: "tsunagari", tableName: "event" },
  "upcoming",
  (build) => ({ type: build.graphql.GraphQLBoolean }),
  (value, { sql, sqlTableAlias: row }) => (value ? sql`${row}.over_at > now()` : null),
);
const heldToday = addPgTableCondition(
  { schemaName: "tsunagari", tableName: "seat" },
  "heldToday",
  (build) => ({ type: build.graphql.GraphQLBoolean }),
  (value, { sql, sqlTableAlias: row }) =>
    value
      ? sql`${row}.from_on <= current_date and (${row}.until_on is null or ${row}.until_on > current_date)`
      : null,
);

const pool = new pg.Pool({ connectionString: settings.database, max: settings.pool });
const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [onBoard, upcoming, heldToday],
  // or else relations whose index is a partial one would be left out
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [makePgService({ pool, schemas: ["tsunagari"] })],
  gather: { installWatchFixtures: false },
  schema: { defaultBehavior: "-insert -update -delete" },
  grafserv: {
    graphiql: false,
    graphiqlOnGraphQLGET: false,
    watch: false,
    websockets: false,
    outputDataAsString: settings.asString ?? true,
  },
  grafast: {
    explain: false,
    context: (request) => {
      const claims = claimsOf(request.node?.req.headers.authorization);
      return { pgSettings: { role: settings.role, "app.tenant_id": claims.tenant_id } };
    },
  },
};

if (process.argv[2] === "schema") {
  const { printSchema } = await import("graphql");
  const { makeSchema } = await import("postgraphile");
  const { schema } = await makeSchema(preset);
  process.stdout.write(printSchema(schema));
  await pool.end();
} else {
  const serv = postgraphile(preset).createServ(grafserv);
  const server = createServer({ keepAliveTimeout: 60_000 });
  await serv.addTo(server);
  await serv.ready();
  server.listen(settings.port, "127.0.0.1", () => console.log("ready"));
}
