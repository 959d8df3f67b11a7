// Apollo Client: lists, mutations and what they leave in its cache, refusals, errors, and several operations in one call.
import assert from "node:assert/strict";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";
import { BatchHttpLink } from "@apollo/client/link/batch-http";
import { headers, key, url } from "./api.mjs";

const over = (link) => new ApolloClient({ cache: new InMemoryCache(), link });
const client = over(new HttpLink({ uri: url, headers }));

// A list.
const People = gql`
  query People($keywords: String, $page_size: Int) {
    users(keywords: $keywords, page_size: $page_size) { id full_name }
    usersCount(keywords: $keywords)
    appointmentTypes { id name length }
    organizationMembers { id full_name }
  }
`;
const { data: people } = await client.query({ query: People, variables: { page_size: 2 } });
assert.equal(people.users.length, 2);
assert.ok(people.usersCount > 2);
assert.equal(people.users[0].__typename, "User");
const [{ id: provider }] = people.organizationMembers;
const [{ id: type }] = people.appointmentTypes;

// A mutation, whose record the cache keeps by its type and id.
const CreateClient = gql`
  mutation CreateClient($input: createClientInput) {
    createClient(input: $input) { user { id first_name email dietitian_id } messages { field message } }
  }
`;
const ada = { first_name: "Ada", last_name: "Lang", email: "ada@patients.example", dietitian_id: provider };
const { data: made } = await client.mutate({ mutation: CreateClient, variables: { input: ada } });
assert.equal(made.createClient.messages, null);
const { id: patient } = made.createClient.user;
assert.deepEqual(client.cache.extract()[`User:${patient}`], {
  __typename: "User",
  id: patient,
  first_name: "Ada",
  email: "ada@patients.example",
  dietitian_id: provider,
});

// A refusal is data: the record is null, the messages say why.
const { data: refused, error } = await client.mutate({ mutation: CreateClient, variables: { input: ada } });
assert.equal(error, undefined);
assert.equal(refused.createClient.user, null);
assert.deepEqual(refused.createClient.messages.map(({ field }) => field), ["email"]);

// A visit, read back; who watches it hears of its change through the cache.
const visit = gql`fragment Visit on Appointment { id date pm_status user { id full_name } provider { id } appointment_type { id } }`;
const Book = gql`
  mutation Book($input: createAppointmentInput) {
    createAppointment(input: $input) { appointment { ...Visit } messages { field message } }
  }
  ${visit}
`;
const input = {
  user_id: patient,
  appointment_type_id: type,
  other_party_id: provider,
  contact_type: "Phone Call",
  datetime: "2031-03-03 10:00:00",
};
const { data: booked } = await client.mutate({ mutation: Book, variables: { input } });
assert.equal(booked.createAppointment.messages, null);
const { appointment } = booked.createAppointment;
assert.match(appointment.date, /^2031-03-03 10:00:00 /);

const Visit = gql`query Visit($id: ID) { appointment(id: $id) { ...Visit } } ${visit}`;
const read = { query: Visit, variables: { id: appointment.id }, fetchPolicy: "network-only" };
assert.deepEqual((await client.query(read)).data.appointment, appointment);
assert.equal(appointment.user.full_name, "Ada Lang");
assert.equal(appointment.provider.id, provider);
assert.equal(appointment.appointment_type.id, type);

const statuses = [];
const watching = client.watchQuery({ query: Visit, variables: { id: appointment.id }, fetchPolicy: "cache-only" });
const told = watching.subscribe(({ data }) => statuses.push(data.appointment.pm_status));
const Mark = gql`
  mutation Mark($input: updateAppointmentInput) {
    updateAppointment(input: $input) { appointment { id pm_status } messages { field message } }
  }
`;
await client.mutate({ mutation: Mark, variables: { input: { id: appointment.id, pm_status: "Occurred" } } });
told.unsubscribe();
assert.deepEqual(statuses, [null, "Occurred"]);

// What is unknown is null; an array that is empty is an array.
const { data: none } = await client.query({ query: Visit, variables: { id: "1" } });
assert.equal(none.appointment, null);
const { data: nobody } = await client.query({ query: People, variables: { keywords: "nobody is called this" } });
assert.deepEqual([nobody.users, nobody.usersCount], [[], 0]);

// A document that is wrong is an error with a place and a code.
const wrong = await client.query({ query: gql`{ currentUser { id nope } }` }).catch((error) => error);
assert.ok(CombinedGraphQLErrors.is(wrong), wrong);
assert.deepEqual(wrong.errors, [
  {
    message: "Field 'nope' doesn't exist on type 'User'",
    locations: [{ line: 4, column: 5 }],
    path: ["query", "currentUser", "nope"],
    extensions: { code: "undefinedField", typeName: "User", fieldName: "nope" },
  },
]);
const untyped = await client.query({ query: Visit, variables: { id: { not: "an id" } } }).catch((error) => error);
assert.ok(CombinedGraphQLErrors.is(untyped), untyped);
assert.match(untyped.message, /^Variable \$id of type ID was provided invalid value/);

// A key that matches nobody.
const stranger = over(new HttpLink({ uri: url, headers: { ...headers, Authorization: `Basic ${key}-wrong` } }));
const turned = await stranger.query({ query: gql`{ currentUser { id } }` }).catch((error) => error);
assert.ok(ServerError.is(turned), turned);
assert.deepEqual([turned.statusCode, JSON.parse(turned.bodyText).errors[0].message], [401, "API Key is Invalid"]);

// Operations of one moment in one call, each with an answer of its own.
let calls = 0;
const counted = (...call) => {
  calls += 1;
  return fetch(...call);
};
const batching = over(new BatchHttpLink({ uri: url, headers, fetch: counted }));
const [self, found, failed] = await Promise.allSettled([
  batching.query({ query: gql`{ currentUser { id } }` }),
  batching.query({ query: Visit, variables: { id: appointment.id } }),
  batching.query({ query: gql`{ nope }` }),
]);
assert.equal(calls, 1);
assert.match(self.value.data.currentUser.id, /^\d+$/);
assert.equal(found.value.data.appointment.pm_status, "Occurred");
assert.equal(failed.reason.message, "Field 'nope' doesn't exist on type 'Query'");

console.log("apollo: ok");
