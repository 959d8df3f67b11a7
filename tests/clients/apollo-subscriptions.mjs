// Apollo Client over graphql-ruby's link for ActionCable, as applications with a chat use it.
import assert from "node:assert/strict";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { OperationTypeNode } from "graphql";
import ActionCableLink from "graphql-ruby-client/subscriptions/ActionCableLink.js";
import { headers, key, url, ws } from "./api.mjs";
import { createConsumer } from "./cable.mjs";

const cable = createConsumer(`${ws}?token=${key}`);
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new ActionCableLink.default({ cable }),
    new HttpLink({ uri: url, headers }),
  ),
});

const { data: people } = await client.query({ query: gql`{ users(page_size: 1) { id } }` });
const Begin = gql`
  mutation Begin($with: String) {
    createConversation(input: { simple_added_users: $with, name: "Client test" }) { conversation { id } messages { message } }
  }
`;
const { data: begun } = await client.mutate({ mutation: Begin, variables: { with: `user-${people.users[0].id}` } });
const talk = begun.createConversation.conversation.id;

const Said = gql`subscription Said($talk: String) { noteAddedSubscription(conversationId: $talk) { id content } }`;
const Say = gql`
  mutation Say($talk: String, $content: String) {
    createNote(input: { conversation_id: $talk, content: $content }) { note { id } messages { message } }
  }
`;
const say = (content) => client.mutate({ mutation: Say, variables: { talk, content } });

// The first answer says that the subscription stands, and holds nothing.
const heard = [];
await new Promise((resolve, reject) => {
  const hears = client.subscribe({ query: Said, variables: { talk }, fetchPolicy: "no-cache" }).subscribe({
    next({ data, error }) {
      if (error) return reject(error);
      const { content } = data.noteAddedSubscription ?? {};
      heard.push(content);
      if (content === undefined) say("Hello").catch(reject);
      else if (content === "Hello") say("And again").catch(reject);
      else resolve(hears.unsubscribe());
    },
    error: reject,
    complete: () => reject(new Error("ended")),
  });
});
assert.deepEqual(heard, [undefined, "Hello", "And again"]);

// A document that is wrong is answered with its errors, and that is all.
const answers = [];
await new Promise((resolve, reject) => {
  const query = gql`subscription { noteAddedSubscription(conversationId: "1") { nope } }`;
  client.subscribe({ query }).subscribe({ next: (answer) => answers.push(answer), error: reject, complete: resolve });
});
assert.deepEqual(answers.map(({ error }) => error.errors[0].message), ["Field 'nope' doesn't exist on type 'Note'"]);

cable.disconnect();
console.log("apollo-subscriptions: ok");
