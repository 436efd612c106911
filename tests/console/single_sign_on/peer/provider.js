// A certified OpenID provider with one client, for tests: whoever names an account is in, with or without two factors.
//
//   node provider.js '{"callback": "http://…/login/sso/back", "after": "http://…/login", "ended": "http://…", "secret": "…"}'
//
// Prints its issuer once it listens. A log-in page asks for `account` and `amr` (words, perhaps none).

import { createServer } from "node:http";
import { generateKeyPair, exportJWK } from "jose";
import Provider from "oidc-provider";

const given = JSON.parse(process.argv[2]);
const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://localhost:${server.address().port}`; // another site than the console's, which is at 127.0.0.1

const client = {
  client_id: "dalil-console",
  client_secret: given.secret || undefined,
  token_endpoint_auth_method: given.secret ? "client_secret_basic" : "none",
  id_token_signed_response_alg: given.alg ?? "RS256",
  redirect_uris: [given.callback],
  post_logout_redirect_uris: [given.after],
  backchannel_logout_uri: given.ended,
  response_types: ["code"],
  grant_types: ["authorization_code"],
};

async function key(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: "sig", kid: `${alg}-${Date.now()}` };
}

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [await key("RS256"), await key("ES256")] },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  pkce: { required: () => true },
  fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own refuses to call loopback
  claims: { openid: ["sub", "amr"], profile: ["name"] },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: `موظف ${id}` }) }),
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

provider.on("backchannel.error", (_context, error) => process.stderr.write(`no logout was told: ${error} ${error.cause}\n`));

const page = `<!doctype html><html lang="en"><title>Ministry's log-in</title><meta name="viewport" content="width=device-width">
<h1>Ministry's log-in</h1><form method="post"><label>Account <input name="account" required></label>
<label>Factors <input name="amr"></label><button>Log in</button></form></html>`;

async function interact(request, response) {
  if (request.method !== "POST") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    return;
  }
  let body = "";
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  const account = form.get("account");
  const result = account === "refuse"
    ? { error: "access_denied", error_description: "the person said no" }
    : { login: { accountId: account, amr: form.get("amr") ? form.get("amr").split(" ") : undefined } };
  await provider.interactionFinished(request, response, result);
}

const serve = provider.callback();
server.on("request", (request, response) => {
  const handled = request.url.startsWith("/interaction/") ? interact(request, response) : serve(request, response);
  Promise.resolve(handled).catch((error) => response.writeHead(500).end(String(error)));
});
process.stdout.write(`${issuer}\n`);
