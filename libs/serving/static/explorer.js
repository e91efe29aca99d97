'use strict';
// GraphiQL on this server: queries and mutations by POST, subscriptions by graphql-transport-ws.
(function () {
  const { endpoint, people: peopleUrl } = document.body.dataset;
  const socketUrl = new URL(endpoint, location.href);
  socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

  const DEFAULT_QUERY = '# Ctrl-Enter で実行 / runs the query\n{\n  __typename\n}\n';

  function named(headers, name) {
    const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
    return found && headers[found];
  }

  function isSubscription(params, options) {
    const definitions = (options.documentAST || { definitions: [] }).definitions;
    return definitions.some(
      (each) =>
        each.operation === 'subscription' &&
        (!params.operationName || (each.name && each.name.value === params.operationName)),
    );
  }

  async function post(params, headers) {
    const response = await fetch(endpoint, {
      method: 'POST',
      credentials: 'omit',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify(params),
    });
    return response.json();
  }

  function subscribe(params, headers) {
    return {
      subscribe(observer) {
        const socket = new WebSocket(socketUrl, 'graphql-transport-ws');
        const say = (message) => socket.send(JSON.stringify(message));
        socket.onopen = () =>
          say({
            type: 'connection_init',
            payload: {
              authorization: named(headers, 'authorization'),
              actingFor: named(headers, 'tsunagari-acting-for'),
            },
          });
        socket.onmessage = (event) => {
          const message = JSON.parse(event.data);
          if (message.type === 'connection_ack') say({ id: '1', type: 'subscribe', payload: params });
          else if (message.type === 'ping') say({ type: 'pong' });
          else if (message.type === 'next') observer.next(message.payload);
          else if (message.type === 'error') { observer.next({ errors: message.payload }); socket.close(1000); }
          else if (message.type === 'complete') { observer.complete(); socket.close(1000); }
        };
        socket.onclose = (event) => {
          if (event.code === 1000) observer.complete();
          else observer.error(new Error(`${event.code} ${event.reason}`));
        };
        return { unsubscribe: () => socket.close(1000) };
      },
    };
  }

  function fetcher(params, options) {
    const headers = { ...((options && options.headers) || {}) };
    for (const name of Object.keys(headers)) if (/^\s*(bearer)?\s*$/i.test(headers[name])) delete headers[name];
    return isSubscription(params, options || {}) ? subscribe(params, headers) : post(params, headers);
  }

  // GraphiQL's history keeps headers, so what it stores stays in this page's memory: no token outlives the page.
  function memory() {
    const kept = new Map();
    return {
      get length() { return kept.size; },
      getItem: (key) => (kept.has(key) ? kept.get(key) : null),
      setItem: (key, value) => kept.set(key, String(value)),
      removeItem: (key) => kept.delete(key),
      clear: () => kept.clear(),
    };
  }

  const storage = memory();
  const root = ReactDOM.createRoot(document.getElementById('graphiql'));

  // A new key makes GraphiQL anew: it reads the schema as the person who now asks.
  function render(headers) {
    root.render(
      React.createElement(GraphiQL, {
        key: headers,
        fetcher,
        headers,
        storage,
        defaultQuery: DEFAULT_QUERY,
        defaultEditorToolsVisibility: 'headers',
        isHeadersEditorEnabled: true,
        shouldPersistHeaders: false,
      }),
    );
  }

  function headersOf(person) {
    if (!person) return '{\n  "Authorization": "Bearer "\n}';
    const headers = { Authorization: `Bearer ${person.token}` };
    if (person.actingFor) headers['Tsunagari-Acting-For'] = person.actingFor;
    return JSON.stringify(headers, null, 2);
  }

  function labelOf(person) {
    return [person.name, person.organisation, person.tenant, (person.roles || []).join('・')].filter(Boolean).join(' — ');
  }

  async function offerPeople() {
    const people = await (await fetch(peopleUrl, { credentials: 'omit' })).json();
    const select = document.getElementById('person');
    people.forEach((person, index) => select.add(new Option(labelOf(person), String(index))));
    select.addEventListener('change', () => {
      const person = select.value === '' ? null : people[Number(select.value)];
      document.getElementById('person-is').textContent = person ? person.kind || '' : '';
      render(headersOf(person));
    });
    document.getElementById('people').hidden = false;
  }

  render(headersOf(null));
  if (peopleUrl) offerPeople();
})();
