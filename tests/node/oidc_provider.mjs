// A certified OpenID provider (npm oidc-provider) for the tests, on a loopback port with keys made at each start.
// Arguments: port (0: any), audience. Prints one line of JSON {issuer, clientId} when it listens.
// Its sign-in page takes any name; it ends with its standard input, so it never outlives the tests.
// The resource asked for is the audience, or `audience?alg=ES256` to have the access token signed otherwise.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider, errors } from 'oidc-provider';

const [port, audience] = process.argv.slice(2);
const CLIENT_ID = 'tsunagari-portal';
const SCOPE = 'platform';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on('request', provider(issuer).callback());
  process.stdout.write(`${JSON.stringify({ issuer, clientId: CLIENT_ID })}\n`);
});
server.on('error', (error) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
process.stdin.resume().on('end', () => process.exit(0));

function provider(issuer) {
  return new Provider(issuer, {
    clients: [{
      client_id: CLIENT_ID,
      token_endpoint_auth_method: 'none', // a public client: PKCE is then required
      redirect_uris: ['https://portal.tsunagari.example/signed-in'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    features: { devInteractions: { enabled: true }, resourceIndicators: resources() },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys: ALGORITHMS.map(signingKey) },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, Session: 3600 },
  });
}

function resources() {
  return {
    enabled: true,
    useGrantedResource: () => true,
    getResourceServerInfo: (_, indicator) => {
      const [base, query] = indicator.split('?');
      if (base !== audience) throw new errors.InvalidTarget();
      const alg = new URLSearchParams(query).get('alg') ?? 'RS256';
      return { audience, scope: SCOPE, accessTokenFormat: 'jwt', jwt: { sign: { alg } } };
    },
  };
}

function signingKey(alg) {
  const kind = { RS256: 'rsa', PS256: 'rsa', ES256: 'ec', EdDSA: 'ed25519' }[alg];
  const { privateKey } = generateKeyPairSync(kind, { modulusLength: 2048, namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig' };
}
