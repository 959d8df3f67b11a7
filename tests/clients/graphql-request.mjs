// graphql-request: a query, a mutation, its error class, answers in part, and several documents in one call.
import assert from "node:assert/strict";
import { ClientError, GraphQLClient, gql, request } from "graphql-request";
import { headers, key, url } from "./api.mjs";

const client = new GraphQLClient(url, { headers });

const Find = gql`
  query Find($keywords: String) {
    users(keywords: $keywords) { id full_name email }
  }
`;
const Create = gql`
  mutation Create($input: createClientInput) {
    createClient(input: $input) { user { id full_name email } messages { field message } }
  }
`;

// A mutation, and the list that has its record.
const input = { first_name: "Grace", last_name: "Holm", email: "grace@patients.example" };
const made = await client.rawRequest(Create, { input });
assert.equal(made.status, 200);
assert.match(made.headers.get("mock-commit"), /^\d+$/);
const { user, messages } = made.data.createClient;
assert.equal(messages, null);
assert.deepEqual(user, { id: user.id, full_name: "Grace Holm", email: input.email });
assert.deepEqual(await client.request(Find, { keywords: "Holm" }), { users: [user] });

// A refusal is data.
const { createClient: refused } = await client.request(Create, { input });
assert.equal(refused.user, null);
assert.deepEqual(refused.messages.map(({ field }) => field), ["email"]);

// A document that is wrong, and variables that are.
const wrong = await client.request("{ users { nope } }").catch((error) => error);
assert.ok(wrong instanceof ClientError, wrong);
assert.equal(wrong.response.status, 200);
assert.equal(wrong.response.errors[0].message, "Field 'nope' doesn't exist on type 'User'");
assert.deepEqual(wrong.response.errors[0].extensions, { code: "undefinedField", typeName: "User", fieldName: "nope" });
const mistyped = gql`query Mistyped($page: String) { users(page_size: $page) { id } }`;
const mismatch = await client.request(mistyped, { page: "2" }).catch((error) => error);
assert.equal(mismatch.response.errors[0].message, "Type mismatch on variable $page and argument page_size (String / Int)");

// What is not emulated is an error beside its siblings' answers.
const partly = new GraphQLClient(url, { headers, errorPolicy: "all" });
const half = 'mutation { parseCcdaDocument { xml_file_name } createTag(input: { name: "Half" }) { tag { name } } }';
const { data, errors } = await partly.rawRequest(half);
assert.deepEqual(data, { parseCcdaDocument: null, createTag: { tag: { name: "Half" } } });
assert.deepEqual(errors.map(({ path, extensions }) => [path, extensions.code]), [[["parseCcdaDocument"], "NOT_EMULATED"]]);

// Several documents in one call.
const [first, second] = await client.batchRequests([
  { document: "{ currentUser { id } }" },
  { document: Find, variables: { keywords: "Holm" } },
]);
assert.match(first.data.currentUser.id, /^\d+$/);
assert.deepEqual(second.data.users, [user]);

// The other version, where lists are connections.
const newest = { ...headers, "Healthie-GraphQL-API-Version": "2026-01-01" };
const Page = gql`query Page($first: Int, $after: String) { users(first: $first, after: $after) { nodes { id } page_info { end_cursor } } }`;
const page = await request(url, Page, { first: 1 }, newest);
const next = await request(url, Page, { first: 1, after: page.users.page_info.end_cursor }, newest);
assert.equal(next.users.nodes.length, 1);
assert.notEqual(next.users.nodes[0].id, page.users.nodes[0].id);

// A key that matches nobody.
const turned = await request(url, "{ currentUser { id } }", {}, { Authorization: `Basic ${key}-wrong` }).catch((error) => error);
assert.ok(turned instanceof ClientError, turned);
assert.deepEqual([turned.response.status, turned.response.errors[0].message], [401, "API Key is Invalid"]);

console.log("graphql-request: ok");
