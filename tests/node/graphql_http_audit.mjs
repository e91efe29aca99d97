// The audit of npm's graphql-http against the server at argv[2]; prints [{id, name, status, reason}].
// argv[3], if given, is JSON of headers to send with every request (a token).
import { auditServer } from 'graphql-http';

const more = JSON.parse(process.argv[3] ?? '{}');
const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...more, ...init.headers } });
const results = await auditServer({ url: process.argv[2], fetchFn });
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))));
